// @ts-check
/** How long ago something was, in words. */

import { words } from './words.js';

/** @type {readonly [Intl.RelativeTimeFormatUnit, number][]} */
const SPANS = [['day', 86_400], ['hour', 3_600], ['minute', 60]];

/** @param {number} unixSeconds @param {Date} now */
export function ago(unixSeconds, now) {
  const seconds = now.getTime() / 1000 - unixSeconds;
  if (seconds > 14 * 86_400) return new Date(unixSeconds * 1000).toLocaleDateString('en', { dateStyle: 'medium' });
  const [unit, length] = SPANS.find(([, span]) => seconds >= span) ?? [];
  if (unit === undefined || length === undefined) return words.justNow;
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(-Math.floor(seconds / length), unit);
}
