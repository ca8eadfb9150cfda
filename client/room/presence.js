// @ts-check
/** Who is here: a color and a name for each member, and cursors that glide between the merged news (R8). */

/** @typedef {import('../wire/messages.js').Present} Present */

/** A cursor comes within a third of its target in this time: news comes every 50 ms, in a crowd every 200. */
const GLIDE_SECONDS = 0.08;
/** Nearer than this, in fractions of the picture, it has arrived. */
const ARRIVED = 1e-4;

/**
 * A whole number that is the same for the same text everywhere (FNV-1a, 32 bits).
 * @param {string} text
 */
function numberOf(text) {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Hues that the eye tells apart, round the circle. */
const HUES = 18;
/** From a hue that is taken on to the next: about the golden angle, and it comes by all of them. */
const HUE_STEP = 7;

/**
 * The hue, in degrees, of each member: its own id's, or, where a smaller id has that one, the next that is free. The same
 * on every screen, all different for up to 18 members, and one changes only when whom it had to give way to comes or goes.
 * @param {Iterable<string>} members public ids
 * @returns {Map<string, number>}
 */
export function huesOf(members) {
  /** @type {Map<string, number>} */
  const hues = new Map();
  const taken = new Set();
  for (const member of [...new Set(members)].sort()) {
    if (taken.size === HUES) taken.clear();
    let place = numberOf(member) % HUES;
    while (taken.has(place)) place = (place + HUE_STEP) % HUES;
    taken.add(place);
    hues.set(member, place * (360 / HUES));
  }
  return hues;
}

/**
 * The name of a member who has not chosen one: "Amber Heron".
 * @param {string} member public id
 * @param {{colors: readonly string[], animals: readonly string[]}} words
 */
export function friendlyName(member, { colors, animals }) {
  const number = numberOf(member);
  return `${colors[number % colors.length]} ${animals[Math.floor(number / colors.length) % animals.length]}`;
}

/** @typedef {Present & {x: number, y: number}} Cursor */

/** The cursors of the others, gliding. */
export class Cursors {
  /** @type {Map<string, Cursor & {toX: number, toY: number}>} by seat */
  #cursors = new Map();
  #nowSeconds = 0;

  /**
   * Takes in who is here.
   * @param {readonly Present[]} present
   * @param {string} ownSeat public id
   */
  told(present, ownSeat) {
    const before = this.#cursors;
    this.#cursors = new Map();
    for (const one of present) {
      if (one.seat === ownSeat || one.x === null || one.y === null) continue;
      const { x, y } = before.get(one.seat) ?? { x: one.x, y: one.y };
      this.#cursors.set(one.seat, { ...one, x, y, toX: one.x, toY: one.y });
    }
  }

  /**
   * Where they are now.
   * @param {number} nowSeconds
   * @returns {{cursors: Cursor[], moving: boolean}} moving: ask again for the next picture of the screen
   */
  at(nowSeconds) {
    const part = 1 - Math.exp(-Math.max(0, nowSeconds - this.#nowSeconds) / GLIDE_SECONDS);
    this.#nowSeconds = nowSeconds;
    let moving = false;
    for (const cursor of this.#cursors.values()) {
      const [x, y] = [cursor.toX - cursor.x, cursor.toY - cursor.y];
      const arrived = Math.hypot(x, y) < ARRIVED;
      cursor.x = arrived ? cursor.toX : cursor.x + x * part;
      cursor.y = arrived ? cursor.toY : cursor.y + y * part;
      moving ||= !arrived;
    }
    return { cursors: [...this.#cursors.values()].map(({ toX, toY, ...cursor }) => cursor), moving };
  }
}
