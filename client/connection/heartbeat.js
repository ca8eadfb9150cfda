// @ts-check
/** Notices that the hub has fallen silent. The hub pings every 5 s. */

/** @typedef {import('../types.js').Clock} Clock */

export const SILENCE_SECONDS_MAX = 15;

/**
 * Judges only while the page is visible, because the timers of a hidden one sleep for a minute; and at once when it
 * becomes visible.
 */
export class Heartbeat {
  #clock;
  #isHidden;
  #onSilent;
  #running = false;
  #heardSeconds = 0;
  #callOff = () => {};

  /**
   * @param {object} options
   * @param {Clock} options.clock
   * @param {() => boolean} options.isHidden
   * @param {() => void} options.onSilent called once; `start` begins anew
   */
  constructor({ clock, isHidden, onSilent }) {
    this.#clock = clock;
    this.#isHidden = isHidden;
    this.#onSilent = onSilent;
  }

  start() {
    this.#running = true;
    this.heard();
    this.judge();
  }

  stop() {
    this.#running = false;
    this.#callOff();
  }

  heard() {
    this.#heardSeconds = this.#clock.nowSeconds();
  }

  /** Call it when the page becomes visible, too. */
  judge() {
    this.#callOff();
    if (!this.#running || this.#isHidden()) return;
    const leftSeconds = this.#heardSeconds + SILENCE_SECONDS_MAX - this.#clock.nowSeconds();
    if (leftSeconds > 0) {
      this.#callOff = this.#clock.after(leftSeconds, () => this.judge());
      return;
    }
    this.#running = false;
    this.#onSilent();
  }
}
