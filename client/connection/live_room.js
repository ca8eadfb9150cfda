// @ts-check
/**
 * This page's seat in a room: joins connection, follower, gestures and storage. What the page does goes in by methods;
 * what it has to show comes out by callbacks.
 */

import { Follower, EntryOutOfOrder } from '../room/follower.js';
import { LocalGestures, overlay } from '../room/gestures.js';
import { NewestOnly } from '../room/newest.js';
import { GESTURE_INTERVAL_SECONDS, PROTOCOL_VERSION } from '../wire/limits.js';
import { browserClock } from './clock.js';
import { newSecret } from './secrets.js';
import { RoomSocket } from './socket.js';

/** @typedef {import('../wire/messages.js').Edit} Edit */
/** @typedef {import('../wire/messages.js').ToPage} ToPage */
/** @typedef {import('../wire/messages.js').LiveGesture} LiveGesture */
/** @typedef {import('../wire/messages.js').Presence} Presence */
/** @typedef {import('../wire/messages.js').Refused} Refused */
/** @typedef {{x: number, y: number}} Place fractions of the shown picture */
/** @typedef {{network: string | null, vividness: number | null, revision?: number}} PreviewWish null: as the room has it */

/**
 * @typedef {object} LiveRoomOptions
 * @property {string} room
 * @property {string} capability
 * @property {import('./store.js').Store} store
 * @property {import('./http.js').Api} api
 * @property {(state: import('./socket.js').ConnectionState) => void} onState
 * @property {(frame: {header: import('../wire/frame.js').FrameHeader, payload: Blob}) => void} onFrame
 * @property {() => void} onChange what `follower` or `shown` give has changed
 * @property {(presence: Presence) => void} onPresence
 * @property {(refused: {code: string, sentence: string}) => void} onRefused an edit or gesture was taken back
 * @property {(sentence: string) => void} onNotice a plain sentence about the picture
 * @property {(palette: import('../wire/messages.js').Palette) => void} [onPalette] likely colors at a place that was asked for
 * @property {(entry: import('../wire/messages.js').Entry, isOwn: boolean) => void} [onEntry] the journal holds an edit, of this page or another
 * @property {() => boolean} [isHidden]
 * @property {import('../types.js').Clock} [clock]
 * @property {() => number} [random]
 * @property {new (url: string) => WebSocket} [WebSocketClass]
 */

/** How often the page says of its unsent edits that it lives, and looks for those of dead pages. */
const BEAT_SECONDS = 20;
/** Edits go out at most so many a second: the hub takes 120 of a seat. Only what piled up offline ever waits for it. */
const EDITS_A_SECOND_MAX = 100;

export class LiveRoom {
  #options;
  #clock;
  #seat = newSecret();
  #follower;
  #gestures;
  #socket;
  #pointer;
  /** Where this page wants to know the likely colors. @type {Place | null} */
  #paletteAt = null;
  /** What this page shows. @type {import('../wire/messages.js').Sight | null} */
  #sight = null;
  #views;
  #paletteAsks;
  /** @type {PreviewWish | null} */
  #previewOf = null;
  #previewAsks;
  /** @type {readonly LiveGesture[]} */
  #told = [];
  /** @type {import('../wire/messages.js').EditMessage[]} edits on their way out: an edit never overtakes another (R3) */
  #leaving = [];
  #callOffLeaving = () => {};
  /** @type {Set<string>} seats whose unsent edits lie in storage */
  #stored = new Set();
  #storedEdits = '';
  #callOffBeat = () => {};

  /** @param {LiveRoomOptions} options */
  constructor(options) {
    const { room, capability, store, api, clock = browserClock } = options;
    this.#options = options;
    this.#clock = clock;
    this.#follower = new Follower({ seat: this.#seat, onChange: () => this.#changed() });
    this.#socket = new RoomSocket({
      ...options,
      url: () => api.socketUrl(room),
      hello: () => ({
        type: 'hello',
        version: PROTOCOL_VERSION,
        capability,
        member: store.member,
        seat: this.#seat,
        name: store.name,
        ...this.#follower.helloFields(),
      }),
      reach: () => api.reach(room, PROTOCOL_VERSION),
      onMessage: (message) => this.#receive(message),
    });
    this.#gestures = new LocalGestures({
      clock,
      send: (message) => this.#socket.send(message),
      commit: (edit, gesture) => this.edit(edit, gesture),
    });
    const seldom = { intervalSeconds: GESTURE_INTERVAL_SECONDS, clock };
    this.#pointer = new NewestOnly({
      ...seldom,
      emit: (/** @type {{x: number | null, y: number | null}} */ at) => this.#socket.send({ type: 'pointer', ...at }),
    });
    this.#views = new NewestOnly({
      ...seldom,
      emit: (/** @type {import('../wire/messages.js').Sight} */ sight) => this.#socket.send({ type: 'view', ...sight }),
    });
    this.#paletteAsks = new NewestOnly({
      ...seldom,
      emit: (/** @type {Place | null} */ at) => this.#socket.send({ type: 'palette_for', ...at }),
    });
    this.#previewAsks = new NewestOnly({
      ...seldom,
      emit: (/** @type {PreviewWish | null} */ wish) => this.#socket.send({ type: 'preview_of', ...wish }),
    });
  }

  get follower() {
    return this.#follower;
  }

  /** The state as everybody sees it, this page's own edits and all gestures on top; null before the first welcome. */
  get shown() {
    const { shown, seat, member } = this.#follower;
    return shown && overlay(shown, this.#told, { seat, member, live: this.#gestures.live });
  }

  /** Everybody's gestures, as the hub told them last. */
  get gesturesTold() {
    return this.#told;
  }

  /** Whether a gesture of this page is in progress. */
  get isGesturing() {
    return this.#gestures.live.size > 0;
  }

  /** Connects. */
  open() {
    this.#socket.open();
    this.#callOffBeat();
    this.#beat();
  }

  /** The page leaves: what is unsent waits for the next page of this room. */
  close() {
    this.#callOffBeat();
    this.#callOffLeaving();
    this.#socket.close();
    const { room, store } = this.#options;
    for (const seat of this.#stored) store.leaveUnsent(room, seat, this.#unsentOf(seat));
  }

  // -- what the page does ----------------------------------------------------------------------------------------------

  /**
   * Shows the edit at once and sends it.
   * @param {Edit} edit
   * @param {number} [gesture] the gesture that it ends
   */
  edit(edit, gesture) {
    this.#leaving.push(this.#follower.edit(edit, gesture));
    if (this.#leaving.length === 1) this.#sendLeaving();
  }

  /** @param {import('../wire/messages.js').GestureEdit} edit @returns {number} the gesture's id */
  beginGesture(edit) {
    const id = this.#gestures.begin(edit);
    this.#options.onChange();
    return id;
  }

  /** @param {number} id @param {import('../wire/messages.js').GestureEdit} edit */
  sampleGesture(id, edit) {
    this.#gestures.sample(id, edit);
    this.#options.onChange();
  }

  /** @param {number} id @param {import('../wire/messages.js').GestureEdit} finalEdit */
  endGesture(id, finalEdit) {
    this.#gestures.end(id, finalEdit);
    this.#options.onChange();
  }

  /** @param {number} id */
  cancelGesture(id) {
    this.#gestures.cancel(id);
    this.#options.onChange();
  }

  /** Where this member points, in fractions of the shown picture; null: nowhere. @param {number | null} x @param {number | null} y */
  point(x, y) {
    this.#pointer.offer({ x, y });
  }

  /** What this page shows, for who follows it. @param {import('../wire/messages.js').Sight} sight */
  view(sight) {
    const { x, y, span } = this.#sight ?? {};
    if (sight.x === x && sight.y === y && sight.span === span) return;
    this.#sight = sight;
    this.#views.offer(sight);
  }

  /** From now on the likely colors there are told, with every change of the picture. @param {Place | null} place null: nowhere */
  askPalette(place) {
    if (place?.x === this.#paletteAt?.x && place?.y === this.#paletteAt?.y) return;
    this.#paletteAt = place && { x: place.x, y: place.y };
    this.#paletteAsks.offer(this.#paletteAt);
  }

  /** Asks for the picture as it would be, for this page alone. @param {PreviewWish | null} wish null: no more */
  askPreview(wish) {
    if (wish === null && this.#previewOf === null) return;
    this.#previewOf = wish;
    this.#previewAsks.offer(wish);
  }

  /** @param {string} name */
  rename(name) {
    this.#options.store.name = name;
    this.#socket.send({ type: 'rename', name });
  }

  /** Accepts an offered edit: it is made again. @param {number} index */
  acceptOffered(index) {
    this.edit(this.#follower.takeOffered(index));
  }

  /** @param {number} look */
  painted(look) {
    this.#socket.painted(look);
  }

  retryNow() {
    this.#socket.retryNow();
  }

  visibilityChanged() {
    this.#socket.visibilityChanged();
  }

  // -- what the hub says -----------------------------------------------------------------------------------------------

  /** @param {ToPage} message */
  #receive(message) {
    switch (message.type) {
      case 'welcome':
        this.#inOrder(() => this.#follower.welcome(message));
        this.#resend();
        this.#gestures.resume();
        // Another connection: the hub knows of none.
        if (this.#sight !== null) this.#views.offer(this.#sight);
        if (this.#paletteAt !== null) this.#paletteAsks.offer(this.#paletteAt);
        if (this.#previewOf !== null) this.#previewAsks.offer(this.#previewOf);
        break;
      case 'entry':
        this.#inOrder(() => this.#follower.entry(message));
        this.#options.onEntry?.(message.entry, message.entry.seat === this.#follower.seat);
        break;
      case 'accepted':
        this.#follower.accepted(message);
        break;
      case 'refused':
        this.#refused(message);
        break;
      case 'links':
        this.#follower.linksChanged(message);
        break;
      case 'gestures':
        this.#told = message.gestures;
        this.#options.onChange();
        break;
      case 'presence':
        this.#options.onPresence(message);
        break;
      case 'engine':
        this.#options.onNotice(message.sentence);
        break;
      case 'palette':
        if (this.#paletteAt !== null) this.#options.onPalette?.(message);
        break;
      case 'ping':
      case 'leaving':
        break; // the socket has heard them
    }
  }

  /** @param {() => void} follow */
  #inOrder(follow) {
    try {
      follow();
    } catch (error) {
      if (!(error instanceof EntryOutOfOrder)) throw error;
      this.#socket.restart();
    }
  }

  /** @param {Refused} message */
  #refused(message) {
    if (message.number == null) {
      if (message.gesture != null) this.#gestures.refused(message.gesture);
      this.#options.onRefused(message);
      this.#options.onChange();
      return;
    }
    const told = this.#follower.refused(message);
    if (told.retryInSeconds !== null) this.#clock.after(told.retryInSeconds, () => this.#resend());
    if (told.kind === 'drop' && told.edit !== null) this.#options.onRefused(told);
  }

  #resend() {
    this.#callOffLeaving();
    this.#leaving = this.#follower.pendingMessages();
    this.#sendLeaving();
  }

  /** What cannot be sent now is pending and comes again with the next welcome. */
  #sendLeaving() {
    for (const message of this.#leaving.splice(0, EDITS_A_SECOND_MAX)) this.#socket.send(message);
    if (this.#leaving.length > 0) this.#callOffLeaving = this.#clock.after(1, () => this.#sendLeaving());
  }

  // -- unsent edits ----------------------------------------------------------------------------------------------------

  #changed() {
    this.#keepUnsent();
    this.#options.onChange();
  }

  /** @param {{alive?: boolean}} [options] alive: say that this page lives, even if nothing changed */
  #keepUnsent({ alive = false } = {}) {
    const { room, store } = this.#options;
    const edits = this.#follower.pending.map(({ seat, number, revision }) => `${seat} ${number} ${revision}`).join();
    if (edits === this.#storedEdits && !alive) return;
    this.#storedEdits = edits;
    const seats = new Set(this.#follower.pending.map(({ seat }) => seat));
    for (const seat of new Set([...seats, ...this.#stored])) store.keepUnsent(room, seat, this.#unsentOf(seat));
    this.#stored = seats;
  }

  /** @param {string} seat */
  #unsentOf(seat) {
    const own = this.#follower.pending.filter((one) => one.seat === seat && one.revision === undefined);
    return own.map(({ number, edit }) => ({ number, edit }));
  }

  #beat() {
    const found = this.#options.store.adoptUnsent(this.#options.room, this.#stored);
    if (found.length > 0) this.#follower.restorePending(found);
    this.#keepUnsent({ alive: true });
    if (found.length > 0) this.#resend();
    this.#callOffBeat = this.#clock.after(BEAT_SECONDS, () => this.#beat());
  }
}
