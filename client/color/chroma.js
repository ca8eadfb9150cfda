// @ts-check
/**
 * Chroma between the cells of a frame, along the photograph's lightness: the arithmetic of the shader (picture/shaders.js)
 * and of the server's color/upsample.py, which says what it is and where its constants come from.
 */

const LIGHTNESS_VARIANCE = 16;
const CHROMA_VARIANCE = 1;
const CLAMP_MARGIN = 2;
const SIDE_SHARE = 1 / 8;

/**
 * The two planes of a chroma frame as bytes, a over b: value = offset + step * byte.
 * @typedef {object} ChromaPlanes
 * @property {Uint8Array} bytes width * 2 height of them, row by row
 * @property {number} widthPx of one plane
 * @property {number} heightPx of one plane
 * @property {number} aOffset
 * @property {number} aStep
 * @property {number} bOffset
 * @property {number} bStep
 */

/**
 * For each cell, row by row: chroma = slope * L + offset, held to low..high, in Lab units.
 * @typedef {object} ChromaLines
 * @property {number} widthPx
 * @property {number} heightPx
 * @property {Float32Array} lines slope of a, of b, offset of a, of b
 * @property {Float32Array} bounds low of a, of b, high of a, of b
 */

/** @typedef {import('../picture/viewport.js').Size} Size */

/**
 * The lines of a chroma frame over a photograph.
 * @param {ChromaPlanes} planes
 * @param {Float64Array} lightness mean L of each cell, row by row
 * @param {Size} photograph in pixels
 * @returns {ChromaLines}
 */
export function fitLines(planes, lightness, photograph) {
  const { widthPx: width, heightPx: height } = planes;
  const count = width * height;
  const size = { width, height };
  const down = sideShare(photograph.height, height);
  const across = sideShare(photograph.width, width);
  const lightnessMean = mean3(lightness, size);
  const lightnessSquares = mean3(lightness.map((value) => value * value), size);
  const lightnessSharp = sharpened(lightness, size, down, across);
  const lines = new Float32Array(4 * count);
  const bounds = new Float32Array(4 * count);
  for (const plane of [0, 1]) {
    const [offset, step] = plane === 0 ? [planes.aOffset, planes.aStep] : [planes.bOffset, planes.bStep];
    const chroma = Float64Array.from(planes.bytes.subarray(plane * count, (plane + 1) * count), (byte) => offset + step * byte);
    const chromaMean = mean3(chroma, size);
    const chromaSquares = mean3(chroma.map((value) => value * value), size);
    const products = mean3(chroma.map((value, cell) => value * lightness[cell]), size);
    const rough = products.map((product, cell) => {
      const together = product - lightnessMean[cell] * chromaMean[cell];
      const lightnessSpread = lightnessSquares[cell] - lightnessMean[cell] ** 2 + LIGHTNESS_VARIANCE;
      const chromaSpread = chromaSquares[cell] - chromaMean[cell] ** 2 + CHROMA_VARIANCE;
      return together ** 3 / (lightnessSpread ** 2 * chromaSpread);
    });
    const slope = mean3(rough, size);
    const sharp = sharpened(chroma, size, down, across);
    const low = alongBoth(chroma, size, Math.min);
    const high = alongBoth(chroma, size, Math.max);
    for (let cell = 0; cell < count; cell++) {
      lines[4 * cell + plane] = slope[cell];
      lines[4 * cell + 2 + plane] = sharp[cell] - slope[cell] * lightnessSharp[cell];
      bounds[4 * cell + plane] = low[cell] - CLAMP_MARGIN;
      bounds[4 * cell + 2 + plane] = high[cell] + CLAMP_MARGIN;
    }
  }
  return { widthPx: width, heightPx: height, lines, bounds };
}

/**
 * The chroma at a place of the picture; at the edge the last cell goes on.
 * @param {ChromaLines} chroma
 * @param {number} lightness the photograph's own L there
 * @param {number} xNorm 0 to 1 from the left @param {number} yNorm 0 to 1 from the top
 * @returns {[number, number]} a and b in Lab units
 */
export function chromaAt({ widthPx, heightPx, lines, bounds }, lightness, xNorm, yNorm) {
  const [left, right, along] = neighbors(xNorm, widthPx);
  const [above, below, down] = neighbors(yNorm, heightPx);
  /** @param {Float32Array} values @param {number} channel */
  const between = (values, channel) => {
    /** @param {number} row */
    const onRow = (row) => {
      const start = 4 * row * widthPx + channel;
      return values[start + 4 * left] * (1 - along) + values[start + 4 * right] * along;
    };
    return onRow(above) * (1 - down) + onRow(below) * down;
  };
  /** @param {number} plane */
  const held = (plane) => {
    const chroma = between(lines, plane) * lightness + between(lines, 2 + plane);
    return Math.min(Math.max(chroma, between(bounds, plane)), between(bounds, 2 + plane));
  };
  return [held(0), held(1)];
}

/**
 * The mean over each of the cells that divide a picture evenly; pixels on a border count in part.
 * @param {Uint8Array} bytes the picture, row by row @param {Size} picture its size
 * @param {Float64Array} values what each byte stands for @param {Size} cells how many
 * @returns {Float64Array} row by row
 */
export function cellMeans(bytes, picture, values, cells) {
  const rowCells = shares(picture.height, cells.height);
  const columnCells = shares(picture.width, cells.width);
  const means = new Float64Array(cells.width * cells.height);
  const sums = new Float64Array(picture.width);
  for (let row = 0; row < cells.height; row++) {
    sums.fill(0);
    for (const [y, down] of rowCells[row]) {
      for (let x = 0, at = y * picture.width; x < picture.width; x++, at++) sums[x] += down * values[bytes[at]];
    }
    for (let column = 0; column < cells.width; column++) {
      let mean = 0;
      for (const [x, across] of columnCells[column]) mean += across * sums[x];
      means[row * cells.width + column] = mean;
    }
  }
  return means;
}

/**
 * For each cell of an axis, its pixels with their shares of it, which add up to 1.
 * @param {number} sizePx @param {number} cells
 * @returns {[number, number][][]}
 */
function shares(sizePx, cells) {
  const cellPx = sizePx / cells;
  return Array.from({ length: cells }, (_, cell) => {
    const start = cell * cellPx;
    const end = (cell + 1) * cellPx;
    /** @type {[number, number][]} */
    const pixels = [];
    for (let pixel = Math.floor(start); pixel < Math.min(Math.ceil(end), sizePx); pixel++) {
      pixels.push([pixel, (Math.min(pixel + 1, end) - Math.max(pixel, start)) / cellPx]);
    }
    return pixels;
  });
}

/** @param {number} sizePx @param {number} cells */
const sideShare = (sizePx, cells) => SIDE_SHARE * Math.min(Math.max(sizePx / cells - 1, 0), 1);

/** @param {Float64Array} values @param {Size} size @param {number} down @param {number} across */
function sharpened(values, size, down, across) {
  const blurred = alongBoth(values, size, mix(down), mix(across));
  return values.map((value, cell) => 2 * value - blurred[cell]);
}

/** @param {Float64Array} values @param {Size} size */
const mean3 = (values, size) => alongBoth(values, size, mix(1 / 3));

/** A value mixed with its neighbors on one axis, by the share of each. @param {number} side */
function mix(side) {
  /** @param {number} value @param {number} before @param {number} after */
  return (value, before, after) => (1 - 2 * side) * value + side * (before + after);
}

/**
 * Each cell joined with its two neighbors down, then across; beyond the edge the edge goes on.
 * @param {Float64Array} values @param {Size} size
 * @param {(value: number, before: number, after: number) => number} joinDown
 */
function alongBoth(values, { width, height }, joinDown, joinAcross = joinDown) {
  const rows = new Float64Array(values.length);
  for (let y = 0; y < height; y++) {
    const before = y > 0 ? width : 0;
    const after = y < height - 1 ? width : 0;
    for (let x = 0, at = y * width; x < width; x++, at++) {
      rows[at] = joinDown(values[at], values[at - before], values[at + after]);
    }
  }
  const joined = new Float64Array(values.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0, at = y * width; x < width; x++, at++) {
      joined[at] = joinAcross(rows[at], rows[x > 0 ? at - 1 : at], rows[x < width - 1 ? at + 1 : at]);
    }
  }
  return joined;
}

/**
 * The two cells around a place on one axis, and how far, 0 to 1, it lies toward the second.
 * @param {number} norm @param {number} cells
 * @returns {[number, number, number]}
 */
function neighbors(norm, cells) {
  const center = Math.min(Math.max(norm * cells - 0.5, 0), cells - 1);
  const first = Math.floor(center);
  return [first, Math.min(first + 1, cells - 1), center - first];
}
