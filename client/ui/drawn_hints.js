// @ts-check
/** Which hints are drawn, and how: whose they are, in whose hand, and which are still on their way. */

import { Arrivals } from '../room/selection.js';
import { words } from './words.js';

/** @typedef {import('../wire/messages.js').Hint} Hint */

export class DrawnHints {
  /** The revision that the newest frame shows. */
  frameRevision = 0;
  /** Whether one of them waits for a frame. */
  awaitsFrame = false;
  #stage;
  #nameOf;
  #arrivals = new Arrivals();

  /** @param {import('./stage.js').Stage} stage @param {(member: string) => string} nameOf */
  constructor(stage, nameOf) {
    this.#stage = stage;
    this.#nameOf = nameOf;
  }

  /**
   * @param {Record<string, Hint>} hints as everybody sees them
   * @param {Record<string, Hint>} confirmed
   * @param {readonly import('../wire/messages.js').LiveGesture[]} gestures
   * @returns {import('./hint_layer.js').DrawnHint[]}
   */
  of(hints, confirmed, gestures) {
    const { held, recolored } = inHand(gestures);
    const drawn = Object.values(hints).map((hint) => {
      const { id, x, y, a, b, author, pinned = false } = hint;
      const fill = this.#stage.fillOf(hint);
      const label = words.room[pinned ? 'pin' : 'hint'](fill, this.#nameOf(author));
      const isHeld = held.has(id);
      const awaits = this.#arrivals.awaits(hint, confirmed[id], this.frameRevision);
      return { id, x, y, a, b, pinned, fill, ring: this.#stage.colorOf(author), label, waiting: awaits && !isHeld && !recolored.has(id), held: isHeld };
    });
    this.awaitsFrame = drawn.some(({ waiting }) => waiting);
    return drawn;
  }
}

/** Hints that somebody's finger is on, and those whose color is being chosen. @param {readonly import('../wire/messages.js').LiveGesture[]} gestures */
function inHand(gestures) {
  const held = gestures.flatMap(({ edit }) => (edit.type === 'move' ? edit.moves.map(({ id }) => id) : []));
  const recolored = gestures.flatMap(({ edit }) => (edit.type === 'recolor' ? edit.hints : []));
  return { held: new Set(held), recolored: new Set(recolored) };
}
