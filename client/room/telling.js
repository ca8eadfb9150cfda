// @ts-check
/** What others did to hints, gathered until it is told: a sentence every few seconds instead of one an edit. Pure. */

/** @typedef {'added' | 'moved' | 'recolored' | 'resized' | 'removed' | 'changed'} Deed */
/** @typedef {{member: string, deeds: [Deed, number][]}} Told who, and of how many hints; in the order in which it began */

/** @type {Record<string, Deed>} by the edit's tag; everything else that touches hints is a change */
const DEEDS = { add: 'added', move: 'moved', recolor: 'recolored', resize: 'resized', remove: 'removed' };
const OF_HINTS = new Set(['hint', 'place', 'color', 'size']);

export class Telling {
  /** Hints by deed, by member. @type {Map<string, Map<Deed, Set<string>>>} */
  #deeds = new Map();

  /**
   * @param {import('../wire/messages.js').Entry} entry by another member
   * @returns {boolean} whether there is something to tell of it
   */
  entry({ member, kind, changes }) {
    const hints = changes.flatMap((change) => ('hint' in change && OF_HINTS.has(change.type) ? [change.hint] : []));
    if (hints.length === 0) return false;
    const deeds = this.#deeds.get(member) ?? new Map();
    this.#deeds.set(member, deeds);
    const deed = DEEDS[kind] ?? 'changed';
    const known = deeds.get(deed) ?? new Set();
    deeds.set(deed, known);
    for (const hint of hints) {
      // A new hint is given its color and its place at once: that it was added says it all.
      if (deed === 'added' || !deeds.get('added')?.has(hint)) known.add(hint);
    }
    return true;
  }

  /** What there is to tell since the last time, which is then forgotten. @returns {Told[]} */
  take() {
    const told = [...this.#deeds].map(([member, deeds]) => ({
      member,
      deeds: [...deeds].map(([deed, hints]) => /** @type {[Deed, number]} */ ([deed, hints.size])).filter(([, count]) => count > 0),
    }));
    this.#deeds.clear();
    return told;
  }
}
