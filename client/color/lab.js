// @ts-check
/**
 * sRGB <-> CIE Lab (D65, 2 degree observer) for single colors, as in the server's color/lab.py and with its vectors.
 *
 * Red, green and blue are 0 to 1 everywhere in color/; bytes are only where a name says so.
 */

/** @typedef {[number, number, number]} Triple */

// scikit-image's constants; the second matrix is the inverse of the first.
const XYZ_FROM_RGB = [0.412453, 0.35758, 0.180423, 0.212671, 0.71516, 0.072169, 0.019334, 0.119193, 0.950227];
const RGB_FROM_XYZ = [
  3.240481343200526, -1.5371515162713185, -0.4985363261688878,
  -0.9692549499965682, 1.8759900014898907, 0.04155592655829284,
  0.05564663913517716, -0.20404133836651123, 1.0573110696453443,
];
const WHITE_X = 0.95047;
const WHITE_Z = 1.08883;

/** How far beyond [0, 1] a channel may lie: see GAMUT_TOLERANCE in the server's color/lab.py. */
const GAMUT_TOLERANCE = 1e-4;
const GAMUT_BISECTIONS = 24;

/** @param {number} srgb */
const linearFromSrgb = (srgb) => (srgb > 0.04045 ? ((srgb + 0.055) / 1.055) ** 2.4 : srgb / 12.92);

/** @param {number} linear */
const srgbFromLinear = (linear) => (linear > 0.0031308 ? 1.055 * linear ** (1 / 2.4) - 0.055 : linear * 12.92);

/** @param {number} xyz */
const fFromXyz = (xyz) => (xyz > 0.008856 ? Math.cbrt(xyz) : 7.787 * xyz + 16 / 116);

/** @param {number} f */
const xyzFromF = (f) => (f > 0.2068966 ? f ** 3 : (f - 16 / 116) / 7.787);

/** @param {number} value */
const unit = (value) => Math.min(Math.max(value, 0), 1);

/**
 * @param {readonly number[]} matrix row by row
 * @param {number} x @param {number} y @param {number} z
 * @returns {Triple}
 */
function times(matrix, x, y, z) {
  return [
    matrix[0] * x + matrix[1] * y + matrix[2] * z,
    matrix[3] * x + matrix[4] * y + matrix[5] * z,
    matrix[6] * x + matrix[7] * y + matrix[8] * z,
  ];
}

/**
 * Lab of a color.
 * @param {number} red @param {number} green @param {number} blue
 * @returns {Triple} L 0 to 100, a and b
 */
export function rgbToLab(red, green, blue) {
  const xyz = times(XYZ_FROM_RGB, linearFromSrgb(red), linearFromSrgb(green), linearFromSrgb(blue));
  const x = fFromXyz(xyz[0] / WHITE_X);
  const y = fFromXyz(xyz[1]);
  const z = fFromXyz(xyz[2] / WHITE_Z);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/**
 * Red, green and blue of a Lab color, beyond 0 to 1 where it lies outside the gamut.
 * @param {number} lightness @param {number} a @param {number} b
 * @returns {Triple}
 */
export function labToRgbUnclipped(lightness, a, b) {
  const y = (lightness + 16) / 116;
  const linear = times(
    RGB_FROM_XYZ,
    xyzFromF(y + a / 500) * WHITE_X,
    xyzFromF(y),
    xyzFromF(Math.max(y - b / 200, 0)) * WHITE_Z,
  );
  return [srgbFromLinear(linear[0]), srgbFromLinear(linear[1]), srgbFromLinear(linear[2])];
}

/**
 * Red, green and blue of a Lab color, each clipped to 0 to 1.
 * @param {number} lightness @param {number} a @param {number} b
 * @returns {Triple}
 */
export function labToRgb(lightness, a, b) {
  const [red, green, blue] = labToRgbUnclipped(lightness, a, b);
  return [unit(red), unit(green), unit(blue)];
}

/**
 * Whether a screen can show the color.
 * @param {number} lightness @param {number} a @param {number} b
 */
export function inGamut(lightness, a, b) {
  return labToRgbUnclipped(lightness, a, b).every(
    (channel) => channel >= -GAMUT_TOLERANCE && channel <= 1 + GAMUT_TOLERANCE,
  );
}

/**
 * The nearest possible color: same L and hue, the largest chroma inside the gamut.
 * @param {number} lightness @param {number} a @param {number} b
 * @returns {Triple} L (held to 0 to 100), a and b
 */
export function clampToGamut(lightness, a, b) {
  const held = Math.min(Math.max(lightness, 0), 100);
  if (inGamut(held, a, b)) return [held, a, b];
  let inner = 0;
  let outer = 1;
  for (let round = 0; round < GAMUT_BISECTIONS; round++) {
    const middle = (inner + outer) / 2;
    if (inGamut(held, a * middle, b * middle)) inner = middle;
    else outer = middle;
  }
  return [held, a * inner, b * inner];
}

/** L, 0 to 100, of each sRGB gray byte. */
export const LIGHTNESS_OF_GRAY = Float64Array.from(
  { length: 256 },
  (_, byte) => 116 * fFromXyz(linearFromSrgb(byte / 255)) - 16,
);

/**
 * L, 0 to 100, of an sRGB gray.
 * @param {number} byte a whole number, 0 to 255
 */
export function lightnessOfGray(byte) {
  return LIGHTNESS_OF_GRAY[byte];
}

/**
 * A color written as three or six hexadecimal digits, with or without the sharp sign; null where it is not one.
 * @param {string} text
 * @returns {Triple | null}
 */
export function hexToRgb(text) {
  const digits = /^\s*#?([0-9a-f]{6}|[0-9a-f]{3})\s*$/i.exec(text)?.[1];
  if (digits === undefined) return null;
  const six = digits.length === 6 ? digits : digits.replaceAll(/./g, '$&$&');
  const number = Number.parseInt(six, 16);
  return [(number >> 16) / 255, ((number >> 8) & 255) / 255, (number & 255) / 255];
}

/**
 * "#rrggbb" of a color, channels clipped.
 * @param {number} red @param {number} green @param {number} blue
 */
export function rgbToHex(red, green, blue) {
  const bytes = [red, green, blue].map((channel) => Math.round(unit(channel) * 255));
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/**
 * Lab of a color in hexadecimal digits; null where it is not one.
 * @param {string} text
 * @returns {Triple | null}
 */
export function hexToLab(text) {
  const rgb = hexToRgb(text);
  return rgb && rgbToLab(...rgb);
}

/**
 * "#rrggbb" of a Lab color, channels clipped.
 * @param {number} lightness @param {number} a @param {number} b
 */
export function labToHex(lightness, a, b) {
  return rgbToHex(...labToRgb(lightness, a, b));
}
