// @ts-check
/** Pictures from the server decoded off the main thread, their bytes untouched by any color management. */

/** @typedef {import('../wire/frame.js').FrameHeader} FrameHeader */

/** @type {ImageBitmapOptions} */
const UNTOUCHED = { colorSpaceConversion: 'none', premultiplyAlpha: 'none', imageOrientation: 'none' };

/**
 * The planes of a chroma frame: one gray picture, a over b.
 * @param {FrameHeader} header
 * @param {BlobPart} payload
 * @returns {Promise<ImageBitmap>} widthPx wide, 2 heightPx high
 * @throws {Error} where the payload is not a picture of that size
 */
export async function decodeChroma(header, payload) {
  const bitmap = await createImageBitmap(new Blob([payload], { type: header.payloadType }), UNTOUCHED);
  if (bitmap.width === header.widthPx && bitmap.height === 2 * header.heightPx) return bitmap;
  const size = `${bitmap.width} x ${bitmap.height}`;
  bitmap.close();
  throw new Error(`a chroma frame of ${header.widthPx} x ${header.heightPx} came as a picture of ${size}`);
}

/**
 * The photograph's gray copy: an sRGB gray picture, lossless.
 * @param {Blob} blob
 * @returns {Promise<ImageBitmap>}
 */
export function decodeGray(blob) {
  return createImageBitmap(blob, UNTOUCHED);
}

/**
 * The red channel of a bitmap, which for a gray picture is all of it.
 * @param {ImageBitmap} bitmap
 * @returns {Uint8Array} width * height bytes, row by row
 */
export function redBytes(bitmap) {
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('no 2d canvas to read a picture with');
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const red = new Uint8Array(bitmap.width * bitmap.height);
  for (let index = 0; index < red.length; index++) red[index] = data[index * 4];
  return red;
}
