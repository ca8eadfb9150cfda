// @ts-check
/** Hands the picture to tests/browser/test_picture_pixels.py as `globalThis.probe`. */

import { ApiError } from '../../client/connection/http.js';
import { decodeChroma, decodeGray } from '../../client/picture/decode.js';
import { PictureView } from '../../client/picture/view.js';

const canvas = /** @type {HTMLCanvasElement} */ (document.getElementById('picture'));
const abort = new AbortController();
/** @type {PictureView} */
let view;
/** @type {number[]} */
const drawn = [];
/** @type {string[]} tiles, in order */
const asked = [];

/** @param {string} base64 @param {string} type */
function blobOf(base64, type) {
  return new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], { type });
}

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

const probe = {
  /** @param {number} width @param {number} height in CSS pixels */
  async open(width, height) {
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    view = new PictureView(canvas, abort.signal);
    view.onDrawn = (look) => drawn.push(look);
    await this.settle();
  },

  /** Until what was asked for was measured and drawn. */
  async settle() {
    for (let count = 0; count < 3; count++) await nextFrame();
  },

  /**
   * @param {string} base64
   * @param {import('../../client/picture/viewport.js').Size} [photograph]
   * @param {Record<string, string>} [tiles] by level/x/y; one that is not there cannot be fetched
   */
  async setGray(base64, photograph, tiles) {
    view.setGray(await decodeGray(blobOf(base64, 'image/webp')), photograph, tiles && (async ({ level, x, y }) => {
      const key = `${level}/${x}/${y}`;
      asked.push(key);
      if (!(key in tiles)) throw new ApiError('offline', '', 0);
      return blobOf(tiles[key], 'image/webp');
    }));
  },

  /** Until every tile of the view that can be had is drawn. @param {number} [failing] of them cannot */
  async tiled(failing = 0) {
    await this.settle();
    while (canvas.dataset.tilesMissing !== String(failing)) await nextFrame();
  },

  asked: () => asked,

  /** @param {import('../../client/wire/frame.js').FrameHeader} header @param {string} base64 */
  async setFrame(header, base64) {
    return view.setFrame(header, await decodeChroma(header, blobOf(base64, header.payloadType)));
  },

  /** @param {import('../../client/wire/frame.js').FrameHeader} header @param {string} base64 */
  async setPreview(header, base64) {
    view.setPreview(header, await decodeChroma(header, blobOf(base64, header.payloadType)));
  },

  /** @param {import('../../client/wire/frame.js').FrameHeader} header @param {string} base64 */
  async setBefore(header, base64) {
    view.setAside({ header, bitmap: await decodeChroma(header, blobOf(base64, header.payloadType)) });
    view.setBefore('aside');
  },

  /** Loses the GPU's context and gets it back, as a driver does. */
  async loseContext() {
    const extension = /** @type {any} */ (canvas.getContext('webgl2')).getExtension('WEBGL_lose_context');
    extension.loseContext();
    await new Promise((resolve) => canvas.addEventListener('webglcontextlost', resolve, { once: true }));
    const whileLost = view.snapshot().data.some((byte) => byte !== 0);
    const restored = new Promise((resolve) => canvas.addEventListener('webglcontextrestored', resolve, { once: true }));
    // The restore is only allowed after the event of the loss was answered.
    await nextFrame();
    extension.restoreContext();
    await restored;
    return whileLost;
  },

  snapshot() {
    const { data, width, height } = view.snapshot();
    let binary = '';
    for (const byte of data) binary += String.fromCharCode(byte);
    return { rgba: btoa(binary), width, height };
  },

  view: () => view,
  drawn: () => drawn,
  end: () => abort.abort(),
};

Object.assign(globalThis, { probe });
