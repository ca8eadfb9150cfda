// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Timeline } from '../../../client/room/timeline.js';

/** @param {number} revision @param {string} member */
const entry = (revision, member) => ({ revision, unix_seconds: 0, member, kind: 'add', hints: 1 });

/** @param {number} first @param {number} revision @param {ReturnType<typeof entry>[]} entries */
function timeline(first, revision, entries) {
  const made = new Timeline();
  made.begin(revision);
  made.take({ first, revision, entries });
  return made;
}

test('a question brings the moment and many before it, and nothing from before the first that can be shown', () => {
  const made = timeline(20, 3000, [entry(2999, 'ann'), entry(3000, 'bob')]);
  assert.equal(made.entryOf(3000)?.member, 'bob');
  assert.equal(made.entryOf(1500), null);
  assert.equal(made.pageFor(1500), 1000);
  assert.equal(made.pageFor(100), 19);
});

test('ticks tell whose entries lie where, as far as they are known', () => {
  const made = timeline(1, 5, [entry(5, 'bob'), entry(2, 'ann'), entry(1, ''), entry(4, 'ann')]);
  assert.deepEqual(made.ticks(5), [null, 'ann', null, 'ann', 'bob']);
  assert.deepEqual(made.ticks(2), ['ann', 'bob']);
  assert.deepEqual(timeline(7, 7, [entry(7, 'ann')]).ticks(3), ['ann', null, null]);
});

test('what was told is asked for anew when the bar opens again: there may be another first moment', () => {
  const made = timeline(1, 5, [entry(5, 'bob')]);
  made.begin(9);
  assert.equal(made.entryOf(5), null);
  assert.equal(made.newest, 9);
});
