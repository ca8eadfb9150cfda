// @ts-check
/**
 * A member's side of a room, as in the server's room/follower.py: the confirmed state, what the journal does not hold yet,
 * and what to send again (R2 to R5). Pure: messages in, state out; the caller sends and waits.
 *
 * Callers' duties: after a welcome, and after the wait that a refusal asks for, send `pendingMessages()`.
 */

import { encode } from '../wire/messages.js';
import { EditRefused, isLocal, resolveLocal } from './edits.js';
import { applyChanges, stateAfter, stateOfSnapshot } from './state.js';

/** @typedef {import('../wire/messages.js').State} State */
/** @typedef {import('../wire/messages.js').Edit} Edit */
/** @typedef {import('../wire/messages.js').Entry} Entry */
/** @typedef {import('../wire/messages.js').EditMessage} EditMessage */
/** @typedef {import('../wire/messages.js').Role} Role */

/**
 * An edit that the journal does not hold yet, as far as this page knows.
 * @typedef {object} Pending
 * @property {string} seat the secret of the seat that numbered it: this page's, or that of a page that died
 * @property {number} number
 * @property {Edit} edit
 * @property {number} [gesture] the gesture of this page that it ends
 * @property {number} [revision] acknowledged as this revision, whose entry has not come yet
 */

/**
 * What a refusal means for the page. retryInSeconds: the edit is kept and wants to be sent again after so long; null
 * where it was taken back, or where an earlier retry brings it along.
 * @typedef {object} Told
 * @property {string} code
 * @property {string} sentence
 * @property {'drop' | 'retry'} kind
 * @property {Edit | null} edit null where this page no longer has it
 * @property {number | null} retryInSeconds
 */

/** An entry does not follow the confirmed revision: the connection has to begin anew. */
export class EntryOutOfOrder extends Error {}

export class Follower {
  /** @type {string} */
  #ownSeat;
  #onChange;
  #nextNumber = 1;
  /** @type {Pending[]} dead pages' edits first, then this page's, each in number order */
  #pending = [];
  /** @type {Map<string, number>} seat -> the lowest number that waits to be sent again */
  #retries = new Map();
  #chain = '';
  /** @type {State | null} */
  #confirmed = null;
  /** @type {State | null} */
  #shown = null;
  /** @type {import('../wire/messages.js').Welcome | null} the newest */
  #welcome = null;

  #revision = 0;
  /** @type {[number, number]} */
  #workingPx = [256, 256];
  /** @type {import('../wire/messages.js').Links | null} */
  #links = null;
  /** @type {Edit[]} */
  #offered = [];

  /**
   * @param {object} options
   * @param {string} options.seat this page load's secret
   * @param {() => void} [options.onChange] after every change of what the getters give
   */
  constructor({ seat, onChange = () => {} }) {
    this.#ownSeat = seat;
    this.#onChange = onChange;
  }

  // -- what the page sees ----------------------------------------------------------------------------------------------

  /** What the journal holds; null before the first welcome. */
  get confirmed() {
    return this.#confirmed;
  }

  /** The confirmed state with the pending edits on top (R5). */
  get shown() {
    return this.#shown;
  }

  /** @returns {readonly Pending[]} */
  get pending() {
    return this.#pending;
  }

  /** Edits that a restored backup does not know: the member says for each whether it comes again (R4). */
  get offered() {
    return /** @type {readonly Edit[]} */ (this.#offered);
  }

  get revision() {
    return this.#revision;
  }

  /** @returns {string | null} */
  get epoch() {
    return this.#welcome?.epoch ?? null;
  }

  /** This member's public id. */
  get member() {
    return this.#welcome?.member ?? '';
  }

  /** This seat's public id. */
  get seat() {
    return this.#welcome?.seat ?? '';
  }

  /** @returns {Role} */
  get role() {
    return this.#welcome?.role ?? 'viewer';
  }

  get engine() {
    return this.#welcome?.engine ?? null;
  }

  /** The three capabilities, for owners. */
  get links() {
    return this.#links;
  }

  /** Height and width of the working size, in whose pixels a hint's size counts. */
  get workingPx() {
    return this.#workingPx;
  }

  // -- what the page does ----------------------------------------------------------------------------------------------

  /** What a hello says of the state here; nothing before the first welcome. */
  helloFields() {
    if (this.#confirmed === null) return {};
    return { epoch: this.epoch, revision: this.#revision, chain: this.#chain };
  }

  /** What the next edit of this page is numbered. */
  get nextNumber() {
    return this.#nextNumber;
  }

  /**
   * Takes an edit under the next number, shows it, and gives the message to send.
   * @param {Edit} edit
   * @param {number} [gesture] the gesture that it ends
   * @returns {EditMessage}
   * @throws {RangeError} a number is not finite; nothing was taken
   */
  edit(edit, gesture) {
    /** @type {Pending} */
    const pending = { seat: this.#ownSeat, number: this.#nextNumber, edit, ...(gesture !== undefined && { gesture }) };
    const message = messageOf(pending);
    encode(message);
    this.#nextNumber += 1;
    this.#pending.push(pending);
    this.#changed();
    return message;
  }

  /**
   * Takes over edits found in storage under the seats of pages that died (R3). Send `pendingMessages()` after it.
   * @param {readonly {seat: string, number: number, edit: Edit}[]} found
   */
  restorePending(found) {
    const known = new Set(this.#pending.map(({ seat, number }) => `${seat} ${number}`));
    const fresh = found
      .filter(({ seat, number }) => seat !== this.#ownSeat && !known.has(`${seat} ${number}`))
      .map(({ seat, number, edit }) => ({ seat, number, edit }))
      .sort((one, other) => (one.seat === other.seat ? one.number - other.number : one.seat < other.seat ? -1 : 1));
    const own = this.#pending.filter(({ seat }) => seat === this.#ownSeat);
    this.#pending = [...this.#pending.filter(({ seat }) => seat !== this.#ownSeat), ...fresh, ...own];
    this.#changed();
  }

  /**
   * What is to be sent again: everything that was not answered, each seat's in number order. What arrives twice is
   * answered twice and applied once (R3).
   * @returns {EditMessage[]}
   */
  pendingMessages() {
    this.#retries.clear();
    return this.#pending.filter(({ revision }) => revision === undefined).map(messageOf);
  }

  /**
   * Takes an edit off the offered ones; the caller may give it to `edit`.
   * @param {number} index
   * @returns {Edit}
   */
  takeOffered(index) {
    const [edit] = this.#offered.splice(index, 1);
    this.#changed();
    return edit;
  }

  // -- what the hub says -----------------------------------------------------------------------------------------------

  /** @param {import('../wire/messages.js').Welcome} message */
  welcome(message) {
    this.#welcome = message;
    this.#links = message.links ?? null;
    this.#workingPx = message.working_px;
    this.#retries.clear();
    if (message.rolled_back) {
      this.#offered.push(...this.#pending.map(({ edit }) => edit));
      this.#pending = [];
    }
    this.#nextNumber = Math.max(this.#nextNumber, message.number + 1);
    if (message.state) this.#confirm(stateOfSnapshot(message.state), message.revision);
    for (const entry of message.entries ?? []) this.#follow(entry);
    this.#chain = message.chain;
    this.#changed();
  }

  /**
   * @param {import('../wire/messages.js').EntryMessage} message
   * @throws {EntryOutOfOrder}
   */
  entry(message) {
    if (message.entry.revision <= this.#revision) return;
    this.#follow(message.entry);
    this.#chain = message.chain;
    this.#workingPx = message.working_px;
    this.#changed();
  }

  /** @param {import('../wire/messages.js').Accepted} message */
  accepted({ seat, number, revision }) {
    const pending = this.#find(seat, number);
    if (pending === undefined) return;
    pending.revision = revision;
    this.#dropConfirmed();
    this.#changed();
  }

  /**
   * @param {import('../wire/messages.js').Refused} message of an edit
   * @returns {Told}
   */
  refused({ code, sentence, kind, seat, number, after_seconds: afterSeconds }) {
    const pending = seat != null && number != null ? this.#find(seat, number) : undefined;
    if (pending === undefined) return { code, sentence, kind, edit: null, retryInSeconds: null };
    if (kind === 'retry') {
      const retryInSeconds = this.#mayRetry(pending, code) ? afterSeconds ?? 0 : null;
      return { code, sentence, kind, edit: pending.edit, retryInSeconds };
    }
    this.#pending = this.#pending.filter((one) => one !== pending);
    this.#changed();
    return { code, sentence, kind, edit: pending.edit, retryInSeconds: null };
  }

  /** @param {import('../wire/messages.js').Links} message after a rotation */
  linksChanged(message) {
    this.#links = message;
    this.#changed();
  }

  // -- parts -----------------------------------------------------------------------------------------------------------

  /**
   * Whether this refusal asks for a wait of its own. Every later number of the seat is refused until the earliest comes
   * again (R3), so one wait serves them all; and one that is only too early has nothing to wait for itself.
   * @param {Pending} pending
   * @param {string} code
   */
  #mayRetry({ seat, number }, code) {
    const waiting = this.#retries.get(seat);
    if (code === 'number_early' || (waiting !== undefined && waiting <= number)) return false;
    this.#retries.set(seat, number);
    return true;
  }

  /**
   * @param {string} seat a seat's secret, or this seat's public id
   * @param {number} number
   */
  #find(seat, number) {
    const secret = seat === this.seat ? this.#ownSeat : seat;
    return this.#pending.find((one) => one.seat === secret && one.number === number);
  }

  /** @param {Entry} entry */
  #follow(entry) {
    if (entry.revision !== this.#revision + 1) {
      throw new EntryOutOfOrder(`revision ${entry.revision} after ${this.#revision}`);
    }
    const own = this.#find(entry.seat, entry.number);
    if (own !== undefined) own.revision = entry.revision;
    this.#confirm(stateAfter(this.#confirmed, entry), entry.revision);
  }

  /** @param {State} state @param {number} revision */
  #confirm(state, revision) {
    this.#confirmed = state;
    this.#revision = revision;
    this.#dropConfirmed();
  }

  #dropConfirmed() {
    this.#pending = this.#pending.filter(({ revision }) => revision === undefined || revision > this.#revision);
  }

  #changed() {
    this.#shown = this.#ahead();
    this.#onChange();
  }

  /** The pending edits over the confirmed state; what cannot be applied here is left to the room. */
  #ahead() {
    let state = this.#confirmed;
    if (state === null) return null;
    let revision = this.#revision;
    for (const { edit } of this.#pending) {
      revision += 1;
      if (!isLocal(edit)) continue;
      const [before, author, next] = [state, this.member, revision];
      const changes = attempt(() => resolveLocal(edit, before, author, next));
      if (!(changes instanceof EditRefused)) state = applyChanges(state, changes, revision);
    }
    return state;
  }
}

/** @param {Pending} pending @returns {EditMessage} */
function messageOf({ seat, number, edit, gesture }) {
  return { type: 'edit', seat, number, edit, ...(gesture !== undefined && { gesture }) };
}

/**
 * What the function gives, or the refusal that it threw.
 * @template T
 * @param {() => T} resolve
 * @returns {T | EditRefused}
 */
function attempt(resolve) {
  try {
    return resolve();
  } catch (error) {
    if (error instanceof EditRefused) return error;
    throw error;
  }
}
