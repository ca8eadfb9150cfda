// @ts-check
/** A dot on the bare picture that asks what color it was there, where the network knows it the least. */

import { ApiError } from '../connection/http.js';
import { element } from './elements.js';
import { words } from './words.js';

/** @typedef {{x: number, y: number}} Place */

export class Asking {
  /** It was pressed: a hint is to be there. @type {(place: Place) => void} */
  onAnswer = () => {};

  container;
  #fetch;
  #onChange;
  #dot;
  /** The picture that was asked about, and what came of it. @type {{key: string, place: Place | null}} */
  #asked = { key: '', place: null };
  /** @type {(place: Place) => Place} */
  #toScreen;

  /**
   * @param {() => Promise<{x: number | null, y: number | null}>} fetch
   * @param {(place: Place) => Place} toScreen
   * @param {() => void} onChange a place is known
   * @param {AbortSignal} signal
   */
  constructor(fetch, toScreen, onChange, signal) {
    this.#fetch = fetch;
    this.#toScreen = toScreen;
    this.#onChange = onChange;
    this.#dot = element('button', { type: 'button', class: 'asking' }, element('span', {}, words.company.ask));
    this.container = element('div', { class: 'layer', hidden: true }, this.#dot);
    this.#dot.addEventListener('click', () => this.#asked.place && this.onAnswer(this.#asked.place), { signal });
  }

  /** Whether the dot is there. */
  get isAsking() {
    return !this.container.hidden;
  }

  /** @param {string | null} key names the picture to ask about; null: nothing is to be asked */
  show(key) {
    if (key !== null && key !== this.#asked.key) void this.#ask(key);
    this.container.hidden = key === null || this.#asked.place === null;
    this.project();
  }

  /** The picture moved on the screen. */
  project() {
    const { place } = this.#asked;
    if (this.container.hidden || place === null) return;
    const { x, y } = this.#toScreen(place);
    this.#dot.style.transform = `translate(${x}px, ${y}px)`;
    this.#dot.classList.toggle('leftward', x > innerWidth / 2);
  }

  /** @param {string} key */
  async #ask(key) {
    this.#asked = { key, place: null };
    try {
      const { x, y } = await this.#fetch();
      if (this.#asked.key !== key || x === null || y === null) return;
      this.#asked = { key, place: { x, y } };
      this.#onChange();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // without an answer the words below the picture do
    }
  }
}
