// @ts-check
/**
 * Chroma between the cells of a frame, along the photograph's lightness: the arithmetic of the shader (picture/shaders.js)
 * and of the server's color/upsample.py, which says what it is and where its constants come from.
 */

const LIGHTNESS_VARIANCE = 16;
const CHROMA_VARIANCE = 1;
const CLAMP_MARGIN = 2;
const SIDE_SHARE = 1 / 8;
/** What all frames over the same lightness need of it, by that lightness. @type {WeakMap<Float64Array, Float64Array[]>} */
const guides = new WeakMap();

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

/** @typedef {{width: number, height: number}} Size */

/**
 * The lines of a chroma frame over a photograph.
 * @param {ChromaPlanes} planes
 * @param {Float64Array} lightness mean L of each cell, row by row
 * @param {Size} photograph in pixels
 * @returns {ChromaLines}
 */
export function fitLines(planes, lightness, photograph) {
  const { widthPx: width, heightPx: height } = planes;
  const size = { width, height };
  const down = sideShare(photograph.height, height);
  const across = sideShare(photograph.width, width);
  const guide = guides.get(lightness)
    ?? [mean3(lightness, size), mean3(products(lightness, lightness), size), blurred(lightness, size, down, across)];
  guides.set(lightness, guide);
  const [lightnessMean, lightnessSquares, lightnessBlurred] = guide;
  const lines = new Float32Array(4 * width * height);
  const bounds = new Float32Array(4 * width * height);
  for (const plane of [0, 1]) {
    const chroma = unpacked(planes, plane);
    const chromaMean = mean3(chroma, size);
    const chromaSquares = mean3(products(chroma, chroma), size);
    const slopes = mean3(products(chroma, lightness), size);
    for (let cell = 0; cell < slopes.length; cell++) {
      const together = slopes[cell] - lightnessMean[cell] * chromaMean[cell];
      const lightnessSpread = lightnessSquares[cell] - lightnessMean[cell] * lightnessMean[cell] + LIGHTNESS_VARIANCE;
      const chromaSpread = chromaSquares[cell] - chromaMean[cell] * chromaMean[cell] + CHROMA_VARIANCE;
      slopes[cell] = (together * together * together) / (lightnessSpread * lightnessSpread * chromaSpread);
    }
    const slope = mean3(slopes, size);
    const chromaBlurred = blurred(chroma, size, down, across);
    for (let cell = 0; cell < slope.length; cell++) {
      const sharp = 2 * chroma[cell] - chromaBlurred[cell];
      lines[4 * cell + plane] = slope[cell];
      lines[4 * cell + 2 + plane] = sharp - slope[cell] * (2 * lightness[cell] - lightnessBlurred[cell]);
    }
    writeRange3(chroma, size, bounds, plane);
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
export function cellMeans(bytes, { width, height }, values, cells) {
  const rowCells = shares(height, cells.height);
  const columnCells = shares(width, cells.width);
  const means = new Float64Array(cells.width * cells.height);
  const sums = new Float64Array(width);
  for (let row = 0; row < cells.height; row++) {
    sums.fill(0);
    for (const [y, down] of rowCells[row]) {
      for (let x = 0, at = y * width; x < width; x++, at++) sums[x] += down * values[bytes[at]];
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

/** A plane's chroma in Lab units. @param {ChromaPlanes} planes @param {number} plane 0 is a, 1 is b */
function unpacked({ bytes, widthPx, heightPx, aOffset, aStep, bOffset, bStep }, plane) {
  const [offset, step] = plane === 0 ? [aOffset, aStep] : [bOffset, bStep];
  const chroma = new Float64Array(widthPx * heightPx);
  const start = plane * chroma.length;
  for (let cell = 0; cell < chroma.length; cell++) chroma[cell] = offset + step * bytes[start + cell];
  return chroma;
}

/** @param {Float64Array} left @param {Float64Array} right */
function products(left, right) {
  const values = new Float64Array(left.length);
  for (let cell = 0; cell < values.length; cell++) values[cell] = left[cell] * right[cell];
  return values;
}

/** @param {Float64Array} values @param {Size} size */
const mean3 = (values, size) => blurred(values, size, 1 / 3, 1 / 3);

/**
 * Each cell mixed with its neighbors, by the share of each of them on either axis; beyond the edge the edge goes on.
 * @param {Float64Array} values @param {Size} size @param {number} down @param {number} across
 */
function blurred(values, { width, height }, down, across) {
  const mixed = new Float64Array(values.length);
  const row = new Float64Array(width + 2);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    const above = y > 0 ? start - width : start;
    const below = y < height - 1 ? start + width : start;
    for (let x = 0; x < width; x++) {
      row[x + 1] = (1 - 2 * down) * values[start + x] + down * (values[above + x] + values[below + x]);
    }
    row[0] = row[1];
    row[width + 1] = row[width];
    for (let x = 0; x < width; x++) {
      mixed[start + x] = (1 - 2 * across) * row[x + 1] + across * (row[x] + row[x + 2]);
    }
  }
  return mixed;
}

/**
 * The least and the greatest of each cell and the eight around it, with the margin, into their places of the bounds.
 * @param {Float64Array} values @param {Size} size @param {Float32Array} bounds @param {number} plane
 */
function writeRange3(values, { width, height }, bounds, plane) {
  const low = new Float64Array(width + 2);
  const high = new Float64Array(width + 2);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    const above = y > 0 ? start - width : start;
    const below = y < height - 1 ? start + width : start;
    for (let x = 0; x < width; x++) {
      low[x + 1] = Math.min(values[above + x], values[start + x], values[below + x]) - CLAMP_MARGIN;
      high[x + 1] = Math.max(values[above + x], values[start + x], values[below + x]) + CLAMP_MARGIN;
    }
    for (const edges of [low, high]) {
      edges[0] = edges[1];
      edges[width + 1] = edges[width];
    }
    for (let x = 0; x < width; x++) {
      bounds[4 * (start + x) + plane] = Math.min(low[x], low[x + 1], low[x + 2]);
      bounds[4 * (start + x) + 2 + plane] = Math.max(high[x], high[x + 1], high[x + 2]);
    }
  }
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
