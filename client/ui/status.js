// @ts-check
/** What is going on: the connection in the bar, the pass below, a banner when it matters, a page when it ended. */

import { LOGO, button, element, icon } from './elements.js';
import { words } from './words.js';

/** @typedef {{state: 'connecting' | 'live' | 'waiting' | 'stopped', code?: string, sentence?: string, retryInSeconds?: number}} Connection */

/** A short gap is nobody's business: most connections are back before it can be read. */
const BANNER_AFTER_MS = 2000;

/** The dot in the top bar, with a word. */
export class ConnectionMark {
  #word = element('span');
  container = element('span', { class: 'connection', role: 'status' }, this.#word);

  /** @param {Connection['state']} state */
  show(state) {
    this.container.dataset.state = state;
    this.container.title = words.connection[state];
    this.#word.textContent = words.connection[state];
  }
}

/** Says that the connection is gone, counts down, offers to try now. */
export class OfflineBanner {
  onTryNow = () => {};

  container;
  #text = element('span');
  #left = element('span', { class: 'quiet' });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #showing;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #counting;

  /** @param {AbortSignal} signal */
  constructor(signal) {
    const now = button({ text: words.connection.now }, () => this.onTryNow(), signal);
    this.container = element('div', { class: 'banner card', role: 'alert', hidden: true }, element('div', {}, this.#text, this.#left), now);
    signal.addEventListener('abort', () => this.#stop());
  }

  /** @param {Connection} connection @param {boolean} wasLive */
  show({ state, sentence, retryInSeconds }, wasLive) {
    clearInterval(this.#counting);
    if (state === 'live' || state === 'stopped') {
      this.#stop();
      return;
    }
    this.#text.textContent = sentence || (wasLive ? words.connection.offline : words.offline);
    this.#count(state === 'waiting' ? Math.ceil(retryInSeconds ?? 0) : 0);
    this.#showing ??= setTimeout(() => (this.container.hidden = false), BANNER_AFTER_MS);
  }

  /** @param {number} seconds */
  #count(seconds) {
    let left = seconds;
    const tell = () => (this.#left.textContent = left > 0 ? words.connection.retryIn(left) : '');
    tell();
    if (left === 0) return;
    this.#counting = setInterval(() => {
      left -= 1;
      tell();
      if (left <= 0) clearInterval(this.#counting);
    }, 1000);
  }

  #stop() {
    clearTimeout(this.#showing);
    clearInterval(this.#counting);
    this.#showing = undefined;
    this.container.hidden = true;
  }
}

/** The line below: network, time of the pass, painting or settled. */
export class StatusLine {
  #network = element('span');
  #pass = element('span');
  #settled = element('span');
  container = element('div', { class: 'status' }, this.#network, this.#pass, this.#settled);

  /** @param {import('../wire/messages.js').EngineNote | null} engine what runs the network, for whoever wants to know */
  showEngine(engine) {
    const networks = engine?.networks.map(({ name, precision }) => `${name} ${precision}`) ?? [];
    this.container.title = [...networks, engine?.device, engine?.note].filter(Boolean).join(' · ');
  }

  /** @param {{network: string, passMs: number, settled: boolean} | null} frame the newest; null: none yet */
  show(frame) {
    this.#network.hidden = this.#pass.hidden = frame === null;
    this.#settled.textContent = frame === null ? words.status.waiting : frame.settled ? words.status.settled : words.status.painting;
    if (frame === null) return;
    this.#network.textContent = words.status.network(words.networkName(frame.network));
    this.#pass.textContent = words.status.pass(frame.passMs);
  }
}

/** @returns {HTMLElement} until the photograph is there */
export function loadingMark() {
  return element('div', { class: 'loading', role: 'status' }, element('span', { class: 'spinner' }), words.room.loading);
}

/** @param {string} text */
export function coachMark(text) {
  return element('div', { class: 'coach', hidden: true }, icon('hint'), element('span', {}, text));
}

/**
 * The page of a room that cannot be shown (any more): what happened, and a way on.
 * @param {{code?: string, sentence?: string}} why
 * @param {AbortSignal} signal
 */
export function stoppedPage({ code = '', sentence }, signal) {
  const known = words.stopped[code] ?? { ...words.stoppedOther, text: sentence || words.stoppedOther.text, again: true };
  const on = element('a', { class: known.again ? 'button' : 'button primary', href: '../' }, words.toLanding);
  const again = known.again && button({ text: words.reload, class: 'button primary' }, () => window.location.reload(), signal);
  return element(
    'div',
    { class: 'stopped', role: 'alert', 'data-code': code },
    element(
      'div',
      {},
      element('img', { src: LOGO, alt: '' }),
      element('h1', {}, known.title),
      element('p', {}, known.text),
      element('div', { class: 'dialog-buttons' }, on, again),
    ),
  );
}
