// @ts-check
/** For those who do not see the picture: what others did to its hints, read out now and then. */

import { Telling } from '../room/telling.js';
import { element } from './elements.js';
import { words } from './words.js';

/** Whatever happens within so long is told together. */
const TOGETHER_MS = 3000;

export class Told {
  container = element('div', { class: 'unseen', role: 'log', 'aria-live': 'polite', 'aria-label': words.told.label });
  #telling = new Telling();
  #nameOf;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #waiting;

  /** @param {(member: string) => string} nameOf @param {AbortSignal} signal */
  constructor(nameOf, signal) {
    this.#nameOf = nameOf;
    signal.addEventListener('abort', () => clearTimeout(this.#waiting));
  }

  /** @param {import('../wire/messages.js').Entry} entry by another member */
  entry(entry) {
    if (this.#telling.entry(entry)) this.#waiting ??= setTimeout(() => this.#tell(), TOGETHER_MS);
  }

  #tell() {
    this.#waiting = undefined;
    const told = this.#telling.take().map(({ member, deeds }) => words.told.hints(this.#nameOf(member), deeds));
    this.container.replaceChildren(...told.map((sentence) => element('p', {}, sentence)));
  }
}
