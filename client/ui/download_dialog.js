// @ts-check
/** How the picture is to be saved, and how far the server is with it. */

import { ApiError } from '../connection/http.js';
import { fileBytes, inWords } from '../picture/file_size.js';
import { showDialog } from './dialogs.js';
import { button, element } from './elements.js';
import { words } from './words.js';

/** @typedef {import('../connection/http.js').ExportWish} ExportWish */
/** @typedef {ExportWish['format']} Format */
/** @typedef {NonNullable<ExportWish['layout']>} Layout */

/**
 * Makes the file; gives the address from which the browser can save it.
 * @typedef {(wish: ExportWish, options: {onProgress: (share: number) => void, signal: AbortSignal}) => Promise<string>} MakeExport
 */

/** @type {readonly Format[]} */
const FORMATS = ['png', 'jpeg', 'webp', 'tiff'];
/** @type {readonly Layout[]} */
const LAYOUTS = ['picture', 'side_by_side', 'colors'];
const LOSSY = new Set(['jpeg', 'webp']);
const QUALITY = { min: 50, max: 100, usual: 92 };

/** What was chosen stays chosen as long as the page is open. */
export class DownloadDialog {
  #signal;
  #make;
  #formats;
  #layouts;
  #formatNote = element('p', { class: 'quiet small' });
  #layoutNote = element('p', { class: 'quiet small' });
  #quality = element('input', { type: 'range', min: QUALITY.min, max: QUALITY.max, value: QUALITY.usual, 'aria-label': words.download.quality });
  #qualityValue = element('output', {}, String(QUALITY.usual));
  #qualityRow = element('label', { class: 'size-row' }, words.download.quality, this.#quality, this.#qualityValue);
  #size = element('p', { class: 'size' });
  #progress = element('progress', { max: 1, 'aria-label': words.download.making, hidden: true });
  #said = element('p', { class: 'said small', role: 'status' });
  #others = element('div', { class: 'other-files' });
  #choices;
  #cancel;
  #go;
  /** @type {import('../picture/file_size.js').Shown} */
  #shown = { width: 0, height: 0, grayBytesPerPixel: 0 };
  /** @type {HTMLDialogElement | null} */
  #dialog = null;
  /** @type {AbortController | null} what is being made */
  #making = null;

  /** @param {MakeExport} make @param {AbortSignal} signal */
  constructor(make, signal) {
    const { download } = words;
    this.#make = make;
    this.#signal = signal;
    this.#formats = choice('format', FORMATS, (format) => download.formats[format].name, () => this.#show(), signal);
    this.#layouts = choice('layout', LAYOUTS, (layout) => download.layouts[layout].name, () => this.#show(), signal);
    this.#choices = element(
      'fieldset',
      { class: 'export-choices' },
      element('div', { role: 'radiogroup', 'aria-label': download.format }, this.#formats.container),
      this.#formatNote,
      this.#qualityRow,
      element('div', { role: 'radiogroup', 'aria-label': download.layout }, this.#layouts.container),
      this.#layoutNote,
    );
    this.#quality.addEventListener('input', () => this.#show(), { signal });
    this.#cancel = button({ text: download.cancel }, () => this.#stop(), signal);
    this.#go = button({ text: download.go, icon: 'download', class: 'button primary' }, () => void this.#run(), signal);
  }

  /**
   * @param {import('../picture/file_size.js').Shown} shown the picture
   * @param {import('./room_files.js').RoomFile[]} others what can be had besides it
   */
  open(shown, others) {
    if (this.#dialog !== null) return;
    this.#shown = shown;
    this.#said.textContent = '';
    this.#showOthers(others);
    this.#show();
    const content = [
      element('h2', {}, words.download.title), this.#choices, this.#size, this.#progress, this.#said,
      element('div', { class: 'dialog-buttons' }, this.#cancel, this.#go), this.#others,
    ];
    const opened = showDialog(content, this.#signal, words.download.title);
    opened.dialog.classList.add('export-dialog');
    this.#dialog = opened.dialog;
    this.#go.focus(); // so that Enter saves the picture as it was saved last, at first as PNG
    void opened.closed.then(() => {
      this.#making?.abort();
      this.#dialog = null;
    });
  }

  #show() {
    const [format, layout] = [this.#formats.value, this.#layouts.value];
    const { download } = words;
    this.#formatNote.textContent = download.formats[format].note;
    this.#layoutNote.textContent = download.layouts[layout].note;
    this.#qualityRow.hidden = !LOSSY.has(format);
    this.#qualityValue.textContent = this.#quality.value;
    const { width, height } = this.#shown;
    const pixels = download.size(layout === 'side_by_side' ? 2 * width : width, height);
    const bytes = fileBytes(this.#shown, { format, layout, quality: Number(this.#quality.value) });
    this.#size.textContent = bytes === null ? pixels : `${pixels}, ${download.about(inWords(bytes))}`;
  }

  /** @param {import('./room_files.js').RoomFile[]} others */
  #showOthers(others) {
    this.#others.hidden = others.length === 0;
    const rows = others.map(({ text, note, act, disabled }) => {
      const take = button({ text, icon: 'download' }, act, this.#signal);
      take.disabled = disabled ?? false;
      return element('div', {}, take, element('span', { class: 'quiet small' }, note));
    });
    this.#others.replaceChildren(element('h3', {}, words.download.others), ...rows);
  }

  /** What was chosen, without what goes without saying. @returns {ExportWish} */
  get #wish() {
    const [format, layout] = [this.#formats.value, this.#layouts.value];
    return {
      format,
      ...(LOSSY.has(format) && { quality: Number(this.#quality.value) }),
      ...(layout !== LAYOUTS[0] && { layout }),
    };
  }

  async #run() {
    if (this.#making !== null) return;
    const making = new AbortController();
    this.#making = making;
    this.#showMaking(true);
    try {
      const onProgress = (/** @type {number} */ share) => (this.#progress.value = share);
      const address = await this.#make(this.#wish, { onProgress, signal: making.signal });
      element('a', { href: address, download: '' }).click();
      this.#dialog?.close();
    } catch (error) {
      if (!making.signal.aborted) {
        if (!(error instanceof ApiError)) throw error;
        this.#said.textContent = error.sentence || words.failed.download;
      }
    } finally {
      this.#making = null;
      this.#showMaking(false);
    }
  }

  /** @param {boolean} making */
  #showMaking(making) {
    this.#choices.disabled = making;
    this.#go.disabled = making;
    this.#progress.hidden = !making;
    this.#progress.removeAttribute('value');
    if (making) this.#said.textContent = words.download.making;
    else if (this.#said.textContent === words.download.making) this.#said.textContent = '';
  }

  /** Ends the making, or else the dialog. */
  #stop() {
    if (this.#making === null) this.#dialog?.close();
    else this.#making.abort();
  }
}

/**
 * One of a few, side by side. The browser's own radio buttons bring the keys along.
 * @template {string} Value
 * @param {string} name
 * @param {readonly Value[]} values the first one is chosen
 * @param {(value: Value) => string} text
 * @param {() => void} onChange
 * @param {AbortSignal} signal
 */
function choice(name, values, text, onChange, signal) {
  const inputs = values.map((value, index) => element('input', { type: 'radio', name, value, checked: index === 0 }));
  const labels = values.map((value, index) => element('label', {}, inputs[index], element('span', {}, text(value))));
  const container = element('div', { class: 'segments' }, ...labels);
  container.addEventListener('change', onChange, { signal });
  return {
    container,
    get value() {
      return values[inputs.findIndex(({ checked }) => checked)];
    },
  };
}
