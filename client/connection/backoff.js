// @ts-check
/** How long to wait before connecting again. */

const FIRST_SECONDS = 0.5;
/** Somebody looks at a visible page; a hidden one must not be a burden. */
const VISIBLE_SECONDS_MAX = 10;
const HIDDEN_SECONDS_MAX = 120;

export class Backoff {
  #random;
  #failures = 0;

  /** @param {() => number} random uniform in [0, 1) */
  constructor(random) {
    this.#random = random;
  }

  /**
   * The next wait: twice the one before up to a limit, of which at least half and the rest by chance, so that the members
   * of a restarted server do not come back in one moment.
   * @param {boolean} hidden whether the page is
   * @returns {number} seconds
   */
  nextSeconds(hidden) {
    const limit = hidden ? HIDDEN_SECONDS_MAX : VISIBLE_SECONDS_MAX;
    const most = Math.min(limit, FIRST_SECONDS * 2 ** this.#failures);
    this.#failures += 1;
    return most * (0.5 + 0.5 * this.#random());
  }

  /** After a welcome. An open socket proves nothing: a server may accept and close for ever. */
  reset() {
    this.#failures = 0;
  }
}
