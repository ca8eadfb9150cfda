// @ts-check
/** What the picture has on the GPU, and drawing with it: the gray copy, tiles over it, and chroma along the gray of either. */

import { CellTexture, createProgram, GrayTexture, TileTexture, uniformLocations } from './gl.js';
import { FRAGMENT, UNIFORMS, VERTEX } from './shaders.js';

const GRAY_UNIT = 0;
const LINES_UNIT = 1;
const BOUNDS_UNIT = 2;
const TILE_UNIT = 3;

/** Places of a pixel that are colored, on either axis, where it holds several of the gray: one while the colors move. */
const TAPS_MAX = { fine: 4, quick: 1 };

/** @typedef {import('../color/chroma.js').ChromaLines} ChromaLines */

/**
 * Some columns of the canvas, in device pixels, and what colors them; null: nothing does, they are gray.
 * @typedef {{chroma: ChromaLines | null, left: number, right: number}} Part
 */

/** All of it is lost with its context; then a new one takes its place. */
export class Painter {
  #gl;
  #program;
  #uniforms;
  #gray;
  /** Of what was drawn last. @type {Map<ChromaLines, {lines: CellTexture, bounds: CellTexture}>} */
  #chroma = new Map();

  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.#gl = gl;
    this.#program = createProgram(gl, VERTEX, FRAGMENT);
    this.#uniforms = uniformLocations(gl, this.#program, UNIFORMS);
    this.#gray = new GrayTexture(gl, GRAY_UNIT);
  }

  /** @param {ImageBitmap} bitmap the gray copy */
  setGray(bitmap) {
    this.#gray.upload(bitmap);
  }

  /** @param {ImageBitmap} bitmap @returns {TileTexture} the caller deletes it */
  tile(bitmap) {
    return new TileTexture(this.#gl, TILE_UNIT, bitmap);
  }

  /** An empty canvas. */
  clear() {
    const gl = this.#gl;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
  }

  /**
   * @param {import('./tile_grid.js').Place} place of the picture on the canvas
   * @param {Part[]} parts
   * @param {number} colorAmount
   * @param {import('./tiles.js').Shown} tiles
   * @param {keyof typeof TAPS_MAX} quality
   */
  draw(place, parts, colorAmount, tiles, quality) {
    const gl = this.#gl;
    const uniforms = this.#uniforms;
    for (const chroma of this.#chroma.keys()) if (!parts.some((part) => part.chroma === chroma)) this.#forget(chroma);
    gl.useProgram(this.#program);
    gl.uniform4fv(uniforms.place, place);
    gl.uniform1f(uniforms.tapsMax, TAPS_MAX[quality]);
    gl.uniform2f(uniforms.canvas, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.enable(gl.SCISSOR_TEST);
    for (const part of parts) this.#drawPart(part, colorAmount, tiles);
    gl.disable(gl.SCISSOR_TEST);
  }

  /**
   * The same rectangle again and again, cut to the part and to each tile: so a pixel's place and chroma are the same in
   * whatever it is drawn with.
   * @param {Part} part @param {number} colorAmount @param {import('./tiles.js').Shown} tiles
   */
  #drawPart(part, colorAmount, { layers, isWhole }) {
    const gl = this.#gl;
    const uniforms = this.#uniforms;
    const { chroma } = part;
    this.#bind(chroma);
    // Without a frame they are not read, and any texture serves.
    gl.uniform1i(uniforms.lines, chroma ? LINES_UNIT : GRAY_UNIT);
    gl.uniform1i(uniforms.bounds, chroma ? BOUNDS_UNIT : GRAY_UNIT);
    gl.uniform2i(uniforms.cells, chroma?.widthPx ?? 1, chroma?.heightPx ?? 1);
    gl.uniform1f(uniforms.colorAmount, chroma ? colorAmount : 0);
    gl.uniform1i(uniforms.gray, GRAY_UNIT);
    gl.uniform4f(uniforms.window, 1, 1, 0, 0);
    if (!isWhole) this.#fill(part, { ...part, top: 0, bottom: gl.drawingBufferHeight });
    gl.uniform1i(uniforms.gray, TILE_UNIT);
    for (const { texture, edges, window } of layers) {
      texture.bind();
      gl.uniform4fv(uniforms.window, window);
      this.#fill(part, edges);
    }
  }

  /** @param {Part} part @param {import('./tile_grid.js').Edges} edges */
  #fill(part, { top, bottom, ...edges }) {
    const gl = this.#gl;
    const left = Math.max(edges.left, part.left);
    const right = Math.min(edges.right, part.right);
    if (left >= right) return;
    gl.scissor(left, gl.drawingBufferHeight - bottom, right - left, bottom - top);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  /** @param {ChromaLines | null} chroma */
  #bind(chroma) {
    if (chroma === null) return;
    const known = this.#chroma.get(chroma);
    known?.lines.bind();
    known?.bounds.bind();
    if (known) return;
    const lines = new CellTexture(this.#gl, LINES_UNIT);
    const bounds = new CellTexture(this.#gl, BOUNDS_UNIT);
    lines.upload(chroma.lines, chroma.widthPx, chroma.heightPx);
    bounds.upload(chroma.bounds, chroma.widthPx, chroma.heightPx);
    this.#chroma.set(chroma, { lines, bounds });
  }

  /** @param {ChromaLines} chroma */
  #forget(chroma) {
    this.#chroma.get(chroma)?.lines.delete();
    this.#chroma.get(chroma)?.bounds.delete();
    this.#chroma.delete(chroma);
  }

  delete() {
    this.#gray.delete();
    for (const chroma of this.#chroma.keys()) this.#forget(chroma);
    this.#gl.deleteProgram(this.#program);
  }
}
