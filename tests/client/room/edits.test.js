// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EditRefused, isLocal, resolveLocal } from '../../../client/room/edits.js';
import { applyChanges, shownSize, stateAfter, stateOfSnapshot } from '../../../client/room/state.js';
import { emptyState } from '../doubles.js';

/** @typedef {import('../../../client/wire/messages.js').State} State */
/** @typedef {import('../../../client/room/edits.js').LocalEdit} LocalEdit */

/** @param {string} id @param {object} [fields] */
const hint = (id, fields = {}) => ({ id, x: 0.25, y: 0.5, a: 10, b: -20, size: 5, ...fields });

/** @param {...string} ids */
function stateWith(...ids) {
  const hints = Object.fromEntries(ids.map((id) => [id, { ...hint(id), author: 'me', touched: 2, pinned: false }]));
  return stateOfSnapshot({ ...emptyState(), hints });
}

/** @param {State} state @param {LocalEdit} edit */
const after = (state, edit) => applyChanges(state, resolveLocal(edit, state, 'me', 9), 9);

/** @param {State} state @param {LocalEdit} edit */
function codeOf(state, edit) {
  try {
    resolveLocal(edit, state, 'me', 9);
  } catch (error) {
    if (error instanceof EditRefused) return error.code;
    throw error;
  }
  return null;
}

test('an added hint is its author\'s, and newest', () => {
  const state = after(stateWith(), { type: 'add', hints: [{ id: 'fresh', x: 0, y: 1, a: 110, b: -110 }] });
  assert.deepEqual({ ...state.hints }, {
    fresh: { id: 'fresh', x: 0, y: 1, a: 110, b: -110, size: 5, author: 'me', touched: 9, pinned: false },
  });
});

test('place and color make a hint newest, size does not', () => {
  const state = stateWith('one1', 'two2');
  const moved = after(state, { type: 'move', moves: [{ id: 'one1', x: 0.75, y: 0.125 }] });
  assert.deepEqual(moved.hints.one1, { ...state.hints.one1, x: 0.75, y: 0.125, touched: 9 });
  const recolored = after(state, { type: 'recolor', hints: ['one1', 'two2'], a: 1, b: 2 });
  assert.deepEqual(recolored.hints.two2, { ...state.hints.two2, a: 1, b: 2, touched: 9 });
  const resized = after(state, { type: 'resize', hints: ['one1'], size: 9 });
  assert.deepEqual(resized.hints.one1, { ...state.hints.one1, size: 9 });
});

test('of several hints those that are gone are passed over', () => {
  const state = after(stateWith('one1', 'two2'), { type: 'remove', hints: ['gone', 'one1'] });
  assert.deepEqual(Object.keys(state.hints), ['two2']);
  assert.deepEqual(Object.keys(after(state, { type: 'clear' }).hints), []);
});

test('a state is a value: applying changes leaves the one before as it was', () => {
  const state = stateWith('one1');
  const before = JSON.stringify(state);
  after(state, { type: 'move', moves: [{ id: 'one1', x: 0.75, y: 0.125 }] });
  after(state, { type: 'clear' });
  assert.equal(JSON.stringify(state), before);
});

test('settings follow their edits', () => {
  const state = stateWith();
  assert.equal(after(state, { type: 'retitle', title: 'Aunt' }).title, 'Aunt');
  assert.equal(after(state, { type: 'lock', locked: true }).locked, true);
  assert.equal(after(state, { type: 'allow_export', viewers: false }).viewers_export, false);
  assert.equal(after(state, { type: 'network', network: 'other' }).network, 'other');
  assert.equal(after(state, { type: 'vividness', vividness: 0.5 }).vividness, 0.5);
  for (const vividness of [-0.1, 1.1, Number.NaN]) {
    assert.equal(codeOf(state, { type: 'vividness', vividness }), 'vividness_outside');
  }
  const cropped = after(state, { type: 'crop', crop: [0, 0, 0.5, 1] });
  const turned = after(cropped, { type: 'turn', quarter_turns: -1 });
  assert.deepEqual([turned.turn, turned.crop], [3, [0, 0, 1, 1]], 'a turn forgets the crop');
});

test('a swatch is kept, changed and removed, and nothing else', () => {
  const state = after(stateWith('one1'), { type: 'swatch', id: '__proto__', swatch: { name: 'Sky', a: -5, b: -30 } });
  assert.deepEqual(Object.keys(state.swatches), ['__proto__']);
  assert.equal(after(state, { type: 'swatch', id: '__proto__', swatch: { name: '', a: 1, b: 2 } }).swatches['__proto__'].name, '');
  assert.deepEqual(Object.keys(after(state, { type: 'swatch', id: '__proto__', swatch: null }).swatches), []);
  assert.deepEqual(Object.keys(state.hints), ['one1']);
});

test('what the room would refuse is refused with its code', () => {
  const full = stateWith(...Array.from({ length: 512 }, (_, index) => `hint${index}`));
  const one = stateWith('one1');
  /** @type {[State, LocalEdit, string][]} */
  const table = [
    [one, { type: 'add', hints: [] }, 'edit_empty'],
    [one, { type: 'add', hints: [hint('same'), hint('same')] }, 'edit_empty'],
    [one, { type: 'add', hints: [hint('one1')] }, 'hint_taken'],
    [one, { type: 'add', hints: [hint('bad id')] }, 'hint_unknown'],
    [one, { type: 'add', hints: [hint('fresh', { x: 1.001 })] }, 'hint_outside'],
    [one, { type: 'add', hints: [hint('fresh', { y: Number.NaN })] }, 'hint_outside'],
    [one, { type: 'add', hints: [hint('fresh', { a: 110.5 })] }, 'color_outside'],
    [one, { type: 'add', hints: [hint('fresh', { size: 0.5 })] }, 'size_outside'],
    [full, { type: 'add', hints: [hint('fresh')] }, 'hints_full'],
    [one, { type: 'move', moves: [{ id: 'gone', x: 0, y: 0 }] }, 'hint_unknown'],
    [one, { type: 'move', moves: [{ id: 'one1', x: -0.1, y: 0 }] }, 'hint_outside'],
    [one, { type: 'recolor', hints: ['one1'], a: Number.NaN, b: 0 }, 'color_outside'],
    [one, { type: 'resize', hints: ['one1'], size: 10 }, 'size_outside'],
    [one, { type: 'remove', hints: ['constructor'] }, 'hint_unknown'],
    [one, { type: 'swatch', id: 'constructor', swatch: null }, 'swatch_unknown'],
    [one, { type: 'swatch', id: 'sky1', swatch: { name: 'n'.repeat(41), a: 0, b: 0 } }, 'text_too_long'],
    [one, { type: 'swatch', id: 'sky1', swatch: { name: '', a: 0, b: 111 } }, 'color_outside'],
    [one, { type: 'retitle', title: 'x'.repeat(121) }, 'text_too_long'],
    [one, { type: 'turn', quarter_turns: 1 }, 'hints_present'],
    [one, { type: 'crop', crop: [0, 0, 1, 1] }, 'hints_present'],
    [stateWith(), { type: 'crop', crop: [0.5, 0, 0.5, 1] }, 'crop_too_small'],
    [stateWith(), { type: 'crop', crop: [0, 0, 1, 0.04] }, 'crop_too_small'],
  ];
  for (const [state, edit, code] of table) assert.equal(codeOf(state, edit), code, JSON.stringify(edit));
  assert.equal(codeOf(one, { type: 'retitle', title: '\u{1F3A8}'.repeat(120) }), null, 'characters, not halves of them');
});

test('undo, redo and rotate are the room\'s', () => {
  assert.equal(isLocal({ type: 'undo' }) || isLocal({ type: 'redo' }) || isLocal({ type: 'rotate', role: 'viewer' }), false);
  assert.equal(isLocal({ type: 'clear' }), true);
});

test('hints may be called as the parts of an object are', () => {
  const ids = ['constructor', 'toString', '__proto__'];
  const state = after(stateWith(), { type: 'add', hints: ids.map((id) => hint(id)) });
  assert.deepEqual(Object.keys(state.hints), ids);
  assert.deepEqual(Object.keys(after(state, { type: 'remove', hints: ['__proto__'] }).hints), ids.slice(0, 2));
  const read = stateOfSnapshot(JSON.parse(JSON.stringify(state)));
  assert.deepEqual(Object.keys(read.hints), ids);
});

test('the shown size turns, crops and rounds as the server does', () => {
  const state = emptyState();
  assert.deepEqual(shownSize(state), [300, 401]);
  assert.deepEqual(shownSize({ ...state, turn: 1 }), [401, 300]);
  assert.deepEqual(shownSize({ ...state, crop: [0, 0, 0.5, 0.5] }), [150, 200], '200.5 goes to the even neighbor');
  assert.deepEqual(shownSize({ ...state, turn: 3, crop: [0, 0, 0.0001, 1] }), [401, 1]);
  assert.deepEqual(shownSize({ ...state, crop: [0.1, 0.005, 0.2, 0.01] }), [1, 40], 'each edge to its own boundary');
});

test('the first entry opens the room, and no other', () => {
  const { photograph } = emptyState();
  const entry = { member: 'me', seat: '', number: 0, kind: 'opened', unix_seconds: 0 };
  const opened = stateAfter(null, { ...entry, revision: 1, changes: [{ type: 'opened', photograph, network: 'stub', title: 'A' }] });
  assert.deepEqual(JSON.parse(JSON.stringify(opened)), { ...emptyState(), title: 'A' });
  assert.throws(() => stateAfter(null, { ...entry, revision: 1, changes: [{ type: 'title', before: '', after: 'B' }] }));
});
