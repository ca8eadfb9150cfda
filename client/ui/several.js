// @ts-check
/** Several files at once: one after the other becomes a room, with progress and errors for each, and at the end their links. */

import { button, element } from './elements.js';
import { words } from './words.js';

/** @typedef {{room: string, capability: string}} Opened */

/** A list below the drop zone; its owner opens the files and says how each went. */
export class SeveralFiles {
  container = element('section', { class: 'section several', hidden: true });
  #heading = element('h2');
  #list = element('ol', { role: 'list' });
  #cancel;
  /** @type {HTMLElement[]} by file: what is said of it */
  #said = [];

  /** @param {() => void} onCancel @param {AbortSignal} signal */
  constructor(onCancel, signal) {
    this.#cancel = button({ text: words.landing.cancel }, onCancel, signal);
    this.container.append(element('div', { class: 'section-head', role: 'status' }, this.#heading), this.#list, this.#cancel);
  }

  /** @param {readonly File[]} files */
  begin(files) {
    this.#said = files.map(() => element('span', { class: 'quiet' }, words.landing.waits));
    this.#list.replaceChildren(...files.map(({ name }, index) => element('li', {}, element('span', { class: 'name' }, name), this.#said[index])));
    this.#heading.textContent = words.landing.several(files.length);
    this.#cancel.hidden = false;
    this.container.hidden = false;
    this.container.scrollIntoView({ block: 'nearest' });
  }

  /** @param {number} index @param {string} text */
  tell(index, text) {
    this.#said[index].textContent = text;
  }

  /** @param {number} index @param {string} sentence why it opened no room */
  refuse(index, sentence) {
    this.tell(index, sentence);
    this.#said[index].className = 'refused';
  }

  /** @param {number} index @param {Opened} opened */
  open(index, { room, capability }) {
    const address = `room/${encodeURIComponent(room)}#${encodeURIComponent(capability)}`;
    this.#said[index].replaceChildren(element('a', { href: address, target: '_blank', rel: 'noopener' }, words.landing.openIt));
  }

  /** @param {number} opened how many rooms there are */
  end(opened) {
    this.#heading.textContent = words.landing.opened(opened);
    this.#cancel.hidden = true;
  }
}
