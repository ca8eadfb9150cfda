// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Arrivals, shifted, toggled, within } from '../../../client/room/selection.js';

const HINT = { id: 'hint', x: 0.5, y: 0.5, a: 1, b: 2, size: 5, author: 'me', touched: 7, pinned: false };

test('what is clicked once more is let go, and the newest comes last', () => {
  assert.deepEqual(toggled(['a', 'b'], 'c'), ['a', 'b', 'c']);
  assert.deepEqual(toggled(['a', 'b'], 'a'), ['b']);
});

test('a box holds what lies in it, whichever way it was drawn', () => {
  const hints = [{ x: 0.1, y: 0.1 }, { x: 0.4, y: 0.2 }, { x: 0.4, y: 0.9 }];
  assert.deepEqual(within(hints, { x: 0.5, y: 0 }, { x: 0.2, y: 0.5 }), [hints[1]]);
  assert.deepEqual(within(hints, { x: 0, y: 0 }, { x: 1, y: 1 }), hints);
});

test('several go as far as the first of them may, so that they lie as they lay', () => {
  const hints = [{ id: 'one1', x: 0.25, y: 0.5 }, { id: 'two2', x: 0.75, y: 0.5 }];
  assert.deepEqual(shifted(hints, { x: 0.5, y: -0.25 }), [{ id: 'one1', x: 0.5, y: 0.25 }, { id: 'two2', x: 1, y: 0.25 }]);
  assert.deepEqual(shifted(hints, { x: -9, y: 9 }).map(({ x, y }) => [x, y]), [[0, 1], [0.5, 1]]);
});

test('a hint is on its way until a frame shows the entry that made it what it is', () => {
  const arrivals = new Arrivals();
  assert.ok(arrivals.awaits(HINT, undefined, 99), 'the journal does not hold it');
  assert.ok(arrivals.awaits(HINT, HINT, 6));
  assert.ok(!arrivals.awaits(HINT, HINT, 7));
  assert.ok(arrivals.awaits({ ...HINT, x: 0.6 }, HINT, 7), 'its move is not journaled');
  const moved = { ...HINT, x: 0.6, touched: 8 };
  assert.ok(arrivals.awaits(moved, moved, 7));
  assert.ok(!arrivals.awaits(moved, moved, 8));
});

test('an entry that changes nothing of a hint brings no frame, and nothing is awaited', () => {
  const arrivals = new Arrivals();
  assert.ok(!arrivals.awaits(HINT, HINT, 7));
  const again = { ...HINT, touched: 9 };
  assert.ok(!arrivals.awaits(again, again, 7));
});
