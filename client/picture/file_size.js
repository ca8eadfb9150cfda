// @ts-check
/** How large a download will be, about: from what the photograph takes in lossless gray, which is known before. */

/** @typedef {{width: number, height: number, grayBytesPerPixel: number}} Shown the picture in its own pixels; 0: not known yet */
/** @typedef {{format: 'png' | 'jpeg' | 'webp' | 'tiff', layout: 'picture' | 'side_by_side' | 'colors', quality: number}} Form */

/** Times the gray, by quality: medians over scikit-image's photographs at two sizes, most within a quarter of them. */
const LOSSY = {
  jpeg: [[50, 0.27], [75, 0.4], [92, 0.72], [100, 2.3]],
  webp: [[50, 0.14], [75, 0.18], [92, 0.41], [100, 0.75]],
};
const PNG = 3.4;
/** A pixel, nearly whatever it shows: 16 bits a channel hardly get smaller. */
const TIFF_BYTES = 4.6;

/** Of the picture alone. */
const LAYOUTS = {
  png: { picture: 1, side_by_side: 1.7, colors: 0.5 },
  jpeg: { picture: 1, side_by_side: 1.8, colors: 0.4 },
  webp: { picture: 1, side_by_side: 1.8, colors: 0.25 },
  tiff: { picture: 1, side_by_side: 1.45, colors: 0.85 },
};

/** The longer side of the gray copy. */
const GRAY_SIDE_PX = 2048;
/** At twice the size a pixel of a photograph takes so much of what it took. */
const DOUBLED = 0.66;

/** @param {Shown} shown @param {Form} form @returns {number | null} null where nothing is known of the photograph yet */
export function fileBytes({ width, height, grayBytesPerPixel }, { format, layout, quality }) {
  if (grayBytesPerPixel === 0) return null;
  const doublings = Math.max(0, Math.log2(Math.max(width, height) / GRAY_SIDE_PX));
  const gray = grayBytesPerPixel * DOUBLED ** doublings;
  const perPixel = format === 'tiff' ? TIFF_BYTES : gray * (format === 'png' ? PNG : at(LOSSY[format], quality));
  return width * height * perPixel * LAYOUTS[format][layout];
}

/** @param {number[][]} points @param {number} quality */
function at(points, quality) {
  const index = Math.max(1, points.findIndex(([upTo]) => quality <= upTo));
  const [[q0, v0], [q1, v1]] = [points[index - 1], points[index]];
  return v0 + ((v1 - v0) * (quality - q0)) / (q1 - q0);
}

/** With two digits, since it is no more than an estimate. @param {number} bytes */
export function inWords(bytes) {
  const [unit, size] = bytes < 1e6 ? ['kB', 1e3] : ['MB', 1e6];
  return `${Number((bytes / Number(size)).toPrecision(2))} ${unit}`;
}
