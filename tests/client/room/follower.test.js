// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { EntryOutOfOrder, Follower } from '../../../client/room/follower.js';
import { applyChanges, stateOfSnapshot } from '../../../client/room/state.js';
import { resolveLocal } from '../../../client/room/edits.js';
import { EPOCH, MEMBER, SEAT, emptyState, welcome } from '../doubles.js';

/** @typedef {import('../../../client/wire/messages.js').State} State */
/** @typedef {import('../../../client/wire/messages.js').Edit} Edit */
/** @typedef {import('../../../client/wire/messages.js').EntryMessage} EntryMessage */
/** @typedef {import('../../../client/room/edits.js').LocalEdit} LocalEdit */

const SECRET = 'own-seat-of-this-page0';
const DEAD = 'seat-of-a-page-that-di';

/** @param {string} id @param {number} [x] @returns {import('../../../client/wire/messages.js').Add} */
const add = (id, x = 0.5) => ({ type: 'add', hints: [{ id, x, y: 0.5, a: 0, b: 0, size: 5 }] });

/** @param {string} id @param {number} x @returns {import('../../../client/wire/messages.js').Move} */
const move = (id, x) => ({ type: 'move', moves: [{ id, x, y: 0.5 }] });

/** The room: resolves edits over its state and numbers them. */
class FakeRoom {
  state = stateOfSnapshot(emptyState());
  revision = 1;

  /**
   * @param {LocalEdit} edit @param {{member?: string, seat?: string, number?: number}} [from]
   * @returns {EntryMessage}
   */
  enters(edit, { member = 'other', seat = 'other', number = 1 } = {}) {
    this.revision += 1;
    const changes = resolveLocal(edit, this.state, member, this.revision);
    this.state = applyChanges(this.state, changes, this.revision);
    const entry = { revision: this.revision, member, seat, number, kind: edit.type, changes, unix_seconds: 0 };
    return { type: 'entry', entry, chain: `c${this.revision}`, working_px: [192, 256] };
  }

  /** @param {LocalEdit} edit @param {number} number */
  entersMine(edit, number) {
    return this.enters(edit, { member: MEMBER, seat: SEAT, number });
  }
}

function welcomed() {
  const follower = new Follower({ seat: SECRET });
  follower.welcome(welcome());
  return { follower, room: new FakeRoom() };
}

/** @param {State | null} state */
const hintsOf = (state) => Object.fromEntries(Object.values(state?.hints ?? {}).map(({ id, x }) => [id, x]));

/** @param {Follower} follower */
const pendingOf = (follower) => follower.pending.map(({ number }) => number);

/** @param {number} number @param {object} [fields] */
const refusedOf = (number, fields = {}) => (
  /** @type {import('../../../client/wire/messages.js').Refused} */ (
    { type: 'refused', code: 'hint_taken', sentence: 'Taken.', kind: 'drop', seat: SECRET, number, gesture: null, after_seconds: null, ...fields }
  )
);

test('before a welcome there is no state, and a hello says nothing of one', () => {
  const follower = new Follower({ seat: SECRET });
  assert.deepEqual([follower.shown, follower.confirmed, follower.epoch, follower.helloFields()], [null, null, null, {}]);
  follower.edit(add('early'));
  follower.welcome(welcome());
  assert.deepEqual(hintsOf(follower.shown), { early: 0.5 });
});

test('a hello says what the page has', () => {
  const { follower, room } = welcomed();
  follower.entry(room.enters(add('one1')));
  assert.deepEqual(follower.helloFields(), { epoch: EPOCH, revision: 2, chain: 'c2' });
});

test('R5.1, R5.3 own edits show at once, as the newest, and are not confirmed', () => {
  const { follower } = welcomed();
  const message = follower.edit(add('one1'), 7);
  assert.deepEqual(message, { type: 'edit', seat: SECRET, number: 1, edit: add('one1'), gesture: 7 });
  follower.edit(move('one1', 0.75));
  assert.deepEqual([hintsOf(follower.shown), hintsOf(follower.confirmed)], [{ one1: 0.75 }, {}]);
  assert.equal(follower.shown?.hints.one1.touched, 3);
  assert.equal(follower.shown?.hints.one1.author, MEMBER);
});

test('R5.2 pending edits are applied again over the entries of others', () => {
  const { follower, room } = welcomed();
  follower.entry(room.enters(add('one1', 0.1)));
  follower.edit(move('one1', 0.9));
  follower.entry(room.enters(move('one1', 0.2)));
  assert.deepEqual([hintsOf(follower.shown), hintsOf(follower.confirmed)], [{ one1: 0.9 }, { one1: 0.2 }]);
  follower.entry(room.enters({ type: 'remove', hints: ['one1'] }));
  assert.deepEqual(hintsOf(follower.shown), {}, 'what cannot be applied here is left to the room');
  assert.deepEqual(pendingOf(follower), [1]);
});

test('an own entry ends its pending edit, and its acknowledgement after it changes nothing', () => {
  const { follower, room } = welcomed();
  follower.edit(add('one1'));
  follower.edit(add('two2'));
  follower.entry(room.entersMine(add('one1'), 1));
  assert.deepEqual(pendingOf(follower), [2]);
  follower.accepted({ type: 'accepted', seat: SECRET, number: 1, revision: 2 });
  assert.deepEqual(pendingOf(follower), [2]);
  assert.deepEqual(hintsOf(follower.shown), { one1: 0.5, two2: 0.5 });
});

test('an acknowledged edit shows on until its entry comes, and is not sent again', () => {
  const { follower, room } = welcomed();
  follower.edit(add('one1'));
  follower.accepted({ type: 'accepted', seat: SECRET, number: 1, revision: 2 });
  assert.deepEqual(hintsOf(follower.shown), { one1: 0.5 });
  assert.deepEqual(follower.pendingMessages(), []);
  follower.entry(room.entersMine(add('one1'), 1));
  assert.deepEqual([hintsOf(follower.shown), pendingOf(follower)], [{ one1: 0.5 }, []]);
});

test('R3.2 a repeat is acknowledged with a revision long confirmed, and ends the pending edit', () => {
  const { follower } = welcomed();
  follower.edit(add('one1'));
  follower.welcome(welcome({ number: 1, revision: 5, chain: 'c5' }));
  assert.deepEqual(follower.pendingMessages().map(({ number }) => number), [1]);
  follower.accepted({ type: 'accepted', seat: SECRET, number: 1, revision: 3 });
  assert.deepEqual(pendingOf(follower), []);
});

test('R2.2 an entry that was had is passed over; one that leaves a gap is an error', () => {
  const { follower, room } = welcomed();
  const first = room.enters(add('one1'));
  room.enters(add('two2'));
  const third = room.enters(add('three3'));
  follower.entry(first);
  follower.entry(first);
  assert.equal(follower.revision, 2);
  assert.throws(() => follower.entry(third), EntryOutOfOrder);
  assert.deepEqual([follower.revision, hintsOf(follower.confirmed)], [2, { one1: 0.5 }]);
});

test('R4.2, R2.2 missing entries are applied in order, own ones among them end pending edits', () => {
  const { follower, room } = welcomed();
  follower.edit(add('one1'));
  follower.edit(add('two2'));
  const entries = [room.enters(add('other1')), room.entersMine(add('one1'), 1)].map(({ entry }) => entry);
  follower.welcome(welcome({ entries, revision: 3, chain: 'c3', number: 1, epoch: 'another' }));
  assert.deepEqual([follower.revision, follower.epoch, pendingOf(follower)], [3, 'another', [2]]);
  assert.deepEqual(hintsOf(follower.shown), { one1: 0.5, other1: 0.5, two2: 0.5 });
});

test('R4.3 a snapshot keeps the pending edits, which are sent again in number order', () => {
  const { follower } = welcomed();
  follower.edit(add('one1'));
  follower.edit(move('one1', 0.25));
  follower.welcome(welcome({ revision: 900, chain: 'c900' }));
  assert.deepEqual(hintsOf(follower.shown), { one1: 0.25 });
  assert.deepEqual(follower.pendingMessages(), [
    { type: 'edit', seat: SECRET, number: 1, edit: add('one1') },
    { type: 'edit', seat: SECRET, number: 2, edit: move('one1', 0.25) },
  ]);
});

test('R4.5 after a rollback the journal\'s state shows and pending edits are offered one by one', () => {
  const { follower } = welcomed();
  follower.edit(add('one1'));
  follower.edit(add('two2'));
  follower.welcome(welcome({ rolled_back: true, revision: 1 }));
  assert.deepEqual([hintsOf(follower.shown), follower.pendingMessages()], [{}, []]);
  assert.deepEqual(follower.offered, [add('one1'), add('two2')]);
  const message = follower.edit(follower.takeOffered(1));
  assert.deepEqual([message.number, message.edit], [3, add('two2')], 'under a number that was never used');
  assert.deepEqual(follower.offered, [add('one1')]);
});

test('a page that joined with numbers already answered goes on behind them', () => {
  const follower = new Follower({ seat: SECRET });
  follower.welcome(welcome({ number: 41 }));
  assert.equal(follower.edit(add('one1')).number, 42);
});

test('R10.2 a dropped edit is taken back and told, later ones stay', () => {
  const { follower } = welcomed();
  follower.edit(add('one1'));
  follower.edit(add('two2'));
  const told = follower.refused(refusedOf(1));
  assert.deepEqual(told, { code: 'hint_taken', sentence: 'Taken.', kind: 'drop', edit: add('one1'), retryInSeconds: null });
  assert.deepEqual([hintsOf(follower.shown), pendingOf(follower)], [{ two2: 0.5 }, [2]]);
  assert.equal(follower.refused(refusedOf(1)).edit, null, 'told once');
});

test('R3.4 an edit to retry is kept; one wait brings it and all later ones again', () => {
  const { follower } = welcomed();
  for (const id of ['one1', 'two2', 'three3']) follower.edit(add(id));
  const busy = { code: 'room_busy', kind: 'retry', after_seconds: 0.5 };
  const early = { code: 'number_early', kind: 'retry', after_seconds: 0 };
  assert.equal(follower.refused(refusedOf(2, busy)).retryInSeconds, 0.5);
  assert.equal(follower.refused(refusedOf(3, busy)).retryInSeconds, null, 'the wait of 2 brings 3 along');
  assert.equal(follower.refused(refusedOf(3, early)).retryInSeconds, null);
  assert.equal(follower.refused(refusedOf(1, busy)).retryInSeconds, 0.5, 'an earlier one waits for itself');
  assert.deepEqual(hintsOf(follower.shown), { one1: 0.5, two2: 0.5, three3: 0.5 });
  assert.deepEqual(follower.pendingMessages().map(({ number }) => number), [1, 2, 3]);
  assert.equal(follower.refused(refusedOf(3, early)).retryInSeconds, null, 'it comes along with the one it waits for');
  assert.equal(follower.refused(refusedOf(2, busy)).retryInSeconds, 0.5, 'and so it goes on');
});

test('R3.5 edits of a dead page go under its seat and numbers, before this page\'s', () => {
  const { follower } = welcomed();
  follower.edit(add('mine'));
  const found = [{ seat: DEAD, number: 8, edit: move('dead', 0.25) }, { seat: DEAD, number: 7, edit: add('dead') }];
  follower.restorePending(found);
  follower.restorePending(found);
  assert.deepEqual(follower.pendingMessages().map(({ seat, number }) => [seat, number]), [[DEAD, 7], [DEAD, 8], [SECRET, 1]]);
  assert.deepEqual(hintsOf(follower.shown), { dead: 0.25, mine: 0.5 });
  follower.accepted({ type: 'accepted', seat: DEAD, number: 7, revision: 1 });
  follower.refused(refusedOf(8, { seat: DEAD }));
  assert.deepEqual(pendingOf(follower), [1]);
  assert.equal(follower.edit(add('next')).number, 2);
});

test('undo, redo and rotation wait for the room', () => {
  const { follower, room } = welcomed();
  follower.entry(room.entersMine(add('one1'), 1));
  follower.edit({ type: 'undo' });
  assert.deepEqual([hintsOf(follower.shown), follower.pending.length], [{ one1: 0.5 }, 1]);
});

test('an edit with a number that is not finite is not taken', () => {
  const { follower } = welcomed();
  assert.throws(() => follower.edit(add('one1', Number.NaN)), RangeError);
  assert.deepEqual([pendingOf(follower), follower.edit(add('two2')).number], [[], 1]);
});

test('role, links, ids and working size are what the hub said last', () => {
  let changes = 0;
  const follower = new Follower({ seat: SECRET, onChange: () => changes++ });
  const links = /** @type {const} */ ({ type: 'links', owner: 'o', editor: 'e', viewer: 'v' });
  follower.welcome(welcome({ role: 'owner', links }));
  assert.deepEqual([follower.role, follower.links, follower.member, follower.seat], ['owner', links, MEMBER, SEAT]);
  follower.linksChanged({ ...links, viewer: 'w' });
  assert.equal(follower.links?.viewer, 'w');
  const room = new FakeRoom();
  follower.entry({ ...room.enters({ type: 'turn', quarter_turns: 1 }), working_px: [256, 192] });
  assert.deepEqual([follower.workingPx, follower.shown?.turn, changes], [[256, 192], 1, 3]);
});

/**
 * One step of a case, and what the server's follower had after it; a state is left out where it is as before.
 * @typedef {object} Step
 * @property {'welcome' | 'entry' | 'accepted' | 'refused' | 'edit'} do
 * @property {any} [message]
 * @property {Edit} [edit]
 * @property {State | null} [shown]
 * @property {State | null} [confirmed]
 * @property {number[]} pending
 */

/** @param {Follower} follower @param {Step} step */
function take(follower, step) {
  if (step.do === 'edit') follower.edit(/** @type {Edit} */ (step.edit));
  else follower[step.do](step.message);
}

const { cases } = JSON.parse(readFileSync(new URL('../../vectors/follower.json', import.meta.url), 'utf8'));

for (const { name, seat, steps } of cases) {
  test(`the server's follower and this one agree: ${name}`, () => {
    const follower = new Follower({ seat });
    /** @type {{shown: State | null, confirmed: State | null}} */
    let states = { shown: null, confirmed: null };
    assert.ok(steps.length > 0);
    /** @type {Step[]} */ (steps).forEach((step, index) => {
      take(follower, step);
      const { shown = states.shown, confirmed = states.confirmed } = step;
      states = { shown, confirmed };
      const ours = JSON.parse(JSON.stringify({ shown: follower.shown, confirmed: follower.confirmed }));
      assert.deepEqual({ ...ours, pending: pendingOf(follower) }, { shown, confirmed, pending: step.pending }, `step ${index}`);
    });
  });
}

test('the cases hold every way to come back', () => {
  const welcomes = cases.flatMap((/** @type {{steps: Step[]}} */ { steps }) => steps.filter((step) => step.do === 'welcome'));
  const has = (/** @type {(message: any) => boolean} */ like) => assert.ok(welcomes.some((/** @type {Step} */ { message }) => like(message)));
  has(({ entries }) => entries?.length > 0);
  has(({ entries }) => entries?.length === 0);
  has(({ state, rolled_back: rolledBack }) => state !== null && !rolledBack);
  has(({ rolled_back: rolledBack }) => rolledBack);
});
