// @ts-check
/** What a page knows of its room's past: entries in short, in the pages in which the hub tells them. */

/** @typedef {{revision: number, unix_seconds: number, member: string, kind: string, hints: number}} HistoryEntry hints: how many it touched */
/** @typedef {{first: number, revision: number, entries: HistoryEntry[]}} History first: the earliest moment that can be shown */

/** As many as one answer of the hub holds. */
const PAGE_ENTRIES = 500;

export class Timeline {
  /** The earliest moment that can be shown. */
  first = 1;
  /** The newest moment there is. */
  newest = 1;
  /** @type {Map<number, HistoryEntry>} by revision */
  #entries = new Map();

  /** Forgets what was told: the next look asks anew. @param {number} newest */
  begin(newest) {
    this.#entries.clear();
    this.newest = newest;
    this.first = 1;
  }

  /** @param {History} told */
  take({ first, revision, entries }) {
    this.first = first;
    this.newest = Math.max(this.newest, revision);
    for (const entry of entries) this.#entries.set(entry.revision, entry);
  }

  /** The entry that made a moment, once it was told. @param {number} revision */
  entryOf(revision) {
    return this.#entries.get(revision) ?? null;
  }

  /** After which revision to ask, so that the answer tells of this one and many before it. @param {number} revision */
  pageFor(revision) {
    return Math.max(this.first, revision - PAGE_ENTRIES + 1) - 1;
  }

  /**
   * Whose entries lie where along the bar: in each of so many columns the newest author there, null where nobody's are known.
   * @param {number} columns
   * @returns {(string | null)[]}
   */
  ticks(columns) {
    /** @type {(string | null)[]} */
    const ticks = new Array(columns).fill(null);
    const span = Math.max(1, this.newest - this.first);
    for (const { revision, member } of [...this.#entries.values()].sort((one, other) => one.revision - other.revision)) {
      const column = Math.round(((revision - this.first) / span) * (columns - 1));
      if (member !== '' && column in ticks) ticks[column] = member;
    }
    return ticks;
  }
}
