// @ts-check
/** The others' cursors with their names, gliding. */

import { Cursors } from '../room/presence.js';
import { element } from './elements.js';

const SVG = 'http://www.w3.org/2000/svg';
const ARROW = 'M4 2.5l15.5 8.7-7 1.6-3.6 6.5z';

export class CursorLayer {
  container = element('div', { class: 'layer', id: 'cursors', 'aria-hidden': 'true' });
  #cursors = new Cursors();
  #marks = /** @type {Map<string, HTMLElement>} */ (new Map());
  #nameOf;
  #colorOf;
  #request = 0;
  /** @type {(place: {x: number, y: number}) => {x: number, y: number}} */
  #toScreen = (place) => place;

  /**
   * @param {(one: {member: string, name: string}) => string} nameOf
   * @param {(member: string) => string} colorOf
   * @param {AbortSignal} signal
   */
  constructor(nameOf, colorOf, signal) {
    this.#nameOf = nameOf;
    this.#colorOf = colorOf;
    signal.addEventListener('abort', () => cancelAnimationFrame(this.#request));
  }

  /** @param {readonly import('../wire/messages.js').Present[]} present @param {string} ownSeat */
  told(present, ownSeat) {
    this.#cursors.told(present, ownSeat);
    this.#glide();
  }

  /** @param {(place: {x: number, y: number}) => {x: number, y: number}} toScreen */
  project(toScreen) {
    this.#toScreen = toScreen;
    this.#glide();
  }

  #glide() {
    this.#request ||= requestAnimationFrame((nowMs) => {
      this.#request = 0;
      const { cursors, moving } = this.#cursors.at(nowMs / 1000);
      this.#draw(cursors);
      if (moving) this.#glide();
    });
  }

  /** @param {import('../room/presence.js').Cursor[]} cursors */
  #draw(cursors) {
    const there = new Set(cursors.map(({ seat }) => seat));
    for (const [seat, mark] of this.#marks) {
      if (there.has(seat)) continue;
      mark.remove();
      this.#marks.delete(seat);
    }
    for (const cursor of cursors) {
      const mark = this.#marks.get(cursor.seat) ?? this.#made(cursor.seat);
      const { x, y } = this.#toScreen(cursor);
      mark.style.transform = `translate(${x}px, ${y}px)`;
      mark.style.setProperty('--ring', this.#colorOf(cursor.member));
      mark.dataset.member = cursor.member;
      const name = mark.lastElementChild;
      if (name !== null) name.textContent = this.#nameOf(cursor);
    }
  }

  /** @param {string} seat */
  #made(seat) {
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('viewBox', '0 0 22 22');
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', ARROW);
    path.setAttribute('stroke-linejoin', 'round');
    svg.append(path);
    const mark = element('div', { class: 'cursor' }, svg, element('span'));
    this.#marks.set(seat, mark);
    this.container.append(mark);
    return mark;
  }
}
