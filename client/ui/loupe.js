// @ts-check
/** What the finger covers, larger and beside it. */

import { element } from './elements.js';

/** @typedef {import('./pointer.js').Point} Point */

const SIDE_PX = 112;
const ZOOM = 2;
/** From the finger to its middle. */
const OFFSET_PX = 96;
const MARGIN_PX = 8;

export class Loupe {
  #canvas = element('canvas');
  container = element('div', { class: 'loupe', hidden: true, 'aria-hidden': 'true' }, this.#canvas);
  #view;

  /** @param {import('../picture/view.js').PictureView} view */
  constructor(view) {
    this.#view = view;
  }

  get isShown() {
    return !this.container.hidden;
  }

  /** @param {Point} finger in CSS pixels of the stage @param {Point} at what is looked at @param {string} fill the hint's color */
  show(finger, at, fill) {
    const side = Math.round(SIDE_PX * devicePixelRatio);
    if (this.#canvas.width !== side) this.#canvas.width = this.#canvas.height = side;
    this.#copy(at, side);
    const half = SIDE_PX / 2;
    const { width } = this.#view.canvasSize;
    const isRoomAbove = finger.y > OFFSET_PX + half + MARGIN_PX;
    const beside = finger.x + (finger.x < width / 2 ? OFFSET_PX : -OFFSET_PX);
    const x = Math.min(Math.max(isRoomAbove ? finger.x : beside, half + MARGIN_PX), width - half - MARGIN_PX);
    const y = isRoomAbove ? finger.y - OFFSET_PX : Math.max(finger.y, half + MARGIN_PX);
    this.container.style.transform = `translate(${x - half}px, ${y - half}px)`;
    this.container.style.setProperty('--fill', fill);
    this.container.hidden = false;
  }

  /** @param {Point} at @param {number} side in device pixels */
  #copy({ x, y }, side) {
    const { drawn, canvasSize } = this.#view;
    const ratio = drawn.width / canvasSize.width;
    const seen = side / ZOOM;
    const context = this.#canvas.getContext('2d');
    context?.clearRect(0, 0, side, side);
    context?.drawImage(drawn, x * ratio - seen / 2, y * ratio - seen / 2, seen, seen, 0, 0, side, side);
  }

  hide() {
    this.container.hidden = true;
  }
}
