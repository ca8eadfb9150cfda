// @ts-check
/** The line between what was before and what is now: dragged by pointer and finger, moved by arrow keys. */

import { element } from './elements.js';
import { words } from './words.js';

/** Of the canvas's width. */
const STEP = 0.02;
const STEP_LARGE = 0.1;

/** What a key does to the place. @type {Record<string, (at: number, step: number) => number>} */
const MOVES = {
  ArrowLeft: (at, step) => at - step,
  ArrowDown: (at, step) => at - step,
  ArrowRight: (at, step) => at + step,
  ArrowUp: (at, step) => at + step,
  PageDown: (at) => at - STEP_LARGE,
  PageUp: (at) => at + STEP_LARGE,
  Home: () => 0,
  End: () => 1,
};

/** It stays where it is on the screen while the picture moves, and remembers its place while it is out of sight. */
export class Divider {
  /** @type {(at: number) => void} 0 to 1 of the stage's width */
  onMove = () => {};
  /** It is held, or no longer. @type {(held: boolean) => void} */
  onHold = () => {};
  /** What is at the left is to be another. */
  onSwitch = () => {};

  container;
  #before = element('button', { type: 'button', class: 'side' });
  #after = element('span', { class: 'side' });
  #line = element(
    'div',
    { class: 'divider-line', role: 'slider', tabindex: 0, 'aria-label': words.divider.label, 'aria-valuemin': 0, 'aria-valuemax': 100 },
    element('span', { class: 'grip' }),
  );
  #at = 0.5;

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.container = element('div', { class: 'divider', hidden: true }, this.#before, this.#line, this.#after);
    this.#listen(signal);
    this.#move(this.#at);
  }

  /** @param {{before: string, after: string, other?: string} | null} sides what lies at the left and at the right, what else could at the left; null: out of sight */
  show(sides) {
    this.container.hidden = sides === null;
    if (sides === null) return;
    this.#before.textContent = sides.before;
    this.#before.title = sides.other ?? '';
    this.#before.disabled = sides.other === undefined;
    this.#after.textContent = sides.after;
    this.#tell();
  }

  /** @param {number} at */
  #move(at) {
    this.#at = Math.min(Math.max(at, 0), 1);
    this.container.style.setProperty('--at', `${this.#at * 100}%`);
    this.#tell();
    this.onMove(this.#at);
  }

  #tell() {
    const percent = Math.round(this.#at * 100);
    this.#line.setAttribute('aria-valuenow', String(percent));
    this.#line.setAttribute('aria-valuetext', words.divider.value(percent, this.#before.textContent ?? ''));
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    const line = this.#line;
    this.#before.addEventListener('click', () => this.onSwitch(), { signal });
    // A press of the button is none of the stage below.
    for (const kind of ['pointerdown', 'touchend']) this.#before.addEventListener(kind, (event) => event.stopPropagation(), { signal });
    /** From the pointer to the line while it is held. @type {number | null} */
    let offsetPx = null;
    const placeOf = (/** @type {PointerEvent} */ { clientX }) => {
      const { left, width } = this.container.getBoundingClientRect();
      return { px: clientX - left, width };
    };
    line.addEventListener('pointerdown', (event) => {
      // The stage below would place a hint, or pan.
      event.stopPropagation();
      if (event.button !== 0) return;
      const { px, width } = placeOf(event);
      offsetPx = this.#at * width - px;
      line.setPointerCapture(event.pointerId);
      line.focus({ preventScroll: true });
      this.onHold(true);
    }, { signal });
    line.addEventListener('pointermove', (event) => {
      if (offsetPx === null) return;
      event.stopPropagation();
      const { px, width } = placeOf(event);
      this.#move((px + offsetPx) / width);
    }, { signal });
    line.addEventListener('lostpointercapture', () => {
      offsetPx = null;
      this.onHold(false);
    }, { signal });
    line.addEventListener('keydown', (event) => {
      const move = MOVES[event.key];
      if (move === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.#move(move(this.#at, event.shiftKey ? STEP_LARGE : STEP));
    }, { signal });
  }
}
