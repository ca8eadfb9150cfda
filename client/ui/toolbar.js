// @ts-check
/** The floating tools: hint or hand, undo and redo, hide, compare, zoom. */

import { button, element, setIcon } from './elements.js';
import { shownKey } from './keys.js';
import { words } from './words.js';

/** @typedef {'hint' | 'pin' | 'hand'} Tool */
/** @typedef {{hidden: boolean, comparing: boolean, gray: boolean, split: boolean}} SeeingShown what this page sees otherwise than others */

/** What one press of a zoom button or key does to the scale. */
export const ZOOM_STEP = Math.SQRT2;

/** Tells its owner of every press; shows what it is told. */
export class Toolbar {
  /** @type {(tool: Tool) => void} */
  onTool = () => {};
  onUndo = () => {};
  onRedo = () => {};
  onHide = () => {};
  /** @type {(held: boolean) => void} */
  onCompare = () => {};
  onGray = () => {};
  onDivider = () => {};
  /** @type {(factor: number) => void} */
  onZoom = () => {};
  onFit = () => {};
  onReleaseColor = () => {};

  container;
  #hint;
  #pin;
  #hand;
  #hide;
  #compare;
  #gray;
  #divider;
  #zoom;
  #kept;
  #editing;

  /** @param {AbortSignal} signal */
  constructor(signal) {
    const { tools } = words;
    /** @param {import('./elements.js').IconName} name @param {string} label @param {string} keys @param {() => void} act */
    const tool = (name, label, keys, act) => button({ icon: name, label, keys }, act, signal);
    this.#hint = tool('hint', tools.hint, shownKey('hintTool'), () => this.onTool('hint'));
    this.#pin = tool('pin', tools.pin, shownKey('pinTool'), () => this.onTool('pin'));
    this.#hand = tool('hand', tools.hand, 'Space', () => this.onTool('hand'));
    this.#hide = tool('eye', tools.hide, shownKey('toggleHints'), () => this.onHide());
    this.#compare = button({ icon: 'compare', label: tools.compare, keys: shownKey('compare') }, () => {}, signal);
    this.#gray = tool('gray', tools.gray, shownKey('toggleGray'), () => this.onGray());
    this.#gray.classList.add('wide');
    this.#divider = tool('divider', tools.divider, shownKey('toggleDivider'), () => this.onDivider());
    this.#kept = button({ label: words.panel.release, class: 'icon-button kept-color' }, () => this.onReleaseColor(), signal);
    this.#kept.append(element('span', { class: 'dot' }));
    this.#kept.hidden = true;
    this.#editing = [
      this.#hint,
      this.#pin,
      this.#hand,
      this.#kept,
      element('span', { class: 'split' }),
      tool('undo', tools.undo, shownKey('undo'), () => this.onUndo()),
      tool('redo', tools.redo, shownKey('redo'), () => this.onRedo()),
      element('span', { class: 'split' }),
    ];
    this.#zoom = button({ text: tools.zoom(100), label: tools.fit, keys: shownKey('fit'), class: 'icon-button zoom' }, () => this.onFit(), signal);
    const zoomOut = tool('minus', tools.zoomOut, shownKey('zoomOut'), () => this.onZoom(1 / ZOOM_STEP));
    const zoomIn = tool('plus', tools.zoomIn, shownKey('zoomIn'), () => this.onZoom(ZOOM_STEP));
    for (const wide of [zoomOut, zoomIn, this.#zoom]) wide.classList.add('wide');
    const split = element('span', { class: 'split wide' });
    this.container = element(
      'div',
      { class: 'toolbar card', role: 'toolbar', 'aria-label': tools.label },
      ...this.#editing, this.#hide, this.#compare, this.#divider, this.#gray, split, zoomOut, this.#zoom, zoomIn,
    );
    this.#listen(signal);
  }

  /** @param {Tool} tool */
  showTool(tool) {
    const buttons = { hint: this.#hint, pin: this.#pin, hand: this.#hand };
    for (const [name, one] of Object.entries(buttons)) one.setAttribute('aria-pressed', String(name === tool));
  }

  /** @param {SeeingShown} shown */
  showSeeing({ hidden, comparing, gray, split }) {
    setIcon(this.#hide, hidden ? 'eye-off' : 'eye');
    const label = hidden ? words.tools.show : words.tools.hide;
    this.#hide.setAttribute('aria-label', label);
    this.#hide.title = `${label} (${shownKey('toggleHints')})`;
    const pressed = /** @type {const} */ ([[this.#hide, hidden], [this.#compare, comparing], [this.#gray, gray], [this.#divider, split]]);
    for (const [one, is] of pressed) one.setAttribute('aria-pressed', String(is));
  }

  /** @param {number} scale CSS pixels that one pixel of the picture takes */
  showZoom(scale) {
    const percent = words.tools.zoom(Math.round(scale * 100));
    const text = this.#zoom.querySelector('span');
    if (text) text.textContent = percent;
    this.#zoom.setAttribute('aria-label', `${percent}, ${words.tools.fit}`);
  }

  /** @param {string | null} color what the next hints get; null: what the picture shows there */
  showKept(color) {
    this.#kept.hidden = color === null || this.#hint.hidden;
    if (color !== null) this.#kept.style.setProperty('--fill', color);
  }

  /** @param {boolean} editable whether hints may be placed */
  showEditable(editable) {
    for (const part of this.#editing) if (part !== this.#kept) part.hidden = !editable;
    if (!editable) this.#kept.hidden = true;
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    // A press must not take the focus: the space bar would press the button again instead of moving the view.
    this.container.addEventListener('mousedown', (event) => event.preventDefault(), { signal });
    const compare = this.#compare;
    const hold = (/** @type {boolean} */ held) => () => this.onCompare(held);
    compare.addEventListener('pointerdown', (event) => {
      compare.setPointerCapture(event.pointerId);
      this.onCompare(true);
    }, { signal });
    for (const end of ['pointerup', 'pointercancel', 'blur']) compare.addEventListener(end, hold(false), { signal });
    compare.addEventListener('keydown', (event) => (event.key === ' ' || event.key === 'Enter') && this.onCompare(true), { signal });
    compare.addEventListener('keyup', hold(false), { signal });
    compare.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
  }
}
