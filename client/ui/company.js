// @ts-check
/** Who else is in the room: names and colors of members, the list of them, their cursors, and following what one shows. */

import { holders } from '../room/gestures.js';
import { Following } from './following.js';
import { Members } from './members.js';
import { nameOf } from './stage.js';
import { words } from './words.js';

/** @typedef {import('../wire/messages.js').Present} Present */

/**
 * @typedef {object} CompanyPage
 * @property {import('../connection/live_room.js').LiveRoom} room
 * @property {import('./stage.js').Stage} stage
 * @property {import('../connection/store.js').Store} store
 * @property {() => void} onChange names or colors of members are others
 * @property {AbortSignal} signal
 */

export class Company {
  members;
  following;
  #page;
  /** @type {Map<string, string>} names of members seen, by public id */
  #names = new Map();
  /** Every seat that is here, with its name. @type {Present[]} */
  #present = [];

  /** @param {CompanyPage} page */
  constructor(page) {
    this.#page = page;
    const { room, stage, store, signal } = page;
    const members = new Members(stage.colorOf, signal);
    this.members = members;
    this.following = new Following(stage, () => this.#followed(), signal);
    members.onRename = (name) => room.rename(name);
    members.onFollow = (member) => this.#follow(member);
    members.onCursors = (shown) => {
      store.cursors = shown;
      this.#showCursors();
    };
    this.#showCursors();
  }

  /** How many others are here. */
  get others() {
    const { member } = this.#page.room.follower;
    return this.#present.filter((one) => one.member !== member).length;
  }

  /** The name of a member who is or was here. @param {string} member public id */
  nameOf(member) {
    return this.#names.get(member) ?? words.room.someone;
  }

  /** @param {import('../wire/messages.js').Presence} presence */
  told({ present, count }) {
    const { room, stage, onChange } = this.#page;
    const { member, seat } = room.follower;
    this.#present = present.map((one) => ({ ...one, name: nameOf(one) }));
    for (const one of this.#present) this.#names.set(one.member, one.name);
    this.tellApart();
    this.members.update(this.#present, count, member);
    stage.cursors.told(this.#present, seat);
    this.following.told(this.#present);
    onChange();
  }

  /** Draws what follows from the room's state, after its hints are drawn. */
  show() {
    const { room, stage } = this.#page;
    const others = room.gesturesTold.filter(({ member }) => member !== room.follower.member);
    const named = [...holders(others)].map(([hint, member]) => (
      /** @type {const} */ ([hint, { name: this.nameOf(member), color: stage.colorOf(member) }])
    ));
    stage.hints.showHolders(new Map(named));
    if (room.isGesturing) this.following.stop();
  }

  /** The journal holds an edit of this page: who places hints looks for themselves. @param {string} kind */
  ownEntry(kind) {
    if (kind === 'add' || kind === 'move') this.following.stop();
  }

  /** Nobody knows where the others are now. */
  lost() {
    this.#page.stage.cursors.told([], '');
    this.following.stop();
  }

  /** The picture moved on the screen: others may follow. Two who follow each other would swap their views for ever. */
  moved() {
    if (this.following.member === null) this.#page.room.view(this.#page.stage.sight);
  }

  /** Gives each member a color. Whoever left keeps it as long as there are hints of theirs. */
  tellApart() {
    const hints = Object.values(this.#page.room.shown?.hints ?? {});
    this.#page.stage.tellApart([...this.#present.map(({ member }) => member), ...hints.map(({ author }) => author)]);
  }

  /** @param {string} member */
  #follow(member) {
    const seat = this.#present.find((one) => one.member === member && one.view !== null);
    if (member === this.following.member || seat === undefined) this.following.stop();
    else this.following.follow(seat);
  }

  #followed() {
    this.members.showFollowed(this.following.member);
    this.moved();
  }

  #showCursors() {
    const { stage, store } = this.#page;
    this.members.showCursors(store.cursors);
    stage.cursors.container.hidden = !store.cursors;
  }
}
