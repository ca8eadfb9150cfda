// @ts-check
/**
 * Which tiles of the photograph a screen needs, and where they lie on it: pure geometry, in device pixels.
 *
 * Level 0 has the photograph's own pixels, each further level half as many on either axis; see docs/http.md.
 */

/** @typedef {import('./viewport.js').Size} Size */
/** @typedef {{level: number, x: number, y: number}} Tile column x and row y of a level */
/** @typedef {{left: number, top: number, right: number, bottom: number}} Edges */
/** @typedef {readonly number[]} Place of the picture on the canvas: left, top, width, height in device pixels */

/** A tile's side without its border, as the server cuts it. */
const TILE_PX = 512;

/** Of its neighbors, around a tile: smooth magnification reads half a pixel beyond its edge. */
const BORDER_PX = 1;

/** Device pixels that a pixel of a reduced picture may take before it looks soft. */
const SOFT_PX = Math.SQRT2;

/** Where a pixel of the screen holds a whole square of the photograph's, it shows the mean of their colors. */
const EXACT_SCALES = [1 / 2, 1 / 4];

/** Pixels of the photograph that are fetched for that: 6 MB, and a third of what is kept. A larger view starts a level above. */
const EXACT_PIXELS_MAX = 12 * 2 ** 20;

/**
 * The level whose pixels are about the screen's; null where the gray copy does. From 100 % on it is the photograph itself,
 * and so it is at exactly 50 and 25 %: the color of a mean lightness is not quite the mean of the colors.
 * @param {Size} photograph
 * @param {Size} copy
 * @param {number} scale device pixels that one pixel of the photograph takes
 * @param {Size} canvas in device pixels
 * @returns {number | null}
 */
export function levelFor(photograph, copy, scale, canvas) {
  const ratio = Math.max(photograph.width / copy.width, photograph.height / copy.height);
  if (ratio > 1 && EXACT_SCALES.some((exact) => Math.abs(scale / exact - 1) < 1e-3)) {
    const seen = Math.min(photograph.width, canvas.width / scale) * Math.min(photograph.height, canvas.height / scale);
    const level = Math.max(Math.ceil(Math.log2(seen / EXACT_PIXELS_MAX) / 2), 0);
    return 2 ** level < ratio ? level : null;
  }
  if (ratio <= 1 || ratio * scale <= (scale >= 1 ? 1 : SOFT_PX)) return null;
  const level = Math.max(Math.round(-Math.log2(scale)), 0);
  // One that is hardly finer than the copy is not worth its bytes.
  return level > 0 && 2 ** level * SOFT_PX > ratio ? level - 1 : level;
}

/**
 * The tiles of a level that show on the canvas, the one in its middle first.
 * @param {number} level @param {Size} photograph @param {Place} place @param {Size} canvas in device pixels
 * @returns {Tile[]}
 */
export function tilesOn(level, photograph, place, canvas) {
  const stepPx = TILE_PX * 2 ** level;
  const [left, top, width, height] = place;
  const columns = shown(left, width, canvas.width, photograph.width / stepPx);
  const rows = shown(top, height, canvas.height, photograph.height / stepPx);
  const tiles = rows.flatMap((y) => columns.map((x) => ({ level, x, y })));
  const visible = tiles.filter((tile) => edgesOf(tile, photograph, place, canvas) !== null);
  // Of the place in the middle of the canvas, counted in tiles.
  const middleX = ((canvas.width / 2 - left) / width) * (photograph.width / stepPx) - 0.5;
  const middleY = ((canvas.height / 2 - top) / height) * (photograph.height / stepPx) - 0.5;
  /** @param {Tile} tile */
  const away = ({ x, y }) => Math.hypot(x - middleX, y - middleY);
  return visible.sort((one, other) => away(one) - away(other));
}

/**
 * The columns, or rows, that may show on the canvas.
 * @param {number} start of the picture @param {number} length of it @param {number} canvas its length @param {number} tiles on the axis
 */
function shown(start, length, canvas, tiles) {
  const first = Math.max(Math.floor((-start / length) * tiles), 0);
  const last = Math.min(Math.floor(((canvas - start) / length) * tiles), Math.ceil(tiles) - 1);
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) => first + index);
}

/**
 * The whole device pixels of the canvas that a tile shows on; no pixel belongs to two tiles of a level, and none that shows
 * the picture to no tile. Null where there are none.
 * @param {Tile} tile @param {Size} photograph @param {Place} place @param {Size} canvas
 * @returns {Edges | null}
 */
export function edgesOf({ level, x, y }, photograph, [left, top, width, height], canvas) {
  const stepPx = TILE_PX * 2 ** level;
  /** A pixel belongs to the side on which its center lies. @param {number} start @param {number} length @param {number} index @param {number} sizePx @param {number} limit */
  const edge = (start, length, index, sizePx, limit) => {
    const pixel = Math.ceil(start + length * Math.min((index * stepPx) / sizePx, 1) - 0.5);
    return Math.min(Math.max(pixel, 0), limit);
  };
  const edges = {
    left: edge(left, width, x, photograph.width, canvas.width),
    top: edge(top, height, y, photograph.height, canvas.height),
    right: edge(left, width, x + 1, photograph.width, canvas.width),
    bottom: edge(top, height, y + 1, photograph.height, canvas.height),
  };
  return edges.left < edges.right && edges.top < edges.bottom ? edges : null;
}

/**
 * A tile's picture: its size with the border, and how a place of the photograph (0 to 1) becomes one of its own: times
 * (x, y) plus (z, w).
 * @param {Tile} tile @param {Size} photograph
 * @returns {{size: Size, window: [number, number, number, number]}}
 */
export function pictureOf({ level, x, y }, photograph) {
  const across = axis(x, photograph.width / 2 ** level);
  const down = axis(y, photograph.height / 2 ** level);
  return { size: { width: across.size, height: down.size }, window: [across.factor, down.factor, across.offset, down.offset] };
}

/** @param {number} index @param {number} lengthPx of the level, its last pixel in part */
function axis(index, lengthPx) {
  const first = Math.max(index * TILE_PX - BORDER_PX, 0);
  const size = Math.min((index + 1) * TILE_PX + BORDER_PX, Math.ceil(lengthPx)) - first;
  return { size, factor: lengthPx / size, offset: -first / size };
}
