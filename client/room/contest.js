// @ts-check
/** Whose color stays where two members chose at once: the later entry's (R2). The other may want to know. Pure. */

/** @typedef {import('../wire/messages.js').Entry} Entry */
/** @typedef {import('../wire/messages.js').Change} Change */
/** @typedef {{hint: string, a: number, b: number}} Colored */
/** @typedef {Colored & {member: string}} Lost my color, and who chose another */

/** A color of mine that stood for longer was seen: changing it is an answer, not a contest. */
const RECENT_SECONDS = 6;

/**
 * Follows the entries. One of mine that is still on its way is not among them: it comes after theirs and wins, and it is
 * they who are told.
 */
export class Contest {
  /** @type {Map<string, Colored & {seconds: number}>} by hint; bounded by what one member colors in RECENT_SECONDS */
  #mine = new Map();

  /**
   * @param {Entry} entry
   * @param {string} own this member's public id
   * @param {number} nowSeconds
   * @returns {Lost | null} the last of my colors that this entry changed
   */
  entry({ member, changes }, own, nowSeconds) {
    for (const [hint, { seconds }] of this.#mine) if (seconds < nowSeconds - RECENT_SECONDS) this.#mine.delete(hint);
    /** @type {Lost | null} */
    let lost = null;
    for (const { hint, a, b } of changes.flatMap(colored)) {
      const mine = this.#mine.get(hint);
      if (member === own) this.#mine.set(hint, { hint, a, b, seconds: nowSeconds });
      else this.#mine.delete(hint);
      if (member !== own && mine !== undefined && (mine.a !== a || mine.b !== b)) lost = { hint, a: mine.a, b: mine.b, member };
    }
    return lost;
  }
}

/** @param {Change} change @returns {Colored[]} */
function colored(change) {
  if (change.type === 'color') return [{ hint: change.hint, a: change.after[0], b: change.after[1] }];
  return change.type === 'hint' && change.after !== null ? [{ hint: change.hint, a: change.after.a, b: change.after.b }] : [];
}
