// @ts-check
/** The eyedropper: takes a color from the picture, from a hint, from what was photographed, or from a reference. */

import { nearestInGamut } from '../color/gamut.js';
import { labToHex } from '../color/lab.js';
import { ApiError } from '../connection/http.js';
import { decodeChroma } from '../picture/decode.js';
import { unpackFrame } from '../wire/frame.js';
import { button, element } from './elements.js';
import { Loupe } from './loupe.js';
import { pickOn } from './picking.js';
import { ReferencePane } from './reference_pane.js';
import { words } from './words.js';

/** @typedef {import('./pointer.js').Point} Point */
/** @typedef {import('../wire/messages.js').Hint} Hint */

const HINT_REACH_PX = 14;

/**
 * @typedef {object} EyedropperPage
 * @property {import('./stage.js').Stage} stage
 * @property {() => Record<string, Hint>} hints those that can be seen
 * @property {(a: number, b: number) => void} take
 * @property {() => boolean} mayPick
 * @property {() => import('../wire/messages.js').State | null} state
 * @property {(view: import('../wire/messages.js').State) => Promise<ArrayBuffer>} fetchSetAside the colors that the photograph came with
 * @property {(sentence: string) => void} say
 * @property {AbortSignal} signal
 */

export class Eyedropper {
  /** The bar that says what to do, and the reference. */
  container;
  reference;
  #page;
  #surface = element('div', { class: 'picking-surface', tabindex: 0, role: 'application', 'aria-label': words.picking.hint, hidden: true });
  #loupe;
  #said = element('span', { role: 'status' }, words.picking.hint);
  #photographed = element('input', { type: 'checkbox' });
  #toggle = element('label', {}, this.#photographed, words.picking.photographed);
  #bar;

  /** @param {EyedropperPage} page */
  constructor(page) {
    const { stage, signal } = page;
    this.#page = page;
    this.#loupe = new Loupe(stage.view);
    stage.container.append(this.#surface, this.#loupe.container);
    pickOn(this.#surface, (point) => this.#look(point), (point) => this.#take(point), signal);
    this.reference = new ReferencePane(signal);
    this.reference.onTake = (a, b) => this.#taken(a, b);
    const file = element('input', { type: 'file', accept: 'image/*', class: 'unseen', tabindex: -1, 'aria-hidden': 'true' });
    file.addEventListener('change', () => file.files?.[0] && this.open(file.files[0]), { signal });
    file.addEventListener('click', () => (file.value = ''), { signal });
    this.#photographed.addEventListener('change', () => this.#showPhotographed(), { signal });
    this.#bar = element(
      'div',
      { class: 'picking card', hidden: true },
      this.#said,
      this.#toggle,
      button({ icon: 'image', text: words.picking.open, class: 'button' }, () => file.click(), signal),
      button({ icon: 'close', label: words.picking.leave, keys: 'Esc' }, () => this.stop(), signal),
      file,
    );
    this.container = element('div', { class: 'picking-parts' }, this.#bar, this.reference.container);
    const escape = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'Escape' || !this.stop()) return;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener('keydown', escape, { signal, capture: true });
  }

  get isOn() {
    return !this.#bar.hidden;
  }

  start() {
    if (this.isOn || !this.#page.mayPick()) return;
    this.#toggle.hidden = !this.#page.state()?.photograph.had_colors;
    this.#surface.hidden = this.#bar.hidden = false;
    this.#surface.focus({ preventScroll: true });
  }

  /** @returns {boolean} whether it was on */
  stop() {
    if (!this.isOn) return false;
    this.#surface.hidden = this.#bar.hidden = true;
    this.#look(null);
    this.#photographed.checked = false;
    this.#clear();
    this.#page.stage.container.focus({ preventScroll: true });
    return true;
  }

  /** Shows a reference beside the picture. @param {Blob} file */
  async open(file) {
    if (!(await this.reference.open(file))) this.#page.say(words.picking.unreadable);
  }

  /** @param {number} a @param {number} b */
  #taken(a, b) {
    if (!this.#page.mayPick()) return;
    this.#page.take(a, b);
    this.stop();
  }

  /** @param {Point} point */
  #take(point) {
    const sample = this.#sampleAt(point);
    if (sample !== null) this.#taken(sample.a, sample.b);
  }

  /** @param {Point | null} point */
  #look(point) {
    const sample = point && this.#sampleAt(point);
    if (point === null || sample === null) {
      this.#loupe.hide();
      this.#said.textContent = words.picking.hint;
      return;
    }
    this.#loupe.show(point, sample.at, sample.fill);
    this.#said.textContent = sample.isHint ? words.picking.ofHint(sample.fill) : sample.fill;
  }

  /** What a press there takes. @param {Point} point */
  #sampleAt(point) {
    const { stage, hints } = this.#page;
    const hint = this.#photographed.checked ? null : stage.hintAt(hints(), point, HINT_REACH_PX);
    if (hint !== null) return { a: hint.a, b: hint.b, fill: stage.fillOf(hint), at: stage.toScreen(hint), isHint: true };
    const { x, y } = stage.toPicture(point);
    if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) return null;
    const [lightness, a, b] = stage.view.labAt(x, y);
    return { a, b, fill: labToHex(lightness, ...nearestInGamut(lightness, a, b)), at: point, isHint: false };
  }

  #clear() {
    const { view, container } = this.#page.stage;
    if (container.dataset.photographed) view.clearPreview();
    delete container.dataset.photographed;
  }

  async #showPhotographed() {
    const { stage: { view, container }, state, fetchSetAside, say } = this.#page;
    const shown = state();
    if (!this.#photographed.checked || shown === null) return this.#clear();
    try {
      const { header, payload } = unpackFrame(await fetchSetAside(shown));
      const bitmap = await decodeChroma(header, payload);
      if (!this.#photographed.checked) return bitmap.close();
      view.setPreview(header, bitmap);
      container.dataset.photographed = 'true';
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#photographed.checked = false;
      say(error.sentence || words.picking.nothing);
    }
  }
}
