// @ts-check
/** Hidden and duplicated tabs: whole pages over the doubles, on a clock that is moved by hand. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Api } from '../../../client/connection/http.js';
import { LiveRoom } from '../../../client/connection/live_room.js';
import { Store } from '../../../client/connection/store.js';
import { FakeStorage, ManualClock, fakeHub } from '../doubles.js';

const HIDDEN_MINUTES = 6;
const PINGS_A_MINUTE = 12;

/** @param {string} id @returns {import('../../../client/wire/messages.js').Add} */
const add = (id) => ({ type: 'add', hints: [{ id, x: 0.5, y: 0.5, a: 0, b: 0, size: 5 }] });

/** A tab of a browser. world: the clock on the wall. @param {{storage?: FakeStorage, world: ManualClock}} browser */
function tab({ storage = new FakeStorage(), world }) {
  const page = { hidden: false };
  const clock = new ManualClock();
  const hub = fakeHub();
  const live = new LiveRoom({
    room: 'room',
    capability: 'capability',
    store: new Store({ storage, place: '/', unixSeconds: world.nowSeconds }),
    api: new Api({ base: 'https://host/api/' }),
    onState: () => {},
    onFrame: () => {},
    onChange: () => {},
    onPresence: () => {},
    onRefused: () => {},
    onNotice: () => {},
    isHidden: () => page.hidden,
    clock,
    random: () => 0,
    WebSocketClass: hub.WebSocketClass,
  });
  live.open();
  hub.socket.welcome();
  /** @param {string} type */
  const sent = (type) => hub.socket.sent.filter((message) => message.type === type);
  return { live, hub, clock, page, storage, sent };
}

/** A minute of a hidden tab: messages come as ever, its timers run once, at the end. @param {ReturnType<typeof tab>} one @param {ManualClock} world */
function hiddenMinute({ hub, clock }, world) {
  for (let ping = 0; ping < PINGS_A_MINUTE; ping++) {
    world.advance(5);
    clock.sleep(5);
    hub.socket.say({ type: 'ping' });
  }
  clock.advance(0);
}

test('a tab hidden for six minutes answers every ping, keeps its connection, and goes on where it was', () => {
  const world = new ManualClock();
  const one = tab({ world });
  one.page.hidden = true;
  one.live.visibilityChanged();
  one.live.edit(add('kept'));
  const beside = tab({ world, storage: one.storage });
  for (let minute = 1; minute <= HIDDEN_MINUTES; minute++) {
    hiddenMinute(one, world);
    assert.equal(one.sent('pong').length, minute * PINGS_A_MINUTE, 'in the message handler, not by a timer');
    for (let ping = 0; ping < PINGS_A_MINUTE; ping++) {
      beside.hub.socket.say({ type: 'ping' });
      beside.clock.advance(5);
    }
  }
  assert.deepEqual(beside.sent('edit'), [], 'a tab that only sleeps is not taken for dead');
  one.page.hidden = false;
  one.live.visibilityChanged();
  one.clock.advance(1);
  assert.equal(one.hub.sockets.length, 1, 'nothing was silent, so nothing begins anew');
  const number = one.sent('edit')[0].number;
  one.hub.socket.say({ type: 'accepted', seat: one.sent('edit')[0].seat, number, revision: 1 });
  one.live.edit(add('later'));
  assert.deepEqual(one.sent('edit').map((message) => message.number), [1, 2]);
});

test('a hidden tab whose hub fell silent comes back at once when it is shown, and says what it could not', () => {
  const world = new ManualClock();
  const { live, hub, clock, page, sent } = tab({ world });
  page.hidden = true;
  live.visibilityChanged();
  live.edit(add('unheard'));
  for (let minute = 0; minute < HIDDEN_MINUTES; minute++) {
    clock.sleep(60);
    clock.advance(0);
  }
  assert.equal(hub.sockets.length, 1, 'a hidden page does not judge');
  page.hidden = false;
  live.visibilityChanged();
  assert.equal(hub.sockets.length, 2);
  hub.socket.welcome();
  assert.deepEqual(sent('edit').map(({ number }) => number), [1]);
});

test('R3.1 a duplicated tab has all of the other\'s storage and a seat of its own', () => {
  const world = new ManualClock();
  const one = tab({ world });
  const copy = tab({ world, storage: one.storage });
  const [first, second] = [one, copy].map(({ sent }) => sent('hello')[0]);
  assert.equal(first.member, second.member, 'the same person');
  assert.notEqual(first.seat, second.seat);
  one.live.edit(add('one1'));
  copy.live.edit(add('two2'));
  const [mine, its] = [one.sent('edit')[0], copy.sent('edit')[0]];
  assert.deepEqual([mine.number, its.number], [1, 1], 'each counts for itself');
  assert.deepEqual([mine.seat, its.seat], [first.seat, second.seat]);
});
