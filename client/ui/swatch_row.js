// @ts-check
/** The colors that the room keeps by name: a press uses one, a long press, a right click or F2 changes it. */

import { newSecret } from '../connection/secrets.js';
import { NAME_CHARACTERS_MAX, SWATCHES_MAX } from '../wire/limits.js';
import { colorDot, dotColor } from './color_dot.js';
import { showDialog } from './dialogs.js';
import { button, element } from './elements.js';
import { shownKey } from './keys.js';
import { words } from './words.js';
import { colorName } from './words/colors.js';

/** @typedef {import('../wire/messages.js').NamedColor} NamedColor */

const LONG_PRESS_MS = 550;

export class SwatchRow {
  /** @type {(a: number, b: number) => void} */
  onUse = () => {};
  /** @type {(id: string, swatch: import('../wire/messages.js').NewSwatch | null) => void} */
  onSet = () => {};
  onPick = () => {};

  container;
  #signal;
  #row = element('div', { class: 'dots', role: 'group', 'aria-label': words.swatches.label });
  #keep;
  #shown = '';
  /** @type {[number, number, number]} L, a and b of the selected hint */
  #lab = [50, 0, 0];

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.#signal = signal;
    const pick = button({ icon: 'dropper', label: words.picking.start, keys: shownKey('pick') }, () => this.onPick(), signal);
    this.#keep = button({ icon: 'plus', label: words.swatches.keep, class: 'icon-button keep' }, () => this.#ask(null), signal);
    this.container = element('div', { class: 'swatches' }, pick, this.#row);
    this.#row.append(this.#keep);
  }

  /** @param {number} lightness @param {number} a @param {number} b */
  showHint(lightness, a, b) {
    this.#lab = [lightness, a, b];
  }

  /** @param {Record<string, NamedColor>} swatches */
  show(swatches) {
    const shown = JSON.stringify(Object.values(swatches));
    if (shown === this.#shown) return;
    this.#shown = shown;
    const focused = [...this.#row.children].findIndex((one) => one === document.activeElement);
    const dots = Object.values(swatches).map((swatch) => this.#dot(swatch));
    this.#keep.disabled = dots.length >= SWATCHES_MAX;
    this.#row.replaceChildren(...dots, this.#keep);
    const next = this.#row.children[Math.min(focused, dots.length)];
    if (focused >= 0 && next instanceof HTMLElement) next.focus();
  }

  /** @param {NamedColor} swatch */
  #dot(swatch) {
    const label = words.swatches.use(swatch.name || dotColor(swatch.a, swatch.b));
    let held = 0;
    const use = () => {
      if (held !== -1) this.onUse(swatch.a, swatch.b);
      held = 0;
    };
    const dot = colorDot(swatch, label, use, this.#signal);
    const ask = () => {
      clearTimeout(held);
      held = -1; // the press that was long is none
      void this.#ask(swatch).then(() => (held = 0));
    };
    dot.addEventListener('pointerdown', ({ button: pressed }) => pressed === 0 && (held = window.setTimeout(ask, LONG_PRESS_MS)));
    for (const end of ['pointerup', 'pointerleave', 'pointercancel']) {
      dot.addEventListener(end, () => held !== -1 && clearTimeout(held));
    }
    dot.addEventListener('contextmenu', (event) => {
      event.preventDefault();
      if (held !== -1) ask();
    });
    dot.addEventListener('keydown', (event) => {
      if (event.key !== 'F2' && event.key !== 'Delete') return;
      event.preventDefault();
      if (event.key === 'F2') ask();
      else this.onSet(swatch.id, null);
    });
    dot.dataset.swatch = swatch.id;
    return dot;
  }

  /** Asks for a name. @param {NamedColor | null} swatch null: of the hint's color, to be kept */
  async #ask(swatch) {
    const [lightness, a, b] = swatch === null ? this.#lab : [62, swatch.a, swatch.b];
    const label = swatch === null ? words.swatches.keep : words.swatches.change;
    const name = element('input', { class: 'field', 'aria-label': words.swatches.name, maxlength: NAME_CHARACTERS_MAX, autocomplete: 'off' });
    name.value = swatch?.name ?? colorName(lightness, a, b);
    const ended = new AbortController();
    const end = (/** @type {() => void} */ act) => () => {
      act();
      shown.dialog.close();
    };
    const id = swatch?.id ?? newSecret();
    const yes = end(() => this.onSet(id, { name: name.value.trim(), a, b }));
    const fill = element('span', { class: 'swatch' });
    fill.style.setProperty('--fill', dotColor(a, b));
    const shown = showDialog(
      [
        element('h2', {}, label),
        element('div', { class: 'swatch-name' }, fill, name),
        element(
          'div',
          { class: 'dialog-buttons' },
          swatch && button({ text: words.panel.remove, class: 'button danger' }, end(() => this.onSet(id, null)), ended.signal),
          button({ text: words.confirm.cancel }, end(() => {}), ended.signal),
          button({ text: words.swatches.yes, class: 'button primary' }, yes, ended.signal),
        ),
      ],
      this.#signal,
      label,
    );
    name.addEventListener('keydown', (event) => event.key === 'Enter' && yes(), { signal: ended.signal });
    name.focus();
    name.select();
    await shown.closed;
    ended.abort();
  }
}
