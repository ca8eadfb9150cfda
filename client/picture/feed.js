// @ts-check
/** Brings the photograph's gray and the newest chroma frame to the picture: one decoded at a time, newest only (R7, R8). */

import { ApiError } from '../connection/http.js';
import { decodeChroma, decodeGray } from './decode.js';
import { newerFrame } from '../wire/frame.js';

/** @typedef {import('../wire/frame.js').FrameHeader} FrameHeader */
/** @typedef {import('../wire/messages.js').State} State */
/** @typedef {{header: FrameHeader, payload: Blob}} Frame */
/** @typedef {{blob: Blob, fullHeightPx: number, fullWidthPx: number}} GrayCopy the picture as shown, perhaps smaller */

const GRAY_RETRY_MS = 2000;

export class PictureFeed {
  /** The photograph is there, and drawn gray; or it is to be another one, and what is drawn is void. @type {(there: boolean) => void} */
  onGray = () => {};
  /** A frame is about to be drawn. @type {(header: FrameHeader) => void} */
  onFrame = () => {};

  /** How much there is to see in the photograph: what one of its pixels takes, in lossless gray. */
  grayBytesPerPixel = 0;

  #view;
  #fetchGray;
  #fetchTile;
  #painted;
  #isHidden;
  #signal;
  /** Turn and crop of the gray that is asked for. */
  #wanted = '';
  #grayIsThere = false;
  /** The newest that was followed: a frame of a later one may be of a turn or crop that is not known here yet. */
  #revision = 0;
  /** Frames of a smaller revision belong to another turn or crop. */
  #sinceRevision = 0;
  #epoch = '';
  /** @type {FrameHeader | null} */
  #shown = null;
  /** @type {Frame | null} */
  #waiting = null;
  #decoding = false;
  /** The view has a frame that it has not drawn yet. */
  #undrawn = false;

  /**
   * @param {object} options
   * @param {import('./view.js').PictureView} options.view
   * @param {(place: {turn: number, crop: import('../wire/messages.js').Crop}) => Promise<GrayCopy>} options.fetchGray
   * @param {(place: {turn: number, crop: import('../wire/messages.js').Crop}, tile: import('./tile_grid.js').Tile, signal: AbortSignal) => Promise<Blob>} options.fetchTile
   * @param {(look: number) => void} options.painted
   * @param {() => boolean} options.isHidden
   * @param {AbortSignal} options.signal
   */
  constructor({ view, fetchGray, fetchTile, painted, isHidden, signal }) {
    this.#view = view;
    this.#fetchGray = fetchGray;
    this.#fetchTile = fetchTile;
    this.#painted = painted;
    this.#isHidden = isHidden;
    this.#signal = signal;
    view.onDrawn = (look) => {
      // Every pan draws the same frame again; that is no news.
      if (this.#undrawn) painted(look);
      this.#undrawn = false;
    };
  }

  /** Follows the confirmed state, for its turn and crop. @param {State} state @param {number} revision @param {string} epoch */
  follow({ turn, crop }, revision, epoch) {
    if (epoch !== this.#epoch) {
      this.#waiting = null;
      this.#sinceRevision = 0;
    }
    this.#epoch = epoch;
    this.#revision = revision;
    const wanted = `${turn} ${crop.join(' ')}`;
    if (wanted !== this.#wanted) {
      if (this.#wanted !== '') this.#sinceRevision = revision;
      this.#wanted = wanted;
      this.#grayIsThere = false;
      this.onGray(false);
      void this.#bringGray({ turn, crop });
    }
    void this.#drain();
  }

  /** @param {Frame} frame */
  take(frame) {
    const { header } = frame;
    if (!newerFrame(this.#shown, header, this.#epoch) || header.revision < this.#sinceRevision) {
      this.#painted(header.look);
      return;
    }
    // Kept, but nobody should wait for it: the one it replaces is skipped, and a page that cannot draw now says so.
    if (this.#waiting !== null) this.#painted(this.#waiting.header.look);
    this.#waiting = frame;
    if (!this.#canShow(header)) this.#painted(header.look);
    void this.#drain();
  }

  /** @param {FrameHeader} header */
  #canShow({ revision }) {
    return this.#grayIsThere && revision <= this.#revision && !this.#isHidden();
  }

  /** Call it when the page is shown again. */
  visibilityChanged() {
    void this.#drain();
  }

  async #drain() {
    if (this.#decoding) return;
    this.#decoding = true;
    while (this.#waiting !== null && this.#canShow(this.#waiting.header)) {
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
      const fits = header.epoch === this.#epoch && header.revision >= this.#sinceRevision && this.#grayIsThere;
      if (!fits) bitmap.close();
      else if (this.#view.setFrame(header, bitmap)) {
        this.#shown = header;
        this.#undrawn = true;
        this.onFrame(header);
        return;
      }
    } catch (error) {
      // A frame that no decoder takes is followed by others; the hub must not wait for it.
      console.warn('chromaVive: a frame could not be decoded', error);
    }
    this.#painted(header.look);
  }

  /** @param {{turn: number, crop: import('../wire/messages.js').Crop}} place */
  async #bringGray(place) {
    const wanted = this.#wanted;
    const isStale = () => wanted !== this.#wanted || this.#signal.aborted;
    try {
      const { blob, fullWidthPx: width, fullHeightPx: height } = await this.#fetchGray(place);
      const bitmap = await decodeGray(blob);
      if (isStale()) {
        bitmap.close();
        return;
      }
      this.#view.clearFrame();
      const fetchTile = this.#fetchTile.bind(null, place);
      this.#view.setGray(bitmap, width && height ? { width, height } : undefined, fetchTile);
      this.grayBytesPerPixel = blob.size / (bitmap.width * bitmap.height);
      this.#grayIsThere = true;
      this.onGray(true);
      void this.#drain();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setTimeout(() => isStale() || void this.#bringGray(place), GRAY_RETRY_MS);
    }
  }
}
