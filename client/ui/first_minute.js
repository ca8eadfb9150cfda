// @ts-check
/** What helps who is new here: a dot that asks for a color, else words below the picture; an invitation for the others. */

import { Asking } from './asking.js';
import { Invite } from './invite.js';
import { coachMark } from './status.js';
import { words } from './words.js';

/**
 * @typedef {object} FirstMinutePage
 * @property {import('../connection/http.js').Api} api
 * @property {string} id of the room
 * @property {import('./stage.js').Stage} stage
 * @property {() => void} onChange
 * @property {AbortSignal} signal
 */

export class FirstMinute {
  asking;
  parts;
  #invite;
  #coach = coachMark(matchMedia('(pointer: coarse)').matches ? words.room.firstHintTouch : words.room.firstHint);

  /** @param {FirstMinutePage} page */
  constructor({ api, id, stage, onChange, signal }) {
    this.asking = new Asking(() => api.ask(id), (place) => stage.toScreen(place), onChange, signal);
    this.#invite = new Invite(signal);
    this.parts = [this.asking.container, this.#coach, this.#invite.container];
  }

  /**
   * @param {import('../wire/messages.js').State} state
   * @param {{mayPlace: boolean, inviteUrl: string | null, others: number}} page inviteUrl: for the owner of a new room
   */
  show({ hints, turn, crop, network }, { mayPlace, inviteUrl, others }) {
    const isBare = mayPlace && Object.keys(hints).length === 0;
    this.asking.show(isBare ? `${turn} ${crop} ${network}` : null);
    this.#coach.hidden = !isBare || this.asking.isAsking;
    if (others > 0) this.#invite.close();
    else if (inviteUrl !== null) this.#invite.open(inviteUrl);
  }
}
