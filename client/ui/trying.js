// @ts-check
/** What this member tries without the others: another network, another vividness. The room's own picture goes on below. */

import { button, element } from './elements.js';
import { words } from './words.js';

/** @typedef {import('../wire/messages.js').Entry} Entry */

/** The room's frame for what was chosen is there long before; where none is due, nobody sees a difference. */
const FRAME_WAIT_MS = 10_000;

/**
 * @typedef {object} TryingPage
 * @property {import('../connection/live_room.js').LiveRoom} room
 * @property {import('../picture/preview.js').PreviewFeed} previews
 * @property {import('./seeing.js').Seeing} seeing
 * @property {() => void} onChange what is tried is another
 * @property {AbortSignal} signal
 */

/** Its bar says that nobody else sees it, and leads back. */
export class Trying {
  container;
  #page;
  #text = element('span');
  #beside;
  #choose;
  /** @type {string | null} */
  #network = null;
  /** The network whose preview is on the screen. @type {string | null} */
  #seen = null;
  /** @type {number | null} */
  #vividness = null;
  /** What the room was told to become, and is not yet. */
  #asked = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #waiting;

  /** @param {TryingPage} page */
  constructor(page) {
    this.#page = page;
    const { signal } = page;
    this.#choose = button({ text: words.trying.choose, class: 'button primary' }, () => this.#chooseForAll(), signal);
    this.#beside = button({ text: words.trying.beside }, () => this.#toggleBeside(), signal);
    this.#beside.setAttribute('aria-pressed', 'false');
    const back = button({ text: words.trying.back }, () => this.back(), signal);
    this.container = element('div', { class: 'trying card', role: 'status', hidden: true }, this.#text, this.#beside, this.#choose, back);
  }

  /** The network that is tried; null: none is. */
  get network() {
    return this.#network;
  }

  /** @param {string} network */
  tryNetwork(network) {
    this.#begin();
    this.#network = network;
    this.#ask();
  }

  /** While the slider is held. @param {number} vividness */
  tryVividness(vividness) {
    this.#begin();
    this.#vividness = vividness;
    this.#ask();
  }

  /** The slider was let go where it was before. */
  releaseVividness() {
    this.#vividness = null;
    if (this.#network === null) this.back();
    else this.#ask();
  }

  /** @param {number} vividness for everybody */
  chooseVividness(vividness) {
    this.#asked = true;
    this.#page.room.edit({ type: 'vividness', vividness });
  }

  /** The room's own picture again. @returns {boolean} whether another one was tried */
  back() {
    const tried = this.#network !== null || this.#vividness !== null;
    this.#stop();
    this.#page.previews.end();
    return tried;
  }

  /** A preview is on the screen. @param {string} network that painted it */
  previewShown(network) {
    this.#seen = network;
    this.#page.onChange();
  }

  /** The journal holds an edit of this page. @param {Entry} entry */
  ownEntry({ changes, revision }) {
    if (!this.#asked || !changes.some(({ type }) => type === 'network' || type === 'vividness')) return;
    this.#asked = false;
    if (this.#network !== null) {
      this.releaseVividness(); // the network goes on being tried, with the vividness that the room has now
      return;
    }
    this.#stop();
    this.#page.previews.endWith(revision);
    this.#waiting = setTimeout(() => this.#page.previews.end(), FRAME_WAIT_MS);
  }

  /** An edit was refused: the room stays as it is. */
  refused() {
    if (this.#asked) this.back();
    this.noticed();
  }

  /** Some picture does not come: a preview that is still waited for is given up. */
  noticed() {
    if (this.#network !== null && this.#network !== this.#seen) this.back();
  }

  /** @param {boolean} mayChoose whether this member may say it for everybody @param {string} serving the room's network */
  show(mayChoose, serving) {
    const tried = this.#network;
    this.container.hidden = tried === null;
    const isBeside = tried !== null && this.#beside.getAttribute('aria-pressed') === 'true';
    const { room, alone } = words.trying;
    this.#page.seeing.beside(isBeside ? { before: room(words.networkName(serving)), after: alone(words.networkName(tried)) } : null);
    if (tried === null) return;
    const text = (this.#seen === tried ? words.trying.network : words.trying.waiting)(words.networkName(tried));
    if (this.#text.textContent !== text) this.#text.textContent = text;
    this.#choose.hidden = !mayChoose;
  }

  #toggleBeside() {
    this.#beside.setAttribute('aria-pressed', String(this.#beside.getAttribute('aria-pressed') === 'false'));
    this.#page.onChange();
  }

  #chooseForAll() {
    if (this.#network === null) return;
    this.#asked = true;
    this.#page.room.edit({ type: 'network', network: this.#network });
    // Nothing is tried any more, yet the preview stays until the room's own frame is there.
    this.#network = null;
    this.#page.onChange();
  }

  #begin() {
    clearTimeout(this.#waiting);
    this.#asked = false;
  }

  #ask() {
    const wish = { network: this.#network, vividness: this.#vividness };
    this.#page.previews.want(wish.network);
    this.#page.room.askPreview(wish);
    this.#page.onChange();
  }

  #stop() {
    this.#begin();
    this.#network = this.#vividness = this.#seen = null;
    this.#page.room.askPreview(null);
    this.#page.onChange();
  }
}
