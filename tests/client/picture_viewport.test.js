// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { clamp, fit, pan, SCALE_MAX, sightOf, toPicture, toScreen, viewportOf, zoomAt } from '../../client/picture/viewport.js';

const picture = { width: 400, height: 200 };
const canvas = { width: 800, height: 600 };

/** @param {number} actual @param {number} expected */
const assertNear = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

test('fit shows the whole picture, centered, smaller or larger than it is', () => {
  assert.deepEqual(fit(picture, canvas), { scale: 2, x: 0, y: 100 });
  assert.deepEqual(fit({ width: 1000, height: 3000 }, canvas), { scale: 0.2, x: 300, y: 0 });
});

test('a place on the screen and its place of the picture are each other\'s inverse', () => {
  const viewport = { scale: 3.7, x: -120, y: 44 };
  const place = toPicture(viewport, { x: 17, y: 251 }, picture);
  const back = toScreen(viewport, place, picture);
  assertNear(back.x, 17);
  assertNear(back.y, 251);
  assert.deepEqual(toPicture(fit(picture, canvas), { x: 400, y: 300 }, picture), { x: 0.5, y: 0.5 });
  assert.ok(toPicture(fit(picture, canvas), { x: 400, y: 50 }, picture).y < 0, 'above the picture is below 0');
});

test('zooming keeps what lies under the pointer', () => {
  const point = { x: 310, y: 280 };
  const before = fit(picture, canvas);
  const after = zoomAt(before, point, 3, picture, canvas);
  assert.equal(after.scale, 6);
  const [from, to] = [toPicture(before, point, picture), toPicture(after, point, picture)];
  assertNear(from.x, to.x);
  assertNear(from.y, to.y);
});

test('zooming ends at fit and at the closest scale, without pushing the picture aside', () => {
  const point = { x: 310, y: 280 };
  assert.deepEqual(zoomAt(fit(picture, canvas), point, 0.1, picture, canvas), fit(picture, canvas));
  const closest = zoomAt(fit(picture, canvas), point, 1000, picture, canvas);
  assert.equal(closest.scale, SCALE_MAX);
  assert.deepEqual(zoomAt(closest, { x: 5, y: 5 }, 2, picture, canvas), closest);
});

test('a picture that fits only beyond the closest scale is shown fitted all the same', () => {
  const tiny = { width: 10, height: 10 };
  assert.equal(fit(tiny, canvas).scale, 60);
  assert.equal(zoomAt(fit(tiny, canvas), { x: 0, y: 0 }, 2, tiny, canvas).scale, 60);
});

test('panning leaves no gap at an edge, and centers on the axis that has room', () => {
  const zoomed = { scale: 2.5, x: -50, y: 50 };
  assert.deepEqual(pan(zoomed, 1000, 1000, picture, canvas), { scale: 2.5, x: 0, y: 50 });
  assert.deepEqual(pan(zoomed, -1000, 0, picture, canvas), { scale: 2.5, x: -200, y: 50 });
  assert.deepEqual(pan(zoomed, -30, 0, picture, canvas), { scale: 2.5, x: -80, y: 50 });
});

test('after the canvas became smaller the same viewport is held to it', () => {
  assert.deepEqual(clamp({ scale: 2, x: 0, y: 100 }, picture, { width: 400, height: 300 }), { scale: 2, x: 0, y: 0 });
});

test('what one screen shows, a screen of another shape shows as large for its size, with the same middle', () => {
  const wide = { width: 1440, height: 900, padding: { top: 72, right: 20, bottom: 76, left: 20 } };
  const phone = { width: 390, height: 844 };
  const close = zoomAt(fit(picture, wide), { x: 700, y: 400 }, 4, picture, wide);
  const sight = sightOf(close, picture, wide);
  assert.ok(Math.abs(sight.span - 0.25) < 1e-9, `${sight.span}`);
  const there = viewportOf(sight, picture, phone);
  assert.ok(Math.abs(there.scale - 4 * fit(picture, phone).scale) < 1e-9);
  for (const [canvas, shown] of /** @type {const} */ ([[wide, close], [phone, there]])) {
    const again = sightOf(viewportOf(sight, picture, canvas), picture, canvas);
    assert.ok(Math.abs(again.x - sight.x) < 1e-9 && Math.abs(again.span - sight.span) < 1e-9, JSON.stringify([shown, again]));
  }
  assert.deepEqual(viewportOf({ x: 0.5, y: 0.5, span: 1 }, picture, phone), fit(picture, phone));
  assert.deepEqual(sightOf(fit(picture, phone), picture, phone), { x: 0.5, y: 0.5, span: 1 });
});
