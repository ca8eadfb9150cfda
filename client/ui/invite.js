// @ts-check
/** A card by which the owner of a new room brings the first guest in. */

import { button, element } from './elements.js';
import { copying, isOnlyHere, qrPicture } from './share_dialog.js';
import { words } from './words.js';

export class Invite {
  container = element('aside', { class: 'invite card', 'aria-label': words.company.invite, hidden: true });
  #signal;
  /** It was closed, or a guest came: it does not come back. */
  #done = false;
  #url = '';

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.#signal = signal;
  }

  /** The room is new, and this is its owner's page. @param {string} url for those who color along */
  open(url) {
    if (this.#done || url === this.#url) return;
    this.#url = url;
    const close = button({ icon: 'close', label: words.company.close }, () => this.close(), this.#signal);
    const { field, copy } = copying({ name: words.share.editor, url }, this.#signal);
    const note = isOnlyHere() ? words.share.onlyHere : words.company.inviteNote;
    this.container.replaceChildren(
      element('h2', {}, words.company.invite), close, qrPicture(url) ?? '', element('p', { class: 'quiet small' }, note), field, copy,
    );
    this.container.hidden = false;
  }

  close() {
    this.#done = true;
    this.container.hidden = true;
  }
}
