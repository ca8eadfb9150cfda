// @ts-check
/** The picture on its canvas: the photograph's gray, and the newest chroma frame over it. */

import { cellMeans, chromaAt, fitLines } from '../color/chroma.js';
import { LIGHTNESS_OF_GRAY, lightnessOfGray } from '../color/lab.js';
import { newerFrame } from '../wire/frame.js';
import { redBytes } from './decode.js';
import { Painter } from './painter.js';
import { Tiles } from './tiles.js';
import { clamp, devicePixels, fit, toScreen } from './viewport.js';

/** @typedef {import('../wire/frame.js').FrameHeader} FrameHeader */
/** @typedef {import('../color/chroma.js').ChromaLines} ChromaLines */
/** @typedef {import('./viewport.js').Viewport} Viewport */
/** @typedef {import('./viewport.js').Size} Size */

/** Where the gray copy is all there is. @type {import('./tiles.js').Shown} */
const NO_TILES = { layers: [], missing: 0, isWhole: false };

/** Gray; the room's frame, where a preview is at the right; or the colors that the photograph came with. @typedef {'gray' | 'room' | 'aside'} Before */

/**
 * The lines are fitted when they are asked for, and void when the gray changes.
 * @typedef {{header: FrameHeader, bytes: Uint8Array, lines: ChromaLines | null}} Frame
 */

/**
 * Draws at most once an animation frame, on request. It owns the bitmaps it is given and closes them.
 * Places are 0 to 1 of the photograph's width and height, y down.
 */
export class PictureView {
  /** Called with the look of the frame that a draw took up. @type {(look: number) => void} */
  onDrawn = () => {};

  /** Called whenever the picture's place on the canvas changed. @type {(viewport: Viewport) => void} */
  onViewport = () => {};

  #canvas;
  #signal;
  #gl;
  /** @type {Painter} */
  #painter;
  /** @type {{bitmap: ImageBitmap, bytes: Uint8Array, photograph: Size} | null} */
  #gray = null;
  /** Where the gray copy is smaller than the photograph. @type {Tiles | null} */
  #tiles = null;
  /** Mean L of each cell of the newest frame's size. @type {{size: Size, means: Float64Array} | null} */
  #cells = null;
  /** @type {Frame | null} */
  #frame = null;
  /** Drawn in the frame's place. @type {Frame | null} */
  #preview = null;
  /** What is at the left of the divider; null: there is no divider. @type {Before | null} */
  #before = null;
  /** The colors that the photograph came with. @type {Frame | null} */
  #aside = null;
  /** Of the canvas's width. */
  #divider = 0.5;
  /** The newest frame's header, kept when the frame itself was cleared. @type {FrameHeader | null} */
  #newest = null;
  /** Chosen by somebody; null: all of the picture, whatever the canvas's size. @type {Viewport | null} */
  #chosen = null;
  #colorAmount = 1;
  /** @type {import('./viewport.js').Padding | undefined} */
  #padding;
  #drawRequest = 0;

  /**
   * @param {HTMLCanvasElement} canvas its size on the page must come from CSS, for its own follows that
   * @param {AbortSignal} signal ends everything
   * @throws {Error} where there is no WebGL2
   */
  constructor(canvas, signal) {
    const gl = canvas.getContext('webgl2', { alpha: true, antialias: false, depth: false, stencil: false });
    if (gl === null) throw new Error('this browser gives no WebGL2, which the picture is drawn with');
    this.#canvas = canvas;
    this.#signal = signal;
    this.#gl = gl;
    this.#painter = new Painter(gl);
    canvas.addEventListener('webglcontextlost', (event) => event.preventDefault(), { signal });
    canvas.addEventListener('webglcontextrestored', () => this.#restore(), { signal });
    const observer = new ResizeObserver((entries) => this.#resize(entries[entries.length - 1]));
    observer.observe(canvas);
    signal.addEventListener('abort', () => {
      observer.disconnect();
      this.#dispose();
    });
  }

  /**
   * The photograph's gray copy. A frame shown before stays: `clearFrame` when it belongs to another turn or crop.
   * @param {ImageBitmap} bitmap
   * @param {Size} [photograph] its full size in pixels, where the copy is smaller
   * @param {import('./tiles.js').FetchTile} [fetchTile] where its own pixels come from, for who looks closer
   */
  setGray(bitmap, photograph = { width: bitmap.width, height: bitmap.height }, fetchTile) {
    if (this.#signal.aborted) return bitmap.close();
    const { width, height } = this.pictureSize;
    // After a turn or a crop the old viewport points at something else.
    if (photograph.width !== width || photograph.height !== height) this.#chosen = null;
    this.#gray?.bitmap.close();
    this.#gray = { bitmap, bytes: redBytes(bitmap), photograph };
    this.#painter.setGray(bitmap);
    this.#tiles?.end();
    this.#tiles = this.#tilesOf(photograph, bitmap, fetchTile);
    this.#cells = null;
    for (const frame of [this.#frame, this.#preview, this.#aside]) if (frame !== null) frame.lines = null;
    this.#requestDraw();
    this.#viewportChanged();
  }

  /**
   * Shows a decoded chroma frame, unless a newer one of its epoch was given before (R7): decoding is not in order, so that
   * the last to arrive need not be the newest. Which epoch is the room's present one, the caller knows.
   * @param {FrameHeader} header
   * @param {ImageBitmap} bitmap
   * @returns {boolean} whether it is shown
   */
  setFrame(header, bitmap) {
    if (this.#signal.aborted || !newerFrame(this.#newest, header, header.epoch)) {
      bitmap.close();
      return false;
    }
    this.clearFrame();
    this.#newest = header;
    this.#frame = opened(header, bitmap);
    return true;
  }

  /** Draws a decoded frame in the place of all others, until it is cleared. @param {FrameHeader} header @param {ImageBitmap} bitmap */
  setPreview(header, bitmap) {
    this.#preview = opened(header, bitmap);
    this.#requestDraw();
  }

  /** Back to the newest frame. */
  clearPreview() {
    this.#preview = null;
    this.#requestDraw();
  }

  /** Back to gray until the next frame, which must still be newer than the ones before. */
  clearFrame() {
    this.#frame = null;
    this.#requestDraw();
  }

  /**
   * Splits the canvas: at the left of the divider is what was before, at the right what is shown anyway.
   * @param {Before | null} before null: nothing is split any more
   */
  setBefore(before) {
    this.#before = before;
    this.#requestDraw();
  }

  /** The colors that the photograph came with, for the left of the divider. @param {{header: FrameHeader, bitmap: ImageBitmap} | null} aside */
  setAside(aside) {
    this.#aside = aside && opened(aside.header, aside.bitmap);
    this.#requestDraw();
  }

  /** @param {number} at 0 to 1 of the canvas's width: it stays there while the picture moves */
  setDivider(at) {
    this.#divider = at;
    this.#requestDraw();
  }

  /** @param {number} amount 0 is the gray photograph, 1 its colors */
  setColorAmount(amount) {
    this.#colorAmount = amount;
    this.#requestDraw();
  }

  /** @param {Viewport | null} viewport held to what is allowed; null: all of the picture */
  setViewport(viewport) {
    this.#chosen = viewport && clamp(viewport, this.pictureSize, this.canvasSize);
    this.#requestDraw();
    this.#viewportChanged();
  }

  /** @param {import('./viewport.js').Padding} padding what lies over the canvas's edges: the whole picture fits inside it */
  setPadding(padding) {
    this.#padding = padding;
    this.setViewport(this.#chosen);
  }

  /** @returns {Viewport} */
  get viewport() {
    return this.#chosen ?? fit(this.pictureSize, this.canvasSize);
  }

  /** The photograph's size in its own pixels; a single one before the gray is there. @returns {Size} */
  get pictureSize() {
    return this.#gray?.photograph ?? { width: 1, height: 1 };
  }

  /** In CSS pixels. @returns {import('./viewport.js').Canvas} */
  get canvasSize() {
    const { clientWidth, clientHeight } = this.#canvas;
    return { width: Math.max(clientWidth, 1), height: Math.max(clientHeight, 1), padding: this.#padding };
  }

  /** L of the photograph at a place; 50 before the gray is there. @param {number} xNorm @param {number} yNorm */
  lightnessAt(xNorm, yNorm) {
    if (this.#gray === null) return 50;
    const { column, row, width } = this.#pixelAt(xNorm, yNorm);
    return lightnessOfGray(this.#gray.bytes[row * width + column]);
  }

  /**
   * The color at a place in full: of the pixel of the gray copy that holds it, as the shader shows it, before sRGB clips it.
   * @param {number} xNorm @param {number} yNorm
   * @returns {[number, number, number]} Lab
   */
  labAt(xNorm, yNorm) {
    const lightness = this.lightnessAt(xNorm, yNorm);
    const lines = this.#chromaLines();
    if (lines === null) return [lightness, 0, 0];
    const { column, row, width, height } = this.#pixelAt(xNorm, yNorm);
    const [a, b] = chromaAt(lines, lightness, (column + 0.5) / width, (row + 0.5) / height);
    return [lightness, a, b];
  }

  /**
   * The bytes that the canvas shows at a place; null where that lies beside the canvas.
   * @param {number} xNorm @param {number} yNorm
   * @returns {[number, number, number] | null}
   */
  readPixel(xNorm, yNorm) {
    this.#draw();
    const [left, top, width, height] = this.#place();
    const x = Math.floor(left + Math.min(xNorm * width, width - 0.5));
    const y = Math.floor(top + Math.min(yNorm * height, height - 0.5));
    const { drawingBufferWidth, drawingBufferHeight } = this.#gl;
    if (x < 0 || y < 0 || x >= drawingBufferWidth || y >= drawingBufferHeight) return null;
    const [red, green, blue] = this.#read(x, drawingBufferHeight - 1 - y, 1, 1);
    return [red, green, blue];
  }

  /**
   * What the canvas shows now, in device pixels.
   * @returns {{data: Uint8Array, width: number, height: number}} RGBA, the top row first
   */
  snapshot() {
    this.#draw();
    const { drawingBufferWidth: width, drawingBufferHeight: height } = this.#gl;
    const upward = this.#read(0, 0, width, height);
    const data = new Uint8Array(upward.length);
    for (let row = 0; row < height; row++) {
      const from = (height - 1 - row) * width * 4;
      data.set(upward.subarray(from, from + width * 4), row * width * 4);
    }
    return { data, width, height };
  }

  /** The canvas, drawn just now: it is to be copied from at once, or it is empty. */
  get drawn() {
    this.#draw();
    return this.#canvas;
  }

  /** @param {number} xNorm @param {number} yNorm */
  #pixelAt(xNorm, yNorm) {
    const { width, height } = /** @type {{bitmap: ImageBitmap}} */ (this.#gray).bitmap;
    /** @param {number} norm @param {number} size */
    const index = (norm, size) => Math.min(Math.max(Math.floor(norm * size), 0), size - 1);
    return { column: index(xNorm, width), row: index(yNorm, height), width, height };
  }

  /** Left, top, width and height of the picture in device pixels; whole left and top, so that 100 % is sharp. */
  #place() {
    const { viewport, pictureSize, canvasSize } = this;
    const ratio = this.#canvas.width / canvasSize.width;
    const corner = toScreen(viewport, { x: 0, y: 0 }, pictureSize);
    const scale = viewport.scale * ratio;
    return [
      Math.round(corner.x * ratio),
      Math.round(corner.y * ratio),
      pictureSize.width * scale,
      pictureSize.height * scale,
    ];
  }

  #requestDraw() {
    if (this.#drawRequest !== 0) return;
    this.#drawRequest = requestAnimationFrame(() => {
      this.#drawRequest = 0;
      this.#draw();
      // Also without the gray or the context: nobody may wait for a frame that this page will not draw again.
      if (this.#frame !== null) this.onDrawn(this.#frame.header.look);
    });
  }

  #draw() {
    const gl = this.#gl;
    if (gl.isContextLost()) return;
    this.#painter.clear();
    if (this.#gray === null) return;
    const place = this.#place();
    const tiles = this.#tiles?.look(place, { width: gl.drawingBufferWidth, height: gl.drawingBufferHeight }) ?? NO_TILES;
    const isMoving = (this.#preview ?? this.#frame)?.header.settled === false;
    this.#painter.draw(place, this.#parts(), this.#colorAmount, tiles, isMoving ? 'quick' : 'fine');
    this.#canvas.dataset.tilesMissing = String(tiles.missing);
  }

  /** @param {Size} photograph @param {Size} copy @param {import('./tiles.js').FetchTile} [fetch] */
  #tilesOf(photograph, copy, fetch) {
    if (fetch === undefined || (photograph.width <= copy.width && photograph.height <= copy.height)) return null;
    return new Tiles({
      photograph,
      copy: { width: copy.width, height: copy.height },
      fetch,
      upload: (bitmap) => this.#painter.tile(bitmap),
      changed: () => this.#requestDraw(),
    });
  }

  /** What is drawn in which columns of the canvas. @returns {import('./painter.js').Part[]} */
  #parts() {
    const { width } = this.#canvas;
    const chroma = this.#chromaLines();
    if (this.#before === null) return [{ chroma, left: 0, right: width }];
    const middle = Math.round(this.#divider * width);
    const before = { gray: null, room: this.#frame, aside: this.#aside }[this.#before];
    return [
      { chroma: this.#linesOf(before), left: 0, right: middle },
      { chroma, left: middle, right: width },
    ];
  }

  /** The chroma of what is shown along the gray; null while something is missing. */
  #chromaLines() {
    return this.#linesOf(this.#preview ?? this.#frame);
  }

  /** @param {Frame | null} frame */
  #linesOf(frame) {
    if (this.#gray === null || frame === null) return null;
    return (frame.lines ??= this.#fitted(frame, this.#gray));
  }

  /** @param {Frame} frame @param {{bitmap: ImageBitmap, bytes: Uint8Array, photograph: Size}} gray */
  #fitted({ header, bytes }, gray) {
    const size = { width: header.widthPx, height: header.heightPx };
    if (this.#cells?.size.width !== size.width || this.#cells.size.height !== size.height) {
      this.#cells = { size, means: cellMeans(gray.bytes, gray.bitmap, LIGHTNESS_OF_GRAY, size) };
    }
    return fitLines({ ...header, bytes }, this.#cells.means, gray.photograph);
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  #read(x, y, width, height) {
    const gl = this.#gl;
    const bytes = new Uint8Array(width * height * 4);
    gl.readPixels(x, y, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
    return bytes;
  }

  /** @param {ResizeObserverEntry} entry */
  #resize(entry) {
    const [exact] = entry.devicePixelContentBoxSize ?? [];
    const { width, height } = this.canvasSize;
    this.#canvas.width = devicePixels(width, exact?.inlineSize);
    this.#canvas.height = devicePixels(height, exact?.blockSize);
    this.#chosen = this.#chosen && clamp(this.#chosen, this.pictureSize, this.canvasSize);
    // At once: a canvas of a new size is empty, and the next animation frame would show that.
    this.#draw();
    this.#viewportChanged();
  }

  #viewportChanged() {
    this.onViewport(this.viewport);
  }

  #restore() {
    this.#painter = new Painter(this.#gl);
    if (this.#gray !== null) this.#painter.setGray(this.#gray.bitmap);
    this.#tiles?.contextLost();
    this.#requestDraw();
  }

  #dispose() {
    cancelAnimationFrame(this.#drawRequest);
    this.#tiles?.end();
    this.#tiles = null;
    this.#painter.delete();
    this.#gray?.bitmap.close();
    this.#gray = this.#frame = this.#preview = null;
  }
}

/** @param {FrameHeader} header @param {ImageBitmap} bitmap closed here @returns {Frame} */
function opened(header, bitmap) {
  const bytes = redBytes(bitmap);
  bitmap.close();
  return { header, bytes, lines: null };
}
