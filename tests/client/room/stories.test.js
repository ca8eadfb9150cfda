// @ts-check
/** This follower against the server's: what pages of the simulation's stories met (scripts/make_story_vectors.py). */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { Follower } from '../../../client/room/follower.js';
import { overlay } from '../../../client/room/gestures.js';

/** @typedef {import('../../../client/wire/messages.js').State} State */

/**
 * One step, and what the server's follower had after it; a state is left out where it is as before.
 * @typedef {object} Step
 * @property {'welcome' | 'entry' | 'accepted' | 'refused' | 'gestures' | 'edit' | 'adopt' | 'take_offered'} do
 * @property {any} [message]
 * @property {any} [edit]
 * @property {any[]} [found] what a dead page left
 * @property {State | null} [shown]
 * @property {State | null} [confirmed]
 * @property {[string, number][]} pending
 * @property {number} offered
 * @property {[string, number][]} [send] with a welcome: what goes out again
 * @property {any[] | null} [seen] with gestures: the hints as everybody sees them, the lowest first
 */

const NOBODY = { seat: '', member: '', live: new Map() };

/** @param {{seat: string, number: number}} one @returns {[string, number]} */
const keyOf = ({ seat, number }) => [seat, number];

/** @param {State} state @param {any} message */
function seen(state, { gestures }) {
  const hints = Object.values(overlay(state, gestures, NOBODY).hints);
  hints.sort((one, other) => one.touched - other.touched || (one.id < other.id ? -1 : 1));
  return hints.map(({ id, x, y, a, b, size, author }) => [id, x, y, a, b, size, author]);
}

/** Leads the follower one step on; gives what the step says besides states. @param {Follower} follower @param {Step} step */
function follow(follower, step) {
  switch (step.do) {
    case 'edit':
      follower.edit(step.edit);
      return {};
    case 'adopt':
      follower.restorePending(step.found ?? []);
      return {};
    case 'take_offered':
      follower.takeOffered(0);
      return {};
    case 'gestures':
      return step.seen ? { seen: seen(/** @type {State} */ (follower.shown), step.message) } : {};
    case 'welcome':
      follower.welcome(step.message);
      return { send: follower.pendingMessages().map(keyOf) };
    default:
      follower[step.do](step.message);
      return {};
  }
}

const { stories } = JSON.parse(readFileSync(new URL('../../vectors/stories.json', import.meta.url), 'utf8'));

for (const { name, seat, steps } of stories) {
  test(`the server's follower and this one agree in a story: ${name}`, () => {
    const follower = new Follower({ seat });
    /** @type {{shown: State | null, confirmed: State | null}} */
    let states = { shown: null, confirmed: null };
    assert.ok(steps.length > 0);
    /** @type {Step[]} */ (steps).forEach((step, index) => {
      const { send, seen: expectedSeen } = step;
      const expected = { ...(send && { send }), ...(expectedSeen && { seen: expectedSeen }) };
      assert.deepEqual(follow(follower, step), expected, `step ${index}`);
      states = { shown: step.shown ?? states.shown, confirmed: step.confirmed ?? states.confirmed };
      const ours = JSON.parse(JSON.stringify({ shown: follower.shown, confirmed: follower.confirmed }));
      const { pending, offered } = step;
      const ourPending = follower.pending.map(keyOf);
      assert.deepEqual({ ...ours, pending: ourPending, offered: follower.offered.length }, { ...states, pending, offered }, `step ${index}`);
    });
  });
}

test('the stories hold all that a page can meet', () => {
  const done = new Set(stories.flatMap((/** @type {{steps: Step[]}} */ { steps }) => steps.map((step) => step.do)));
  for (const one of ['welcome', 'entry', 'accepted', 'refused', 'gestures', 'edit', 'adopt', 'take_offered']) assert.ok(done.has(one), one);
});
