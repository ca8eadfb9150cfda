// @ts-check
/** Who is here: avatars, a list, one's own name. A press on somebody else's avatar follows their view. */

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
  /** @type {(member: string) => void} */
  onFollow = () => {};
  /** Whether the others' cursors are to be shown. @type {(shown: boolean) => void} */
  onCursors = () => {};

  container;
  card;
  #open;
  #list = element('ul');
  #heading = element('h2');
  #others = element('div', { class: 'others' });
  #cursors = element('input', { type: 'checkbox' });
  #name;
  #signal;
  /** Public id of who is followed. @type {string | null} */
  #followed = null;
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
    this.#signal = signal;
    this.#name = element('input', { class: 'field', maxlength: 40, 'aria-label': words.room.yourName, autocomplete: 'off', spellcheck: 'false' });
    this.#open = button({ class: 'avatars', label: words.room.people(1) }, () => {}, signal);
    this.container = element('div', { class: 'company' }, this.#open, this.#others);
    const cursors = element('label', { class: 'cursors-shown small' }, this.#cursors, words.company.cursors);
    this.card = element('div', { class: 'menu people' }, this.#heading, this.#list, cursors);
    this.#cursors.addEventListener('change', () => this.onCursors(this.#cursors.checked), { signal });
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
    const avatars = shown.slice(0, mine ? 1 : 0).map((one) => this.#avatar(one));
    if (total > shown.length) avatars.push(element('span', { class: 'avatar more', 'aria-hidden': 'true', 'data-initials': `+${total - shown.length}` }));
    this.#open.replaceChildren(...avatars);
    this.#showOthers(shown.slice(mine ? 1 : 0));
    this.#open.dataset.count = String(total);
    this.#open.setAttribute('aria-label', words.room.people(total));
    this.#open.title = words.room.people(total);
    this.#heading.textContent = total > 1 ? words.room.people(total) : words.room.nobodyYet;
    if (!this.card.hidden && document.activeElement !== this.#name) this.#fill();
  }

  /** @param {string | null} member public id of who is followed */
  showFollowed(member) {
    this.#followed = member;
    for (const one of [...this.#others.children, ...this.#list.querySelectorAll('[aria-pressed]')]) {
      if (one instanceof HTMLElement) one.setAttribute('aria-pressed', String(one.dataset.member === member));
    }
  }

  /** @param {boolean} shown */
  showCursors(shown) {
    this.#cursors.checked = shown;
  }

  /** Kept as long as they are the same people: what has the focus keeps it. @param {Present[]} others */
  #showOthers(others) {
    const look = JSON.stringify(others.map((one) => [one.member, one.name, one.view !== null, this.#colorOf(one.member)]));
    if (this.#others.dataset.look === look) return;
    this.#others.dataset.look = look;
    this.#others.replaceChildren(...others.map((one) => this.#follower(one, { class: 'follow' }, this.#avatar(one))));
  }

  /** A button that follows somebody, and lets them go again. @param {Present} person @param {Record<string, string>} look @param {HTMLElement | string} content */
  #follower({ member, name, view }, look, content) {
    const label = words.company.follow(name);
    const made = element(
      'button',
      {
        type: 'button', ...look, title: label, 'aria-label': label, 'data-member': member, disabled: view === null,
        'aria-pressed': String(member === this.#followed),
      },
      content,
    );
    made.addEventListener('click', () => this.onFollow(member), { signal: this.#signal });
    return made;
  }

  #fill() {
    this.#list.replaceChildren(...this.#people.map((one) => this.#row(one)));
  }

  /** @param {Present} person */
  #row(person) {
    const isOwn = person.member === this.#own;
    if (isOwn) this.#name.value = person.name;
    const name = isOwn ? this.#name : element('span', { class: 'name' }, person.name);
    const note = element('span', { class: 'quiet small' }, isOwn ? words.room.you : words.roles[person.role]);
    const follow = !isOwn && this.#follower(person, { class: 'button small' }, words.company.followIt);
    return element('li', { 'data-member': person.member }, this.#avatar(person), element('div', { class: isOwn ? 'own' : '' }, name, note), follow);
  }

  /** @param {Present} person */
  #avatar({ name, member }) {
    const initials = name.split(/\s+/).map((part) => [...part][0] ?? '').slice(0, 2).join('').toUpperCase();
    // Not as text: the list says the name, and the button that it stands in has another.
    const avatar = element('span', { class: 'avatar', 'aria-hidden': 'true', 'data-initials': initials });
    avatar.style.setProperty('--ring', this.#colorOf(member));
    return avatar;
  }
}
