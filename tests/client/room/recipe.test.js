// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { importOf } from '../../../client/room/recipe.js';

const HINT = { id: 'hint', x: 0.5, y: 0.25, a: 1, b: -2, size: 5, author: '0123456789abcdef', pinned: true };
const RECIPE = {
  photograph: { sha256: 'a'.repeat(64), height_px: 3, width_px: 4 },
  network: 'compact',
  weights_hash: 'w',
  hints: [HINT],
  turn: 1,
  crop: [0, 0, 0.5, 1],
  versions: { torch: '2' },
  chromavive_recipe: 1,
};

test('a recipe becomes the edit that takes its hints up, and nothing more of it travels', () => {
  assert.deepEqual(importOf(JSON.stringify({ ...RECIPE, hints: [{ ...HINT, note: 'mine' }] }), null), {
    type: 'import',
    hints: [HINT],
    photograph: 'a'.repeat(64),
    turn: 1,
    crop: [0, 0, 0.5, 1],
  });
});

test('an owner\'s room takes up network and vividness too, as far as they can be had', () => {
  const taken = (/** @type {object} */ recipe) => importOf(JSON.stringify({ ...RECIPE, ...recipe }), ['compact', 'eccv16']);
  const whole = taken({ vividness: 0.5 });
  assert.deepEqual([whole?.network, whole?.vividness], ['compact', 0.5]);
  assert.equal(taken({})?.vividness, 0, 'a recipe of before there was vividness');
  assert.ok(!('network' in (taken({ network: 'siggraph17' }) ?? {})), 'it is not loaded here');
  assert.ok(!('vividness' in (taken({ vividness: '1' }) ?? {})));
});

test('R10.3 a file of another shape makes no message, for that would end the connection', () => {
  const { chromavive_recipe: _, ...unmarked } = RECIPE;
  const wrong = [
    unmarked,
    { ...RECIPE, chromavive_recipe: 2 },
    { ...RECIPE, photograph: null },
    { ...RECIPE, hints: {} },
    { ...RECIPE, hints: [null] },
    { ...RECIPE, hints: [{ ...HINT, x: '0.5' }] },
    { ...RECIPE, hints: [{ ...HINT, author: undefined }] },
    { ...RECIPE, hints: [{ ...HINT, id: 'x'.repeat(300_000) }] },
    { ...RECIPE, hints: [{ ...HINT, author: 'x'.repeat(300_000) }] },
    { ...RECIPE, hints: Array(513).fill(HINT) },
    { ...RECIPE, photograph: { sha256: 'a'.repeat(300_000) } },
    { ...RECIPE, turn: 0.5 },
    { ...RECIPE, crop: [0, 0, 1] },
    { ...RECIPE, crop: [0, 0, 1, null] },
    null,
    7,
  ];
  for (const each of wrong) assert.equal(importOf(JSON.stringify(each), null), null, JSON.stringify(each));
  const whole = JSON.stringify(RECIPE);
  for (const field of ['x', 'y', 'a', 'b', 'size']) {
    const unsayable = whole.replace(`"${field}":`, `"${field}":1e999,"was":`);
    assert.equal(importOf(unsayable, null), null, field);
  }
  assert.notEqual(importOf(whole, null), null);
  assert.equal(importOf('PNG', null), null);
});

test('a recipe from before pins is taken up, and its hints are none', () => {
  const { pinned, ...old } = HINT;
  assert.equal(pinned, true);
  assert.equal(importOf(JSON.stringify({ ...RECIPE, hints: [old] }), null)?.hints[0].pinned, false);
  assert.equal(importOf(JSON.stringify({ ...RECIPE, hints: [{ ...HINT, pinned: 'yes' }] }), null), null);
});
