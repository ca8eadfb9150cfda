// @ts-check
/** Hints as rings over the picture: the author's color around the hint's. Always the same size on the screen. */

import { element, icon } from './elements.js';

/**
 * A hint as it is drawn.
 * @typedef {object} DrawnHint
 * @property {string} id
 * @property {number} x 0 to 1 of the picture's width
 * @property {number} y
 * @property {number} a
 * @property {number} b
 * @property {boolean} pinned
 * @property {string} fill the color that the picture shows there
 * @property {string} ring the author's
 * @property {string} label
 * @property {boolean} waiting the journal does not hold it yet, or the picture does not show it
 * @property {boolean} held somebody drags it
 */

/** Without a movement for so long, the picture is what people look at. */
const REST_AFTER_MS = 2000;
const MOVEMENTS = ['pointermove', 'pointerdown', 'keydown', 'focusin'];

/** Elements are kept from one update to the next, so that focus and animations survive. */
export class HintLayer {
  /** A hint was chosen by keyboard. @type {(id: string) => void} */
  onChoose = () => {};
  /** One got the focus, perhaps out of sight. @type {(hint: DrawnHint) => void} */
  onFocus = () => {};

  container = element('div', { class: 'layer', id: 'hints' });
  #signal;
  /** @type {Map<string, {mark: HTMLElement, hint: DrawnHint}>} */
  #marks = new Map();
  /** @type {(place: {x: number, y: number}) => {x: number, y: number}} */
  #toScreen = (place) => place;
  #comparing = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #resting;

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.#signal = signal;
    for (const movement of MOVEMENTS) window.addEventListener(movement, () => this.#wake(), { signal, passive: true });
  }

  /**
   * @param {DrawnHint[]} hints
   * @param {readonly string[]} selected
   * @param {boolean} editable
   */
  update(hints, selected, editable) {
    const there = new Set(hints.map(({ id }) => id));
    for (const [id, { mark }] of this.#marks) {
      if (there.has(id)) continue;
      mark.remove();
      this.#marks.delete(id);
    }
    const chosen = new Set(selected);
    let changed = false;
    for (const hint of hints) {
      const before = this.#marks.get(hint.id);
      const mark = before?.mark ?? this.#made(hint.id);
      this.#marks.set(hint.id, { mark, hint });
      mark.classList.toggle('selected', chosen.has(hint.id));
      mark.tabIndex = editable ? 0 : -1;
      if (before !== undefined && isSame(before.hint, hint)) continue;
      this.#paint(mark, hint);
      changed = true;
    }
    if (changed) this.#wake();
  }

  /** @param {(place: {x: number, y: number}) => {x: number, y: number}} toScreen */
  project(toScreen) {
    this.#toScreen = toScreen;
    for (const { mark, hint } of this.#marks.values()) this.#place(mark, hint);
  }

  /** Names those who have a hint in hand. @param {Map<string, {name: string, color: string}>} holders by hint */
  showHolders(holders) {
    for (const [id, { mark }] of this.#marks) {
      const holder = holders.get(id);
      if (holder === undefined) delete mark.dataset.holder;
      else mark.dataset.holder = holder.name;
      if (holder !== undefined) mark.style.setProperty('--holder', holder.color);
    }
  }

  /** @param {boolean} hidden */
  hide(hidden) {
    this.container.classList.toggle('unseen-hints', hidden);
    this.container.inert = hidden;
  }

  /** While the picture is compared with another, hints are out of its way. @param {boolean} comparing */
  compare(comparing) {
    this.#comparing = comparing;
    this.container.classList.toggle('resting', comparing);
    this.#wake();
  }

  #wake() {
    clearTimeout(this.#resting);
    if (this.#comparing) return;
    this.container.classList.remove('resting');
    this.#resting = setTimeout(() => this.container.classList.add('resting'), REST_AFTER_MS);
  }

  /** @param {string} id */
  #made(id) {
    const mark = element('button', { type: 'button', class: 'hint', 'data-hint-id': id }, icon('pin'));
    // Pointers are the stage's; a click without one comes from the keyboard or a screen reader.
    mark.addEventListener('click', (event) => event.detail === 0 && this.onChoose(id), { signal: this.#signal });
    mark.addEventListener('focus', () => mark.matches(':focus-visible') && this.#focused(id), { signal: this.#signal });
    this.container.append(mark);
    return mark;
  }

  /** @param {string} id */
  #focused(id) {
    const hint = this.#marks.get(id)?.hint;
    if (hint !== undefined) this.onFocus(hint);
    this.onChoose(id);
  }

  /** @param {HTMLElement} mark @param {DrawnHint} hint */
  #paint(mark, hint) {
    mark.dataset.x = String(hint.x);
    mark.dataset.y = String(hint.y);
    mark.dataset.a = String(hint.a);
    mark.dataset.b = String(hint.b);
    mark.style.setProperty('--fill', hint.fill);
    mark.style.setProperty('--ring', hint.ring);
    mark.classList.toggle('waiting', hint.waiting);
    mark.classList.toggle('pinned', hint.pinned);
    mark.classList.toggle('held', hint.held);
    mark.setAttribute('aria-label', hint.label);
    this.#place(mark, hint);
  }

  /** @param {HTMLElement} mark @param {{x: number, y: number}} place */
  #place(mark, place) {
    const { x, y } = this.#toScreen(place);
    mark.style.transform = `translate(${x}px, ${y}px)`;
  }
}

/** @param {DrawnHint} one @param {DrawnHint} other */
function isSame(one, other) {
  return /** @type {(keyof DrawnHint)[]} */ (Object.keys(one)).every((field) => one[field] === other[field]);
}
