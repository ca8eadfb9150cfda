// @ts-check
/** The network and the vividness: tried by this member alone, chosen by the owner for everybody. */

import { servingNetwork } from '../room/state.js';
import { ColorsCard } from './colors_card.js';
import { Trying } from './trying.js';

const NARROW = matchMedia('(max-width: 640px)');

/**
 * @typedef {object} ChoosingPage
 * @property {import('../connection/live_room.js').LiveRoom} room
 * @property {import('../picture/preview.js').PreviewFeed} previews
 * @property {import('./seeing.js').Seeing} seeing
 * @property {() => void} makeWay what lies at the same side closes
 * @property {() => void} onChange what is drawn has to be drawn anew
 * @property {AbortSignal} signal
 */

export class Choosing {
  card;
  trying;
  #page;

  /** @param {ChoosingPage} page */
  constructor(page) {
    this.#page = page;
    this.card = new ColorsCard(page.signal);
    this.trying = new Trying(page);
    this.#join();
  }

  /** The network that paints the room, as far as it is known. */
  get serving() {
    const { engine, confirmed } = this.#page.room.follower;
    return engine && confirmed && servingNetwork(engine, confirmed.network);
  }

  /** @param {import('../wire/messages.js').State} state as everybody sees it */
  show(state) {
    const { engine, role } = this.#page.room.follower;
    const isOwner = role === 'owner';
    const tried = this.trying.network;
    this.trying.show(isOwner, this.serving?.name ?? state.network);
    if (engine !== null) this.card.show({ state, engine, isOwner, tried });
  }

  /** @param {boolean} open */
  open(open = true) {
    if (open) this.#page.makeWay();
    if (open) this.card.open();
    else this.card.close();
    this.#page.onChange();
  }

  toggle() {
    this.open(!this.card.isOpen);
  }

  #join() {
    const { card, trying } = this;
    card.onTry = (network) => {
      trying.tryNetwork(network);
      if (NARROW.matches) this.open(false); // it would cover what is tried
    };
    card.onBack = () => trying.back();
    card.onVividnessDrag = (vividness) => trying.tryVividness(vividness);
    card.onVividness = (vividness) => trying.chooseVividness(vividness);
    card.onVividnessCancel = () => trying.releaseVividness();
    card.onClose = this.#page.onChange;
  }
}
