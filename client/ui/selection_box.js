// @ts-check
/** A box drawn over the picture selects what lies in it, together with what was selected before. */

import { within } from '../room/selection.js';
import { Rectangle } from './rectangle.js';

export class SelectionBox {
  #box = new Rectangle('box');
  #stage;

  /** @param {import('./stage.js').Stage} stage */
  constructor(stage) {
    this.#stage = stage;
    stage.container.append(this.#box.container);
  }

  /**
   * @param {import('./pointer.js').Point} start
   * @param {import('../wire/messages.js').Hint[]} hints
   * @param {readonly string[]} before ids
   * @param {(ids: string[]) => void} select
   * @returns {import('./pointer.js').Drag}
   */
  drag(start, hints, before, select) {
    const cancel = () => {
      this.#box.hide();
      select([...before]);
    };
    return {
      move: (to) => {
        this.#box.show(start, to);
        const inside = within(hints, this.#stage.toPicture(start), this.#stage.toPicture(to)).map(({ id }) => id);
        select([...before.filter((id) => !inside.includes(id)), ...inside]);
      },
      end: () => this.#box.hide(),
      cancel,
      hold: cancel,
    };
  }
}
