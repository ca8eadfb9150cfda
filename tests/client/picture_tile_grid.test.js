// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { edgesOf, levelFor, pictureOf, tilesOn } from '../../client/picture/tile_grid.js';

const photograph = { width: 8660, height: 5773 };
const copy = { width: 2048, height: 1365 };
const canvas = { width: 1280, height: 800 };

/** The photograph at a scale, with the point (x, y) of it in the canvas's upper left corner. @param {number} scale @param {number} [x] @param {number} [y] */
const placed = (scale, x = 0, y = 0) => [Math.round(-x * scale), Math.round(-y * scale), photograph.width * scale, photograph.height * scale];

test('the gray copy does while its pixels are hardly larger than the screen\'s', () => {
  for (const scale of [0.05, 0.236, 0.33]) assert.equal(levelFor(photograph, copy, scale, canvas), null, String(scale));
  for (const scale of [0.3, 1, 16]) assert.equal(levelFor(copy, copy, scale, canvas), null, String(scale));
});

test('at 100 % and closer it is the photograph itself, however little larger it is than the copy', () => {
  for (const scale of [1, 3, 16]) assert.equal(levelFor(photograph, copy, scale, canvas), 0);
  assert.equal(levelFor({ width: 2100, height: 1400 }, copy, 1, canvas), 0);
  assert.equal(levelFor({ width: 2100, height: 1400 }, copy, 0.99, canvas), null);
});

test('in between the level\'s pixels are about the screen\'s, and finer than the copy\'s', () => {
  const ratio = photograph.width / copy.width;
  for (let scale = 0.335; scale < 2; scale *= 1.01) {
    const level = levelFor(photograph, copy, scale, canvas);
    assert.ok(level !== null);
    const pixel = 2 ** level * scale;
    assert.ok(scale >= 0.99 || (pixel >= 0.5 && pixel <= Math.SQRT2 + 1e-9), `${pixel} device pixels at ${scale}`);
    assert.ok(level === 0 || 2 ** level * Math.SQRT2 <= ratio, `level ${level} gains nothing`);
  }
  assert.equal(levelFor({ width: 100_000, height: 1000 }, { width: 2048, height: 20 }, 1 / 16, canvas), 4);
});

test('at exactly 50 and 25 % it is the photograph itself too, as far as a screen of it is not too much', () => {
  for (const scale of [0.5, 0.25]) {
    assert.equal(levelFor(photograph, copy, scale, { width: 800, height: 600 }), 0);
    assert.equal(levelFor({ width: 3000, height: 2000 }, { width: 2048, height: 1365 }, scale, { width: 3840, height: 2160 }), 0);
  }
  assert.equal(levelFor(photograph, copy, 0.25, { width: 3840, height: 2160 }), 1);
  // A level that the copy is as fine as is not there.
  assert.equal(levelFor({ width: 4096, height: 4096 }, { width: 2048, height: 2048 }, 0.25, { width: 3840, height: 2160 }), null);
  assert.equal(levelFor(copy, copy, 0.5, canvas), null);
});

test('every pixel of the canvas that shows the picture belongs to one tile, and no tile is beside the canvas', () => {
  const views = [placed(1, 3000, 2000), placed(0.61, 100.3, 77.7), placed(0.4, -500, -300), placed(3.7, 8400, 5600), placed(0.5, 7000, 5000)];
  for (const place of views) {
    const level = place[2] / photograph.width < 0.7 ? 1 : 0;
    const covered = new Uint8Array(canvas.width * canvas.height);
    for (const tile of tilesOn(level, photograph, place, canvas)) {
      const edges = edgesOf(tile, photograph, place, canvas);
      assert.ok(edges !== null);
      for (let y = edges.top; y < edges.bottom; y++) {
        for (let x = edges.left; x < edges.right; x++) covered[y * canvas.width + x] += 1;
      }
    }
    const [left, top, width, height] = place;
    for (let y = 0; y < canvas.height; y++) {
      for (let x = 0; x < canvas.width; x++) {
        const inside = x + 0.5 >= left && x + 0.5 < left + width && y + 0.5 >= top && y + 0.5 < top + height;
        if (covered[y * canvas.width + x] !== Number(inside)) assert.fail(`${x}, ${y} of ${place}`);
      }
    }
  }
});

test('a pixel reads its tile where the photograph has it, within the tile and its border', () => {
  const place = placed(0.61, 4003.3, 3001.7);
  for (const level of [0, 1]) {
    for (const tile of tilesOn(level, photograph, place, canvas)) {
      const edges = edgesOf(tile, photograph, place, canvas);
      const { size, window } = pictureOf(tile, photograph);
      assert.ok(edges !== null && size.width <= 514 && size.height <= 514);
      for (const x of [edges.left, edges.right - 1]) {
        const norm = (x + 0.5 - place[0]) / place[2];
        const texel = (norm * window[0] + window[2]) * size.width;
        const first = Math.max(tile.x * 512 - 1, 0);
        assert.ok(Math.abs(texel + first - (norm * photograph.width) / 2 ** level) < 1e-6);
        // Half a pixel on either side is what smooth magnification reads.
        assert.ok(texel >= (tile.x === 0 ? 0 : 0.5) && texel <= size.width - 0.5, `${texel} of ${size.width}`);
      }
    }
  }
});

test('the last tiles of a level are cut, their last pixels in part', () => {
  assert.deepEqual(pictureOf({ level: 1, x: 8, y: 5 }, photograph).size, { width: 4330 - 8 * 512 + 1, height: 2887 - 5 * 512 + 1 });
  assert.deepEqual(tilesOn(1, photograph, placed(0.1), canvas).length, 9 * 6);
});

test('the middle of the screen comes first', () => {
  const tiles = tilesOn(0, photograph, placed(1, 512, 512), { width: 512 * 3, height: 512 * 3 });
  assert.deepEqual(tiles[0], { level: 0, x: 2, y: 2 });
  assert.equal(tiles.length, 9);
});

test('a screen of a telephone asks for little more than it shows', () => {
  const screen = { width: 1170, height: 2532 };
  for (const scale of [0.336, 0.36, 0.51, 0.7, 0.72, 1, 2]) {
    const level = levelFor(photograph, copy, scale, canvas);
    assert.ok(level !== null);
    const place = [-300, -200, photograph.width * scale, photograph.height * scale];
    const tiles = tilesOn(level, photograph, place, screen);
    const texels = tiles.reduce((sum, tile) => sum + pictureOf(tile, photograph).size.width * pictureOf(tile, photograph).size.height, 0);
    const shown = 1170 * Math.min(2532, place[3] - 200);
    assert.ok(texels < 4 * shown, `${texels / shown} pixels for each of the screen's at ${scale}`);
  }
});
