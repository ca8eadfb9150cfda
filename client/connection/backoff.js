// @ts-check
/** How long to wait before connecting again. */

const FIRST_SECONDS = 0.5;
/** Somebody looks at a visible page; a hidden one must not be a burden. */
const VISIBLE_SECONDS_MAX = 10;
const HIDDEN_SECONDS_MAX = 120;

export class Backoff {
  #random;
  #failures = 0;
  /** @type {number | null} */
  #told = null;

  /** @param {() => number} random uniform in [0, 1) */
  constructor(random) {
    this.#random = random;
  }

  /**
   * The next wait: as told, once; else twice the one before up to a limit, of which at least half and the rest by chance, so that the members
   * of a restarted server do not come back in one moment.
   * @param {boolean} hidden whether the page is
   * @returns {number} seconds
   */
  nextSeconds(hidden) {
    if (this.#told !== null) {
      const seconds = this.#told;
      this.#told = null;
      return seconds;
    }
    const limit = hidden ? HIDDEN_SECONDS_MAX : VISIBLE_SECONDS_MAX;
    const most = Math.min(limit, FIRST_SECONDS * 2 ** this.#failures);
    this.#failures += 1;
    return most * (0.5 + 0.5 * this.#random());
  }

  /**
   * A hub that leaves has said when to come back: to each page another time, so nothing is added by chance (R11).
   * @param {number} seconds
   */
  told(seconds) {
    this.#told = seconds;
  }

  /** After a welcome. An open socket proves nothing: a server may accept and close for ever. */
  reset() {
    this.#failures = 0;
    this.#told = null;
  }
}
