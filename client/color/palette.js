// @ts-check
/** The likely colors at a place, from one frame to the next: each keeps its place in the row as long as that is fair. */

/** CIE Lab units, and the share of the distribution, 0 to 1. @typedef {{a: number, b: number, share: number}} LikelyColor */
/** A likely color with a key that it keeps while it is the same color to the eye. @typedef {LikelyColor & {key: number}} Keyed */

/** As near as this, in ab, two colors are one color that moved: those of one palette lie farther apart. */
const SAME_AB = 8;
/** A likely color overtakes its neighbor only with a share that is larger by this factor, and by a hundredth. */
const OVERTAKES = 1.25;
const OVERTAKES_SHARE = 0.01;

/**
 * The new colors in an order that changes no more than it must.
 * @param {readonly Keyed[]} before as they are shown
 * @param {readonly LikelyColor[]} colors as they came, the likeliest first
 * @param {{steady?: boolean}} [options] steady: none changes its place, since somebody is about to choose one
 * @returns {Keyed[]}
 */
export function keptPalette(before, colors, { steady = false } = {}) {
  const left = new Set(colors);
  /** @type {(Keyed | null)[]} */
  const row = before.map((old) => {
    const same = nearest(old, left);
    if (same === null) return null;
    left.delete(same);
    return { ...same, key: old.key };
  });
  let key = before.reduce((highest, old) => Math.max(highest, old.key), -1);
  const fresh = [...left].map((likely) => ({ ...likely, key: (key += 1) }));
  const filled = steady ? row.map((one) => one ?? fresh.shift() ?? null) : row;
  const kept = /** @type {Keyed[]} */ ([...filled, ...fresh].filter((one) => one !== null));
  return steady ? kept : sorted(kept);
}

/**
 * @param {LikelyColor} old
 * @param {Iterable<LikelyColor>} colors
 * @returns {LikelyColor | null}
 */
function nearest(old, colors) {
  /** @type {LikelyColor | null} */
  let found = null;
  let distance = SAME_AB;
  for (const likely of colors) {
    const away = Math.hypot(likely.a - old.a, likely.b - old.b);
    if (away > distance) continue;
    found = likely;
    distance = away;
  }
  return found;
}

/**
 * Likelier ones first, but only where the difference can be seen. Each exchange of neighbors removes one inversion, so it ends.
 * @param {Keyed[]} row
 */
function sorted(row) {
  const after = [...row];
  for (let index = 0; index + 1 < after.length; index++) {
    const [left, right] = [after[index], after[index + 1]];
    if (right.share <= left.share * OVERTAKES + OVERTAKES_SHARE) continue;
    [after[index], after[index + 1]] = [right, left];
    index = Math.max(index - 2, -1);
  }
  return after;
}
