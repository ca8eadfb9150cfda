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

/**
 * The hue, in degrees, that a member has on every screen.
 * @param {string} member public id
 */
export function hueOf(member) {
  return numberOf(member) % 360;
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
