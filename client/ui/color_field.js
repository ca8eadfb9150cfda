// @ts-check
/** A color in words: typed in any notation, shown in the chosen one. */

import { NOTATIONS, read, written } from '../color/notation.js';
import { button, element, leaveByEscape } from './elements.js';
import { words } from './words.js';

/** @typedef {import('../color/lab.js').Triple} Triple */

export class ColorField {
  /** What was typed; null: no color. @type {(lab: Triple | null) => void} */
  onTyped = () => {};
  /** What was typed is left alone. */
  onLeave = () => {};

  container;
  #input = element('input', { class: 'field', 'aria-label': words.panel.field, spellcheck: 'false', autocomplete: 'off', maxlength: 28 });
  #switch;
  /** @type {import('../color/notation.js').Notation} */
  #notation = 'hex';
  /** @type {Triple} */
  #lab = [50, 0, 0];

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.#switch = button({ text: '', class: 'notation' }, () => this.#next(), signal);
    this.container = element('div', { class: 'color-field' }, this.#input, this.#switch);
    this.#input.addEventListener('change', () => this.#typed(), { signal });
    this.#input.addEventListener('focus', () => this.#input.select(), { signal });
    const restore = () => {
      this.#write();
      this.onLeave();
    };
    leaveByEscape(this.#input, restore, signal);
    this.#showNotation();
  }

  /** @param {Triple} lab of a color that a screen can show */
  show(lab) {
    this.#lab = lab;
    if (document.activeElement !== this.#input) this.#write();
    this.#input.removeAttribute('aria-invalid');
  }

  #typed() {
    const lab = read(this.#input.value, this.#notation);
    this.onTyped(lab);
    // The photograph's lightness stays: what is shown is that color as light or dark as the place is.
    if (lab !== null) this.#write();
    this.#input.setAttribute('aria-invalid', String(lab === null));
  }

  #write() {
    this.#input.value = written(this.#lab, this.#notation);
  }

  #next() {
    this.#notation = NOTATIONS[(NOTATIONS.indexOf(this.#notation) + 1) % NOTATIONS.length];
    this.#showNotation();
    this.#write();
  }

  #showNotation() {
    const name = words.panel.notations[this.#notation];
    this.#switch.textContent = name;
    this.#switch.title = words.panel.notation(name);
    this.#switch.setAttribute('aria-label', words.panel.notation(name));
    this.container.dataset.notation = this.#notation;
  }
}
