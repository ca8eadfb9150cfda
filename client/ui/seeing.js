// @ts-check
/** What this page alone sees: hints hidden, the picture in gray. */

export class Seeing {
  /** What others have to draw anew has changed. */
  onChange = () => {};

  #stage;
  #toolbar;
  #hidden = false;

  /** @param {import('./stage.js').Stage} stage @param {import('./toolbar.js').Toolbar} toolbar */
  constructor(stage, toolbar) {
    this.#stage = stage;
    this.#toolbar = toolbar;
    toolbar.onHide = (hidden) => this.hide(hidden);
    toolbar.onCompare = (held) => this.compare(held);
  }

  /** Whether the hints are out of sight. */
  get hidden() {
    return this.#hidden;
  }

  /** @param {boolean} hidden */
  hide(hidden) {
    this.#hidden = hidden;
    this.#stage.hints.hide(hidden);
    this.#toolbar.showHidden(hidden);
    this.onChange();
  }

  /** @param {boolean} held */
  compare(held) {
    this.#stage.view.setColorAmount(held ? 0 : 1);
    this.#stage.hints.compare(held);
    this.#toolbar.showComparing(held);
  }
}
