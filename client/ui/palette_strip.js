// @ts-check
/** The likely colors at the selected hint: a bar each, as high as it is likely. */

import { nearestInGamut } from '../color/gamut.js';
import { labToHex } from '../color/lab.js';
import { keptPalette } from '../color/palette.js';
import { element } from './elements.js';
import { words } from './words.js';

/** @typedef {import('../color/palette.js').Keyed} Keyed */

/** As many as the hub tells. */
const PLACES = 9;
/** As near as this, in ab, the hint has a likely color's color. */
const CHOSEN_AB = 2;

/** Tells which color was chosen. Bars are kept from one frame to the next, so that focus and presses survive. */
export class PaletteStrip {
  /** @type {(a: number, b: number) => void} */
  onChoose = () => {};

  container;
  #signal;
  #row = element('div', { class: 'palette-row', role: 'toolbar', 'aria-label': words.palette.label });
  #note = element('span', { class: 'quiet' });
  /** @type {Keyed[]} */
  #shown = [];
  /** @type {Map<number, HTMLButtonElement>} by the color's key */
  #bars = new Map();
  #lightness = 50;
  /** @type {[number, number]} the hint's */
  #ab = [0, 0];

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.#signal = signal;
    const head = element('div', { class: 'palette-head', 'aria-hidden': 'true' }, element('span', {}, words.palette.title), this.#note);
    this.container = element('div', { class: 'palette is-waiting' }, head, this.#row);
    this.#row.addEventListener('keydown', (event) => this.#walk(event), { signal });
    // A pointer leaves no focus behind, as with all buttons.
    this.#row.addEventListener('mousedown', (event) => event.preventDefault(), { signal });
  }

  /** Another hint: what was likely at the last one is not shown for it. */
  clear() {
    this.#shown = [];
    for (const bar of this.#bars.values()) bar.remove();
    this.#bars.clear();
    this.#note.textContent = '';
    this.container.classList.add('is-waiting');
  }

  /**
   * @param {readonly import('../wire/messages.js').LikelyColor[]} colors
   * @param {string} note whose guess it is; empty: the room's own network's
   */
  show(colors, note) {
    const steady = this.#row.matches(':hover, :focus-within');
    this.#shown = keptPalette(this.#shown, colors.slice(0, PLACES), { steady });
    this.container.classList.remove('is-waiting');
    this.#note.textContent = note;
    this.#note.title = note;
    this.#place();
    this.#paint();
  }

  /** What the hint is now. @param {{lightness: number, a: number, b: number}} hint */
  showHint({ lightness, a, b }) {
    this.#lightness = lightness;
    this.#ab = [a, b];
    this.#paint();
  }

  /** Brings the bars into the colors' order, touching only those that are elsewhere. */
  #place() {
    const keys = new Set(this.#shown.map(({ key }) => key));
    const focused = document.activeElement;
    const place = [...this.#row.children].findIndex((one) => one === focused);
    for (const [key, bar] of this.#bars) {
      if (keys.has(key)) continue;
      bar.remove();
      this.#bars.delete(key);
    }
    this.#shown.forEach(({ key }, index) => {
      const bar = this.#bars.get(key) ?? this.#made(key);
      if (this.#row.children[index] !== bar) this.#row.insertBefore(bar, this.#row.children[index] ?? null);
    });
    if (place < 0 || document.activeElement === focused) return;
    // The bar that had the focus moved or went; whoever walks along the row goes on from there.
    const bars = [...this.#row.children];
    const next = focused !== null && bars.includes(focused) ? focused : bars[Math.min(place, bars.length - 1)];
    if (next instanceof HTMLElement) next.focus({ preventScroll: true });
  }

  /** @param {number} key */
  #made(key) {
    const bar = element('button', { type: 'button', class: 'likely' }, element('span'));
    bar.addEventListener('click', () => this.#choose(key), { signal: this.#signal });
    this.#bars.set(key, bar);
    return bar;
  }

  /** @param {number} key */
  #choose(key) {
    const likely = this.#shown.find((one) => one.key === key);
    if (likely !== undefined) this.onChoose(...nearestInGamut(this.#lightness, likely.a, likely.b));
  }

  #paint() {
    const bars = [...this.#bars.values()];
    const stop = bars.find((bar) => bar === document.activeElement) ?? this.#bars.get(this.#shown[0]?.key);
    for (const { key, a, b, share } of this.#shown) {
      const bar = this.#bars.get(key);
      if (bar === undefined) continue;
      const [shownA, shownB] = nearestInGamut(this.#lightness, a, b);
      const hex = labToHex(this.#lightness, shownA, shownB);
      const label = words.palette.likely(hex, Math.round(share * 100));
      const chosen = Math.hypot(shownA - this.#ab[0], shownB - this.#ab[1]) < CHOSEN_AB;
      bar.style.setProperty('--fill', hex);
      bar.style.setProperty('--share', Math.sqrt(share).toFixed(3));
      bar.tabIndex = bar === stop ? 0 : -1;
      for (const [name, value] of Object.entries({ title: label, 'aria-label': label, 'aria-pressed': String(chosen) })) {
        if (bar.getAttribute(name) !== value) bar.setAttribute(name, value);
      }
    }
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const bars = [...this.#row.children].filter((one) => one instanceof HTMLElement);
    const at = bars.findIndex((one) => one === document.activeElement);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: bars.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    bars[(to + bars.length) % bars.length].focus();
    this.#paint();
  }
}
