// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ApiError } from '../../client/connection/http.js';
import { pictureOf } from '../../client/picture/tile_grid.js';
import { Tiles } from '../../client/picture/tiles.js';
import { ManualClock } from './doubles.js';

/** @typedef {import('../../client/picture/tile_grid.js').Tile} Tile */

const photograph = { width: 8192, height: 6144 };
const copy = { width: 2048, height: 1536 };
const canvas = { width: 1024, height: 1024 };

/** At a scale, with that pixel of the photograph in the upper left corner. @param {number} scale @param {number} x @param {number} y */
const at = (scale, x, y) => [-x * scale, -y * scale, photograph.width * scale, photograph.height * scale];

async function settle() {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** @param {import('node:test').TestContext} t */
function opened(t) {
  /** @type {{key: string, tile: Tile, signal: AbortSignal, answer: () => Promise<void>, fail: (error: Error) => Promise<void>}[]} */
  const asked = [];
  /** @type {Set<string>} textures on the GPU */
  const held = new Set();
  const clock = new ManualClock();
  let changes = 0;
  /** @type {Tile} */
  let decoding;
  const before = Object.getOwnPropertyDescriptor(globalThis, 'createImageBitmap');
  Object.defineProperty(globalThis, 'createImageBitmap', {
    value: async (/** @type {Blob} */ blob) => {
      decoding = JSON.parse(await blob.text());
      return { ...pictureOf(decoding, photograph).size, tile: decoding, close() {} };
    },
    configurable: true,
  });
  t.after(() => {
    if (before) Object.defineProperty(globalThis, 'createImageBitmap', before);
    else Reflect.deleteProperty(globalThis, 'createImageBitmap');
  });
  const tiles = new Tiles({
    photograph,
    copy,
    fetch: (tile, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('left', 'AbortError')));
        asked.push({
          key: keyOf(tile), tile, signal,
          answer: async () => (resolve(new Blob([JSON.stringify(tile)])), settle()),
          fail: async (error) => (reject(error), settle()),
        });
      }),
    upload: (bitmap) => {
      const key = keyOf(/** @type {any} */ (bitmap).tile);
      held.add(key);
      return { bind() {}, delete: () => held.delete(key) };
    },
    changed: () => (changes += 1),
    after: (milliseconds, then) => clock.after(milliseconds / 1000, then),
  });
  /** Looks, and answers what is asked for until nothing more is. @param {number[]} place */
  const show = async (place) => {
    tiles.look(place, canvas);
    clock.advance(0.1);
    for (let next = 0; next < asked.length; next++) await asked[next].answer();
    return tiles.look(place, canvas);
  };
  return { tiles, asked, held, clock, show, changes: () => changes };
}

const keyOf = (/** @type {Tile} */ { level, x, y }) => `${level}/${x}/${y}`;

test('what shows is asked for once the view is still, the middle first, few at once', async (t) => {
  const { tiles, asked, clock, changes } = opened(t);
  const view = at(1, 1000, 1000);
  assert.deepEqual(tiles.look(view, canvas), { layers: [], missing: 9, isWhole: false });
  assert.equal(asked.length, 0);
  clock.advance(0.1);
  assert.equal(asked.length, 4);
  assert.equal(asked[0].key, '0/2/2');
  await asked[0].answer();
  assert.equal(asked.length, 5);
  assert.equal(changes(), 1);
  const shown = tiles.look(view, canvas);
  assert.deepEqual([shown.layers.length, shown.missing, shown.isWhole], [1, 8, false]);
  assert.deepEqual(shown.layers[0].edges, { left: 24, top: 24, right: 536, bottom: 536 });
});

test('a view that is all there needs nothing below it and asks for nothing', async (t) => {
  const { tiles, asked, clock, show } = opened(t);
  const shown = await show(at(1, 1000, 1000));
  assert.deepEqual([shown.layers.length, shown.missing, shown.isWhole], [9, 0, true]);
  const before = asked.length;
  tiles.look(at(1, 1020, 1010), canvas);
  clock.advance(1);
  assert.equal(asked.length, before);
});

test('what leaves the view is broken off, and the newest view is served first', async (t) => {
  const { tiles, asked, clock } = opened(t);
  tiles.look(at(1, 0, 0), canvas);
  clock.advance(0.1);
  tiles.look(at(1, 6000, 4000), canvas);
  assert.ok(asked.every(({ signal }) => signal.aborted));
  await settle();
  clock.advance(0.1);
  assert.equal(asked.length, 8);
  assert.ok(asked.slice(4).every(({ tile, signal }) => tile.x >= 11 && tile.y >= 7 && !signal.aborted));
});

test('a zoom in progress asks for nothing on the levels that it passes', async (t) => {
  const { tiles, asked, clock } = opened(t);
  for (const scale of [0.4, 0.8, 0.45, 0.75, 0.55, 1]) {
    tiles.look(at(scale, 100, 100), canvas);
    clock.advance(0.06);
  }
  assert.equal(asked.length, 0);
  clock.advance(0.06);
  assert.ok(asked.length > 0 && asked.every(({ tile }) => tile.level === 0));
});

test('tiles of another level stand in, below those of the present one, until these are there', async (t) => {
  const { tiles, asked, show } = opened(t);
  await show(at(0.55, 1000, 1000));
  const closer = at(1, 1200, 1200);
  const standing = tiles.look(closer, canvas);
  assert.ok(standing.layers.length > 0 && standing.missing === 9);
  const before = asked.length;
  const shown = await show(closer);
  assert.ok(asked.slice(before).every(({ tile }) => tile.level === 0));
  assert.deepEqual([shown.layers.length, shown.isWhole], [9, true]);
  assert.deepEqual(tiles.look(at(0.2, 0, 0), canvas), { layers: [], missing: 0, isWhole: false });
});

test('a tile that fails is left to the copy, and asked for again later; the others go on', async (t) => {
  const { tiles, asked, clock } = opened(t);
  const view = at(1, 1000, 1000);
  tiles.look(view, canvas);
  clock.advance(0.1);
  await asked[0].fail(new ApiError('server_busy', '', 503));
  assert.equal(asked.length, 5);
  for (const one of asked.slice(1)) await one.answer();
  for (const one of asked.slice(5)) await one.answer();
  assert.equal(tiles.look(view, canvas).missing, 1);
  clock.advance(1);
  assert.equal(asked.filter(({ key }) => key === '0/2/2').length, 1);
  clock.advance(4);
  clock.advance(0.2);
  assert.equal(asked.filter(({ key }) => key === '0/2/2').length, 2);
  await asked[asked.length - 1].answer();
  assert.equal(tiles.look(view, canvas).isWhole, true);
});

test('textures keep to 32 MiB, the longest unseen going first, and never one that shows', async (t) => {
  const { held, show } = opened(t);
  for (let x = 0; x < 7168; x += 1024) for (let y = 0; y < 5120; y += 1024) await show(at(1, x, y));
  assert.ok(held.size * 514 * 514 <= 32 * 2 ** 20 && held.size > 120, `${held.size} tiles`);
  assert.ok(!held.has('0/0/0'));
  assert.ok(held.has('0/13/9'));
});

test('a lost context forgets the textures and asks again; the end lets all go', async (t) => {
  const { tiles, asked, held, clock, show } = opened(t);
  const view = at(1, 1000, 1000);
  await show(view);
  tiles.contextLost();
  held.clear();
  const before = asked.length;
  assert.equal((await show(view)).isWhole, true);
  assert.equal(asked.length, before + 9);
  tiles.look(at(1, 4000, 4000), canvas);
  clock.advance(0.1);
  tiles.end();
  assert.equal(held.size, 0);
  await settle();
  clock.advance(60);
  assert.equal(asked.length, before + 9 + 4);
  assert.ok(asked.slice(-4).every(({ signal }) => signal.aborted));
});
