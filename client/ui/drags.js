// @ts-check
/** What pointers and arrow keys do to hints: each drag is a gesture that ends with one edit (R6). */

import { nearestInGamut } from '../color/gamut.js';
import { newHintId } from '../connection/secrets.js';

/** @typedef {import('./pointer.js').Point} Point */
/** @typedef {import('./pointer.js').Drag} Drag */
/** @typedef {import('../wire/messages.js').GestureEdit} GestureEdit */
/** @typedef {import('../connection/live_room.js').LiveRoom} LiveRoom */

/** A press that stays within this many pixels means the hint itself, not another place for it. */
const SLOP_PX = 4;

/**
 * The page around the drags.
 * @typedef {object} DragPage
 * @property {(point: Point) => Point} toPicture
 * @property {(place: Point) => Point} toScreen
 * @property {(place: Point) => [number, number, number]} labAt
 * @property {() => {a: number, b: number} | null} keptColor what new hints get; null: what the picture shows there
 * @property {() => number} newHintSize
 * @property {(id: string | null) => void} select
 * @property {(dragging: boolean) => void} onDragging
 */

export class HintDrags {
  #room;
  #page;
  /** @type {{kind: string, gesture: number, edit: GestureEdit} | null} a drag in the panel, or of held arrow keys */
  #steady = null;

  /** @param {LiveRoom} room @param {DragPage} page */
  constructor(room, page) {
    this.#room = room;
    this.#page = page;
  }

  /**
   * A new hint under the finger, at once.
   * @param {Point} point
   * @returns {Drag | null} null: beside the picture
   */
  add(point) {
    const place = this.#page.toPicture(point);
    if (!isInside(place)) return null;
    const id = newHintId();
    const color = this.#page.keptColor() ?? this.#colorAt(place);
    const size = this.#page.newHintSize();
    /** @param {Point} at @returns {GestureEdit} */
    const edit = (at) => ({ type: 'add', hints: [{ id, x: at.x, y: at.y, ...color, size }] });
    let newest = edit(place);
    const gesture = this.#room.beginGesture(newest);
    this.#page.onDragging(true);
    this.#page.select(id);
    return {
      move: (to) => {
        newest = edit(clamped(this.#page.toPicture(to)));
        this.#room.sampleGesture(gesture, newest);
      },
      end: () => {
        this.#room.endGesture(gesture, newest);
        this.#page.onDragging(false);
      },
      cancel: () => {
        this.#room.cancelGesture(gesture);
        this.#page.select(null);
        this.#page.onDragging(false);
      },
    };
  }

  /**
   * A hint under the finger: a press selects it, a drag moves it.
   * @param {import('../wire/messages.js').Hint} hint
   * @param {Point} start
   * @returns {Drag}
   */
  grab(hint, start) {
    const center = this.#page.toScreen(hint);
    /** @type {number | null} */
    let gesture = null;
    /** @param {Point} to @returns {GestureEdit} */
    const edit = (to) => {
      // The hint keeps its distance to the finger, so that it does not jump under it.
      const place = clamped(this.#page.toPicture({ x: to.x + center.x - start.x, y: to.y + center.y - start.y }));
      return { type: 'move', moves: [{ id: hint.id, ...place }] };
    };
    let newest = edit(start);
    this.#page.onDragging(true);
    this.#page.select(hint.id);
    return {
      move: (to) => {
        if (gesture === null && Math.hypot(to.x - start.x, to.y - start.y) < SLOP_PX) return;
        newest = edit(to);
        if (gesture === null) gesture = this.#room.beginGesture(newest);
        else this.#room.sampleGesture(gesture, newest);
      },
      end: () => {
        if (gesture !== null) this.#room.endGesture(gesture, newest);
        this.#page.onDragging(false);
      },
      cancel: () => {
        if (gesture !== null) this.#room.cancelGesture(gesture);
        this.#page.onDragging(false);
      },
    };
  }

  /**
   * Goes on with a drag that has no pointer on the stage: the color, the size, arrow keys.
   * @param {string} kind another one ends the one before
   * @param {GestureEdit} edit
   */
  steady(kind, edit) {
    if (this.#steady?.kind === kind) this.#room.sampleGesture(this.#steady.gesture, edit);
    else this.endSteady();
    this.#steady = { kind, edit, gesture: this.#steady?.gesture ?? this.#room.beginGesture(edit) };
  }

  /**
   * Ends such a drag with an edit; without a drag it is just that edit.
   * @param {GestureEdit} [edit] the last sample where it is left out
   */
  endSteady(edit) {
    const steady = this.#steady;
    this.#steady = null;
    if (steady !== null) this.#room.endGesture(steady.gesture, edit ?? steady.edit);
    else if (edit !== undefined) this.#room.edit(edit);
  }

  cancelSteady() {
    if (this.#steady !== null) this.#room.cancelGesture(this.#steady.gesture);
    this.#steady = null;
  }

  /** @param {Point} place @returns {{a: number, b: number}} */
  #colorAt(place) {
    const [lightness, shownA, shownB] = this.#page.labAt(place);
    const [a, b] = nearestInGamut(lightness, shownA, shownB);
    return { a, b };
  }
}

/** @param {Point} place */
const isInside = ({ x, y }) => x >= 0 && x <= 1 && y >= 0 && y <= 1;

/** @param {Point} place @returns {Point} */
const clamped = ({ x, y }) => ({ x: Math.min(Math.max(x, 0), 1), y: Math.min(Math.max(y, 0), 1) });
