// @ts-check
/** The browser's time. */

/** @type {import('../types.js').Clock} */
export const browserClock = {
  nowSeconds: () => performance.now() / 1000,
  after(seconds, then) {
    const timer = setTimeout(then, seconds * 1000);
    return () => clearTimeout(timer);
  },
};
