// @ts-check
/** A rectangle over the picture: the box that selects, the square of a hint's size. */

import { element } from './elements.js';

/** @typedef {import('./pointer.js').Point} Point */

export class Rectangle {
  container;

  /** @param {string} kind its class */
  constructor(kind) {
    this.container = element('div', { class: `rectangle ${kind}`, hidden: true, 'aria-hidden': 'true' });
  }

  /** @param {Point} one a corner, in CSS pixels of the stage @param {Point} other the corner across */
  show(one, other) {
    const { style } = this.container;
    style.transform = `translate(${Math.min(one.x, other.x)}px, ${Math.min(one.y, other.y)}px)`;
    style.width = `${Math.abs(one.x - other.x)}px`;
    style.height = `${Math.abs(one.y - other.y)}px`;
    this.container.hidden = false;
  }

  hide() {
    this.container.hidden = true;
  }
}
