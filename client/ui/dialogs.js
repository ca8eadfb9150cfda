// @ts-check
/** Questions over the page. */

import { button, element } from './elements.js';
import { words } from './words.js';

/**
 * Shows a dialog until it is closed. Escape and a press beside it close it.
 * @param {Element[]} content
 * @param {AbortSignal} signal
 * @param {string} label
 * @returns {{dialog: HTMLDialogElement, closed: Promise<void>}}
 */
export function showDialog(content, signal, label) {
  const dialog = element('dialog', { 'aria-label': label }, ...content);
  const gone = new AbortController();
  const closed = new Promise((/** @type {(value: void) => void} */ resolve) => {
    dialog.addEventListener('close', () => {
      gone.abort();
      dialog.remove();
      resolve();
    });
  });
  dialog.addEventListener('pointerdown', (event) => event.target === dialog && isBeside(event, dialog) && dialog.close());
  signal.addEventListener('abort', () => dialog.close(), { signal: gone.signal });
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, closed };
}

/** @param {PointerEvent} event @param {HTMLElement} dialog */
function isBeside({ clientX, clientY }, dialog) {
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

/**
 * Asks, before something that cannot be taken back or should not go by itself.
 * @param {{title: string, text: string, yes: string, no?: string, danger?: boolean}} question
 * @param {AbortSignal} signal
 * @returns {Promise<boolean>}
 */
export async function confirmed({ title, text, yes, no: noText = words.confirm.cancel, danger = true }, signal) {
  let answer = false;
  const decided = new AbortController();
  const close = (/** @type {boolean} */ said) => () => {
    answer = said;
    shown.dialog.close();
  };
  const no = button({ text: noText }, close(false), decided.signal);
  const sure = button({ text: yes, class: danger ? 'button danger primary' : 'button primary' }, close(true), decided.signal);
  const shown = showDialog(
    [element('h2', {}, title), element('p', { class: 'quiet' }, text), element('div', { class: 'dialog-buttons' }, no, sure)],
    signal,
    title,
  );
  no.focus();
  await shown.closed;
  decided.abort();
  return answer;
}
