// @ts-check
/** What helps who is new here: a dot that asks for a color, else words below the picture; an invitation for the others. */

import { ApiError } from '../connection/http.js';
import { button, element } from './elements.js';
import { codeOf, copying, isOnlyHere } from './share_dialog.js';
import { coachMark } from './status.js';
import { words } from './words.js';

/** @typedef {{x: number, y: number}} Place */

/**
 * @typedef {object} FirstMinutePage
 * @property {import('../connection/http.js').Api} api
 * @property {string} id of the room
 * @property {import('./stage.js').Stage} stage
 * @property {() => void} onChange
 * @property {AbortSignal} signal
 */

export class FirstMinute {
  /** The dot was pressed: a hint is to be there. @type {(place: Place) => void} */
  onAnswer = () => {};

  parts;
  #page;
  #dot = element('button', { type: 'button', class: 'asking' }, element('span', {}, words.company.ask));
  #layer = element('div', { class: 'layer', hidden: true }, this.#dot);
  #coach = coachMark(matchMedia('(pointer: coarse)').matches ? words.room.firstHintTouch : words.room.firstHint);
  #card = element('aside', { class: 'invite card', 'aria-label': words.company.invite, hidden: true });
  /** The picture that was asked about, and what came of it. @type {{key: string, place: Place | null}} */
  #asked = { key: '', place: null };
  /** The link on the card; null: it was closed, or a guest came, and it does not come back. @type {string | null} */
  #url = '';

  /** @param {FirstMinutePage} page */
  constructor(page) {
    this.#page = page;
    this.parts = [this.#layer, this.#coach, this.#card];
    this.#dot.addEventListener('click', () => this.#asked.place && this.onAnswer(this.#asked.place), { signal: page.signal });
  }

  /**
   * @param {import('../wire/messages.js').State} state
   * @param {{mayPlace: boolean, inviteUrl: string | null, others: number}} page inviteUrl: for the owner of a new room
   */
  show({ hints, turn, crop, network }, { mayPlace, inviteUrl, others }) {
    const hasHints = Object.keys(hints).length > 0;
    const isBare = mayPlace && !hasHints;
    const key = `${turn} ${crop} ${network}`;
    if (isBare && key !== this.#asked.key) void this.#ask(key);
    this.#layer.hidden = !isBare || this.#asked.place === null;
    this.#coach.hidden = !isBare || !this.#layer.hidden;
    this.project();
    if (others > 0 || hasHints) this.#closeCard(); // who colors has no time for it, and Share is at hand
    else if (inviteUrl !== null && this.#url !== null && this.#url !== inviteUrl) this.#openCard(inviteUrl);
  }

  /** The picture moved on the screen. */
  project() {
    const { place } = this.#asked;
    if (this.#layer.hidden || place === null) return;
    const { x, y } = this.#page.stage.toScreen(place);
    this.#dot.style.transform = `translate(${x}px, ${y}px)`;
    this.#dot.classList.toggle('leftward', x > innerWidth / 2);
  }

  /** @param {string} key names the picture */
  async #ask(key) {
    this.#asked = { key, place: null };
    try {
      const { x, y } = await this.#page.api.ask(this.#page.id);
      if (this.#asked.key !== key || x === null || y === null) return;
      this.#asked = { key, place: { x, y } };
      this.#page.onChange();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // without an answer the words below the picture do
    }
  }

  /** @param {string} url for those who color along */
  #openCard(url) {
    this.#url = url;
    const { signal } = this.#page;
    const close = button({ icon: 'close', label: words.colors.close }, () => this.#closeCard(), signal);
    const { field, copy } = copying({ name: words.share.editor, url }, signal);
    const note = isOnlyHere() ? words.share.onlyHere : words.share.editorNote;
    this.#card.replaceChildren(
      element('h2', {}, words.company.invite), close, element('p', { class: 'quiet small' }, note), codeOf(url), field, copy,
    );
    this.#card.hidden = false;
  }

  #closeCard() {
    this.#url = null;
    this.#card.hidden = true;
  }
}
