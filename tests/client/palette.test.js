// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { keptPalette } from '../../client/color/palette.js';

/** @param {[number, number, number][]} rows a, b, share */
const colors = (...rows) => rows.map(([a, b, share]) => ({ a, b, share }));
/** @param {import('../../client/color/palette.js').Keyed[]} row */
const keys = (row) => row.map(({ key }) => key);

const FIRST = keptPalette([], colors([40, 30, 0.5], [0, 0, 0.3], [-30, 20, 0.2]));

test('the first palette stands in the order of its shares', () => {
  assert.deepEqual(FIRST.map(({ a, key }) => [a, key]), [[40, 0], [0, 1], [-30, 2]]);
});

test('a color that moved a little keeps its key and its place while shares change little', () => {
  const next = keptPalette(FIRST, colors([2, 1, 0.36], [41, 31, 0.34], [-29, 18, 0.3]));
  assert.deepEqual(next, [
    { a: 41, b: 31, share: 0.34, key: 0 }, { a: 2, b: 1, share: 0.36, key: 1 }, { a: -29, b: 18, share: 0.3, key: 2 },
  ]);
});

test('a color that became much likelier comes forward, past everything that it overtakes', () => {
  const next = keptPalette(FIRST, colors([-30, 20, 0.8], [40, 30, 0.12], [0, 0, 0.08]));
  assert.deepEqual(keys(next), [2, 0, 1]);
});

test('what is not likely any more goes, and what is new gets a key that nothing had', () => {
  const next = keptPalette(FIRST, colors([40, 30, 0.6], [70, -60, 0.3], [0, 0, 0.1]));
  assert.deepEqual(next.map(({ a, key }) => [a, key]), [[40, 0], [70, 3], [0, 1]]);
});

test('while somebody is about to choose, nothing changes its place, and the new takes the places of the gone', () => {
  const next = keptPalette(FIRST, colors([-30, 20, 0.7], [70, -60, 0.2], [40, 30, 0.1]), { steady: true });
  assert.deepEqual(keys(next), [0, 3, 2]);
});

test('two colors never claim the same place', () => {
  const next = keptPalette(FIRST, colors([38, 30, 0.5], [43, 30, 0.4]));
  assert.equal(new Set(keys(next)).size, 2);
  assert.deepEqual(next.map(({ a }) => a), [38, 43]);
});

test('an empty palette empties the row', () => {
  assert.deepEqual(keptPalette(FIRST, []), []);
});
