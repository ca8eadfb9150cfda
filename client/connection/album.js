// @ts-check
/**
 * Rooms that were opened together, and the colors that this browser gave them.
 *
 * A color kept in one of them by this browser is offered to the others when this browser opens them, each once: who took it
 * out there does not find it again. Nothing of this is on the server.
 */

/** @typedef {import('../wire/messages.js').State} State */
/** @typedef {import('../wire/messages.js').Entry} Entry */
/** @typedef {import('../wire/messages.js').Edit} Edit */
/** @typedef {{swatches: Record<string, {name: string, a: number, b: number}>, given: Record<string, string[]>}} Kept given: swatch ids by room */

export class Album {
  #store;
  #room;
  #name;

  /**
   * @param {import('./store.js').Store} store
   * @param {string} room
   */
  constructor(store, room) {
    this.#store = store;
    this.#room = room;
    this.#name = store.rooms().find((known) => known.room === room)?.album;
  }

  /** The edits that bring this room the album's colors, as far as it was not given them before. @param {State} state @returns {Edit[]} */
  gifts(state) {
    const kept = this.#kept;
    if (kept === null) return [];
    const given = new Set(kept.given[this.#room] ?? []);
    const fresh = Object.entries(kept.swatches).filter(([id]) => !given.has(id) && !(id in state.swatches));
    this.#keep({ ...kept, given: { ...kept.given, [this.#room]: Object.keys(kept.swatches) } });
    return fresh.map(([id, swatch]) => ({ type: 'swatch', id, swatch }));
  }

  /** The journal holds an edit of this page: colors it kept or gave up are so in the album. @param {Entry} entry */
  ownEntry({ changes }) {
    const kept = this.#kept;
    const own = changes.filter((change) => change.type === 'swatch');
    if (kept === null || own.length === 0) return;
    const swatches = { ...kept.swatches };
    const given = new Set(kept.given[this.#room] ?? []);
    for (const { id, after } of own) {
      given.add(id);
      if (after === null) delete swatches[id];
      else swatches[id] = { name: after.name, a: after.a, b: after.b };
    }
    this.#keep({ swatches, given: { ...kept.given, [this.#room]: [...given] } });
  }

  /** @returns {Kept | null} null where the room is in no album */
  get #kept() {
    return this.#name === undefined ? null : this.#store.album(this.#name);
  }

  /** @param {Kept} kept */
  #keep(kept) {
    if (this.#name !== undefined) this.#store.keepAlbum(this.#name, kept);
  }
}
