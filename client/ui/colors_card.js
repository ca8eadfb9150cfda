// @ts-check
/** What decides the colors besides the hints: the network and the vividness. The picture stays in sight. */

import { servingNetwork } from '../room/state.js';
import { button, element } from './elements.js';
import { shownKey } from './keys.js';
import { words } from './words.js';

/** @typedef {import('../wire/messages.js').NetworkNote} NetworkNote */

/**
 * @typedef {object} Colors
 * @property {import('../wire/messages.js').State} state
 * @property {import('../wire/messages.js').EngineNote} engine
 * @property {boolean} isOwner
 * @property {string | null} tried the network that this member tries
 */

const STEP_PERCENT = 5;

/** Tells its owner what is asked; shows what it is given. */
export class ColorsCard {
  /** @type {(network: string) => void} */
  onTry = () => {};
  onBack = () => {};
  /** While the slider is held. @type {(vividness: number) => void} */
  onVividnessDrag = () => {};
  /** @type {(vividness: number) => void} */
  onVividness = () => {};
  /** It was let go where it was. */
  onVividnessCancel = () => {};
  onClose = () => {};

  container;
  #signal;
  #close;
  #slider = element('input', { type: 'range', min: 0, max: 100, step: STEP_PERCENT, 'aria-describedby': 'vividness-note' });
  #percent = element('output');
  #note = element('p', { class: 'quiet small', id: 'vividness-note' });
  #missing = element('p', { class: 'quiet small', hidden: true });
  #networks = element('ul', { class: 'networks' });
  #onlyOne = element('p', { class: 'quiet small', hidden: true }, words.colors.onlyOne);
  /** What the list was made for. */
  #listed = '';
  #sliding = false;
  /** The room's, in percent. */
  #roomPercent = 0;
  /** @type {Element | null} what had the focus before it opened */
  #opener = null;

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.#signal = signal;
    this.#close = button({ icon: 'close', label: words.colors.close, keys: shownKey('deselect') }, () => this.close(), signal);
    this.container = element(
      'section',
      { class: 'colors card', role: 'dialog', 'aria-label': words.colors.title, hidden: true },
      element('div', { class: 'colors-head' }, element('h2', {}, words.colors.title), this.#close),
      element('label', { class: 'vividness-row' }, words.colors.vividness, this.#slider, this.#percent),
      this.#note,
      element('h3', {}, words.colors.network),
      this.#missing,
      this.#networks,
      this.#onlyOne,
    );
    this.container.addEventListener('keydown', (event) => this.#escape(event), { signal });
    this.#listen();
  }

  get isOpen() {
    return !this.container.hidden;
  }

  open() {
    this.#opener = document.activeElement;
    this.container.hidden = false;
    // A pointer leaves no focus behind; who came by keyboard goes on inside.
    if (this.#opener !== document.body) this.#close.focus();
  }

  /** @returns {boolean} whether it was open */
  close() {
    if (!this.isOpen) return false;
    const inside = this.container.contains(document.activeElement);
    this.container.hidden = true;
    if (inside && this.#opener instanceof HTMLElement) this.#opener.focus();
    this.onClose();
    return true;
  }

  /** @param {Colors} colors */
  show({ state, engine, isOwner, tried }) {
    this.#roomPercent = Math.round(state.vividness * 100);
    if (!this.#sliding) this.#showPercent(this.#roomPercent);
    this.#slider.disabled = !isOwner;
    this.#note.textContent = isOwner ? words.colors.vividnessNote : words.colors.ownerOnly;
    const serving = servingNetwork(engine, state.network);
    const missing = serving === null || serving.name === state.network ? null : words.colors.missing(words.networkName(state.network), words.networkName(serving.name));
    this.#missing.hidden = missing === null;
    this.#missing.textContent = missing;
    const listed = JSON.stringify([engine.networks, serving?.name, tried]);
    if (listed === this.#listed) return;
    this.#listed = listed;
    this.#list(engine.networks, serving, tried);
  }

  /** @param {NetworkNote[]} networks @param {NetworkNote | null} serving @param {string | null} tried */
  #list(networks, serving, tried) {
    this.#onlyOne.hidden = networks.length > 1;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.closest('li')?.dataset.network : undefined;
    this.#networks.replaceChildren(...networks.map((network) => this.#row(network, network === serving, network.name === tried)));
    const again = focused && this.#networks.querySelector(`[data-network='${CSS.escape(focused)}'] button`);
    if (again instanceof HTMLElement) again.focus();
  }

  /** @param {NetworkNote} network @param {boolean} serves @param {boolean} isTried */
  #row({ name }, serves, isTried) {
    const title = words.networkName(name);
    const act = isTried
      ? button({ text: words.trying.back, label: words.colors.backFrom(title), class: 'button' }, () => this.onBack(), this.#signal)
      : button({ text: words.colors.tryIt, label: words.colors.tryThis(title), class: 'button' }, () => this.onTry(name), this.#signal);
    const mark = element('span', { class: 'mark' }, serves ? words.colors.current : words.colors.tried);
    return element(
      'li',
      { 'data-network': name, class: isTried ? 'is-tried' : serves ? 'is-current' : null, 'aria-current': serves },
      element('div', {}, element('h4', {}, title, (serves || isTried) && mark), element('p', {}, words.networks[name]?.text ?? '')),
      !serves && act,
    );
  }

  /** @param {number} percent */
  #showPercent(percent) {
    if (Number(this.#slider.value) !== percent) this.#slider.value = String(percent);
    this.#percent.textContent = words.colors.percent(percent);
  }

  #listen() {
    const [slider, signal] = [this.#slider, this.#signal];
    let keyHeld = false;
    const done = () => {
      const percent = Number(slider.value);
      if (!this.#sliding) return;
      this.#sliding = false;
      if (percent === this.#roomPercent) this.onVividnessCancel();
      else this.onVividness(percent / 100);
    };
    slider.addEventListener('input', () => {
      this.#sliding = true;
      this.#showPercent(Number(slider.value));
      this.onVividnessDrag(Number(slider.value) / 100);
    }, { signal });
    // A held key tells of a change with every repetition; one edit is enough, when it is let go.
    slider.addEventListener('keydown', () => (keyHeld = true), { signal });
    slider.addEventListener('keyup', () => {
      keyHeld = false;
      done();
    }, { signal });
    slider.addEventListener('change', () => keyHeld || done(), { signal });
    slider.addEventListener('blur', () => {
      keyHeld = false;
      done();
    }, { signal });
    // Let go where it began, which the browser does not call a change.
    slider.addEventListener('pointerup', () => Number(slider.value) === this.#roomPercent && done(), { signal });
    slider.addEventListener('pointercancel', () => {
      this.#showPercent(this.#roomPercent);
      done();
    }, { signal });
  }

  /** @param {KeyboardEvent} event */
  #escape(event) {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.close();
  }
}
