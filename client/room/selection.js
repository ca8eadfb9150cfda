// @ts-check
/** Hints that are dealt with together: which they are, and how they move. Pure. */

/** @typedef {{x: number, y: number}} Point fractions of the picture */

/** With the id where it was not, without it where it was; the newest last. @param {readonly string[]} ids @param {string} id */
export function toggled(ids, id) {
  return ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id];
}

/**
 * What lies in the rectangle between two corners.
 * @template {Point} Placed
 * @param {readonly Placed[]} placed @param {Point} one @param {Point} other
 */
export function within(placed, one, other) {
  const between = (/** @type {number} */ value, /** @type {number} */ a, /** @type {number} */ b) => (
    value >= Math.min(a, b) && value <= Math.max(a, b)
  );
  return placed.filter(({ x, y }) => between(x, one.x, other.x) && between(y, one.y, other.y));
}

/**
 * All moved by the same way, as far as none leaves the picture: what lies together stays as it lay.
 * @template {Point} Placed
 * @param {readonly Placed[]} placed @param {Point} way
 */
export function shifted(placed, way) {
  const [dx, dy] = /** @type {const} */ (['x', 'y']).map((axis) => {
    const values = placed.map((one) => one[axis]);
    return Math.min(Math.max(way[axis], -Math.min(...values)), 1 - Math.max(...values));
  });
  const held = (/** @type {number} */ value) => Math.min(Math.max(value, 0), 1); // what rounding leaves over
  return placed.map((one) => ({ ...one, x: held(one.x + dx), y: held(one.y + dy) }));
}

/**
 * Which hints are on their way: the journal, or the newest frame, does not show them as they are yet. A frame counts from
 * the entry that gave a hint its present look; an entry that changed nothing of it brings no frame.
 */
export class Arrivals {
  /** As the journal first held them in their present look. @type {Map<string, import('../wire/messages.js').Hint>} */
  #known = new Map();

  /**
   * @param {import('../wire/messages.js').Hint} hint as it is shown
   * @param {import('../wire/messages.js').Hint | undefined} confirmed
   * @param {number} frameRevision that the newest frame shows
   */
  awaits(hint, confirmed, frameRevision) {
    if (confirmed === undefined) return true;
    const before = this.#known.get(hint.id);
    const known = before !== undefined && looksAlike(before, confirmed) ? before : confirmed;
    this.#known.set(hint.id, known);
    return !looksAlike(hint, confirmed) || known.touched > frameRevision;
  }
}

/** @param {import('../wire/messages.js').Hint} one @param {import('../wire/messages.js').Hint} other */
const looksAlike = (one, other) => (
  /** @type {const} */ (['x', 'y', 'a', 'b']).every((field) => one[field] === other[field])
);
