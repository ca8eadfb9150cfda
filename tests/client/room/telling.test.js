// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Telling } from '../../../client/room/telling.js';
import { words } from '../../../client/ui/words.js';

/** @typedef {import('../../../client/wire/messages.js').Change} Change */

/** @param {string} hint @returns {Change} */
const put = (hint) => ({ type: 'hint', hint, before: null, after: null });
/** @param {string} hint @returns {Change} */
const recolored = (hint) => ({ type: 'color', hint, before: [0, 0], after: [1, 1] });

/** @param {string} member @param {string} kind @param {...Change} changes */
const entry = (member, kind, ...changes) => (
  { revision: 2, member, seat: member, number: 1, kind, changes, unix_seconds: 0 }
);

test('what one member did to many hints is one thing to tell, once', () => {
  const telling = new Telling();
  for (const hint of ['a', 'b', 'c']) assert.ok(telling.entry(entry('heron', 'add', put(hint))));
  assert.deepEqual(telling.take(), [{ member: 'heron', deeds: [['added', 3]] }]);
  assert.deepEqual(telling.take(), []);
});

test('a hint counts once for what was done to it again and again, and a new one is only new', () => {
  const telling = new Telling();
  telling.entry(entry('heron', 'add', put('a')));
  telling.entry(entry('heron', 'recolor', recolored('a')));
  for (let times = 0; times < 5; times++) telling.entry(entry('lynx', 'recolor', recolored('b')));
  telling.entry(entry('lynx', 'undo', recolored('b')));
  assert.deepEqual(telling.take(), [
    { member: 'heron', deeds: [['added', 1]] },
    { member: 'lynx', deeds: [['recolored', 1], ['changed', 1]] },
  ]);
});

test('what is not about single hints is told elsewhere', () => {
  const telling = new Telling();
  assert.ok(!telling.entry(entry('heron', 'retitle', { type: 'title', before: '', after: 'Grandmother' })));
  assert.ok(!telling.entry(entry('heron', 'clear', { type: 'all_hints', before: [], after: [] })));
  assert.deepEqual(telling.take(), []);
});

test('it is told in one sentence', () => {
  const { hints } = words.told;
  assert.equal(hints('Amber Heron', [['added', 3]]), 'Amber Heron added 3 hints.');
  assert.equal(hints('Teal Lynx', [['recolored', 1], ['removed', 2]]), 'Teal Lynx recolored 1 hint, removed 2 hints.');
});
