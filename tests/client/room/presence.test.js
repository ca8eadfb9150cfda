// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { NewestOnly } from '../../../client/room/newest.js';
import { Cursors, friendlyName, huesOf } from '../../../client/room/presence.js';
import { ManualClock } from '../doubles.js';

const words = { colors: ['Amber', 'Teal', 'Rose'], animals: ['Heron', 'Otter', 'Lynx', 'Wren'] };
const members = Array.from({ length: 400 }, (_, index) => (index * 7919).toString(16).padStart(16, '0'));

/** @param {string} seat @param {number | null} x */
const person = (seat, x) => ({ seat, member: seat, name: '', role: /** @type {const} */ ('editor'), x, y: x, view: null });

test('members who are here have hues that the eye tells apart, the same on every page', () => {
  for (let start = 0; start + 18 <= members.length; start += 18) {
    const here = members.slice(start, start + 18);
    const hues = huesOf(here);
    assert.deepEqual(new Set(hues.values()), new Set(here.map((_, index) => index * 20)));
    assert.deepEqual(huesOf([...here, ...here].reverse()), hues);
  }
});

test('in a crowd no hue is far more common than another', () => {
  const hues = [...huesOf(members).values()];
  const counts = hues.map((hue) => hues.filter((other) => other === hue).length);
  assert.ok(Math.max(...counts) - Math.min(...counts) <= 1);
});

test('a color changes only when whoever it had to give way to comes or goes', () => {
  let [changes, others] = [0, 0];
  for (let start = 0; start + 4 <= members.length; start += 4) {
    const [newcomer, ...here] = members.slice(start, start + 4);
    const [before, after] = [huesOf(here), huesOf([newcomer, ...here])];
    const changed = here.filter((member) => before.get(member) !== after.get(member));
    others += here.length;
    changes += changed.length;
    const taken = after.get(newcomer);
    if (changed.length > 0) assert.ok(here.some((member) => before.get(member) === taken), 'somebody had the same');
    else assert.ok(here.every((member) => before.get(member) !== taken));
  }
  assert.ok(changes > 0 && changes < others / 8, `${changes} of ${others}`);
});

test('a member has the same name everywhere', () => {
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
