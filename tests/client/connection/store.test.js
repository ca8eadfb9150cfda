// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { newHintId, newSecret } from '../../../client/connection/secrets.js';
import { Store } from '../../../client/connection/store.js';
import { FakeStorage } from '../doubles.js';

/** @param {string} room @param {number} [openedUnixSeconds] */
const known = (room, openedUnixSeconds = 0) => (
  { room, capability: 'c', title: 'T', role: /** @type {const} */ ('owner'), openedUnixSeconds }
);

test('secrets and ids have the server\'s shapes and do not repeat', () => {
  assert.match(newSecret(), /^[A-Za-z0-9_-]{22}$/);
  assert.match(newHintId(), /^[A-Za-z0-9_-]{16}$/);
  assert.equal(new Set(Array.from({ length: 100 }, newSecret)).size, 100);
});

test('a browser is one member, below one place', () => {
  const storage = new FakeStorage();
  const { member } = new Store({ storage, place: '/' });
  assert.match(member, /^[A-Za-z0-9_-]{22}$/);
  assert.equal(new Store({ storage, place: '/' }).member, member);
  assert.notEqual(new Store({ storage, place: '/sub/' }).member, member);
});

test('colors used last are remembered, what is no color is not', () => {
  const storage = new FakeStorage();
  const store = new Store({ storage, place: '/' });
  assert.deepEqual(store.recentColors, []);
  store.recentColors = [[1, -2], [3, 4]];
  assert.deepEqual(new Store({ storage, place: '/' }).recentColors, [[1, -2], [3, 4]]);
  storage.setItem('chromavive / recent', '[[1], [1, "2"], null, [5, 6]]');
  assert.deepEqual(store.recentColors, [[5, 6]]);
});

test('name and theme are remembered, a strange theme is not', () => {
  const storage = new FakeStorage();
  const store = new Store({ storage, place: '/' });
  assert.deepEqual([store.name, store.theme], ['', 'system']);
  store.name = 'Ann';
  store.theme = 'dark';
  assert.deepEqual([new Store({ storage, place: '/' }).name, new Store({ storage, place: '/' }).theme], ['Ann', 'dark']);
  storage.setItem('chromavive / theme', 'purple');
  assert.equal(store.theme, 'system');
});

test('rooms are kept newest first, once each, and not without end', () => {
  const store = new Store({ storage: new FakeStorage(), place: '/' });
  store.rememberRoom(known('a', 1));
  store.rememberRoom(known('b', 2));
  store.rememberRoom(known('a', 3));
  assert.deepEqual(store.rooms().map(({ room }) => room), ['a', 'b']);
  store.forgetRoom('a');
  assert.deepEqual(store.rooms().map(({ room }) => room), ['b']);
  for (let index = 0; index < 300; index++) store.rememberRoom(known(`room${index}`, index));
  assert.deepEqual([store.rooms().length, store.rooms()[0].room], [200, 'room299']);
});

test('what somebody else wrote there is passed over', () => {
  const storage = new FakeStorage();
  const store = new Store({ storage, place: '/' });
  for (const text of ['{', '3', '[null, {"room": 1}]', '{"a": []}']) {
    storage.setItem('chromavive / rooms', text);
    assert.deepEqual(store.rooms(), []);
    storage.setItem('chromavive / unsent room seat', text);
    assert.deepEqual(store.adoptUnsent('room'), []);
  }
});

for (const [name, storage] of /** @type {[string, FakeStorage | null][]} */ ([['missing', null], ['full', Object.assign(new FakeStorage(), { full: true })]])) {
  test(`where storage is ${name} the page remembers for as long as it lives`, () => {
    const store = new Store({ storage, place: '/' });
    assert.equal(store.member, store.member);
    store.name = 'Ann';
    store.rememberRoom(known('a'));
    store.keepUnsent('room', 'seat', [{ number: 1, edit: { type: 'clear' } }]);
    store.leaveUnsent('room', 'seat', [{ number: 1, edit: { type: 'clear' } }]);
    assert.deepEqual([store.name, store.rooms().length, store.adoptUnsent('room').length], ['Ann', 1, 1]);
    store.keepUnsent('room', 'seat', []);
    assert.deepEqual(store.adoptUnsent('room'), []);
  });
}

test('R3.5 unsent edits are taken over once their page is dead, by one page, and those of other rooms are not', () => {
  let now = 1000;
  const store = new Store({ storage: new FakeStorage(), place: '/', unixSeconds: () => now });
  const edits = [{ number: 4, edit: /** @type {const} */ ({ type: 'clear' }) }];
  store.keepUnsent('room', 'dead', edits);
  store.keepUnsent('elsewhere', 'dead', edits);
  now += 89;
  assert.deepEqual(store.adoptUnsent('room'), []);
  now += 2;
  assert.deepEqual(store.adoptUnsent('room', new Set(['dead'])), [], 'a page does not take over its own');
  assert.deepEqual(store.adoptUnsent('room'), [{ seat: 'dead', number: 4, edit: { type: 'clear' } }]);
  assert.deepEqual(store.adoptUnsent('room'), [], 'the page that took them over lives');
});

test('R3.5 a page that says good-bye is followed at once', () => {
  const store = new Store({ storage: new FakeStorage(), place: '/', unixSeconds: () => 1000 });
  store.leaveUnsent('room', 'gone', [{ number: 1, edit: { type: 'undo' } }]);
  assert.equal(store.adoptUnsent('room').length, 1);
});
