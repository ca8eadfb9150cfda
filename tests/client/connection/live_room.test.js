// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Api } from '../../../client/connection/http.js';
import { LiveRoom } from '../../../client/connection/live_room.js';
import { Store } from '../../../client/connection/store.js';
import { FakeStorage, ManualClock, SEAT, fakeHub } from '../doubles.js';

/** @param {string} id @returns {import('../../../client/wire/messages.js').Add} */
const add = (id) => ({ type: 'add', hints: [{ id, x: 0.5, y: 0.5, a: 0, b: 0, size: 5 }] });

/** A page of one browser. Pages may share storage; world: the clock on the wall. */
function opened({ clock = new ManualClock(), storage = new FakeStorage(), world = /** @type {ManualClock | null} */ (null) } = {}) {
  const hub = fakeHub();
  /** @type {any[]} */
  const refused = [];
  /** @type {number[]} looks of palettes that came through */
  const palettes = [];
  const live = new LiveRoom({
    room: 'room',
    capability: 'capability',
    store: new Store({ storage, place: '/', unixSeconds: (world ?? clock).nowSeconds }),
    api: new Api({ base: 'https://host/sub/api/' }),
    onState: () => {},
    onFrame: () => {},
    onChange: () => {},
    onPresence: () => {},
    onRefused: (refusal) => refused.push(refusal.code),
    onNotice: () => {},
    onPalette: (palette) => palettes.push(palette.look),
    clock,
    random: () => 0,
    WebSocketClass: hub.WebSocketClass,
  });
  live.open();
  const edits = () => hub.socket.sent.filter(({ type }) => type === 'edit');
  return { live, hub, clock, storage, refused, palettes, edits, numbers: () => edits().map(({ number }) => number) };
}

/** @param {any} sent @param {object} fields */
const refusal = ({ seat, number }, fields) => ({ type: 'refused', code: 'busy', sentence: '', seat, number, gesture: null, ...fields });

test('the socket is asked for at the API\'s place', () => {
  assert.equal(opened().hub.socket.url, 'wss://host/sub/api/rooms/room/socket');
});

test('R5.2 edits made offline go out with the welcome, in number order, under one seat', () => {
  const { live, hub, clock, edits, numbers } = opened();
  live.edit(add('one1'));
  live.edit(add('two2'));
  hub.socket.welcome();
  assert.deepEqual(numbers(), [1, 2]);
  hub.socket.end(1006);
  live.edit(add('three3'));
  clock.advance(1);
  hub.socket.welcome();
  assert.deepEqual(numbers(), [1, 2, 3]);
  assert.deepEqual(new Set(edits().map(({ seat }) => seat)).size, 1);
  assert.equal(hub.socket.sent[0].revision, 1, 'the hello resumes');
});

test('what piled up goes out at the pace that the hub takes, and nothing overtakes it', () => {
  const { live, hub, clock, numbers } = opened();
  for (let index = 0; index < 230; index++) live.edit(add(`hint${index}`));
  hub.socket.welcome();
  assert.equal(numbers().length, 100);
  live.edit(add('later'));
  assert.equal(numbers().length, 100);
  clock.advance(2.5);
  assert.deepEqual(numbers(), Array.from({ length: 231 }, (_, index) => index + 1));
  live.edit(add('last'));
  assert.equal(numbers().at(-1), 232);
});

test('R3.4 an edit to retry goes again after its wait, with all later ones', () => {
  const { live, hub, clock, edits, numbers, refused } = opened();
  hub.socket.welcome();
  live.edit(add('one1'));
  live.edit(add('two2'));
  const [first, second] = edits();
  hub.socket.say(refusal(first, { kind: 'retry', after_seconds: 0.5 }));
  hub.socket.say(refusal(second, { kind: 'retry', code: 'number_early', after_seconds: 0 }));
  clock.advance(0.4);
  assert.deepEqual(numbers(), [1, 2]);
  clock.advance(0.2);
  assert.deepEqual([numbers(), refused], [[1, 2, 1, 2], []]);
});

test('R10.2 a dropped edit is told once', () => {
  const { live, hub, edits, refused } = opened();
  hub.socket.welcome();
  live.edit(add('one1'));
  hub.socket.say(refusal(edits()[0], { kind: 'drop', code: 'room_locked' }));
  hub.socket.say(refusal(edits()[0], { kind: 'drop', code: 'number_spent' }));
  assert.deepEqual([refused, Object.keys(live.shown?.hints ?? {})], [['room_locked'], []]);
});

test('R3.5 a page that left unsent edits is followed at once, under its seat and numbers', () => {
  const left = opened();
  left.hub.socket.welcome();
  left.live.edit(add('one1'));
  left.live.edit(add('two2'));
  const [{ seat }] = left.edits();
  left.live.close();
  const next = opened(left);
  next.live.edit(add('mine'));
  next.hub.socket.welcome();
  assert.deepEqual(next.edits().map((sent) => [sent.seat === seat, sent.number]), [[true, 1], [true, 2], [false, 1]]);
  for (const sent of next.edits()) next.hub.socket.say({ type: 'accepted', seat: sent.seat, number: sent.number, revision: 1 });
  next.live.close();
  assert.equal([...Array(left.storage.length).keys()].filter((index) => left.storage.key(index)?.includes('unsent')).length, 0);
});

test('R3.5 a page that crashed is followed within two minutes, one that lives is left alone', () => {
  const world = new ManualClock();
  const crashed = opened({ clock: new ManualClock(), world });
  crashed.live.edit(add('one1'));
  const next = opened({ clock: new ManualClock(), world, storage: crashed.storage });
  next.hub.socket.welcome();
  /** @param {ManualClock[]} running @param {number} seconds */
  const advance = (running, seconds) => {
    for (let second = 0; second < seconds; second++) {
      next.hub.socket.say({ type: 'ping' });
      for (const clock of [world, ...running]) clock.advance(1);
    }
  };
  advance([crashed.clock, next.clock], 600);
  assert.deepEqual(next.numbers(), [], 'both live');
  advance([next.clock], 120);
  assert.deepEqual(next.numbers(), [1]);
});

test('R6.5 a gesture shows at once, and its edit names it', () => {
  const { live, hub, edits } = opened();
  hub.socket.welcome();
  const id = live.beginGesture(add('one1'));
  assert.deepEqual(Object.keys(live.shown?.hints ?? {}), ['one1']);
  hub.socket.say({ type: 'gestures', gestures: [{ seat: SEAT, member: 'm', gesture: id, edit: add('one1') }] });
  live.endGesture(id, add('one1'));
  assert.equal(edits()[0].gesture, id);
  assert.deepEqual(Object.keys(live.shown?.hints ?? {}), ['one1']);
  hub.socket.say(refusal(edits()[0], { kind: 'drop', code: 'hint_taken' }));
  assert.deepEqual(Object.keys(live.shown?.hints ?? {}), []);
});

test('what a finger holds is said again to a hub that comes back', () => {
  const { live, hub, clock } = opened();
  hub.socket.welcome();
  live.beginGesture(add('one1'));
  hub.socket.end(1006);
  clock.advance(0.3);
  hub.socket.welcome();
  assert.deepEqual(hub.socket.sent.filter(({ type }) => type === 'gesture').map(({ edit }) => edit), [add('one1')]);
});

test('a refused gesture is told and shown no more', () => {
  const { live, hub, clock, refused } = opened();
  hub.socket.welcome({ role: 'viewer' });
  const id = live.beginGesture(add('one1'));
  hub.socket.say(refusal({}, { kind: 'drop', code: 'not_allowed', gesture: id }));
  clock.advance(0.5);
  assert.deepEqual([refused, Object.keys(live.shown?.hints ?? {})], [['not_allowed'], []]);
  live.endGesture(id, add('one1'));
  assert.equal(live.follower.pending.length, 0);
});

test('an entry out of order makes the connection begin anew', () => {
  const { hub, clock } = opened();
  hub.socket.welcome();
  const entry = { revision: 9, member: 'm', seat: 's', number: 1, kind: 'clear', changes: [], unix_seconds: 0 };
  hub.socket.say({ type: 'entry', entry, chain: 'c9', working_px: [192, 256] });
  assert.equal(hub.sockets[0].closedWith, 1000);
  clock.advance(1);
  hub.socket.onopen();
  assert.equal(hub.socket.sent[0].revision, 1);
});

test('a palette is asked for where the hint is, at most every 50 ms, of many places only the newest', () => {
  const { live, hub, clock } = opened();
  hub.socket.welcome();
  const asked = () => hub.socket.sent.filter(({ type }) => type === 'palette_for');
  for (const x of [0.1, 0.2, 0.3, 0.3]) live.askPalette({ x, y: 0.5 });
  clock.advance(0.05);
  clock.advance(1);
  assert.deepEqual(asked(), [{ type: 'palette_for', x: 0.1, y: 0.5 }, { type: 'palette_for', x: 0.3, y: 0.5 }]);
  live.askPalette(null);
  live.askPalette(null);
  assert.deepEqual(asked().slice(2), [{ type: 'palette_for' }]);
});

test('a palette that comes after nothing is asked for any more is dropped', () => {
  const { live, hub, clock, palettes } = opened();
  hub.socket.welcome();
  live.askPalette({ x: 0.1, y: 0.5 });
  hub.socket.say({ type: 'palette', x: 0.1, y: 0.5, look: 1, network: 'compact', colors: [] });
  live.askPalette(null);
  clock.advance(1);
  hub.socket.say({ type: 'palette', x: 0.1, y: 0.5, look: 2, network: 'compact', colors: [] });
  assert.deepEqual(palettes, [1]);
});

test('another connection is told again what this page wants to see, and of what has ended nothing', () => {
  const { live, hub, clock } = opened();
  hub.socket.welcome();
  live.askPalette({ x: 0.1, y: 0.5 });
  live.askPreview({ network: 'eccv16', vividness: null });
  const again = () => {
    hub.socket.end(1006);
    clock.advance(1);
    hub.socket.welcome();
    clock.advance(1);
    return hub.socket.sent.filter(({ type }) => type === 'palette_for' || type === 'preview_of');
  };
  assert.deepEqual(again(), [
    { type: 'palette_for', x: 0.1, y: 0.5 }, { type: 'preview_of', network: 'eccv16', vividness: null },
  ]);
  live.askPreview(null);
  live.askPreview(null);
  live.askPalette(null);
  clock.advance(1);
  assert.deepEqual(hub.socket.sent.slice(-2).map(({ type, ...wish }) => [type, wish]), [['preview_of', {}], ['palette_for', {}]]);
  assert.deepEqual(again(), []);
});
