// @ts-check
/** Who else is in the room: names and colors of members, the list of them, their cursors. */

import { Members } from './members.js';
import { nameOf } from './stage.js';
import { words } from './words.js';

/**
 * @typedef {object} CompanyPage
 * @property {import('../connection/live_room.js').LiveRoom} room
 * @property {import('./stage.js').Stage} stage
 * @property {() => void} onChange names or colors of members are others
 * @property {AbortSignal} signal
 */

export class Company {
  members;
  #page;
  /** @type {Map<string, string>} names of members seen, by public id */
  #names = new Map();
  /** Who is here, by public id. @type {string[]} */
  #present = [];

  /** @param {CompanyPage} page */
  constructor(page) {
    this.#page = page;
    this.members = new Members(page.stage.colorOf, page.signal);
    this.members.onRename = (name) => page.room.rename(name);
  }

  /** The name of a member who is or was here. @param {string} member public id */
  nameOf(member) {
    return this.#names.get(member) ?? words.room.someone;
  }

  /** @param {import('../wire/messages.js').Presence} presence */
  told({ present, count }) {
    const { room, stage, onChange } = this.#page;
    const { member, seat } = room.follower;
    const named = present.map((one) => ({ ...one, name: nameOf(one) }));
    for (const one of named) this.#names.set(one.member, one.name);
    this.#present = present.map((one) => one.member);
    this.tellApart();
    this.members.update(named, count, member);
    stage.cursors.told(named, seat);
    onChange();
  }

  /** Nobody knows where the others point now. */
  lost() {
    this.#page.stage.cursors.told([], '');
  }

  /** Gives each member a color. Whoever left keeps it as long as there are hints of theirs. */
  tellApart() {
    const hints = Object.values(this.#page.room.shown?.hints ?? {});
    this.#page.stage.tellApart([...this.#present, ...hints.map(({ author }) => author)]);
  }
}
