// @ts-check
/** What pointers and arrow keys do to hints: each drag is a gesture that ends with one edit (R6). */

import { nearestInGamut } from '../color/gamut.js';
import { newHintId } from '../connection/secrets.js';
import { shifted } from '../room/selection.js';

/** @typedef {import('./pointer.js').Point} Point */
/** @typedef {import('../wire/messages.js').Hint} Hint */
/** @typedef {import('../wire/messages.js').GestureEdit} GestureEdit */
/** @typedef {import('../connection/live_room.js').LiveRoom} LiveRoom */
/** @typedef {{ids: string[], move: (point: Point) => void, end: () => void, cancel: () => void}} HintDrag ids: what is in hand */

/**
 * The page around the drags.
 * @typedef {object} DragPage
 * @property {(point: Point) => Point} toPicture
 * @property {(place: Point) => [number, number, number]} labAt
 * @property {() => {a: number, b: number} | null} keptColor what new hints get; null: what the picture shows there
 * @property {() => number} newHintSize
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
   * A new hint under the finger, at once. A pin has the color that the picture shows where it was put down.
   * @param {Point} point
   * @param {boolean} pinned
   * @returns {HintDrag | null} null: beside the picture
   */
  add(point, pinned) {
    const place = this.#page.toPicture(point);
    if (!isInside(place)) return null;
    const kept = pinned ? null : this.#page.keptColor();
    const hint = { id: newHintId(), ...place, ...(kept ?? this.#colorAt(place)), size: this.#page.newHintSize(), pinned };
    const drag = this.#drag([hint.id], (to) => ({ type: 'add', hints: [{ ...hint, ...clamped(this.#page.toPicture(to)) }] }));
    drag.move(point);
    return drag;
  }

  /** Hints in hand: they keep their distances to the finger and to each other. @param {Hint[]} hints @param {Point} start */
  move(hints, start) {
    const moves = (/** @type {Point} */ to) => shifted(hints, this.#way(start, to)).map(({ id, x, y }) => ({ id, x, y }));
    return this.#drag(hints.map(({ id }) => id), (to) => ({ type: 'move', moves: moves(to) }));
  }

  /** Their likes in hand; they stay where they are. @param {Hint[]} hints @param {Point} start */
  copy(hints, start) {
    const copies = hints.map(({ x, y, a, b, size, pinned = false }) => ({ id: newHintId(), x, y, a, b, size, pinned }));
    return this.#drag(copies.map(({ id }) => id), (to) => ({ type: 'add', hints: shifted(copies, this.#way(start, to)) }));
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

  /** A gesture from its first move on; without one there was none. @param {string[]} ids @param {(to: Point) => GestureEdit} edit @returns {HintDrag} */
  #drag(ids, edit) {
    /** @type {{gesture: number, newest: GestureEdit} | null} */
    let going = null;
    return {
      ids,
      move: (to) => {
        const newest = edit(to);
        if (going !== null) this.#room.sampleGesture(going.gesture, newest);
        going = { newest, gesture: going?.gesture ?? this.#room.beginGesture(newest) };
      },
      end: () => going !== null && this.#room.endGesture(going.gesture, going.newest),
      cancel: () => going !== null && this.#room.cancelGesture(going.gesture),
    };
  }

  /** @param {Point} start @param {Point} to @returns {Point} in fractions of the picture */
  #way(start, to) {
    const [from, there] = [this.#page.toPicture(start), this.#page.toPicture(to)];
    return { x: there.x - from.x, y: there.y - from.y };
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
