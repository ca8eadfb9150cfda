// @ts-check
/** Types that several folders share. No code. */

/**
 * Time, as an argument: tests move it by hand.
 * @typedef {object} Clock
 * @property {() => number} nowSeconds monotonic
 * @property {(seconds: number, then: () => void) => () => void} after calls once, later; what it returns calls it off
 */

export {};
