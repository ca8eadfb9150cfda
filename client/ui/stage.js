// @ts-check
/** The picture with hints and cursors over it, and where things lie on the screen. */

import { nearestInGamut } from '../color/gamut.js';
import { labToHex } from '../color/lab.js';
import { PictureView } from '../picture/view.js';
import { fit, pan, sightOf, toPicture, toScreen, viewportOf, zoomAt } from '../picture/viewport.js';
import { friendlyName, huesOf } from '../room/presence.js';
import { CursorLayer } from './cursor_layer.js';
import { element } from './elements.js';
import { HintLayer } from './hint_layer.js';
import { words } from './words.js';
import { nameWords } from './words/names.js';

/** @typedef {import('../wire/messages.js').Hint} Hint */
/** @typedef {import('./pointer.js').Point} Point */

/** What floats over the picture's edges, in CSS pixels. */
const PADDING = { wide: { top: 72, right: 20, bottom: 76, left: 20 }, narrow: { top: 64, right: 8, bottom: 96, left: 8 } };
const NARROW = matchMedia('(max-width: 640px)');
/** How far a hint stays from what could cover it. */
const SIGHT_PX = 24;

/** The name of a member: its own, or a friendly one. */
export const nameOf = (/** @type {{member: string, name: string}} */ { member, name }) => name || friendlyName(member, nameWords);

export class Stage {
  /** The picture moved on the screen. */
  onMoved = () => {};
  /** This member moved it, or works on it. */
  onOwnMove = () => {};

  container = element('div', { class: 'stage', tabindex: 0, role: 'application', 'aria-label': words.room.stage });
  view;
  hints;
  cursors;
  /** @type {import('../picture/viewport.js').Padding | null} */
  #padding = null;
  /** What the picture shows at a hint, kept as long as the hint is the same. @type {WeakMap<Hint, string>} */
  #fills = new WeakMap();
  /** @type {Map<string, number>} by public id */
  #hues = new Map();

  /** @param {AbortSignal} signal @throws {Error} where there is no WebGL2 */
  constructor(signal) {
    const canvas = element('canvas', { id: 'picture' });
    this.hints = new HintLayer(signal);
    this.cursors = new CursorLayer(nameOf, this.colorOf, signal);
    this.container.append(canvas, this.hints.container, this.cursors.container);
    this.view = new PictureView(canvas, signal);
    this.hints.onFocus = (hint) => this.#reveal(hint);
    NARROW.addEventListener('change', () => this.#padding && this.pad(null, 0), { signal });
    this.view.onViewport = (viewport) => {
      // Taken once: asking the canvas for its size between changes of the page would lay it out again for every hint.
      const { pictureSize } = this.view;
      const project = (/** @type {Point} */ place) => toScreen(viewport, place, pictureSize);
      this.hints.project(project);
      this.cursors.project(project);
      this.onMoved();
    };
  }

  /** Who is to be told apart. @param {string[]} members public ids */
  tellApart(members) {
    this.#hues = huesOf(members);
  }

  /** A member's color: the same lightness and chroma for all, so that white letters on it can be read. @param {string} member */
  colorOf = (member) => `oklch(0.54 0.17 ${this.#hues.get(member) ?? 0})`;

  /** The photograph is another: what was remembered of its colors is void. */
  photographChanged() {
    this.#fills = new WeakMap();
  }

  /** @param {Point} place @returns {Point} */
  toScreen(place) {
    return toScreen(this.view.viewport, place, this.view.pictureSize);
  }

  /** @param {Point} point @returns {Point} */
  toPicture(point) {
    return toPicture(this.view.viewport, point, this.view.pictureSize);
  }

  /**
   * Keeps the picture from under what floats over its edges; where something covers the lower edge, also the hint that it is
   * about, and all of the picture where that makes it no smaller.
   * @param {Hint | null} hint
   * @param {number} coveredPx of the lower edge
   */
  pad(hint, coveredPx) {
    const usual = NARROW.matches ? PADDING.narrow : PADDING.wide;
    const bottom = coveredPx + SIGHT_PX;
    const free = this.view.canvasSize.height - bottom;
    const above = { ...usual, bottom };
    const { pictureSize: size, canvasSize: canvas } = this.view;
    const fits = fit(size, { ...canvas, padding: above }).scale === fit(size, { ...canvas, padding: usual }).scale;
    const covered = hint !== null && coveredPx > 0 && (fits || this.toScreen(hint).y > free || this.#padding?.bottom === bottom);
    const padding = covered ? above : usual;
    if (this.#padding !== null && same(padding, this.#padding)) return;
    this.#padding = padding;
    this.view.setPadding(padding);
    if (covered) this.pan(0, Math.min(0, free - this.toScreen(hint).y));
  }

  /** Pans as far as it takes to see a place of the picture. @param {Point} place */
  #reveal(place) {
    const { x, y } = this.toScreen(place);
    const { width, height } = this.view.canvasSize;
    const { top, right, bottom, left } = this.#padding ?? PADDING.wide;
    const dx = Math.min(Math.max(x, left), width - right) - x;
    const dy = Math.min(Math.max(y, top), height - bottom) - y;
    if (dx !== 0 || dy !== 0) this.pan(dx, dy);
  }

  /** @param {number} dx @param {number} dy */
  pan(dx, dy) {
    this.onOwnMove();
    this.#go(pan(this.view.viewport, dx, dy, this.view.pictureSize, this.view.canvasSize));
  }

  /** @param {import('../picture/viewport.js').Viewport} next */
  #go(next) {
    // All of it again: from here on it follows the window's size.
    const { scale } = fit(this.view.pictureSize, this.view.canvasSize);
    this.view.setViewport(next.scale > scale ? next : null);
  }

  /** @param {number} factor @param {Point} [point] where it is left out, the middle of the stage, and the scale is a round one */
  zoom(factor, point) {
    const { canvasSize, pictureSize, viewport } = this.view;
    this.onOwnMove();
    const center = point ?? { x: canvasSize.width / 2, y: canvasSize.height / 2 };
    // 25, 35, 50, 71, 100 % and so on, whatever the scale was.
    const round = 2 ** (Math.round(2 * Math.log2(viewport.scale * factor)) / 2) / viewport.scale;
    this.#go(zoomAt(viewport, center, point ? factor : round, pictureSize, canvasSize));
  }

  fit() {
    this.onOwnMove();
    this.view.setViewport(null);
  }

  /** What is in sight. */
  get sight() {
    return sightOf(this.view.viewport, this.view.pictureSize, this.view.canvasSize);
  }

  /** Shows what another page shows. @param {import('../wire/messages.js').Sight} sight */
  show(sight) {
    this.#go(viewportOf(sight, this.view.pictureSize, this.view.canvasSize));
  }

  /**
   * The hint nearest to a point, within reach.
   * @param {Record<string, Hint>} hints
   * @param {Point} point
   * @param {number} reachPx
   */
  hintAt(hints, point, reachPx) {
    /** @type {Hint | null} */
    let nearest = null;
    let distance = reachPx;
    for (const hint of Object.values(hints)) {
      const at = this.toScreen(hint);
      const away = Math.hypot(at.x - point.x, at.y - point.y);
      if (away > distance) continue;
      nearest = hint;
      distance = away;
    }
    return nearest;
  }

  /** What the picture shows at a hint, as far as the gamut allows. @param {Hint} hint */
  fillOf(hint) {
    const known = this.#fills.get(hint);
    if (known !== undefined) return known;
    const lightness = this.view.lightnessAt(hint.x, hint.y);
    const fill = labToHex(lightness, ...nearestInGamut(lightness, hint.a, hint.b));
    this.#fills.set(hint, fill);
    return fill;
  }
}

/** @param {import('../picture/viewport.js').Padding} one @param {import('../picture/viewport.js').Padding} other */
const same = (one, other) => one.top === other.top && one.bottom === other.bottom && one.left === other.left;
