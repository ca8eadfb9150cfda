// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { NewestOnly } from '../../../client/room/newest.js';
import { Cursors, friendlyName, hueOf } from '../../../client/room/presence.js';
import { ManualClock } from '../doubles.js';

const words = { colors: ['Amber', 'Teal', 'Rose'], animals: ['Heron', 'Otter', 'Lynx', 'Wren'] };
const members = Array.from({ length: 400 }, (_, index) => (index * 7919).toString(16).padStart(16, '0'));

/** @param {string} seat @param {number | null} x */
const person = (seat, x) => ({ seat, member: seat, name: '', role: /** @type {const} */ ('editor'), x, y: x });

test('a member has the same color and name everywhere, and members differ', () => {
  assert.equal(hueOf('0123456789abcdef'), hueOf('0123456789abcdef'));
  assert.ok(members.every((member) => hueOf(member) >= 0 && hueOf(member) < 360));
  assert.ok(new Set(members.map(hueOf)).size > 200, 'hues are spread');
  assert.equal(new Set(members.map((member) => friendlyName(member, words))).size, 12, 'every pair of words occurs');
});

test('a cursor appears where it is and glides to where it goes', () => {
  const cursors = new Cursors();
  cursors.told([person('a', 0), person('own', 0.5), person('away', null)], 'own');
  assert.deepEqual(cursors.at(10), { cursors: [person('a', 0)], moving: false });
  cursors.told([person('a', 1)], 'own');
  const places = [10.02, 10.1, 10.3].map((now) => cursors.at(now).cursors[0].x ?? 0);
  assert.ok(0 < places[0] && places[0] < places[1] && places[1] < places[2] && places[2] < 1, `${places}`);
  assert.equal(cursors.at(10.3).moving, true);
  cursors.at(12);
  assert.deepEqual(cursors.at(12), { cursors: [person('a', 1)], moving: false });
});

test('a cursor that left is gone', () => {
  const cursors = new Cursors();
  cursors.told([person('a', 0)], 'own');
  cursors.told([person('a', null)], 'own');
  assert.deepEqual(cursors.at(1).cursors, []);
});

test('of values that come too fast the newest goes, on time', () => {
  const clock = new ManualClock();
  /** @type {number[]} */
  const emitted = [];
  const pace = new NewestOnly({ intervalSeconds: 0.05, clock, emit: (/** @type {number} */ value) => emitted.push(value) });
  pace.offer(1);
  pace.offer(2);
  pace.offer(3);
  clock.advance(0.049);
  assert.deepEqual(emitted, [1]);
  clock.advance(0.001);
  assert.deepEqual(emitted, [1, 3]);
  pace.offer(4);
  pace.stop();
  clock.advance(1);
  assert.deepEqual([emitted, clock.waiting], [[1, 3], 0]);
  pace.offer(5);
  assert.deepEqual(emitted, [1, 3, 5]);
});
