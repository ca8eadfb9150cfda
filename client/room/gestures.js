// @ts-check
/**
 * Drags and presses in progress (R6): those of this page on their way to the hub, and everybody's over the state.
 *
 * A gesture begins with pointer-down, is sampled as the pointer moves, repeats its sample while it is held, and ends
 * with an edit or a cancel.
 */

import { EditRefused, resolveLocal } from './edits.js';
import { NewestOnly } from './newest.js';
import { applyChanges } from './state.js';

/** @typedef {import('../types.js').Clock} Clock */
/** @typedef {import('../wire/messages.js').State} State */
/** @typedef {import('../wire/messages.js').GestureEdit} GestureEdit */
/** @typedef {import('../wire/messages.js').LiveGesture} LiveGesture */

/** A screen shows no more; the hub takes 240 a second. */
const SAMPLE_INTERVAL_SECONDS = 1 / 60;
/** The hub takes a gesture that is silent for 2 s as ended. */
const REPEAT_SECONDS = 1;
/** Gestures rank newest: above every revision there will be. */
const GESTURE_TOUCHED = 2 ** 52;

/**
 * @typedef {object} Held
 * @property {GestureEdit} edit the newest sample
 * @property {NewestOnly<GestureEdit>} samples
 * @property {() => void} stopRepeating
 */

export class LocalGestures {
  #clock;
  #send;
  #commit;
  #next = 1;
  /** @type {Map<number, Held>} in the order they began */
  #held = new Map();

  /**
   * @param {object} options
   * @param {Clock} options.clock
   * @param {(message: import('../wire/messages.js').GestureMessage | import('../wire/messages.js').Cancel) => void} options.send
   * @param {(edit: GestureEdit, gesture: number) => void} options.commit takes the edit that a gesture ends with
   */
  constructor({ clock, send, commit }) {
    this.#clock = clock;
    this.#send = send;
    this.#commit = commit;
  }

  /** What this page's fingers do now, by gesture, in the order they began. @returns {Map<number, GestureEdit>} */
  get live() {
    return new Map([...this.#held].map(([id, { edit }]) => [id, edit]));
  }

  /**
   * Begins a gesture with its first sample.
   * @param {GestureEdit} edit
   * @returns {number} its id
   */
  begin(edit) {
    const id = this.#next++;
    const samples = new NewestOnly({
      intervalSeconds: SAMPLE_INTERVAL_SECONDS,
      clock: this.#clock,
      emit: (/** @type {GestureEdit} */ sample) => this.#sendSample(id, sample),
    });
    this.#held.set(id, { edit, samples, stopRepeating: () => {} });
    samples.offer(edit);
    return id;
  }

  /** @param {number} id @param {GestureEdit} edit */
  sample(id, edit) {
    const held = this.#held.get(id);
    if (held === undefined) return; // it was refused or canceled while the finger went on
    held.edit = edit;
    held.samples.offer(edit);
  }

  /**
   * Ends the gesture with an edit. Nothing follows if the gesture is not in progress any more.
   * @param {number} id
   * @param {GestureEdit} finalEdit
   */
  end(id, finalEdit) {
    if (this.#forget(id)) this.#commit(finalEdit, id);
  }

  /** Ends the gesture without an edit. @param {number} id */
  cancel(id) {
    if (this.#forget(id)) this.#send({ type: 'cancel', gesture: id });
  }

  /** Takes the hub's refusal of a gesture: the hub has ended it. @param {number} id */
  refused(id) {
    this.#forget(id);
  }

  /** Sends every newest sample again: after a welcome, because a lost connection ended them. */
  resume() {
    for (const [id, { edit }] of this.#held) this.#sendSample(id, edit);
  }

  /** @param {number} id @param {GestureEdit} edit */
  #sendSample(id, edit) {
    const held = this.#held.get(id);
    if (held === undefined) return;
    held.stopRepeating();
    held.stopRepeating = this.#clock.after(REPEAT_SECONDS, () => this.#sendSample(id, held.edit));
    this.#send({ type: 'gesture', gesture: id, edit });
  }

  /** @param {number} id @returns {boolean} whether it was in progress */
  #forget(id) {
    const held = this.#held.get(id);
    held?.samples.stop();
    held?.stopRepeating();
    return this.#held.delete(id);
  }
}

/**
 * The state as everybody sees it: with all gestures on top, the one that began last uppermost. This seat's own are taken
 * from the page, where they are newer than what the hub tells of them.
 * @param {State} state
 * @param {readonly LiveGesture[]} told what the hub told last
 * @param {{seat: string, member: string, live: ReadonlyMap<number, GestureEdit>}} own
 * @returns {State}
 */
export function overlay(state, told, own) {
  const others = told.filter(({ seat, gesture }) => seat !== own.seat || own.live.has(gesture));
  const known = new Set(others.filter(({ seat }) => seat === own.seat).map(({ gesture }) => gesture));
  const untold = [...own.live].filter(([id]) => !known.has(id)).map(([id, edit]) => (
    { seat: own.seat, member: own.member, gesture: id, edit }
  ));
  return [...others, ...untold].reduce((below, { seat, member, gesture, edit }, rank) => {
    const newest = seat === own.seat ? own.live.get(gesture) ?? edit : edit;
    return withGesture(below, newest, member, GESTURE_TOUCHED + rank);
  }, state);
}

/**
 * Whose gesture shows at each hint: of two the one that began last.
 * @param {readonly LiveGesture[]} told
 * @returns {Map<string, string>} members' public ids by hint
 */
export function holders(told) {
  return new Map(told.flatMap(({ member, edit }) => hintsOf(edit).map((hint) => [hint, member])));
}

/** @param {GestureEdit} edit @returns {string[]} */
function hintsOf(edit) {
  if (edit.type === 'move') return edit.moves.map(({ id }) => id);
  return edit.type === 'add' ? edit.hints.map(({ id }) => id) : edit.hints;
}

/**
 * @param {State} state
 * @param {GestureEdit} edit
 * @param {string} member
 * @param {number} touched
 * @returns {State}
 */
function withGesture(state, edit, member, touched) {
  try {
    return applyChanges(state, resolveLocal(edit, state, member, touched), touched);
  } catch (error) {
    if (error instanceof EditRefused) return state; // its hint went meanwhile; nothing to show
    throw error;
  }
}
