// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { holders, LocalGestures, overlay } from '../../../client/room/gestures.js';
import { stateOfSnapshot } from '../../../client/room/state.js';
import { ManualClock, emptyState } from '../doubles.js';

/** @param {number} x @returns {import('../../../client/wire/messages.js').Move} */
const move = (x, id = 'hint') => ({ type: 'move', moves: [{ id, x, y: 0.5 }] });

function started() {
  const clock = new ManualClock();
  /** @type {any[]} */
  const sent = [];
  /** @type {any[]} */
  const committed = [];
  const gestures = new LocalGestures({
    clock,
    send: (message) => sent.push(message),
    commit: (edit, gesture) => committed.push({ edit, gesture }),
  });
  return { clock, sent, committed, gestures, xs: () => sent.map(({ edit }) => edit?.moves[0].x) };
}

test('R6.9 a press is a gesture from pointer-down', () => {
  const { gestures, sent } = started();
  const id = gestures.begin(move(0));
  assert.deepEqual(sent, [{ type: 'gesture', gesture: id, edit: move(0) }]);
});

test('samples go out at most sixty times a second, the newest wins and none is left behind', () => {
  const { clock, gestures, sent, xs } = started();
  const id = gestures.begin(move(0));
  for (let step = 1; step <= 500; step++) {
    clock.advance(0.001);
    gestures.sample(id, move(step / 1000));
  }
  clock.advance(0.1);
  assert.ok(sent.length <= 32 && sent.length >= 28, `${sent.length} samples`);
  assert.equal(xs().at(-1), 0.5);
});

test('R6.4 a held finger repeats its sample every second', () => {
  const { clock, gestures, xs } = started();
  const id = gestures.begin(move(0.25));
  clock.advance(3.5);
  assert.deepEqual(xs(), [0.25, 0.25, 0.25, 0.25]);
  gestures.sample(id, move(0.5));
  clock.advance(0.9);
  assert.deepEqual(xs().slice(4), [0.5], 'the second begins anew with each sample');
});

test('R6.3 a gesture that ends commits its edit and is silent from then on', () => {
  const { clock, gestures, sent, committed } = started();
  const id = gestures.begin(move(0));
  gestures.sample(id, move(0.1));
  gestures.end(id, move(0.2));
  gestures.end(id, move(0.3));
  clock.advance(5);
  assert.deepEqual(committed, [{ edit: move(0.2), gesture: id }]);
  assert.deepEqual([sent.length, clock.waiting, gestures.live.size], [1, 0, 0]);
});

test('a canceled gesture says so once and commits nothing', () => {
  const { clock, gestures, sent, committed } = started();
  const id = gestures.begin(move(0));
  gestures.cancel(id);
  gestures.cancel(id);
  gestures.sample(id, move(0.5));
  clock.advance(5);
  assert.deepEqual(sent.slice(1), [{ type: 'cancel', gesture: id }]);
  assert.deepEqual(committed, []);
});

test('a refused gesture is over without a word, also when the finger goes on', () => {
  const { clock, gestures, sent, committed } = started();
  const id = gestures.begin(move(0));
  gestures.refused(id);
  gestures.sample(id, move(0.5));
  gestures.end(id, move(0.5));
  clock.advance(5);
  assert.deepEqual([sent.length, committed.length], [1, 0]);
});

test('after a welcome what is held is said again', () => {
  const { gestures, sent } = started();
  gestures.begin(move(0.1));
  gestures.begin(move(0.2));
  sent.length = 0;
  gestures.resume();
  assert.deepEqual(sent.map(({ gesture, edit }) => [gesture, edit.moves[0].x]), [[1, 0.1], [2, 0.2]]);
});

const own = { seat: 'own', member: 'me', live: /** @type {Map<number, any>} */ (new Map()) };

/** @param {string} seat @param {number} gesture @param {any} edit */
const told = (seat, gesture, edit) => ({ seat, member: `of ${seat}`, gesture, edit });

function stateWithHint() {
  const hint = { id: 'hint', x: 0, y: 0.5, a: 1, b: 2, size: 5, author: 'me', touched: 2, pinned: false };
  return stateOfSnapshot({ ...emptyState(), hints: { hint } });
}

/** @param {readonly any[]} gestures @param {Map<number, any>} [live] */
const xOf = (gestures, live = new Map()) => overlay(stateWithHint(), gestures, { ...own, live }).hints.hint.x;

test('gestures lie over the state, newest by far, and leave the state alone', () => {
  const state = stateWithHint();
  const add = { type: 'add', hints: [{ id: 'fresh', x: 1, y: 1, a: 0, b: 0, size: 5 }] };
  const shown = overlay(state, [told('other', 1, add)], own);
  assert.equal(shown.hints.fresh.author, 'of other');
  assert.ok(shown.hints.fresh.touched > 1e12);
  assert.deepEqual(Object.keys(state.hints), ['hint']);
});

test('R6.6 of two gestures on one hint the one that began last shows', () => {
  assert.equal(xOf([told('one', 1, move(0.1)), told('two', 1, move(0.2))]), 0.2);
  assert.equal(xOf([told('two', 1, move(0.2)), told('one', 1, move(0.1))]), 0.1);
});

test('a hint is in the hand of who began last, whatever they do to it', () => {
  const recolor = { type: 'recolor', hints: ['hint', 'more'], a: 1, b: 1 };
  const fresh = { type: 'add', hints: [{ id: 'fresh', x: 1, y: 1, a: 0, b: 0 }] };
  const told3 = [told('one', 1, recolor), told('two', 1, move(0.2)), told('one', 2, fresh)];
  assert.deepEqual(Object.fromEntries(holders(told3)), { hint: 'of two', more: 'of one', fresh: 'of one' });
});

test('own gestures are the page\'s, newer than what the hub tells, in the place that the hub gives them', () => {
  assert.equal(xOf([told('own', 1, move(0.1))], new Map([[1, move(0.9)]])), 0.9);
  assert.equal(xOf([told('own', 1, move(0.1)), told('other', 1, move(0.2))], new Map([[1, move(0.9)]])), 0.2);
  assert.equal(xOf([told('other', 1, move(0.2))], new Map([[1, move(0.9)]])), 0.9, 'not told yet: it began last');
});

test('an own gesture that has ended is not shown any more: its edit is', () => {
  assert.equal(xOf([told('own', 1, move(0.1))]), 0);
});

test('a gesture whose hint has gone shows nothing', () => {
  assert.deepEqual(overlay(stateWithHint(), [told('other', 1, move(0.3, 'gone'))], own), stateWithHint());
});
