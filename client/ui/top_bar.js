// @ts-check
/** The bar above the picture: home, title, connection; members, share, download, more. */

import { LOGO, button, element, icon, leaveByEscape } from './elements.js';
import { menu } from './menu.js';
import { ConnectionMark } from './status.js';
import { words } from './words.js';

export class TopBar {
  /** @type {(title: string) => void} */
  onRetitle = () => {};
  onShare = () => {};
  onDownload = () => {};
  onColors = () => {};
  /** What the menu holds when it opens. @type {() => (import('./menu.js').MenuItem | null)[]} */
  items = () => [];

  container;
  connection = new ConnectionMark();
  #title;
  #locked = element('span', { class: 'locked', title: words.room.locked, role: 'img', 'aria-label': words.room.locked, hidden: true }, icon('lock'));
  #watching = element(
    'span', { class: 'watching', title: words.room.watching, hidden: true }, icon('eye'), element('span', {}, words.roles.viewer),
  );
  #download;
  #share;

  /**
   * @param {import('./members.js').Members} members
   * @param {HTMLElement} theme the button for it
   * @param {AbortSignal} signal
   */
  constructor(members, theme, signal) {
    const home = element(
      'a',
      { class: 'home', href: '../', title: words.room.home, 'aria-label': words.room.home },
      element('img', { src: LOGO, alt: '' }),
    );
    this.#title = element('input', {
      class: 'title', 'aria-label': words.room.title, placeholder: words.room.untitled, maxlength: 120, readonly: true,
      autocomplete: 'off', spellcheck: 'false',
    });
    const share = button({ icon: 'share', text: words.room.share, label: words.room.share, class: 'button primary share-button' }, () => this.onShare(), signal);
    this.#download = button({ icon: 'download', label: words.room.download }, () => this.onDownload(), signal);
    this.#share = share;
    const colors = button({ icon: 'palette', label: words.room.colors }, () => this.onColors(), signal);
    const more = button({ icon: 'more', label: words.room.more }, () => {}, signal);
    const left = element('div', { class: 'bar-group card' }, home, this.#title, this.#locked, this.#watching, this.connection.container);
    const right = element('div', { class: 'bar-group card' }, members.container, theme, colors, this.#download, more, share);
    for (const wide of [theme, colors]) wide.classList.add('wide');
    const cards = element('div', { class: 'popovers' }, members.card, menu(more, () => this.items(), signal));
    this.container = element('header', {}, element('div', { class: 'top-bar' }, left, right), cards);
    const retitle = () => this.onRetitle(this.#title.value.trim());
    this.#title.addEventListener('change', retitle, { signal });
    this.#title.addEventListener('keydown', (event) => event.key === 'Enter' && this.#title.blur(), { signal });
    leaveByEscape(this.#title, () => (this.#title.value = this.#title.title), signal);
  }

  /**
   * @param {{title: string, locked: boolean, watching: boolean, mayRetitle: boolean, mayDownload: boolean}} room
   */
  show({ title, locked, watching, mayRetitle, mayDownload }) {
    if (document.activeElement !== this.#title) this.#title.value = title;
    this.#title.readOnly = !mayRetitle;
    this.#title.title = title;
    // Who only watches can do nothing in either case.
    this.#locked.hidden = !locked || watching;
    this.#watching.hidden = !watching;
    this.#download.hidden = !mayDownload;
    // Who watches came for the picture, and the button says so in a word.
    this.#download.className = watching ? 'button primary save' : 'icon-button';
    this.#download.dataset.word = watching ? words.room.save : '';
    this.#share.classList.toggle('primary', !watching);
  }
}
