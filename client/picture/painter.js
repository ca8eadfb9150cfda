// @ts-check
/** What the picture has on the GPU, and drawing with it: the gray copy, tiles over it, and chroma along the gray of either. */

import { CellTexture, createProgram, GrayTexture, TileTexture, uniformLocations } from './gl.js';
import { FRAGMENT, UNIFORMS, VERTEX } from './shaders.js';

const GRAY_UNIT = 0;
const LINES_UNIT = 1;
const BOUNDS_UNIT = 2;
const TILE_UNIT = 3;

/** All of it is lost with its context; then a new one takes its place. */
export class Painter {
  #gl;
  #program;
  #uniforms;
  #gray;
  #lines;
  #bounds;

  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.#gl = gl;
    this.#program = createProgram(gl, VERTEX, FRAGMENT);
    this.#uniforms = uniformLocations(gl, this.#program, UNIFORMS);
    this.#gray = new GrayTexture(gl, GRAY_UNIT);
    this.#lines = new CellTexture(gl, LINES_UNIT);
    this.#bounds = new CellTexture(gl, BOUNDS_UNIT);
  }

  /** @param {ImageBitmap} bitmap the gray copy */
  setGray(bitmap) {
    this.#gray.upload(bitmap);
  }

  /** @param {import('../color/chroma.js').ChromaLines | null} chroma */
  setChroma(chroma) {
    this.#lines.delete();
    this.#bounds.delete();
    if (chroma === null) return;
    this.#lines.upload(chroma.lines, chroma.widthPx, chroma.heightPx);
    this.#bounds.upload(chroma.bounds, chroma.widthPx, chroma.heightPx);
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
   * @param {import('../color/chroma.js').ChromaLines | null} chroma what was set, if it is
   * @param {number} colorAmount
   * @param {import('./tiles.js').Shown} tiles
   */
  draw(place, chroma, colorAmount, { layers, isWhole }) {
    const gl = this.#gl;
    const uniforms = this.#uniforms;
    gl.useProgram(this.#program);
    // Without a frame they are not read, and any texture serves.
    gl.uniform1i(uniforms.lines, chroma ? LINES_UNIT : GRAY_UNIT);
    gl.uniform1i(uniforms.bounds, chroma ? BOUNDS_UNIT : GRAY_UNIT);
    gl.uniform2i(uniforms.cells, chroma?.widthPx ?? 1, chroma?.heightPx ?? 1);
    gl.uniform1f(uniforms.colorAmount, chroma ? colorAmount : 0);
    gl.uniform4fv(uniforms.place, place);
    gl.uniform2f(uniforms.canvas, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.uniform1i(uniforms.gray, GRAY_UNIT);
    gl.uniform4f(uniforms.window, 1, 1, 0, 0);
    if (!isWhole) gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    if (layers.length > 0) this.#drawLayers(layers);
  }

  /** The same rectangle again, cut to each tile: so a pixel's place and chroma are the same in whatever it is drawn with. @param {import('./tiles.js').Layer[]} layers */
  #drawLayers(layers) {
    const gl = this.#gl;
    gl.uniform1i(this.#uniforms.gray, TILE_UNIT);
    gl.enable(gl.SCISSOR_TEST);
    for (const { texture, edges, window } of layers) {
      const { left, top, right, bottom } = edges;
      texture.bind();
      gl.uniform4fv(this.#uniforms.window, window);
      gl.scissor(left, gl.drawingBufferHeight - bottom, right - left, bottom - top);
      gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    }
    gl.disable(gl.SCISSOR_TEST);
  }

  delete() {
    this.#gray.delete();
    this.setChroma(null);
    this.#gl.deleteProgram(this.#program);
  }
}
