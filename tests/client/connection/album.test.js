// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Album } from '../../../client/connection/album.js';
import { Store } from '../../../client/connection/store.js';

/** @param {string} room @param {string} [album] */
const known = (room, album) => ({ room, album, capability: 'c', title: '', role: /** @type {const} */ ('owner'), openedUnixSeconds: 1 });
/** @param {string[]} swatches ids that the room has */
const state = (...swatches) => /** @type {any} */ ({ swatches: Object.fromEntries(swatches.map((id) => [id, {}])) });
/** @param {string} id @param {object | null} after */
const entry = (id, after) => /** @type {any} */ ({ changes: [{ type: 'swatch', id, before: null, after }] });
const SKY = { id: 'sky1', name: 'Sky', a: -5, b: -30 };

function store() {
  const made = new Store({ storage: null, place: '/' });
  for (const room of ['one', 'two']) made.rememberRoom(known(room, 'album'));
  made.rememberRoom(known('alone'));
  return made;
}

test('a color that is kept in one room of an album comes along to the others, once', () => {
  const shared = store();
  new Album(shared, 'one').ownEntry(entry('sky1', SKY));
  const gift = { type: 'swatch', id: 'sky1', swatch: { name: 'Sky', a: -5, b: -30 } };
  assert.deepEqual(new Album(shared, 'two').gifts(state()), [gift]);
  assert.deepEqual(new Album(shared, 'two').gifts(state()), []);
  assert.deepEqual(new Album(shared, 'one').gifts(state()), []);
  assert.deepEqual(new Album(shared, 'alone').gifts(state()), []);
});

test('a color that is given up is not given to the rooms that lack it; one that is there is not given again', () => {
  const shared = store();
  const one = new Album(shared, 'one');
  one.ownEntry(entry('sky1', SKY));
  one.ownEntry(entry('wood', { ...SKY, id: 'wood' }));
  one.ownEntry(entry('sky1', null));
  assert.deepEqual(new Album(shared, 'two').gifts(state('wood')), []);
});
