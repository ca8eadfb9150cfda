// @ts-check
/** The photograph's own pixels where somebody looks closer than the gray copy: fetched, kept and dropped in tiles. */

import { ApiError } from '../connection/http.js';
import { decodeGray } from './decode.js';
import { edgesOf, levelFor, pictureOf, tilesOn } from './tile_grid.js';

/** @typedef {import('./viewport.js').Size} Size */
/** @typedef {import('./tile_grid.js').Tile} Tile */
/** @typedef {import('./tile_grid.js').Place} Place */
/** @typedef {{bind: () => void, delete: () => void}} TileTexture */
/** @typedef {{texture: TileTexture, edges: import('./tile_grid.js').Edges, window: [number, number, number, number]}} Layer */
/** @typedef {(tile: Tile, signal: AbortSignal) => Promise<Blob>} FetchTile */
/** @typedef {{layers: Layer[], missing: number, isWhole: boolean}} Shown isWhole: nothing below the layers is seen */

/** Requests at once: of the six connections that a browser opens to a server, two are left for all else. */
const AT_ONCE = 4;

/** A zoom in progress passes through levels that nobody will look at. */
const STILL_MS = 100;

const RETRY_MS = 5000;

/** Of textures, one byte a pixel: what is around the present view. A screen of 4K is covered by 17 MB, at times by 33. */
const BYTES_MAX = 32 * 2 ** 20;

/** Device pixels that a pixel of another level's tile takes at least to stand in for one that is not here yet. */
const STAND_IN_PX = 0.35;

/** The tiles of one photograph, as it is turned and cropped. */
export class Tiles {
  #photograph;
  #copy;
  #fetch;
  #upload;
  #changed;
  #after;
  /** @type {number | null} */
  #level = null;
  /** What the screen shows now, the middle first. @type {Map<string, Tile>} */
  #wanted = new Map();
  /** Longest unseen first. @type {Map<string, {tile: Tile, texture: TileTexture, bytes: number}>} */
  #kept = new Map();
  #bytes = 0;
  /** @type {Map<string, AbortController>} */
  #coming = new Map();
  /** Not to be asked for again yet. @type {Set<string>} */
  #failed = new Set();
  /** @type {(() => void) | null} */
  #stopWaiting = null;
  #isOver = false;

  /**
   * @param {object} options
   * @param {Size} options.photograph
   * @param {Size} options.copy the gray copy's size
   * @param {FetchTile} options.fetch
   * @param {(bitmap: ImageBitmap) => TileTexture} options.upload
   * @param {() => void} options.changed draw again: a tile has come
   * @param {(milliseconds: number, then: () => void) => () => void} [options.after] gives what calls it off
   */
  constructor({ photograph, copy, fetch, upload, changed, after = timeout }) {
    this.#photograph = photograph;
    this.#copy = copy;
    this.#fetch = fetch;
    this.#upload = upload;
    this.#changed = changed;
    this.#after = after;
  }

  /**
   * What to draw over the gray copy, the last on top; what is missing of it is asked for.
   * @param {Place} place of the picture on the canvas @param {Size} canvas in device pixels
   * @returns {Shown}
   */
  look(place, canvas) {
    const scale = place[2] / this.#photograph.width;
    const level = levelFor(this.#photograph, this.#copy, scale, canvas);
    const tiles = level === null ? [] : tilesOn(level, this.#photograph, place, canvas);
    this.#wanted = new Map(tiles.map((tile) => [keyOf(tile), tile]));
    if (level !== this.#level) this.#stopTimer();
    this.#level = level;
    for (const [key, controller] of this.#coming) if (!this.#wanted.has(key)) controller.abort();
    const missing = tiles.filter((tile) => !this.#kept.has(keyOf(tile))).length;
    if (missing > 0) this.#soon();
    const isWhole = tiles.length > 0 && missing === 0;
    const below = level === null || isWhole ? [] : this.#standIns(level, scale);
    const above = [...this.#wanted.keys()].filter((key) => this.#kept.has(key));
    for (const key of above) this.#touch(key);
    return { layers: this.#layersOf([...below, ...above], place, canvas), missing, isWhole };
  }

  /** The textures are gone with the GPU's context: what is shown is asked for again, of the browser's cache. */
  contextLost() {
    this.#kept.clear();
    this.#bytes = 0;
  }

  /** Lets everything go. */
  end() {
    this.#isOver = true;
    this.#stopTimer();
    for (const controller of this.#coming.values()) controller.abort();
    for (const { texture } of this.#kept.values()) texture.delete();
    this.contextLost();
  }

  /** What other levels have of the view while its own is on its way, the finest last. @param {number} level @param {number} scale */
  #standIns(level, scale) {
    return [...this.#kept]
      .filter(([, { tile }]) => tile.level !== level && 2 ** tile.level * scale >= STAND_IN_PX)
      .sort(([, one], [, other]) => other.tile.level - one.tile.level)
      .map(([key]) => key);
  }

  /** @param {string[]} keys @param {Place} place @param {Size} canvas @returns {Layer[]} */
  #layersOf(keys, place, canvas) {
    return keys.flatMap((key) => {
      const kept = this.#kept.get(key);
      const edges = kept && edgesOf(kept.tile, this.#photograph, place, canvas);
      return edges ? [{ texture: kept.texture, edges, window: pictureOf(kept.tile, this.#photograph).window }] : [];
    });
  }

  #soon() {
    this.#stopWaiting ??= this.#after(STILL_MS, () => {
      this.#stopWaiting = null;
      this.#fill();
    });
  }

  #stopTimer() {
    this.#stopWaiting?.();
    this.#stopWaiting = null;
  }

  /** Asks for what is missing, the newest view's middle first. */
  #fill() {
    for (const [key, tile] of this.#wanted) {
      if (this.#coming.size >= AT_ONCE) return;
      if (!this.#kept.has(key) && !this.#coming.has(key) && !this.#failed.has(key)) void this.#bring(key, tile);
    }
  }

  /** @param {string} key @param {Tile} tile */
  async #bring(key, tile) {
    const controller = new AbortController();
    const { signal } = controller;
    this.#coming.set(key, controller);
    try {
      const bitmap = await decodeGray(await this.#fetch(tile, signal));
      if (signal.aborted) bitmap.close();
      else this.#keep(key, tile, bitmap);
    } catch (error) {
      if (!signal.aborted) this.#putOff(key, error);
    }
    this.#coming.delete(key);
    if (this.#isOver) return;
    // One that left the view makes room only once the view is still.
    if (signal.aborted) this.#soon();
    else this.#fill();
  }

  /** @param {string} key @param {Tile} tile @param {ImageBitmap} bitmap */
  #keep(key, tile, bitmap) {
    const { width, height } = pictureOf(tile, this.#photograph).size;
    const fits = bitmap.width === width && bitmap.height === height;
    if (!fits) bitmap.close();
    if (!fits) throw new Error(`a tile of ${width} x ${height} came as a picture of another size`);
    this.#kept.set(key, { tile, texture: this.#upload(bitmap), bytes: width * height });
    bitmap.close();
    this.#bytes += width * height;
    for (const [old, { texture, bytes }] of this.#kept) {
      if (this.#bytes <= BYTES_MAX) break;
      if (this.#wanted.has(old)) continue;
      texture.delete();
      this.#kept.delete(old);
      this.#bytes -= bytes;
    }
    this.#changed();
  }

  /** The gray copy serves in its place; later it is tried again. @param {string} key @param {unknown} error */
  #putOff(key, error) {
    if (!(error instanceof ApiError)) console.warn('chromaVive: a tile could not be shown', error);
    this.#failed.add(key);
    this.#after(RETRY_MS, () => {
      this.#failed.delete(key);
      if (!this.#isOver) this.#soon();
    });
  }

  /** @param {string} key */
  #touch(key) {
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
  }
}

/** @param {Tile} tile */
const keyOf = ({ level, x, y }) => `${level}/${x}/${y}`;

/** @param {number} milliseconds @param {() => void} then */
function timeout(milliseconds, then) {
  const timer = setTimeout(then, milliseconds);
  return () => clearTimeout(timer);
}
