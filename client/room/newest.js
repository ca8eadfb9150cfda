// @ts-check
/** Lets values through at most so often; of those that come in between only the newest goes. */

/** @typedef {import('../types.js').Clock} Clock */

/** @template T */
export class NewestOnly {
  #intervalSeconds;
  #clock;
  #emit;
  #lastSeconds = -Infinity;
  /** @type {{value: T} | null} */
  #waiting = null;
  #callOff = () => {};

  /**
   * @param {object} options
   * @param {number} options.intervalSeconds
   * @param {Clock} options.clock
   * @param {(value: T) => void} options.emit
   */
  constructor({ intervalSeconds, clock, emit }) {
    this.#intervalSeconds = intervalSeconds;
    this.#clock = clock;
    this.#emit = emit;
  }

  /** @param {T} value */
  offer(value) {
    const alreadyDue = this.#waiting !== null;
    this.#waiting = { value };
    if (alreadyDue) return;
    const waitSeconds = this.#lastSeconds + this.#intervalSeconds - this.#clock.nowSeconds();
    if (waitSeconds <= 0) this.#go();
    else this.#callOff = this.#clock.after(waitSeconds, () => this.#go());
  }

  /** What waits is forgotten. */
  stop() {
    this.#callOff();
    this.#waiting = null;
  }

  #go() {
    if (this.#waiting === null) return;
    const { value } = this.#waiting;
    this.#waiting = null;
    this.#lastSeconds = this.#clock.nowSeconds();
    this.#emit(value);
  }
}
