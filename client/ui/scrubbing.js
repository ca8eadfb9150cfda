// @ts-check
/** The room's earlier moments, along a bar: seen by this member alone, brought back for everybody as one step. */

import { ApiError } from '../connection/http.js';
import { stateOfSnapshot } from '../room/state.js';
import { Timeline } from '../room/timeline.js';
import { ago } from './ago.js';
import { button, element } from './elements.js';
import { words } from './words.js';

/** @typedef {import('../wire/messages.js').State} State */

/** The room's frame for what came back is there long before; where none is due, nobody sees a difference. */
const FRAME_WAIT_MS = 10_000;

/**
 * @typedef {object} ScrubbingPage
 * @property {import('../connection/live_room.js').LiveRoom} room
 * @property {import('../connection/http.js').Api} api
 * @property {string} id of the room
 * @property {import('../picture/preview.js').PreviewFeed} previews
 * @property {import('./company.js').Company} company
 * @property {(member: string) => string} colorOf
 * @property {() => void} makeWay what else is tried or chosen ends
 * @property {() => void} onChange what is drawn has to be drawn anew
 * @property {AbortSignal} signal
 */

export class Scrubbing {
  container;
  /** What the room was then; null: it is shown as it is. @type {State | null} */
  moment = null;
  #page;
  #timeline = new Timeline();
  #slider = element('input', { type: 'range', min: 1, step: 1, 'aria-label': words.history.label });
  #ticks = element('canvas', { class: 'ticks', height: 12, 'aria-hidden': 'true' });
  #text = element('span', { class: 'moment' });
  #restore;
  /** The moment that is looked at; null: the present one. @type {number | null} */
  #at = null;
  /** Of what was asked for last. */
  #asking = new AbortController();
  #isOpen = false;
  #isRestoring = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #waiting;

  /** @param {ScrubbingPage} page */
  constructor(page) {
    const { signal } = page;
    this.#page = page;
    this.#restore = button({ text: words.history.restore, class: 'button primary' }, () => this.#bringBack(), signal);
    const back = button({ text: words.history.back }, () => this.back(), signal);
    this.container = element(
      'section',
      { class: 'scrubbing card', 'aria-label': words.history.label, hidden: true },
      element('div', { class: 'track' }, this.#slider, this.#ticks),
      element('p', { role: 'status' }, this.#text, element('span', { class: 'quiet small' }, words.history.onlyYou)),
      element('div', { class: 'dialog-buttons' }, back, this.#restore),
    );
    this.#slider.addEventListener('input', () => this.#look(this.#slider.valueAsNumber), { signal });
  }

  get isOpen() {
    return this.#isOpen;
  }

  open() {
    if (this.#isOpen) return;
    this.#page.makeWay();
    clearTimeout(this.#waiting);
    this.#isOpen = true;
    this.#timeline.begin(this.#page.room.follower.revision);
    this.ask();
    this.#page.onChange();
    requestAnimationFrame(() => this.#slider.focus());
  }

  /** The room as it is. @returns {boolean} whether another moment could have been looked at */
  back() {
    if (!this.#isOpen) return false;
    this.#close();
    this.#page.previews.end();
    return true;
  }

  /** The journal holds an edit of this page. @param {import('../wire/messages.js').Entry} entry */
  ownEntry({ kind, revision }) {
    if (!this.#isRestoring || kind !== 'restore') return;
    this.#close();
    // What is seen stays until the room's own frame shows the same.
    this.#page.previews.endWith(revision);
    this.#waiting = setTimeout(() => this.#page.previews.end(), FRAME_WAIT_MS);
  }

  /** An edit was refused: the room stays as it is. */
  refused() {
    this.#isRestoring = false;
    this.#page.onChange();
  }

  /** @param {boolean} mayRestore whether this member may bring moments back */
  show(mayRestore) {
    this.container.hidden = !this.#isOpen;
    if (!this.#isOpen) return;
    const timeline = this.#timeline;
    timeline.newest = Math.max(timeline.newest, this.#page.room.follower.revision);
    this.#slider.min = String(timeline.first);
    this.#slider.max = String(timeline.newest);
    this.#slider.value = String(this.#at ?? timeline.newest);
    this.#slider.disabled = timeline.first === timeline.newest;
    this.#restore.hidden = !mayRestore;
    this.#restore.disabled = this.#at === null || this.#isRestoring;
    const text = this.#told();
    if (this.#text.textContent !== text) this.#text.textContent = text;
    this.#slider.setAttribute('aria-valuetext', text);
    this.#draw();
  }

  #told() {
    const { history } = words;
    if (this.#timeline.first === this.#timeline.newest) return history.none;
    if (this.#at === null) return history.now;
    const entry = this.#timeline.entryOf(this.#at);
    if (entry === null) return history.loading;
    const { unix_seconds: then, member, kind, hints } = entry;
    const name = member === this.#page.room.follower.member ? history.you : this.#page.company.nameOf(member);
    return history.moment(ago(then, new Date()), name, (history.did[kind] ?? history.other)(hints));
  }

  /** @param {number} revision */
  #look(revision) {
    this.#at = revision >= this.#timeline.newest ? null : revision;
    this.#asking.abort();
    if (this.#at === null) {
      this.moment = null;
      this.#page.room.askPreview(null);
      this.#page.previews.end();
    } else {
      this.#page.previews.want(null);
      this.#page.room.askPreview({ network: null, vividness: null, revision });
      this.ask();
    }
    this.#page.onChange();
  }

  /** What is looked at: again when the connection is back, since no answer came without it. */
  ask() {
    if (this.#isOpen) void this.#ask(this.#at ?? this.#timeline.newest);
  }

  /** What the room was then, and who made it so; only the newest question counts. @param {number} revision */
  async #ask(revision) {
    const asking = (this.#asking = new AbortController());
    const { api, id } = this.#page;
    const isStale = () => asking.signal.aborted || !this.#isOpen;
    try {
      if (this.#timeline.entryOf(revision) === null) {
        const told = await api.json(`rooms/${id}/history?after=${this.#timeline.pageFor(revision)}`, { signal: asking.signal });
        if (isStale()) return;
        this.#timeline.take(told);
        this.#page.onChange();
      }
      if (this.#at !== revision) return;
      const state = await api.json(`rooms/${id}/states/${revision}`, { signal: asking.signal });
      if (isStale()) return;
      this.moment = stateOfSnapshot(state);
      this.#page.onChange();
    } catch (error) {
      // Offline, or the moment went with a crop: the banner says the one, the hub the other.
      if (!isStale() && !(error instanceof ApiError)) throw error;
    }
  }

  #bringBack() {
    if (this.#at === null) return;
    this.#isRestoring = true;
    this.#page.room.edit({ type: 'restore', revision: this.#at });
    this.#page.onChange();
  }

  #close() {
    this.#asking.abort();
    this.#isOpen = this.#isRestoring = false;
    this.#at = this.moment = null;
    this.#page.room.askPreview(null);
    this.#page.onChange();
  }

  /** Whose entries lie where, below the slider. */
  #draw() {
    const pen = this.#ticks.getContext('2d');
    const width = this.#ticks.clientWidth;
    if (pen === null || width === 0) return;
    this.#ticks.width = width;
    this.#timeline.ticks(Math.ceil(width / 3)).forEach((member, column) => {
      if (member === null) return;
      pen.fillStyle = this.#page.colorOf(member);
      pen.fillRect(column * 3, 0, 2, this.#ticks.height);
    });
  }
}
