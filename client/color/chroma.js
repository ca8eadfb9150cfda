// @ts-check
/**
 * Chroma planes read on the CPU: the arithmetic of the shader (picture/shaders.js) and of the server's color/upsample.py.
 */

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
 * The chroma at a place of the picture, between the centers of the planes' pixels; at the edge the last one goes on.
 * @param {ChromaPlanes} planes
 * @param {number} xNorm 0 to 1 from the left @param {number} yNorm 0 to 1 from the top
 * @returns {[number, number]} a and b in Lab units
 */
export function chromaAt(planes, xNorm, yNorm) {
  const { bytes, widthPx, heightPx } = planes;
  const [left, right, along] = neighbors(xNorm, widthPx);
  const [above, below, down] = neighbors(yNorm, heightPx);
  /** @param {number} top first row of the plane */
  const interpolated = (top) => {
    /** @param {number} row */
    const onRow = (row) => {
      const start = (top + row) * widthPx;
      return bytes[start + left] * (1 - along) + bytes[start + right] * along;
    };
    return onRow(above) * (1 - down) + onRow(below) * down;
  };
  return [planes.aOffset + planes.aStep * interpolated(0), planes.bOffset + planes.bStep * interpolated(heightPx)];
}

/**
 * The two pixels around a place on one axis, and how far, 0 to 1, it lies toward the second.
 * @param {number} norm @param {number} sizePx
 * @returns {[number, number, number]}
 */
function neighbors(norm, sizePx) {
  const center = Math.min(Math.max(norm * sizePx - 0.5, 0), sizePx - 1);
  const first = Math.floor(center);
  return [first, Math.min(first + 1, sizePx - 1), center - first];
}
