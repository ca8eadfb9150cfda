// @ts-check
/** What this page alone sees: hints hidden, the picture in gray, a divider between before and now. */

import { ApiError } from '../connection/http.js';
import { decodeChroma } from '../picture/decode.js';
import { unpackFrame } from '../wire/frame.js';
import { Divider } from './divider.js';
import { words } from './words.js';

export class Seeing {
  /** What others have to draw anew has changed. */
  onChange = () => {};

  #stage;
  #toolbar;
  #divider;
  #hidden = false;
  #gray = false;
  #split = false;
  /** The photograph's own colors are chosen for the left. */
  #photographed = false;
  /** Turn and crop of a photograph that came with colors; '': it came without. */
  #place = '';
  /** @type {() => Promise<ArrayBuffer>} */
  #fetch = () => Promise.reject(new Error('no photograph is known'));
  /** The room's picture at the left, another at the right: their names. @type {{before: string, after: string} | null} */
  #beside = null;
  /** For as long as it is held. */
  #comparing = false;
  #dividing = false;

  /** @param {import('./stage.js').Stage} stage @param {import('./toolbar.js').Toolbar | null} toolbar null: there are keys alone @param {AbortSignal} signal */
  constructor(stage, toolbar, signal) {
    this.#stage = stage;
    this.#toolbar = toolbar;
    this.#divider = new Divider(signal);
    stage.container.append(this.#divider.container);
    this.#divider.onMove = (at) => stage.view.setDivider(at);
    this.#divider.onHold = (held) => {
      this.#dividing = held;
      this.#show();
    };
    this.#divider.onSwitch = () => {
      this.#photographed = !this.#photographed;
      void this.#bring();
    };
    if (toolbar === null) return;
    toolbar.onHide = () => this.hide(!this.#hidden);
    toolbar.onCompare = (held) => this.compare(held);
    toolbar.onGray = () => this.toggleGray();
    toolbar.onDivider = () => this.toggleDivider();
  }

  /** Whether the hints are out of sight. */
  get hidden() {
    return this.#hidden;
  }

  /** @param {boolean} hidden */
  hide(hidden) {
    this.#hidden = hidden;
    this.#show();
    this.onChange();
  }

  /** @param {boolean} held */
  compare(held) {
    this.#comparing = held;
    this.#show();
  }

  toggleGray() {
    this.#gray = !this.#gray;
    this.#split = false;
    this.#show();
  }

  toggleDivider() {
    this.#split = !this.#split;
    this.#gray = false;
    this.#show();
  }

  /**
   * Where the photograph came with colors, they may lie at the left as well as gray.
   * @param {import('../wire/messages.js').State} state confirmed
   * @param {(state: import('../wire/messages.js').State) => Promise<ArrayBuffer>} fetch
   */
  offerPhotographed(state, fetch) {
    const place = state.photograph.had_colors ? `${state.turn} ${state.crop.join(' ')}` : '';
    if (place === this.#place) return;
    this.#place = place;
    this.#fetch = () => fetch(state);
    void this.#bring();
  }

  async #bring() {
    const place = this.#place;
    this.#stage.view.setAside(null);
    this.#show();
    if (!this.#photographed || place === '') return;
    try {
      const { header, payload } = unpackFrame(await this.#fetch());
      const bitmap = await decodeChroma(header, payload);
      if (place === this.#place) this.#stage.view.setAside({ header, bitmap });
      else bitmap.close();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // The room was turned meanwhile, or the server is away: gray is there in any case.
      if (place === this.#place) this.#photographed = false;
      this.#show();
    }
  }

  /** A preview at the right, the room's own picture at the left of the divider. @param {{before: string, after: string} | null} names */
  beside(names) {
    if (JSON.stringify(names) === JSON.stringify(this.#beside)) return;
    this.#beside = names;
    this.#show();
  }

  #show() {
    const { view } = this.#stage;
    view.setColorAmount(this.#comparing || this.#gray ? 0 : 1);
    const isOwn = this.#photographed && this.#place !== '';
    view.setBefore(this.#beside ? 'room' : !this.#split ? null : isOwn ? 'aside' : 'gray');
    const { gray, photographed, instead, colors } = words.divider;
    const [before, other] = isOwn ? [photographed, gray] : [gray, photographed];
    const split = { before, after: colors, other: this.#place === '' ? undefined : instead(other) };
    this.#divider.show(this.#beside ?? (this.#split ? split : null));
    const { hints } = this.#stage;
    hints.hide(this.#hidden);
    hints.compare(this.#comparing || this.#dividing);
    this.#toolbar?.showSeeing({ hidden: this.#hidden, comparing: this.#comparing, gray: this.#gray, split: this.#split });
  }
}
