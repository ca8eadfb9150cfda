// @ts-check
/** Short news at the lower edge, also read out. */

import { button, element } from './elements.js';

const SHOWN_MS = 4200;
const SHOWN_WITH_ACTION_MS = 9000;
const TOASTS_MAX = 3;

/** At most three at a time; the oldest gives way, and the same news takes its own place. */
export class Toasts {
  #signal;
  #list = element('div', { class: 'toasts', role: 'status', 'aria-live': 'polite' });

  /** What takes each away, by its text, oldest first. @type {Map<string, () => void>} */
  #shown = new Map();

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.#signal = signal;
    document.body.append(this.#list);
    signal.addEventListener('abort', () => this.#list.remove());
  }

  /**
   * @param {string} text
   * @param {{text: string, act: () => void}} [action]
   * @param {number} [shownMs] it stays while the pointer is on it
   * @returns {() => void} takes it away
   */
  show(text, action, shownMs = action ? SHOWN_WITH_ACTION_MS : SHOWN_MS) {
    const gone = new AbortController();
    const toast = element('div', { class: 'toast' }, element('span', {}, text));
    const remove = () => {
      gone.abort();
      toast.remove();
      if (this.#shown.get(text) === remove) this.#shown.delete(text);
    };
    if (action) {
      const act = () => {
        remove();
        action.act();
      };
      toast.append(button({ text: action.text, class: 'toast-action' }, act, AbortSignal.any([gone.signal, this.#signal])));
    }
    this.#shown.get(text)?.();
    if (this.#shown.size >= TOASTS_MAX) [...this.#shown.values()][0]();
    this.#shown.set(text, remove);
    this.#list.append(toast);
    let timer = setTimeout(remove, shownMs);
    const stay = () => clearTimeout(timer);
    const go = () => {
      stay();
      timer = setTimeout(remove, shownMs);
    };
    for (const here of ['pointerenter', 'focusin']) toast.addEventListener(here, stay, { signal: gone.signal });
    for (const away of ['pointerleave', 'focusout']) toast.addEventListener(away, go, { signal: gone.signal });
    gone.signal.addEventListener('abort', stay);
    return remove;
  }
}
