// @ts-check
/** A private preview over the room's picture: drawn when it comes, until it is ended or the room's own frame shows the same. */

import { decodeChroma } from './decode.js';

/** @typedef {import('../wire/frame.js').FrameHeader} FrameHeader */
/** @typedef {{header: FrameHeader, payload: Blob}} Frame */

/** The room's own frames go on below it: they are drawn, and told as painted, as if it were not there. */
export class PreviewFeed {
  /** One is drawn from now on. @type {(header: FrameHeader) => void} */
  onShown = () => {};
  /** The room's own picture is what is seen again. */
  onEnded = () => {};

  #view;
  /** The network that a preview has to be of, or any; null: none is wanted. @type {{network: string | null} | null} */
  #wanted = null;
  /** A frame of the room that is no older takes the preview's place. @type {number | null} */
  #untilRevision = null;
  /** @type {Frame | null} */
  #waiting = null;
  #decoding = false;
  #shown = false;

  /** @param {Pick<import('./view.js').PictureView, 'setPreview' | 'clearPreview'>} view */
  constructor(view) {
    this.#view = view;
  }

  /** Whether a preview is drawn. */
  get shown() {
    return this.#shown;
  }

  /**
   * From now on previews of this network are drawn; one that is drawn stays until then.
   * @param {string | null} network null: whichever comes
   */
  want(network) {
    this.#wanted = { network };
    this.#untilRevision = null;
    this.#waiting = null;
  }

  /** @param {Frame} frame */
  take(frame) {
    if (!this.#isWanted(frame.header)) return;
    this.#waiting = frame;
    void this.#drain();
  }

  /** Back to the room's own picture. What is still on its way is dropped. */
  end() {
    this.#wanted = null;
    this.#waiting = null;
    this.#untilRevision = null;
    if (!this.#shown) return;
    this.#shown = false;
    this.#view.clearPreview();
    this.onEnded();
  }

  /** The room is to show the same: the preview stays until a frame of that revision is there. @param {number} revision */
  endWith(revision) {
    this.#waiting = null;
    if (this.#shown) this.#untilRevision = revision;
    else this.end();
  }

  /** Follows the room's own frames. @param {FrameHeader} header of the one that is about to be drawn */
  roomFrame({ revision }) {
    if (this.#untilRevision !== null && revision >= this.#untilRevision) this.end();
  }

  /** @param {FrameHeader} header */
  #isWanted({ network }) {
    return this.#wanted !== null && this.#untilRevision === null && (this.#wanted.network ?? network) === network;
  }

  async #drain() {
    if (this.#decoding) return;
    this.#decoding = true;
    while (this.#waiting !== null) {
      const frame = this.#waiting;
      this.#waiting = null;
      await this.#show(frame);
    }
    this.#decoding = false;
  }

  /** @param {Frame} frame */
  async #show({ header, payload }) {
    try {
      const bitmap = await decodeChroma(header, payload);
      if (!this.#isWanted(header)) {
        bitmap.close();
        return;
      }
      this.#view.setPreview(header, bitmap);
      this.#shown = true;
      this.onShown(header);
    } catch (error) {
      console.warn('chromaVive: a preview could not be decoded', error);
    }
  }
}
