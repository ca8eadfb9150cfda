// @ts-check
/** The plane of all a and b at one lightness, as a picture to pick a color from: a to the right, b upward. */

import { clampToGamut, inGamut, labToRgb } from './lab.js';

/** How far the plane reaches in a and in b, both ways; no sRGB color lies beyond. */
export const AB_MAX = 110;

/**
 * A square part of the plane: its middle, and how far it reaches from there in a and in b, both ways.
 * @typedef {{a: number, b: number, reach: number}} Plane
 */

/** @type {Plane} */
const WHOLE = { a: 0, b: 0, reach: AB_MAX };

const HUES = 120;
/** Beyond every color of a screen. */
const CHROMA_OUTSIDE = 200;
const MARGIN = 1.08;
/** Near black and white only gray is left; a plane without extent could not be drawn. */
const REACH_MIN = 4;

/**
 * The smallest square that holds all colors possible at this lightness, with a margin.
 * @param {number} lightness
 * @returns {Plane}
 */
export function gamutPlane(lightness) {
  const rim = Array.from({ length: HUES }, (_, index) => {
    const hue = (2 * Math.PI * index) / HUES;
    return clampToGamut(lightness, CHROMA_OUTSIDE * Math.cos(hue), CHROMA_OUTSIDE * Math.sin(hue));
  });
  const as = rim.map(([, a]) => a);
  const bs = rim.map(([, , b]) => b);
  const [aMin, aMax, bMin, bMax] = [Math.min(...as), Math.max(...as), Math.min(...bs), Math.max(...bs)];
  const reach = Math.max(REACH_MIN, (MARGIN * Math.max(aMax - aMin, bMax - bMin)) / 2);
  return { a: (aMin + aMax) / 2, b: (bMin + bMax) / 2, reach };
}

/**
 * Colors of the plane, transparent where no screen can show them.
 * @param {number} lightness
 * @param {number} sizePx
 * @param {Plane} [plane]
 * @returns {{data: Uint8ClampedArray<ArrayBuffer>, width: number, height: number}} RGBA, not premultiplied
 */
export function gamutImage(lightness, sizePx, plane = WHOLE) {
  const data = new Uint8ClampedArray(sizePx * sizePx * 4);
  for (let row = 0; row < sizePx; row++) {
    for (let column = 0; column < sizePx; column++) {
      const [a, b] = abOfPlane((column + 0.5) / sizePx, (row + 0.5) / sizePx, plane);
      if (!inGamut(lightness, a, b)) continue;
      const [red, green, blue] = labToRgb(lightness, a, b);
      data.set([red * 255, green * 255, blue * 255, 255], (row * sizePx + column) * 4);
    }
  }
  return { data, width: sizePx, height: sizePx };
}

/**
 * The a and b at a place of the plane.
 * @param {number} xNorm 0 to 1 from the left @param {number} yNorm 0 to 1 from the top @param {Plane} [plane]
 * @returns {[number, number]}
 */
export function abOfPlane(xNorm, yNorm, plane = WHOLE) {
  return [plane.a + (2 * xNorm - 1) * plane.reach, plane.b + (1 - 2 * yNorm) * plane.reach];
}

/**
 * The place of a and b on the plane, x from the left and y from the top, 0 to 1.
 * @param {number} a @param {number} b @param {Plane} [plane]
 * @returns {[number, number]}
 */
export function planeOfAb(a, b, plane = WHOLE) {
  return [((a - plane.a) / plane.reach + 1) / 2, (1 - (b - plane.b) / plane.reach) / 2];
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
