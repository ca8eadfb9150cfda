// @ts-check
/** The size of hints: set step by step or by a slider, and shown as its square on the picture meanwhile. */

import { HINT_SIZE_DEFAULT, HINT_SIZE_MAX, HINT_SIZE_MIN } from '../wire/limits.js';
import { Rectangle } from './rectangle.js';

/** @typedef {import('../wire/messages.js').Hint} Hint */

/** A wheel that rests so long has set its size. */
const SIZED_AFTER_MS = 500;

export class Sizing {
  /** What the next hints get. */
  size = HINT_SIZE_DEFAULT;
  #square = new Rectangle('square');
  #stage;
  #drags;
  #onChange;
  /** Whose square is shown. @type {string | null} */
  #sized = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #ending;

  /** @param {import('./stage.js').Stage} stage @param {import('./drags.js').HintDrags} drags @param {() => void} onChange */
  constructor(stage, drags, onChange) {
    this.#stage = stage;
    this.#drags = drags;
    this.#onChange = onChange;
    stage.container.append(this.#square.container);
  }

  /** By a wheel, whose rest ends it. @param {Hint[]} hints at least one @param {number} steps */
  by(hints, steps) {
    const now = hints[hints.length - 1].size;
    const size = Math.min(Math.max(Math.round(now) + steps, HINT_SIZE_MIN), HINT_SIZE_MAX);
    if (steps === 0) return;
    this.to(hints.map(({ id }) => id), size);
    this.#ending = setTimeout(() => this.end(), SIZED_AFTER_MS);
  }

  /** @param {string[]} ids @param {number} size */
  to(ids, size) {
    clearTimeout(this.#ending);
    this.size = size;
    this.#sized = ids[ids.length - 1];
    this.#drags.steady(`resize ${ids}`, { type: 'resize', hints: ids, size });
  }

  /** Whatever was going on of it is one edit now. */
  end() {
    clearTimeout(this.#ending);
    if (this.#sized === null) return;
    this.#sized = null;
    this.#drags.endSteady();
    this.#onChange();
  }

  /** @param {Record<string, Hint>} hints @param {[number, number]} workingPx height and width, in whose pixels sizes count */
  show(hints, [height, width]) {
    const hint = this.#sized === null ? undefined : hints[this.#sized];
    if (hint === undefined) return this.#square.hide();
    const [dx, dy] = [hint.size / width / 2, hint.size / height / 2];
    const corner = (/** @type {number} */ way) => this.#stage.toScreen({ x: hint.x + way * dx, y: hint.y + way * dy });
    this.#square.show(corner(-1), corner(1));
  }
}
