// @ts-check
/** What entries mean to this member: what others did to the whole room, what can be taken back, whose color stayed. */

import { Contest } from '../room/contest.js';
import { words } from './words.js';

/** @typedef {import('../wire/messages.js').Entry} Entry */

/** How long a color that did not stay can be sent again by one press. */
const LOST_MS = 2000;
/** Edits of the whole picture, which the author is offered to take back. */
const TAKEN_BACK = ['clear', 'import', 'restore', 'network'];

/**
 * @typedef {object} NewsPage
 * @property {import('../connection/live_room.js').LiveRoom} room
 * @property {import('./toast.js').Toasts} toasts
 * @property {(member: string) => string} nameOf
 */

export class News {
  #page;
  #contest = new Contest();
  /** Takes the offer back to undo the last edit of the whole picture. @type {() => void} */
  #endOffer = () => {};
  /** The number of an edit after that one. */
  #offeredAt = 0;

  /** @param {NewsPage} page */
  constructor(page) {
    this.#page = page;
  }

  /** @param {Entry} entry that came in just now @param {boolean} isOwn of this page */
  entry(entry, isOwn) {
    const { room, toasts, nameOf } = this.#page;
    const lost = this.#contest.entry(entry, room.follower.member, performance.now() / 1000);
    if (lost !== null) {
      const { hint, a, b } = lost;
      const act = () => hint in (room.shown?.hints ?? {}) && room.edit({ type: 'recolor', hints: [hint], a, b });
      toasts.show(words.news.lost(nameOf(lost.member)), { text: words.news.useMine, act }, LOST_MS);
    }
    if (isOwn) this.#offer(entry);
    else if (entry.member !== room.follower.member) this.#tell(entry);
  }

  /** An offer to undo ends as soon as something else would be undone. */
  show() {
    if (this.#page.room.follower.nextNumber !== this.#offeredAt) this.#endOffer();
  }

  /** @param {Entry} entry */
  #offer({ kind, number }) {
    const { room, toasts } = this.#page;
    if (!TAKEN_BACK.includes(kind) || room.follower.nextNumber !== number + 1) return;
    this.#offeredAt = number + 1;
    this.#endOffer = toasts.show(words.news.own[kind], { text: words.tools.undo, act: () => room.edit({ type: 'undo' }) });
  }

  /** @param {Entry} entry */
  #tell({ member, kind, changes }) {
    const { toasts, nameOf } = this.#page;
    const [first] = changes;
    const brought = kind === 'undo' && first?.type === 'all_hints' ? 'undo_all' : kind;
    const said = words.news.others[first?.type === 'locked' && !first.after ? 'unlock' : brought];
    if (said) toasts.show(said(nameOf(member)));
  }
}
