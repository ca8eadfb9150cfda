// @ts-check
/** The plane of all a and b at a lightness: drag in it, or use the arrow keys. */

import { AB_MAX, abOfPlane, gamutImage, gamutPlane, nearestInGamut, planeOfAb } from '../color/gamut.js';
import { labToHex } from '../color/lab.js';
import { element } from './elements.js';
import { words } from './words.js';

/** Pixels of the picture's side. It is stretched to the panel; at this size a change of lightness costs some milliseconds. */
const SIDE_PX = 192;
const STEP_AB = 1;
const STEP_LARGE_AB = 8;

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** Tells `onDrag` while the finger or key is down and `onDone` after it; both with a and b, held to what a screen can show. */
export class GamutPicker {
  /** @type {(a: number, b: number) => void} */
  onDrag = () => {};
  onDone = () => {};
  onCancel = () => {};

  container;
  #canvas = element('canvas', { width: SIDE_PX, height: SIDE_PX });
  #marker = element('span', { class: 'marker' });
  #gray = element('span', { class: 'gray-point' });
  #drawn = NaN;
  #plane = gamutPlane(50);
  #lightness = 50;
  /** @type {[number, number]} */
  #ab = [0, 0];
  /** @type {number | null} */
  #pointer = null;

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.container = element(
      'div',
      { class: 'picker', tabindex: 0, role: 'slider', 'aria-roledescription': words.panel.pickerRole, 'aria-label': words.panel.picker, 'aria-valuemin': 0, 'aria-valuemax': 360 },
      this.#canvas,
      this.#gray,
      this.#marker,
    );
    const { container } = this;
    container.addEventListener('pointerdown', (event) => this.#down(event), { signal });
    container.addEventListener('pointermove', (event) => this.#move(event), { signal });
    container.addEventListener('pointerup', (event) => this.#up(event, this.onDone), { signal });
    container.addEventListener('pointercancel', (event) => this.#up(event, this.onCancel), { signal });
    container.addEventListener('keydown', (event) => this.#key(event), { signal });
    // Escape takes back what the pointer does, before it means the panel.
    window.addEventListener('keydown', (event) => this.#escape(event), { signal, capture: true });
    container.addEventListener('keyup', (event) => event.key in ARROWS && this.onDone(), { signal });
  }

  /** Whether a drag is going on, during which the panel must not follow what comes back. */
  get dragging() {
    return this.#pointer !== null;
  }

  /** @param {number} lightness @param {number} a @param {number} b */
  show(lightness, a, b) {
    this.#lightness = lightness;
    this.#ab = [a, b];
    // The plane changes slowly with L: a repaint for every tenth would cost more than it shows.
    const rounded = Math.round(lightness);
    if (rounded !== this.#drawn) {
      this.#drawn = rounded;
      this.#plane = gamutPlane(rounded);
      const { data, width, height } = gamutImage(rounded, SIDE_PX, this.#plane);
      this.#canvas.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0);
      this.#place(this.#gray, 0, 0);
    }
    const near = nearestInGamut(lightness, a, b);
    const hex = labToHex(lightness, ...near);
    this.#place(this.#marker, ...near);
    this.#marker.style.setProperty('--fill', hex);
    this.container.setAttribute('aria-valuetext', words.panel.pickerValue(hex, Math.round(near[0]), Math.round(near[1])));
    this.container.setAttribute('aria-valuenow', String(Math.round(((Math.atan2(b, a) * 180) / Math.PI + 360) % 360)));
  }

  /** @param {HTMLElement} mark @param {number} a @param {number} b */
  #place(mark, a, b) {
    const [x, y] = planeOfAb(a, b, this.#plane);
    mark.style.left = `${x * 100}%`;
    mark.style.top = `${y * 100}%`;
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0 || this.#pointer !== null) return;
    this.#pointer = event.pointerId;
    this.container.setPointerCapture(event.pointerId);
    this.#move(event);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (event.pointerId !== this.#pointer) return;
    const box = this.container.getBoundingClientRect();
    const [a, b] = abOfPlane((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height, this.#plane);
    this.#choose(a, b);
  }

  /** @param {PointerEvent} event @param {() => void} then */
  #up(event, then) {
    if (event.pointerId !== this.#pointer) return;
    this.#pointer = null;
    then();
  }

  /** @param {KeyboardEvent} event */
  #escape(event) {
    if (event.key !== 'Escape' || this.#pointer === null) return;
    event.stopPropagation();
    this.#pointer = null;
    this.onCancel();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const arrow = ARROWS[event.key];
    if (arrow === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const step = event.shiftKey ? STEP_LARGE_AB : STEP_AB;
    this.#choose(this.#ab[0] + arrow[0] * step, this.#ab[1] + arrow[1] * step);
  }

  /** @param {number} a @param {number} b */
  #choose(a, b) {
    const held = nearestInGamut(this.#lightness, clampAb(a), clampAb(b));
    this.show(this.#lightness, ...held);
    this.onDrag(...held);
  }
}

/** @param {number} value */
const clampAb = (value) => Math.min(Math.max(value, -AB_MAX), AB_MAX);
