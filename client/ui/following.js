// @ts-check
/** Following what another member shows, until this one moves the view or works on the picture. */

import { button, element } from './elements.js';
import { words } from './words.js';

/** @typedef {import('../wire/messages.js').Sight} Sight */

/** The view comes within a third of its target in this time, as cursors do. */
const GLIDE_SECONDS = 0.1;
/** Nearer than this it has arrived, in fractions of the picture. */
const ARRIVED = 1e-3;
const STILL = matchMedia('(prefers-reduced-motion: reduce)');

export class Following {
  container;
  #stage;
  #onChange;
  #name = element('span');
  /** Whom. @type {string | null} */
  #member = null;
  /** @type {Sight | null} */
  #to = null;
  #request = 0;
  #lastMs = 0;

  /**
   * @param {import('./stage.js').Stage} stage
   * @param {() => void} onChange
   * @param {AbortSignal} signal
   */
  constructor(stage, onChange, signal) {
    this.#stage = stage;
    this.#onChange = onChange;
    const stop = button({ text: words.company.stop, keys: 'Esc' }, () => this.stop(), signal);
    this.container = element('div', { class: 'following', hidden: true }, element('p', { role: 'status' }, this.#name, stop));
    stage.onOwnMove = () => this.stop();
    signal.addEventListener('abort', () => cancelAnimationFrame(this.#request));
  }

  /** Public id of who is followed; null: nobody. */
  get member() {
    return this.#member;
  }

  /** @param {{member: string, name: string, view: Sight | null}} other */
  follow({ member, name, view }) {
    const isNew = member !== this.#member;
    this.#member = member;
    if (isNew) this.#onChange();
    this.container.hidden = false;
    this.container.style.setProperty('--ring', this.#stage.colorOf(member));
    this.#name.textContent = words.company.following(name);
    this.#glideTo(view);
  }

  /** @returns {boolean} whether there was somebody */
  stop() {
    if (this.#member === null) return false;
    this.#member = this.#to = null;
    this.container.hidden = true;
    this.#onChange();
    return true;
  }

  /** Takes in who is here, newest moved first. @param {import('../wire/messages.js').Present[]} present with names */
  told(present) {
    const seats = present.filter(({ member }) => member === this.#member);
    if (seats.length === 0) this.stop();
    const seat = seats.find(({ view }) => view !== null);
    if (seat) this.follow(seat);
  }

  /** @param {Sight | null} sight */
  #glideTo(sight) {
    this.#to = sight;
    this.#lastMs = performance.now();
    this.#request ||= requestAnimationFrame((nowMs) => this.#glide(nowMs));
  }

  /** @param {number} nowMs */
  #glide(nowMs) {
    this.#request = 0;
    const to = this.#to;
    if (to === null) return;
    const at = this.#stage.sight;
    const seconds = Math.max(nowMs - this.#lastMs, 1) / 1000;
    this.#lastMs = nowMs;
    const near = Math.hypot(to.x - at.x, to.y - at.y) < ARRIVED * to.span && Math.abs(to.span - at.span) < ARRIVED * to.span;
    const part = near || STILL.matches ? 1 : 1 - Math.exp(-seconds / GLIDE_SECONDS);
    const mix = (/** @type {number} */ from, /** @type {number} */ until) => from + (until - from) * part;
    const before = this.#stage.view.viewport;
    this.#stage.show({ x: mix(at.x, to.x), y: mix(at.y, to.y), span: at.span * (to.span / at.span) ** part });
    const { scale, x, y } = this.#stage.view.viewport;
    // Where the window cannot show that place, it comes to rest before it.
    const moved = scale !== before.scale || x !== before.x || y !== before.y;
    if (part < 1 && moved) this.#request = requestAnimationFrame((next) => this.#glide(next));
  }
}
