// @ts-check
/** A small menu, or any card, that hangs from a button and closes when the attention goes elsewhere. */

import { element, icon } from './elements.js';

/**
 * @typedef {object} MenuItem
 * @property {import('./elements.js').IconName} icon
 * @property {string} text
 * @property {() => void} act
 * @property {boolean} [disabled]
 * @property {boolean} [danger]
 * @property {boolean} [ticked] a switch that is on
 * @property {string} [note] a line below
 */

/**
 * Opens a card below (or above) its button; the button opens and closes it.
 * @param {HTMLElement} opener
 * @param {HTMLElement} card
 * @param {() => void} fill called before each opening
 * @param {AbortSignal} signal
 * @returns {() => void} closes it
 */
export function popover(opener, card, fill, signal) {
  card.hidden = true;
  card.classList.add('card');
  opener.setAttribute('aria-expanded', 'false');
  opener.setAttribute('aria-haspopup', 'true');
  const close = () => {
    card.hidden = true;
    opener.setAttribute('aria-expanded', 'false');
  };
  const open = () => {
    fill();
    card.hidden = false;
    opener.setAttribute('aria-expanded', 'true');
    place(opener, card);
  };
  const press = (/** @type {MouseEvent} */ event) => {
    if (!card.hidden) return close();
    open();
    // Who came by keyboard goes on inside: the next stop of Tab lies elsewhere, and closes it.
    const first = card.querySelector('button:not(:disabled), input');
    if (byKeyboard(event) && first instanceof HTMLElement) first.focus();
  };
  opener.addEventListener('click', press, { signal });
  const elsewhere = (/** @type {Event} */ event) => {
    const path = event.composedPath();
    if (!card.hidden && !path.includes(card) && !path.includes(opener)) close();
  };
  window.addEventListener('pointerdown', elsewhere, { signal, capture: true });
  window.addEventListener('focusin', elsewhere, { signal });
  window.addEventListener('resize', close, { signal });
  const escape = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Escape' || card.hidden) return;
    event.stopPropagation();
    close();
    opener.focus();
  };
  window.addEventListener('keydown', escape, { signal, capture: true });
  return close;
}

/** Whether a click came without a pointer. @param {MouseEvent} event */
const byKeyboard = ({ detail }) => detail === 0;

/** @param {HTMLElement} opener @param {HTMLElement} card */
function place(opener, card) {
  const box = opener.getBoundingClientRect();
  const margin = 8;
  const left = Math.min(Math.max(margin, box.right - card.offsetWidth), innerWidth - card.offsetWidth - margin);
  card.style.left = `${left}px`;
  card.style.top = `${box.bottom + margin}px`;
}

/**
 * A menu whose items are asked for at each opening.
 * @param {HTMLElement} opener
 * @param {() => (MenuItem | null)[]} items null draws a line
 * @param {AbortSignal} signal
 * @returns {HTMLElement} to be put into the page
 */
export function menu(opener, items, signal) {
  const card = element('div', { class: 'menu', role: 'menu' });
  const fill = () => card.replaceChildren(...items().flatMap((item) => (item ? entries(item, leave) : [element('hr')])));
  const leave = (/** @type {MouseEvent} */ event) => {
    close();
    if (byKeyboard(event)) opener.focus();
  };
  const close = popover(opener, card, fill, signal);
  const walk = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const buttons = [...card.querySelectorAll('button:not(:disabled)')].filter((one) => one instanceof HTMLElement);
    const at = buttons.findIndex((one) => one === document.activeElement);
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  };
  card.addEventListener('keydown', walk, { signal });
  return card;
}

/** @param {MenuItem} item @param {(event: MouseEvent) => void} leave */
function entries(item, leave) {
  const made = element(
    'button',
    {
      type: 'button',
      role: item.ticked === undefined ? 'menuitem' : 'menuitemcheckbox',
      'aria-checked': item.ticked === undefined ? null : String(item.ticked),
      class: item.danger ? 'danger' : null,
      disabled: item.disabled,
    },
    icon(item.icon),
    element('span', {}, item.text),
  );
  if (item.ticked) {
    const tick = icon('check');
    tick.classList.add('tick');
    made.append(tick);
  }
  made.addEventListener('click', (event) => {
    leave(event);
    item.act();
  });
  return item.note ? [made, element('p', { class: 'note' }, item.note)] : [made];
}
