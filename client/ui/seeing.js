// @ts-check
/** What this page alone sees: hints hidden, the picture in gray, a divider between before and now. */

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

  /** A preview at the right, the room's own picture at the left of the divider. @param {{before: string, after: string} | null} names */
  beside(names) {
    if (JSON.stringify(names) === JSON.stringify(this.#beside)) return;
    this.#beside = names;
    this.#show();
  }

  #show() {
    const { view } = this.#stage;
    view.setColorAmount(this.#comparing || this.#gray ? 0 : 1);
    view.setBefore(this.#beside ? 'room' : this.#split ? 'gray' : null);
    this.#divider.show(this.#beside ?? (this.#split ? words.divider.gray : null));
    const { hints } = this.#stage;
    hints.hide(this.#hidden);
    hints.compare(this.#comparing || this.#dividing);
    this.#toolbar?.showSeeing({ hidden: this.#hidden, comparing: this.#comparing, gray: this.#gray, split: this.#split });
  }
}
