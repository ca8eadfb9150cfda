// @ts-check
/**
 * The connection of a seat: connects, says hello, comes back by itself, and stops where the hub says stay away.
 *
 * Every event is judged by "is this still my socket?": late events of a replaced one touch nothing (R4).
 */

import { NotAFrame, unpackFrame } from '../wire/frame.js';
import { UnknownMessage, decodeFromHub, encode } from '../wire/messages.js';
import { Backoff } from './backoff.js';
import { browserClock } from './clock.js';
import { codeOf, comesBack } from './close_codes.js';
import { Heartbeat } from './heartbeat.js';

/** @typedef {import('../types.js').Clock} Clock */
/** @typedef {import('../wire/messages.js').FromPage} FromPage */
/** @typedef {import('../wire/messages.js').ToPage} ToPage */

/**
 * How the connection is. code, sentence: what ended the last one, where the hub said it. retryInSeconds: with waiting.
 * @typedef {object} ConnectionState
 * @property {'connecting' | 'live' | 'waiting' | 'stopped'} state
 * @property {string} [code]
 * @property {string} [sentence]
 * @property {number} [retryInSeconds]
 */

/** @typedef {{reachable: boolean, code: string, sentence: string}} Reach */

/**
 * @typedef {object} RoomSocketOptions
 * @property {() => string} url asked anew for each attempt
 * @property {() => import('../wire/messages.js').Hello} hello asked anew for each attempt
 * @property {(state: ConnectionState) => void} onState
 * @property {(message: ToPage) => void} onMessage
 * @property {(frame: {header: import('../wire/frame.js').FrameHeader, payload: Blob}) => void} onFrame
 * @property {() => Promise<Reach | null>} [reach] what the server says about reaching it; null: it says nothing
 * @property {() => boolean} [isHidden] whether the page is
 * @property {Clock} [clock]
 * @property {() => number} [random] uniform in [0, 1)
 * @property {new (url: string) => WebSocket} [WebSocketClass]
 */

/** So many attempts without a welcome, and the page asks what is wrong: a browser hides why a socket was refused. */
const FRUITLESS_MAX = 3;
const NORMAL = 1000;
const ABNORMAL = 1006;

export class RoomSocket {
  #options;
  #clock;
  #isHidden;
  #WebSocketClass;
  #backoff;
  #heartbeat;
  /** @type {WebSocket | null} the one whose events count */
  #socket = null;
  /** @type {ConnectionState} */
  #state = { state: 'stopped' };
  #fruitless = 0;
  #retryAtSeconds = 0;
  #callOffRetry = () => {};

  /** @param {RoomSocketOptions} options */
  constructor(options) {
    this.#options = options;
    this.#clock = options.clock ?? browserClock;
    this.#isHidden = options.isHidden ?? (() => false);
    this.#WebSocketClass = options.WebSocketClass ?? WebSocket;
    this.#backoff = new Backoff(options.random ?? Math.random);
    this.#heartbeat = new Heartbeat({
      clock: this.#clock,
      isHidden: this.#isHidden,
      onSilent: () => this.restart(),
    });
  }

  get state() {
    return this.#state;
  }

  /** Connects, now; also after `close` or a stop. */
  open() {
    this.#callOffRetry();
    this.#forgetSocket();
    this.#changeState({ ...this.#state, state: 'connecting', retryInSeconds: undefined });
    const socket = new this.#WebSocketClass(this.#options.url());
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = () => this.#isMine(socket) && socket.send(encode(this.#options.hello()));
    socket.onmessage = ({ data }) => this.#isMine(socket) && this.#heard(data);
    socket.onclose = ({ code, reason }) => this.#isMine(socket) && this.#ended(code, reason);
    this.#heartbeat.start();
  }

  /** Ends it for good: the page leaves. */
  close() {
    this.#callOffRetry();
    this.#forgetSocket();
    this.#changeState({ state: 'stopped', code: 'left' });
  }

  /** Connects now instead of waiting. */
  retryNow() {
    if (this.#state.state === 'waiting') this.open();
  }

  /** Gives this connection up and comes back with another: the hub is silent, or said what cannot be. */
  restart() {
    if (this.#socket === null) return;
    this.#forgetSocket();
    this.#ended(ABNORMAL, '');
  }

  /** Call it when the page is hidden or shown: silence is judged at once, and nobody waits for a page that is looked at. */
  visibilityChanged() {
    if (this.#isHidden()) return;
    this.#heartbeat.judge();
    this.retryNow();
  }

  /**
   * Sends, if the connection was welcomed.
   * @param {FromPage} message
   * @returns {boolean} whether it was sent; if not, edits wait for the next welcome and everything else is stale by then
   */
  send(message) {
    if (this.#state.state !== 'live' || this.#socket === null) return false;
    this.#socket.send(encode(message));
    return true;
  }

  /** Tells that this look, and all before it, was drawn, skipped, undecodable or not wanted (R8). @param {number} look */
  painted(look) {
    this.send({ type: 'painted', look });
  }

  /** @param {WebSocket} socket */
  #isMine(socket) {
    return socket === this.#socket;
  }

  /** @param {string | ArrayBuffer} data */
  #heard(data) {
    this.#heartbeat.heard();
    const heard = this.#decoded(data);
    if (heard === null) return;
    if ('header' in heard) this.#options.onFrame(heard);
    else this.#receive(heard);
  }

  /** @param {ToPage} message */
  #receive(message) {
    if (message.type === 'ping') this.#socket?.send(encode({ type: 'pong' }));
    if (message.type === 'leaving') this.#backoff.told(message.after_seconds);
    if (message.type !== 'welcome') {
      this.#options.onMessage(message);
      return;
    }
    this.#backoff.reset();
    this.#fruitless = 0;
    this.#state = { state: 'live' }; // what the welcome brings along may be answered, so it comes before the news of it
    this.#options.onMessage(message);
    if (this.#state.state === 'live') this.#options.onState(this.#state);
  }

  /** The message or frame; null, and the connection ended, where this page does not know it. @param {string | ArrayBuffer} data */
  #decoded(data) {
    try {
      return typeof data === 'string' ? decodeFromHub(data) : unpackFrame(data);
    } catch (error) {
      if (!(error instanceof UnknownMessage || error instanceof NotAFrame)) throw error;
      this.#forgetSocket();
      this.#changeState({ state: 'stopped', code: 'version_mismatch' });
      return null;
    }
  }

  /** @param {number} closeCode @param {string} reason */
  #ended(closeCode, reason) {
    const welcomed = this.#state.state === 'live';
    this.#heartbeat.stop();
    this.#socket = null;
    const why = { code: codeOf(closeCode), sentence: reason };
    if (!comesBack(closeCode)) {
      this.#changeState({ state: 'stopped', ...why });
      return;
    }
    this.#wait(why);
    this.#fruitless = welcomed ? 0 : this.#fruitless + 1;
    if (this.#fruitless > 0 && this.#fruitless % FRUITLESS_MAX === 0) void this.#askReach();
  }

  /** @param {{code: string, sentence: string}} why */
  #wait(why) {
    const seconds = this.#backoff.nextSeconds(this.#isHidden());
    this.#retryAtSeconds = this.#clock.nowSeconds() + seconds;
    this.#callOffRetry = this.#clock.after(seconds, () => this.open());
    this.#changeState({ state: 'waiting', ...why, retryInSeconds: seconds });
  }

  async #askReach() {
    const asked = this.#fruitless;
    const answer = (await this.#options.reach?.()) ?? null;
    const stale = this.#fruitless !== asked || this.#state.state === 'live' || this.#state.state === 'stopped';
    if (answer === null || answer.reachable || stale) return;
    const { code, sentence } = answer;
    const leftSeconds = Math.max(0, this.#retryAtSeconds - this.#clock.nowSeconds());
    const retryInSeconds = this.#state.state === 'waiting' ? leftSeconds : undefined;
    this.#changeState({ state: this.#state.state, code, sentence, retryInSeconds });
  }

  #forgetSocket() {
    this.#heartbeat.stop();
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(NORMAL);
  }

  /** @param {ConnectionState} state */
  #changeState(state) {
    this.#state = state;
    this.#options.onState(state);
  }
}
