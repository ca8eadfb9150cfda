// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Contest } from '../../../client/room/contest.js';

/** @param {string} member @param {import('../../../client/wire/messages.js').Change[]} changes */
const entry = (member, ...changes) => (
  { revision: 2, member, seat: member, number: 1, kind: 'recolor', changes, unix_seconds: 0 }
);
/** @param {number} a @returns {import('../../../client/wire/messages.js').Change} */
const color = (a, hint = 'hint') => ({ type: 'color', hint, before: [0, 0], after: [a, 0] });
/** @param {number} a @returns {import('../../../client/wire/messages.js').Change} */
const added = (a) => (
  { type: 'hint', hint: 'hint', before: null, after: { id: 'hint', x: 0, y: 0, a, b: 0, size: 5, author: 'me', touched: 2, pinned: false } }
);

test('who loses a color to a later entry is told once, with what it was', () => {
  const contest = new Contest();
  assert.equal(contest.entry(entry('me', color(10)), 'me', 0), null);
  assert.deepEqual(contest.entry(entry('ben', color(20)), 'me', 1), { hint: 'hint', a: 10, b: 0, member: 'ben' });
  assert.equal(contest.entry(entry('ben', color(30)), 'me', 1.5), null);
});

test('a hint that was placed just now counts as colored', () => {
  const contest = new Contest();
  contest.entry(entry('me', added(10)), 'me', 0);
  assert.equal(contest.entry(entry('ben', color(20)), 'me', 1)?.a, 10);
});

test('mine that comes after theirs has won, and nothing is said of it', () => {
  const contest = new Contest();
  assert.equal(contest.entry(entry('ben', color(20)), 'me', 0), null);
  assert.equal(contest.entry(entry('me', color(10)), 'me', 0.1), null);
});

test('an answer after a while, the same color, another hint and another tab of mine are no contest', () => {
  const contest = new Contest();
  contest.entry(entry('me', color(10)), 'me', 0);
  assert.equal(contest.entry(entry('ben', color(20, 'other')), 'me', 1), null);
  assert.equal(contest.entry(entry('me', color(15)), 'me', 2), null);
  assert.equal(contest.entry(entry('ben', color(15)), 'me', 3), null);
  contest.entry(entry('me', color(10)), 'me', 4);
  assert.equal(contest.entry(entry('ben', color(20)), 'me', 60), null);
});
