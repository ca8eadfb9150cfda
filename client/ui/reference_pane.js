// @ts-check
/** A photograph beside the picture, to take colors from. It stays in this browser. */

import { labToHex, rgbToLab } from '../color/lab.js';
import { button, element } from './elements.js';
import { pickOn } from './picking.js';
import { words } from './words.js';

/** Its long side: enough for a pane of 260 CSS pixels on a sharp screen. */
const SIDE_PX = 640;

export class ReferencePane {
  /** @type {(a: number, b: number) => void} */
  onTake = () => {};

  container;
  #canvas = element('canvas', { tabindex: 0, role: 'application', 'aria-label': words.picking.reference });
  #sample = element('span', { class: 'sample', role: 'status' });

  /** @param {AbortSignal} signal */
  constructor(signal) {
    const close = button({ icon: 'close', label: words.picking.closeReference }, () => (this.container.hidden = true), signal);
    this.container = element(
      'section',
      { class: 'reference card', 'aria-label': words.picking.reference, hidden: true },
      element('div', { class: 'reference-head' }, this.#sample, close),
      this.#canvas,
    );
    pickOn(this.#canvas, (point) => this.#look(point), (point) => this.#take(point), signal);
  }

  /** @param {Blob} file @returns {Promise<boolean>} whether this browser can read it */
  async open(file) {
    /** @type {ImageBitmap} */
    let bitmap;
    try {
      bitmap = await createImageBitmap(file);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      return false;
    }
    const scale = Math.min(1, SIDE_PX / Math.max(bitmap.width, bitmap.height));
    this.#canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    this.#canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    this.#canvas.getContext('2d', { willReadFrequently: true })?.drawImage(bitmap, 0, 0, this.#canvas.width, this.#canvas.height);
    bitmap.close();
    this.#look(null);
    this.container.hidden = false;
    return true;
  }

  /** @param {import('./pointer.js').Point | null} point */
  #look(point) {
    const lab = point && this.#labAt(point);
    this.#sample.textContent = lab === null ? words.picking.open : labToHex(...lab);
    this.#sample.style.setProperty('--fill', lab === null ? 'transparent' : labToHex(...lab));
    this.#sample.style.borderWidth = lab === null ? '0' : '';
  }

  /** @param {import('./pointer.js').Point} point */
  #take(point) {
    const lab = this.#labAt(point);
    if (lab !== null) this.onTake(lab[1], lab[2]);
  }

  /** @param {import('./pointer.js').Point} point */
  #labAt({ x, y }) {
    const { width, height, clientWidth, clientHeight } = this.#canvas;
    const [column, row] = [Math.floor((x / clientWidth) * width), Math.floor((y / clientHeight) * height)];
    if (column < 0 || row < 0 || column >= width || row >= height) return null;
    const [red, green, blue, alpha] = this.#canvas.getContext('2d')?.getImageData(column, row, 1, 1).data ?? [0, 0, 0, 0];
    return alpha === 0 ? null : rgbToLab(red / 255, green / 255, blue / 255);
  }
}
