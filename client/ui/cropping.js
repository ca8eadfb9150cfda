// @ts-check
/** A frame over the picture to crop it: drag its corners or its middle. */

import { button, element } from './elements.js';
import { words } from './words.js';

/** @typedef {{left: number, top: number, right: number, bottom: number}} Frame 0 to 1 of the shown picture */
/** @typedef {{x: number, y: number}} Point */

/** The smallest side, of the shown picture. */
const SIDE_MIN = 0.06;
const CORNERS = /** @type {const} */ (['nw', 'ne', 'sw', 'se']);
const STEP = 0.01;
/** @type {Record<string, Point>} */
const ARROWS = { ArrowLeft: { x: -STEP, y: 0 }, ArrowRight: { x: STEP, y: 0 }, ArrowUp: { x: 0, y: -STEP }, ArrowDown: { x: 0, y: STEP } };

export class Cropping {
  /** @type {(frame: Frame) => void} */
  onApply = () => {};
  onCancel = () => {};

  container;
  #frame = element('div', { class: 'crop-frame' });
  /** @type {Frame} */
  #crop = { left: 0.08, top: 0.08, right: 0.92, bottom: 0.92 };
  #projection;

  /**
   * @param {{toScreen: (place: Point) => Point, toPicture: (point: Point) => Point}} projection
   * @param {AbortSignal} signal
   */
  constructor(projection, signal) {
    this.#projection = projection;
    const cancel = button({ text: words.cropping.cancel }, () => this.onCancel(), signal);
    const apply = button({ icon: 'crop', text: words.cropping.apply, class: 'button primary' }, () => this.onApply(this.#crop), signal);
    this.container = element(
      'div',
      { class: 'cropping', role: 'group', 'aria-label': words.cropping.label },
      this.#frame,
      element('div', { class: 'crop-buttons card' }, cancel, apply),
    );
    for (const corner of CORNERS) {
      const handle = element('button', { type: 'button', class: 'corner', 'data-corner': corner, 'aria-label': words.cropping.corner });
      this.#frame.append(handle);
      this.#draggable(handle, corner, signal);
    }
    this.#draggable(this.#frame, null, signal);
    this.project();
  }

  /** Arrow keys go on at its first corner. */
  focus() {
    this.#frame.querySelector('button')?.focus();
  }

  /** Follows the picture's place on the screen. */
  project() {
    const first = this.#projection.toScreen({ x: this.#crop.left, y: this.#crop.top });
    const last = this.#projection.toScreen({ x: this.#crop.right, y: this.#crop.bottom });
    const { style } = this.#frame;
    style.left = `${first.x}px`;
    style.top = `${first.y}px`;
    style.width = `${last.x - first.x}px`;
    style.height = `${last.y - first.y}px`;
  }

  /**
   * @param {HTMLElement} handle
   * @param {typeof CORNERS[number] | null} corner null: the whole frame
   * @param {AbortSignal} signal
   */
  #draggable(handle, corner, signal) {
    /** @type {Point | null} */
    let last = null;
    const place = (/** @type {PointerEvent} */ event) => this.#projection.toPicture({ x: event.clientX, y: event.clientY });
    handle.addEventListener('pointerdown', (event) => {
      event.stopPropagation();
      handle.setPointerCapture(event.pointerId);
      last = place(event);
    }, { signal });
    handle.addEventListener('pointermove', (event) => {
      if (last === null) return;
      const next = place(event);
      this.#move(corner, next.x - last.x, next.y - last.y);
      last = next;
    }, { signal });
    for (const end of ['pointerup', 'pointercancel']) handle.addEventListener(end, () => (last = null), { signal });
    handle.addEventListener('keydown', (event) => {
      const arrow = ARROWS[event.key];
      if (arrow === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      this.#move(corner, arrow.x, arrow.y);
    }, { signal });
  }

  /** @param {typeof CORNERS[number] | null} corner @param {number} dx @param {number} dy */
  #move(corner, dx, dy) {
    const { left, top, right, bottom } = this.#crop;
    if (corner === null) {
      const x = held(dx, -left, 1 - right);
      const y = held(dy, -top, 1 - bottom);
      this.#crop = { left: left + x, top: top + y, right: right + x, bottom: bottom + y };
    } else {
      this.#crop = {
        left: corner.endsWith('w') ? held(left + dx, 0, right - SIDE_MIN) : left,
        right: corner.endsWith('e') ? held(right + dx, left + SIDE_MIN, 1) : right,
        top: corner.startsWith('n') ? held(top + dy, 0, bottom - SIDE_MIN) : top,
        bottom: corner.startsWith('s') ? held(bottom + dy, top + SIDE_MIN, 1) : bottom,
      };
    }
    this.project();
  }
}

/** @param {number} value @param {number} least @param {number} most */
const held = (value, least, most) => Math.min(Math.max(value, least), most);

/**
 * Shows the frame until it is applied or called off.
 * @param {object} page
 * @param {import('./stage.js').Stage} page.stage
 * @param {import('../connection/live_room.js').LiveRoom} page.room
 * @param {HTMLElement} page.into
 * @param {() => void} page.onEnd
 * @param {AbortSignal} page.signal
 */
export function cropPicture({ stage, room, into, onEnd, signal }) {
  const done = new AbortController();
  const projection = {
    toScreen: (/** @type {Point} */ place) => stage.toScreen(place),
    toPicture: (/** @type {Point} */ point) => stage.toPicture(point),
  };
  const cropping = new Cropping(projection, AbortSignal.any([done.signal, signal]));
  const end = () => {
    done.abort();
    cropping.container.remove();
    onEnd();
  };
  cropping.onCancel = end;
  const escape = (/** @type {KeyboardEvent} */ event) => event.key === 'Escape' && end();
  window.addEventListener('keydown', escape, { signal: done.signal });
  cropping.onApply = (frame) => {
    end();
    // The edit counts in the whole turned photograph, the frame in what is shown of it.
    const [left, top, right, bottom] = room.shown?.crop ?? [0, 0, 1, 1];
    const [width, height] = [right - left, bottom - top];
    room.edit({
      type: 'crop',
      crop: [left + frame.left * width, top + frame.top * height, left + frame.right * width, top + frame.bottom * height],
    });
  };
  into.append(cropping.container);
  cropping.focus();
  return cropping;
}
