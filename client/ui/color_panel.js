// @ts-check
/** The color and the size of the selected hint. */

import { nearestInGamut } from '../color/gamut.js';
import { inGamut, labToHex } from '../color/lab.js';
import { colorDot, dotColor } from './color_dot.js';
import { ColorField } from './color_field.js';
import { button, element } from './elements.js';
import { GamutPicker } from './gamut_picker.js';
import { shownKey } from './keys.js';
import { PaletteStrip } from './palette_strip.js';
import { SwatchRow } from './swatch_row.js';
import { words } from './words.js';

/** What the panel shows: a hint, and L of the photograph under it. */
/** count: hints that are selected together with it. sizes: whether the network looks at its size. */
/** @typedef {{id: string, a: number, b: number, size: number, lightness: number, count: number, sizes: boolean}} PanelHint */

/** Farther than this, in ab, a screen's nearest color is another one than was asked for. */
const NOTICED_AB = 4;
/** Farther than this, in L, it is visibly lighter or darker. */
const NOTICED_LIGHTNESS = 4;
const RECENT_MAX = 8;
const CLEARANCE_PX = 40;

/** Tells its owner what is asked; shows what it is given. A drag is told as it goes, then once as done. */
export class ColorPanel {
  /** @type {(id: string, a: number, b: number) => void} */
  onRecolorDrag = () => {};
  /** @type {(id: string, a: number, b: number) => void} */
  onRecolor = () => {};
  onDragCancel = () => {};
  /** @type {(id: string, size: number, done: boolean) => void} */
  onResize = () => {};
  /** The wheel over the size. @type {(steps: number) => void} */
  onResizeBy = () => {};
  onPin = () => {};
  /** @type {(id: string) => void} */
  onRemove = () => {};
  onClose = () => {};
  /** Where the toolbar has to give way to the panel. @type {(type: 'undo' | 'redo') => void} */
  onStep = () => {};
  /** @type {(keep: {a: number, b: number} | null) => void} */
  onKeep = () => {};
  /** A picture to take colors from was dropped here. @type {(file: File) => void} */
  onReference = () => {};

  container;
  /** The likely colors at the hint. */
  palette;
  /** The colors that the room keeps. */
  swatches;
  /** @type {PanelHint | null} */
  #hint = null;
  #signal;
  #picker;
  #swatch = element('span', { class: 'swatch', 'aria-hidden': 'true' });
  #field;
  #store;
  #size = element('input', { type: 'range', min: 1, max: 9, step: 1, 'aria-label': words.panel.size });
  #sizeValue = element('output');
  #several = element('p', { class: 'several', hidden: true });
  #sizeRow = element('label', { class: 'size-row' }, words.panel.size, this.#size, this.#sizeValue);
  #warning = element('p', { class: 'warning', hidden: true });
  #recent = element('div', { class: 'recent', role: 'group', 'aria-label': words.panel.recent });
  #keep = element('input', { type: 'checkbox' });
  /** Lab of the color that was typed for this hint, while it has that. @type {import('../color/lab.js').Triple | null} */
  #typed = null;

  /** @param {{recentColors: [number, number][]}} store @param {AbortSignal} signal */
  constructor(store, signal) {
    this.#store = store;
    this.#signal = signal;
    this.#field = new ColorField(signal);
    this.swatches = new SwatchRow(signal);
    this.#picker = new GamutPicker(signal);
    this.palette = new PaletteStrip(signal);
    const close = button({ icon: 'close', label: words.panel.close, keys: shownKey('deselect') }, () => this.onClose(), signal);
    const [undo, redo] = /** @type {const} */ (['undo', 'redo']).map((type) => (
      button({ icon: type, label: words.tools[type], class: 'icon-button step' }, () => this.onStep(type), signal)
    ));
    const pin = button({ icon: 'pin', label: words.panel.pin, keys: shownKey('pinTool') }, () => this.onPin(), signal);
    const gray = button({ text: words.panel.neutral }, () => this.#choose(0, 0), signal);
    const remove = button(
      { icon: 'trash', text: words.panel.remove, class: 'button danger' },
      () => this.#hint && this.onRemove(this.#hint.id),
      signal,
    );
    this.container = element(
      'section',
      { class: 'panel card', 'aria-label': words.panel.label, hidden: true },
      element('div', { class: 'panel-head' }, this.#swatch, this.#field.container, undo, redo, pin, close),
      this.#several,
      this.palette.container,
      this.#warning,
      this.swatches.container,
      this.#picker.container,
      this.#recent,
      this.#sizeRow,
      element('label', { class: 'panel-keep' }, this.#keep, words.panel.keep),
      element('div', { class: 'panel-buttons' }, gray, remove),
    );
    this.#listen(signal);
  }

  /** @param {PanelHint | null} hint null closes it */
  show(hint) {
    if (this.#picker.dragging && hint?.id === this.#hint?.id) return;
    // Whoever moves a cursor has the page drawn again: what was said about a typed color must outlast that.
    if (hint !== null && this.#hint !== null && isSame(hint, this.#hint)) return;
    if (hint?.id !== this.#hint?.id) this.#typed = null;
    if (hint !== null && this.#hint === null) this.#showRecent(); // another page may have used others meanwhile
    this.#hint = hint;
    this.container.hidden = hint === null;
    if (hint === null) return;
    this.#several.hidden = hint.count < 2;
    this.#several.textContent = words.panel.several(hint.count);
    this.palette.container.hidden = hint.count > 1;
    this.#sizeRow.hidden = !hint.sizes;
    this.#paint(hint);
    this.#picker.show(hint.lightness, hint.a, hint.b);
    this.#size.value = String(hint.size);
    this.#sizeValue.textContent = String(Math.round(hint.size));
  }

  /**
   * Stays at the other side of the window than the hint.
   * @param {{x: number, y: number}} point CSS pixels
   */
  keepClearOf({ x }) {
    const covered = this.container.offsetWidth + CLEARANCE_PX;
    const middle = window.innerWidth / 2;
    // Only where it has to: a panel that jumps at every choice is worse than one at an edge.
    if (x > Math.max(window.innerWidth - covered, middle)) this.container.classList.add('at-left');
    else if (x < Math.min(covered, middle)) this.container.classList.remove('at-left');
  }

  /** How much of the window's lower edge it covers, in CSS pixels; 0 where it is closed or hangs at the side. */
  get coversBelow() {
    const { top, width } = this.container.getBoundingClientRect();
    return width < window.innerWidth - CLEARANCE_PX ? 0 : window.innerHeight - top;
  }

  /** @param {{a: number, b: number} | null} kept */
  showKept(kept) {
    this.#keep.checked = kept !== null;
  }

  /** @param {PanelHint} hint */
  #paint({ lightness, a, b }) {
    const [nearA, nearB] = nearestInGamut(lightness, a, b);
    const hex = labToHex(lightness, nearA, nearB);
    this.#swatch.style.setProperty('--fill', hex);
    this.#field.show([lightness, nearA, nearB]);
    this.palette.showHint({ lightness, a, b });
    this.swatches.showHint(lightness, a, b);
    if (this.#picker.dragging) return; // a sentence that comes or goes would move the picker under the finger
    const asked = this.#typed ?? [whereItExists(lightness, a, b), a, b];
    const strength = Math.hypot(nearA, nearB) / Math.hypot(a, b);
    if (Math.hypot(a - nearA, b - nearB) > NOTICED_AB) {
      this.#warn(words.panel.notPossible(Math.round(strength * 100)), labToHex(...asked), hex);
    } else if (Math.abs(asked[0] - lightness) > NOTICED_LIGHTNESS) {
      this.#warn(words.panel.keepsBrightness, labToHex(...asked), hex);
    } else this.#warn(null);
  }

  /** @param {string | null} sentence @param {string[]} colors what was asked for, and what is shown */
  #warn(sentence, ...colors) {
    this.#warning.hidden = sentence === null;
    const chips = colors.map((color, index) => {
      const chip = element('span', { class: 'chip', title: index === 0 ? words.panel.asked(color) : words.panel.shown(color) });
      chip.style.setProperty('--fill', color);
      return chip;
    });
    this.#warning.replaceChildren(...chips, sentence ?? '');
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    this.palette.onChoose = (a, b) => this.#choose(a, b);
    this.#picker.onDrag = (a, b) => {
      if (this.#hint === null) return;
      this.#hint = { ...this.#hint, a, b };
      this.#paint(this.#hint);
      this.onRecolorDrag(this.#hint.id, a, b);
    };
    this.#picker.onDone = () => this.#hint && this.#choose(this.#hint.a, this.#hint.b);
    this.#picker.onCancel = () => this.onDragCancel();
    this.#field.onTyped = (lab) => (lab === null ? this.#warn(words.panel.badColor) : this.#choose(lab[1], lab[2], lab));
    this.#field.onLeave = () => this.#hint && this.#paint(this.#hint);
    this.swatches.onUse = (a, b) => this.#choose(a, b);
    this.container.addEventListener('dragover', (event) => event.preventDefault(), { signal });
    const drop = (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      const [file] = event.dataTransfer?.files ?? [];
      if (file !== undefined) this.onReference(file);
    };
    this.container.addEventListener('drop', drop, { signal });
    const resized = (/** @type {boolean} */ done) => () => {
      const size = Number(this.#size.value);
      this.#sizeValue.textContent = String(size);
      if (this.#hint !== null) this.onResize(this.#hint.id, size, done);
    };
    this.#size.addEventListener('input', resized(false), { signal });
    this.#size.addEventListener('change', resized(true), { signal });
    this.#sizeRow.addEventListener('wheel', (event) => {
      event.preventDefault();
      this.onResizeBy(-Math.sign(event.deltaY));
    }, { signal, passive: false });
    const keep = () => this.onKeep(this.#keep.checked && this.#hint !== null ? { a: this.#hint.a, b: this.#hint.b } : null);
    this.#keep.addEventListener('change', keep, { signal });
  }

  /** Gives the hint a color that was found elsewhere. @param {number} a @param {number} b @returns {boolean} whether there is a hint */
  take(a, b) {
    this.#choose(a, b);
    return this.#hint !== null;
  }

  /** @param {number} a @param {number} b @param {import('../color/lab.js').Triple | null} [typed] */
  #choose(a, b, typed = null) {
    if (this.#hint === null) return;
    this.#hint = { ...this.#hint, a, b };
    this.#typed = typed;
    this.#paint(this.#hint);
    this.#picker.show(this.#hint.lightness, a, b);
    this.onRecolor(this.#hint.id, a, b);
    if (this.#keep.checked) this.onKeep({ a, b });
    this.#remember(a, b);
  }

  /** @param {number} a @param {number} b */
  #remember(a, b) {
    const others = this.#store.recentColors.filter(([usedA, usedB]) => Math.hypot(usedA - a, usedB - b) > NOTICED_AB);
    /** @type {[number, number][]} */
    const used = [[a, b], ...others];
    this.#store.recentColors = used.slice(0, RECENT_MAX);
    this.#showRecent();
  }

  #showRecent() {
    const dots = this.#store.recentColors.map(([a, b]) => (
      colorDot({ a, b }, words.panel.use(dotColor(a, b)), () => this.#choose(a, b), this.#signal)
    ));
    const focused = this.#recent.contains(document.activeElement);
    this.#recent.replaceChildren(...dots);
    if (focused) dots[0].focus();
  }
}

/** The L nearest to this one at which a screen can show the color. @param {number} lightness @param {number} a @param {number} b */
function whereItExists(lightness, a, b) {
  for (let away = 0; away <= 100; away++) {
    for (const near of [lightness - away, lightness + away]) if (near >= 0 && near <= 100 && inGamut(near, a, b)) return near;
  }
  return lightness;
}

/** @param {PanelHint} one @param {PanelHint} other */
const isSame = (one, other) => (
  /** @type {const} */ (['id', 'a', 'b', 'size', 'lightness', 'count', 'sizes']).every((field) => one[field] === other[field])
);
