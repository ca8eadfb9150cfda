// @ts-check
/** The links of a room, to copy and to replace. */

import { Api, ApiError } from '../connection/http.js';
import { confirmed, showDialog } from './dialogs.js';
import { button, element, setIcon } from './elements.js';
import { words } from './words.js';

/**
 * A link as the dialog shows it. replace: there for those that an owner can replace.
 * @typedef {{name: string, note: string, url: string, replace?: () => void}} SharedLink
 */

const COPIED_MS = 1600;
/** Addresses that mean another computer on every computer. */
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Follows the links while it is open: one that is replaced changes under the eyes. */
export class ShareDialog {
  #signal;
  #list = element('div', { class: 'links' });
  /** @type {SharedLink[]} */
  #links = [];

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.#signal = signal;
  }

  /** @param {SharedLink[]} links */
  update(links) {
    if (JSON.stringify(links) === JSON.stringify(this.#links)) return;
    this.#links = links;
    this.#list.replaceChildren(codeOf(links[0].url), ...links.map((link) => this.#row(link)));
  }

  open() {
    const done = button({ text: words.share.close, class: 'button primary' }, () => shown.dialog.close(), this.#signal);
    const title = element('h2', {}, words.share.title);
    const warning = element('p', { class: 'only-here', hidden: !isOnlyHere() }, words.share.onlyHere);
    const content = [title, warning, this.#list, element('div', { class: 'dialog-buttons' }, done)];
    const shown = showDialog(content, this.#signal, words.share.title);
  }

  /** @param {SharedLink} link */
  #row({ name, note, url, replace }) {
    const { field, copy } = copying({ name, url }, this.#signal);
    const question = { title: words.confirm.rotateTitle, text: words.confirm.rotate, yes: words.confirm.rotateYes };
    const rotate = replace && button(
      { icon: 'refresh', label: `${words.share.replace}: ${name}`, class: 'icon-button' },
      async () => (await confirmed(question, this.#signal)) && replace(),
      this.#signal,
    );
    return element('div', { class: 'link' }, element('h3', {}, name), element('p', {}, note), element('div', { class: 'link-row' }, field, copy, rotate));
  }
}

/**
 * A field with a link, and a button that copies it.
 * @param {{name: string, url: string}} link
 * @param {AbortSignal} signal
 */
export function copying({ name, url }, signal) {
  const field = element('input', { class: 'field', readonly: true, value: url, 'aria-label': name });
  field.addEventListener('focus', () => field.select(), { signal });
  const copy = button({ icon: 'copy', text: words.share.copy, label: `${words.share.copy}: ${name}`, class: 'button' }, () => void copied(), signal);
  const copied = async () => {
    const said = (await copyText(url, field)) ? words.share.copied : words.share.copyFailed;
    setIcon(copy, 'check');
    copy.lastChild?.replaceWith(said);
    setTimeout(() => {
      setIcon(copy, 'copy');
      copy.lastChild?.replaceWith(words.share.copy);
    }, COPIED_MS);
  };
  return { field, copy };
}

/**
 * A link as a picture for the camera of a phone; nothing where it leads nowhere on a phone.
 * @param {string} url
 */
export function codeOf(url) {
  const { pathname, hash } = new URL(url);
  const picture = element('img', { class: 'code', alt: words.share.code, hidden: true });
  picture.addEventListener('load', () => URL.revokeObjectURL(picture.src));
  const shown = (/** @type {Blob} */ code) => {
    picture.src = URL.createObjectURL(code);
    picture.hidden = false;
  };
  /** @param {unknown} error */
  const without = (error) => {
    if (!(error instanceof ApiError)) throw error; // the link itself stands beside it
  };
  if (!isOnlyHere()) new Api({ capability: hash.slice(1) }).blob(`rooms/${pathname.split('/').at(-1)}/code`).then(shown, without);
  return picture;
}

/** Whether links of this page lead elsewhere on every other computer. */
export const isOnlyHere = () => LOOPBACK.includes(window.location.hostname);

/**
 * The clipboard needs a secure context; selecting and the old command work over plain HTTP on a LAN too.
 * @param {string} text
 * @param {HTMLInputElement} field that holds the text
 */
async function copyText(text, field) {
  try {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
  field.focus();
  field.select();
  return document.execCommand('copy');
}
