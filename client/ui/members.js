// @ts-check
/** Who is here: avatars, a list, one's own name; and everybody's cursors. */

import { button, element } from './elements.js';
import { popover } from './menu.js';
import { words } from './words.js';

/** @typedef {import('../wire/messages.js').Present} Present */

const AVATARS_MAX = 4;
/** Of them on a phone, whose bar has to hold the title too. */
const AVATARS_MAX_NARROW = 2;

/** One member counts once, however many tabs it has open. */
export class Members {
  /** @type {(name: string) => void} */
  onRename = () => {};

  container;
  card;
  #open;
  #list = element('ul');
  #heading = element('h2');
  #name;
  /** @type {(member: string) => string} */
  #colorOf;
  /** @type {Present[]} */
  #people = [];
  #own = '';

  /**
   * @param {(member: string) => string} colorOf a member's color
   * @param {AbortSignal} signal
   */
  constructor(colorOf, signal) {
    this.#colorOf = colorOf;
    this.#name = element('input', { class: 'field', maxlength: 40, 'aria-label': words.room.yourName, autocomplete: 'off', spellcheck: 'false' });
    this.#open = button({ class: 'avatars', label: words.room.people(1) }, () => {}, signal);
    this.container = this.#open;
    this.card = element('div', { class: 'menu people' }, this.#heading, this.#list);
    popover(this.#open, this.card, () => this.#fill(), signal);
    // An empty name gives the friendly one back.
    const rename = () => this.onRename(this.#name.value.trim());
    this.#name.addEventListener('change', rename, { signal });
    this.#name.addEventListener('keydown', (event) => event.key === 'Enter' && this.#name.blur(), { signal });
  }

  /**
   * @param {Present[]} present every seat
   * @param {number} count all connections, of which `present` may hold only some
   * @param {string} own this member's public id
   */
  update(present, count, own) {
    this.#own = own;
    const byMember = new Map(present.map((one) => [one.member, one]));
    const mine = byMember.get(own);
    byMember.delete(own);
    this.#people = [...(mine ? [mine] : []), ...byMember.values()];
    const hidden = count - present.length;
    const total = this.#people.length + hidden;
    const most = window.innerWidth > 640 ? AVATARS_MAX : AVATARS_MAX_NARROW;
    const shown = this.#people.slice(0, total > most ? most - 1 : most);
    const avatars = shown.map((one) => this.#avatar(one));
    if (total > shown.length) avatars.push(element('span', { class: 'avatar more', 'aria-hidden': 'true', 'data-initials': `+${total - shown.length}` }));
    this.#open.replaceChildren(...avatars);
    this.#open.dataset.count = String(total);
    this.#open.setAttribute('aria-label', words.room.people(total));
    this.#open.title = words.room.people(total);
    this.#heading.textContent = total > 1 ? words.room.people(total) : words.room.nobodyYet;
    if (!this.card.hidden && document.activeElement !== this.#name) this.#fill();
  }

  #fill() {
    this.#list.replaceChildren(...this.#people.map((one) => this.#row(one)));
  }

  /** @param {Present} person */
  #row(person) {
    const isOwn = person.member === this.#own;
    if (isOwn) this.#name.value = person.name;
    const name = isOwn ? this.#name : element('span', { class: 'name' }, person.name);
    const note = isOwn ? words.room.you : words.roles[person.role];
    return element('li', { 'data-member': person.member }, this.#avatar(person), name, element('span', { class: 'quiet small' }, note));
  }

  /** @param {Present} person */
  #avatar({ name, member }) {
    const initials = name.split(/\s+/).map((part) => [...part][0] ?? '').slice(0, 2).join('').toUpperCase();
    // Not as text: the list says the name, and the button that the others stand in has another.
    const avatar = element('span', { class: 'avatar', title: name, 'aria-hidden': 'true', 'data-initials': initials });
    avatar.style.setProperty('--ring', this.#colorOf(member));
    return avatar;
  }
}
