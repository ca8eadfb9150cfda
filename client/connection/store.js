// @ts-check
/**
 * What this browser remembers: who it is, its rooms, and edits that no hub has answered yet (R3).
 *
 * Everything lies below the application's place, so that two of them on one origin keep apart. Where storage is
 * switched off or full, the page remembers for as long as it lives.
 */

import { newSecret } from './secrets.js';

/** @typedef {import('../wire/messages.js').Edit} Edit */
/** @typedef {import('../wire/messages.js').Role} Role */
/** @typedef {{room: string, capability: string, title: string, role: Role, openedUnixSeconds: number, album?: string}} KnownRoom album: of rooms that were opened together */
/** @typedef {'system' | 'light' | 'dark'} Theme */
/** @typedef {{seat: string, number: number, edit: Edit}} Unsent */

/** Rooms beyond this are forgotten, the oldest first. */
const ROOMS_MAX = 200;
/** A page that did not touch its unsent edits for so long is dead: timers of hidden pages run once a minute. */
const DEAD_AFTER_SECONDS = 90;
/** @type {readonly Theme[]} */
const THEMES = ['system', 'light', 'dark'];
/** @type {readonly Role[]} */
const ROLES = ['owner', 'editor', 'viewer'];

export class Store {
  #storage;
  #prefix;
  #unixSeconds;
  /** @type {Map<string, string | null>} what storage did not take, by key; null: removed */
  #unstored = new Map();

  /**
   * @param {object} [options]
   * @param {Storage | null} [options.storage]
   * @param {string} [options.place] the path of the application; this module lies at static/TREE/connection/store.js of it
   * @param {() => number} [options.unixSeconds]
   */
  constructor({
    storage = browserStorage(),
    place = new URL('../../../', import.meta.url).pathname,
    unixSeconds = () => Date.now() / 1000,
  } = {}) {
    this.#storage = storage;
    this.#prefix = `chromavive ${place} `;
    this.#unixSeconds = unixSeconds;
  }

  // -- who this browser is ---------------------------------------------------------------------------------------------

  /** The member's secret, drawn once. */
  get member() {
    const known = this.#get('member');
    if (known !== null && /^[A-Za-z0-9_-]{22}$/.test(known)) return known;
    const drawn = newSecret();
    this.#set('member', drawn);
    return drawn;
  }

  /** The name that others see; empty until one is chosen. */
  get name() {
    return this.#get('name') ?? '';
  }

  set name(name) {
    this.#set('name', name);
  }

  /** @returns {Theme} */
  get theme() {
    return THEMES.find((theme) => theme === this.#get('theme')) ?? 'system';
  }

  set theme(theme) {
    this.#set('theme', theme);
  }

  /** Whether the others' cursors are shown. */
  get cursors() {
    return this.#get('cursors') !== 'off';
  }

  set cursors(shown) {
    this.#set('cursors', shown ? 'on' : 'off');
  }

  /** The a and b of colors used last, newest first. @returns {[number, number][]} */
  get recentColors() {
    const kept = this.#json('recent');
    return Array.isArray(kept) ? kept.filter((pair) => pair?.length === 2 && pair.every(Number.isFinite)) : [];
  }

  set recentColors(colors) {
    this.#set('recent', JSON.stringify(colors));
  }

  // -- my rooms --------------------------------------------------------------------------------------------------------

  /** @returns {KnownRoom[]} newest first */
  rooms() {
    const known = this.#json('rooms');
    return Array.isArray(known) ? known.filter(isKnownRoom) : [];
  }

  /** Puts the room first; what was known of it is replaced. @param {KnownRoom} room */
  rememberRoom(room) {
    const others = this.rooms().filter((one) => one.room !== room.room);
    const every = [room, ...others].sort((one, other) => other.openedUnixSeconds - one.openedUnixSeconds);
    this.#set('rooms', JSON.stringify(every.slice(0, ROOMS_MAX)));
  }

  /** @param {string} room */
  forgetRoom(room) {
    this.#set('rooms', JSON.stringify(this.rooms().filter((one) => one.room !== room)));
  }

  // -- albums ----------------------------------------------------------------------------------------------------------

  /** What is known of rooms that were opened together. @param {string} name @returns {import('./album.js').Kept} */
  album(name) {
    const { swatches = {}, given = {} } = this.#json(`album ${name}`) ?? {};
    return { swatches, given };
  }

  /** @param {string} name @param {import('./album.js').Kept} kept */
  keepAlbum(name, kept) {
    this.#set(`album ${name}`, JSON.stringify(kept));
  }

  // -- unsent edits ----------------------------------------------------------------------------------------------------

  /**
   * Keeps what a seat has not been answered, in place of what was kept for it; call it again within a minute to say that
   * the page lives.
   * @param {string} room
   * @param {string} seat
   * @param {readonly {number: number, edit: Edit}[]} edits none: nothing is kept
   */
  keepUnsent(room, seat, edits) {
    const key = unsentKey(room, seat);
    if (edits.length === 0) this.#remove(key);
    else this.#set(key, JSON.stringify({ beatUnixSeconds: this.#unixSeconds(), edits }));
  }

  /**
   * Says that the page of these edits has gone, so that the next one takes them over at once.
   * @param {string} room
   * @param {string} seat
   * @param {readonly {number: number, edit: Edit}[]} edits
   */
  leaveUnsent(room, seat, edits) {
    if (edits.length > 0) this.#set(unsentKey(room, seat), JSON.stringify({ beatUnixSeconds: 0, edits }));
  }

  /**
   * Takes over what dead pages left unsent in this room. A page wrongly taken for dead does no harm: the same number of
   * the same seat is applied once.
   * @param {string} room
   * @param {ReadonlySet<string>} [own] seats whose edits the page has already
   * @returns {Unsent[]}
   */
  adoptUnsent(room, own = new Set()) {
    const start = unsentKey(room, '');
    const seats = this.#keys().filter((key) => key.startsWith(start)).map((key) => key.slice(start.length));
    return seats.filter((seat) => !own.has(seat)).flatMap((seat) => this.#adopt(start + seat, seat));
  }

  /** @param {string} key @param {string} seat @returns {Unsent[]} */
  #adopt(key, seat) {
    const kept = this.#json(key);
    if (!Number.isFinite(kept?.beatUnixSeconds) || !Array.isArray(kept.edits)) {
      this.#remove(key);
      return [];
    }
    if (kept.beatUnixSeconds + DEAD_AFTER_SECONDS > this.#unixSeconds()) return [];
    this.#set(key, JSON.stringify({ ...kept, beatUnixSeconds: this.#unixSeconds() }));
    return kept.edits.map((/** @type {{number: number, edit: Edit}} */ { number, edit }) => ({ seat, number, edit }));
  }

  // -- parts -----------------------------------------------------------------------------------------------------------

  /** @param {string} key @returns {string | null} */
  #get(key) {
    const unstored = this.#unstored.get(key);
    return unstored !== undefined ? unstored : (this.#storage?.getItem(this.#prefix + key) ?? null);
  }

  /** @param {string} key @param {string} value */
  #set(key, value) {
    this.#change(key, value, () => this.#storage?.setItem(this.#prefix + key, value));
  }

  /** @param {string} key */
  #remove(key) {
    this.#change(key, null, () => this.#storage?.removeItem(this.#prefix + key));
  }

  /** @param {string} key @param {string | null} value @param {() => void} store */
  #change(key, value, store) {
    this.#unstored.delete(key);
    if (this.#storage === null) this.#unstored.set(key, value);
    try {
      store();
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.#unstored.set(key, value);
    }
  }

  /** @returns {string[]} */
  #keys() {
    const stored = Array.from({ length: this.#storage?.length ?? 0 }, (_, index) => this.#storage?.key(index) ?? '');
    const own = stored.filter((key) => key.startsWith(this.#prefix)).map((key) => key.slice(this.#prefix.length));
    return [...new Set([...own, ...this.#unstored.keys()])];
  }

  /** @param {string} key @returns {any} null where nothing readable is kept */
  #json(key) {
    try {
      return JSON.parse(this.#get(key) ?? 'null');
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return null;
    }
  }
}

/** @param {string} room @param {string} seat */
const unsentKey = (room, seat) => `unsent ${room} ${seat}`;

/** The browser's storage; null where a page may not even look at it. */
function browserStorage() {
  try {
    return globalThis.localStorage ?? null;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return null;
  }
}

/** @param {any} room @returns {room is KnownRoom} */
function isKnownRoom(room) {
  return (
    ['room', 'capability', 'title'].every((field) => typeof room?.[field] === 'string') &&
    Number.isFinite(room.openedUnixSeconds) &&
    ROLES.includes(room.role)
  );
}
