// @ts-check
/** A color without a place, as a dot to press. */

import { nearestInGamut } from '../color/gamut.js';
import { labToHex } from '../color/lab.js';
import { button } from './elements.js';

/** A middle lightness, the same whatever hint is selected. */
export const DOT_LIGHTNESS = 62;

/** @param {number} a @param {number} b */
export const dotColor = (a, b) => labToHex(DOT_LIGHTNESS, ...nearestInGamut(DOT_LIGHTNESS, a, b));

/**
 * @param {{a: number, b: number}} color @param {string} label @param {() => void} act @param {AbortSignal} signal
 */
export function colorDot({ a, b }, label, act, signal) {
  const dot = button({ class: 'dot', label }, act, signal);
  dot.style.setProperty('--fill', dotColor(a, b));
  return dot;
}
