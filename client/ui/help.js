// @ts-check
/** The sheet of keys. */

import { showDialog } from './dialogs.js';
import { button, element } from './elements.js';
import { GESTURES, KEYS, spoken } from './keys.js';
import { words } from './words.js';

/** @param {AbortSignal} signal */
export function showHelp(signal) {
  const { help } = words;
  const groups = /** @type {(keyof typeof help.groups)[]} */ (Object.keys(help.groups));
  const close = button({ text: help.close, class: 'button primary' }, () => shown.dialog.close(), signal);
  const shown = showDialog(
    [
      element('h2', {}, help.title),
      element('div', { class: 'keys' }, ...groups.map(groupOf)),
      element('div', { class: 'dialog-buttons' }, close),
    ],
    signal,
    help.title,
  );
  shown.dialog.classList.add('wide-dialog');
  close.focus();
  shown.dialog.scrollTop = 0; // the button lies at the end, and the list is read from its beginning
}

/** @param {import('./keys.js').Group} group */
function groupOf(group) {
  const { help } = words;
  const keys = KEYS.filter((row) => row.group === group).map((row) => rowOf(row.keys[0], help.keys[row.action]));
  const gestures = GESTURES.filter((row) => row.group === group).map(({ gesture, how }) => rowOf(how, help.gestures[gesture]));
  return element('section', {}, element('h3', {}, help.groups[group]), element('dl', {}, ...keys.flat(), ...gestures.flat()));
}

/** @param {string} chord @param {string} text @returns {HTMLElement[]} */
function rowOf(chord, text) {
  // The plus that is itself a key stays whole.
  const keys = chord.split(/\+(?=.)/).map((part) => element('kbd', {}, spoken(part)));
  return [element('dt', {}, text), element('dd', {}, ...keys)];
}
