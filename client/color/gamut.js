// @ts-check
/** The plane of all a and b at one lightness, as a picture to pick a color from: a to the right, b upward. */

import { clampToGamut, inGamut, labToRgb } from './lab.js';

/** How far the plane reaches in a and in b, both ways; no sRGB color lies beyond. */
export const AB_MAX = 110;

/**
 * Colors of the plane, transparent where no screen can show them.
 * @param {number} lightness
 * @param {number} sizePx
 * @param {number} [abMax]
 * @returns {{data: Uint8ClampedArray<ArrayBuffer>, width: number, height: number}} RGBA, not premultiplied
 */
export function gamutImage(lightness, sizePx, abMax = AB_MAX) {
  const data = new Uint8ClampedArray(sizePx * sizePx * 4);
  for (let row = 0; row < sizePx; row++) {
    for (let column = 0; column < sizePx; column++) {
      const [a, b] = abOfPlane((column + 0.5) / sizePx, (row + 0.5) / sizePx, abMax);
      if (!inGamut(lightness, a, b)) continue;
      const [red, green, blue] = labToRgb(lightness, a, b);
      data.set([red * 255, green * 255, blue * 255, 255], (row * sizePx + column) * 4);
    }
  }
  return { data, width: sizePx, height: sizePx };
}

/**
 * The a and b at a place of the plane.
 * @param {number} xNorm 0 to 1 from the left @param {number} yNorm 0 to 1 from the top @param {number} [abMax]
 * @returns {[number, number]}
 */
export function abOfPlane(xNorm, yNorm, abMax = AB_MAX) {
  return [(2 * xNorm - 1) * abMax, (1 - 2 * yNorm) * abMax];
}

/**
 * The place of a and b on the plane, x from the left and y from the top, 0 to 1.
 * @param {number} a @param {number} b @param {number} [abMax]
 * @returns {[number, number]}
 */
export function planeOfAb(a, b, abMax = AB_MAX) {
  return [(a / abMax + 1) / 2, (1 - b / abMax) / 2];
}

/**
 * The a and b nearest to the wanted ones that a screen can show at this lightness: same hue, less chroma.
 * @param {number} lightness @param {number} a @param {number} b
 * @returns {[number, number]}
 */
export function nearestInGamut(lightness, a, b) {
  const [, nearA, nearB] = clampToGamut(lightness, a, b);
  return [nearA, nearB];
}
