// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { resolveLocal } from '../../../client/room/edits.js';
import { openedState, stateAfter, stateOfSnapshot } from '../../../client/room/state.js';

/** Names that every object of JavaScript seems to have, or that would change what it is; each may be a hint's id. */
const WORDS = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', '__defineGetter__'];
const PHOTOGRAPH = { sha256: '0'.repeat(64), height_px: 30, width_px: 40, had_colors: false };
const OPENED = openedState({ type: 'opened', photograph: PHOTOGRAPH, network: 'stub', title: '' });

/** @param {string} id */
const hint = (id) => ({ id, x: 0.5, y: 0.5, a: 1, b: 2, size: 5, author: '', touched: 2, pinned: false });

/** @param {number} revision @param {import('../../../client/wire/messages.js').Change[]} changes */
const entry = (revision, changes) => ({ revision, member: '', seat: '', number: 0, kind: 'add', changes, unix_seconds: 0 });

test('a hint of such an id comes, moves and goes like others', () => {
  for (const word of WORDS) {
    const added = stateAfter(OPENED, entry(2, [{ type: 'hint', hint: word, before: null, after: hint(word) }]));
    assert.deepEqual(Object.keys(added.hints), [word]);
    const moved = stateAfter(added, entry(3, [{ type: 'place', hint: word, before: [0.5, 0.5], after: [0.1, 0.2] }]));
    assert.equal(moved.hints[word].x, 0.1);
    const gone = stateAfter(moved, entry(4, [{ type: 'hint', hint: word, before: moved.hints[word], after: null }]));
    assert.deepEqual(Object.keys(gone.hints), []);
    assert.equal(/** @type {any} */ ({}).x, undefined);
  }
});

test('no hint is found under such a name where there is none', () => {
  for (const word of WORDS) {
    assert.throws(() => resolveLocal({ type: 'remove', hints: [word] }, OPENED, '', 2), { code: 'hint_unknown' });
    const add = { type: /** @type {const} */ ('add'), hints: [{ id: word, x: 0.5, y: 0.5, a: 0, b: 0 }] };
    assert.equal(resolveLocal(add, OPENED, '', 2).length, 1);
  }
});

test('a snapshot with a hint of such an id keeps it as a hint', () => {
  for (const word of WORDS) {
    const told = JSON.parse(`{"hints": {"${word}": ${JSON.stringify(hint(word))}}}`);
    const { hints } = stateOfSnapshot({ ...OPENED, ...told });
    assert.deepEqual(Object.entries(hints), [[word, hint(word)]]);
    assert.equal(Object.getPrototypeOf(hints), null);
  }
});
