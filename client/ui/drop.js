// @ts-check
/** The drop zone: drop anywhere on the page, paste, or choose; then progress, or what is wrong and what to do. */

import { button, element, icon } from './elements.js';
import { words } from './words.js';

const KINDS = 'image/jpeg,image/png,image/webp,image/heic,image/heif,image/tiff,.heic,.heif,.tif,.tiff,.chromavive';

/** @typedef {{sentence: string, advice?: string}} Problem */

/** Tells its owner of a chosen file; its owner tells it what to show. */
export class DropZone {
  /** At least one. @type {(files: File[]) => void} */
  onFiles = () => {};
  onCancel = () => {};

  container;
  #heading = element('h2', {}, words.landing.drop);
  #note = element('p', { class: 'quiet' }, words.landing.dropMore);
  #kinds = element('p', { class: 'quiet small kinds' }, words.landing.kinds);
  #bar = element('span');
  #progress;
  #choose;
  #cancel;
  #problem = element('div', { class: 'problem', role: 'alert', hidden: true });
  #busy = false;

  /**
   * @param {string} scene address of the illustration
   * @param {AbortSignal} signal
   */
  constructor(scene, signal) {
    const input = element('input', { type: 'file', accept: KINDS, multiple: true, class: 'unseen', tabindex: -1, 'aria-hidden': 'true' });
    input.addEventListener('change', () => this.#take(input.files), { signal });
    const look = { icon: /** @type {const} */ ('image'), text: words.landing.choose, class: 'button primary' };
    this.#choose = button(look, () => input.click(), signal);
    this.#cancel = button({ text: words.landing.cancel }, () => this.onCancel(), signal);
    this.#cancel.hidden = true;
    this.#progress = element('div', { class: 'progress', role: 'progressbar', 'aria-label': words.landing.drop, hidden: true }, this.#bar);
    this.container = element(
      'div',
      { class: 'drop', id: 'drop' },
      element('img', { class: 'scene', src: scene, alt: '', width: 320, height: 220 }),
      this.#heading,
      this.#note,
      this.#progress,
      this.#choose,
      this.#kinds,
      this.#cancel,
      this.#problem,
      input,
    );
    this.#listen(input, signal);
  }

  /** @param {number | null} part sent, 0 to 1; null: sent, now the server reads it */
  showProgress(part) {
    this.#setBusy(true);
    const percent = Math.round((part ?? 1) * 100);
    this.#heading.textContent = part === null ? words.landing.preparing : words.landing.uploading(percent);
    this.#progress.classList.toggle('unknown', part === null);
    this.#bar.style.width = part === null ? '' : `${percent}%`;
    if (part === null) this.#progress.removeAttribute('aria-valuenow');
    else this.#progress.setAttribute('aria-valuenow', String(percent));
  }

  /** @param {Problem | null} problem null: as in the beginning */
  showIdle(problem) {
    this.#setBusy(false);
    this.#heading.textContent = words.landing.drop;
    this.#problem.hidden = problem === null;
    if (problem === null) return;
    this.#problem.replaceChildren(element('strong', {}, problem.sentence));
    if (problem.advice) this.#problem.append(element('span', {}, problem.advice));
  }

  /** @param {boolean} busy */
  #setBusy(busy) {
    this.#busy = busy;
    for (const shown of [this.#note, this.#choose, this.#kinds]) shown.hidden = busy;
    for (const shown of [this.#progress, this.#cancel]) shown.hidden = !busy;
    if (busy) this.#problem.hidden = true;
  }

  /**
   * @param {HTMLInputElement} input
   * @param {AbortSignal} signal
   */
  #listen(input, signal) {
    // Entering a child fires leave on its parent: only the difference tells whether the file is still over the page.
    let depth = 0;
    /** @param {number} next */
    const over = (next) => {
      depth = next;
      this.container.classList.toggle('over', depth > 0);
      if (!this.#busy) this.#heading.textContent = depth > 0 ? words.landing.dropping : words.landing.drop;
    };
    const carriesFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes('Files') ?? false;
    window.addEventListener('dragenter', (event) => carriesFiles(event) && over(depth + 1), { signal });
    window.addEventListener('dragleave', (event) => carriesFiles(event) && over(Math.max(0, depth - 1)), { signal });
    window.addEventListener('dragover', (event) => event.preventDefault(), { signal });
    const drop = (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      over(0);
      this.#take(event.dataTransfer?.files);
    };
    window.addEventListener('drop', drop, { signal });
    window.addEventListener('paste', (event) => this.#take(event.clipboardData?.files), { signal });
    // The same file chosen twice has to be taken twice.
    input.addEventListener('click', () => (input.value = ''), { signal });
  }

  /** @param {FileList | null | undefined} files */
  #take(files) {
    if (!this.#busy && files?.length) this.onFiles([...files]);
  }
}

/**
 * Where photographs are kept, in the server's words.
 * @param {string} sentence
 */
export function keptNote(sentence) {
  return element('p', { class: 'kept' }, icon('lock'), element('span', {}, sentence));
}
