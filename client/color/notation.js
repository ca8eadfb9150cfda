// @ts-check
/** Colors as people write them: hexadecimal, red-green-blue, or Lab. */

import { hexToLab, labToHex, labToRgb, rgbToLab } from './lab.js';

/** @typedef {import('./lab.js').Triple} Triple */
/** @typedef {'hex' | 'rgb' | 'lab'} Notation */

/** @type {readonly Notation[]} */
export const NOTATIONS = ['hex', 'rgb', 'lab'];

const AB_MAX = 110;

/**
 * A color of a screen in a notation: "#c2410c", "194 65 12", "46 52 54".
 * @param {Triple} lab @param {Notation} notation
 */
export function written(lab, notation) {
  if (notation === 'hex') return labToHex(...lab);
  const numbers = notation === 'lab' ? lab : labToRgb(...lab).map((channel) => channel * 255);
  return numbers.map((number) => String(Math.round(number) + 0)).join(' ');
}

/**
 * Lab of what somebody wrote, in any of the notations; null where it is no color.
 *
 * Three numbers are of the notation that they say, as "rgb(194, 65, 12)" does; else of the one that is chosen, where it
 * has numbers; else they are Lab if one is below 0, and red, green and blue if none is.
 * @param {string} text @param {Notation} chosen
 * @returns {Triple | null}
 */
export function read(text, chosen) {
  const hex = hexToLab(text);
  if (hex !== null) return hex;
  const parts = /^\s*(rgb|lab)?\s*\(?([-−+\d.,;\s%]+)\)?\s*$/i.exec(text);
  const numbers = parts?.[2].replaceAll('−', '-').match(/-?\d+(?:\.\d+)?/g)?.map(Number) ?? [];
  if (numbers.length !== 3) return null;
  const [first, second, third] = numbers;
  const said = parts?.[1]?.toLowerCase() ?? (chosen !== 'hex' ? chosen : numbers.some((one) => one < 0) ? 'lab' : 'rgb');
  if (said === 'rgb') {
    return numbers.every((one) => one >= 0 && one <= 255) ? rgbToLab(first / 255, second / 255, third / 255) : null;
  }
  const possible = first >= 0 && first <= 100 && Math.max(Math.abs(second), Math.abs(third)) <= AB_MAX;
  return possible ? [first, second, third] : null;
}
