// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { cellMeans, chromaAt, fitLines } from '../../client/color/chroma.js';
import { AB_MAX, abOfPlane, gamutImage, nearestInGamut, planeOfAb } from '../../client/color/gamut.js';
import {
  clampToGamut,
  hexToLab,
  hexToRgb,
  inGamut,
  LIGHTNESS_OF_GRAY,
  labToHex,
  labToRgb,
  labToRgbUnclipped,
  lightnessOfGray,
  rgbToHex,
  rgbToLab,
} from '../../client/color/lab.js';

/** @param {string} name */
const vectors = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'));

/** @param {readonly number[]} actual @param {readonly number[]} expected @param {number} tolerance */
function assertClose(actual, expected, tolerance) {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, index) => {
    assert.ok(Math.abs(value - expected[index]) <= tolerance, `${actual} is not ${expected}`);
  });
}

test('Lab of a color is what the server computes', () => {
  const cases = vectors('lab').rgb_to_lab;
  assert.ok(cases.length > 30);
  for (const { rgb: [red, green, blue], lab } of cases) assertClose(rgbToLab(red, green, blue), lab, 1e-7);
});

test('the color of a Lab value is what the server computes, clipped and not', () => {
  const cases = vectors('lab').lab_to_rgb;
  assert.ok(cases.length > 30);
  for (const { lab: [lightness, a, b], unclipped, rgb } of cases) {
    assertClose(labToRgbUnclipped(lightness, a, b), unclipped, 1e-7);
    assertClose(labToRgb(lightness, a, b), rgb, 1e-7);
  }
});

test('the lightness of each gray byte is what the server computes', () => {
  const expected = vectors('lab').lightness_of_gray;
  assert.equal(expected.length, 256);
  assertClose(Array.from({ length: 256 }, (_, byte) => lightnessOfGray(byte)), expected, 1e-7);
});

test('the gamut and the nearest color in it are the server\'s', () => {
  const cases = vectors('gamut').clamp_to_gamut;
  assert.ok(cases.some((/** @type {any} */ { inside }) => inside));
  assert.ok(cases.some((/** @type {any} */ { inside }) => !inside));
  for (const { lab: [lightness, a, b], inside, clamped } of cases) {
    assert.equal(inGamut(lightness, a, b), inside);
    assertClose(clampToGamut(lightness, a, b), clamped, 1e-5);
    assertClose(nearestInGamut(lightness, a, b), clamped.slice(1), 1e-5);
  }
});

test('chroma between the cells of a frame is what the server computes', () => {
  for (const { planes, offset, step, gray, ab } of vectors('upsample').upsample) {
    const cells = { width: planes[0][0].length, height: planes[0].length };
    const photograph = { width: gray[0].length, height: gray.length };
    const frame = {
      bytes: Uint8Array.from(planes.flat(2)),
      widthPx: cells.width,
      heightPx: cells.height,
      aOffset: offset[0],
      aStep: step[0],
      bOffset: offset[1],
      bStep: step[1],
    };
    const means = cellMeans(Uint8Array.from(gray.flat()), photograph, LIGHTNESS_OF_GRAY, cells);
    const lines = fitLines(frame, means, photograph);
    for (let y = 0; y < photograph.height; y++) {
      for (let x = 0; x < photograph.width; x++) {
        const place = [(x + 0.5) / photograph.width, (y + 0.5) / photograph.height];
        const actual = chromaAt(lines, lightnessOfGray(gray[y][x]), place[0], place[1]);
        // The lines travel to the GPU in single precision.
        assertClose(actual, [ab[0][y][x], ab[1][y][x]], 1e-4);
      }
    }
  }
});

test('hexadecimal colors are read in the forms that people write, and nothing else is', () => {
  assert.deepEqual(hexToRgb('#ff0080'), [1, 0, 128 / 255]);
  assert.deepEqual(hexToRgb(' F80 '), [1, 136 / 255, 0]);
  for (const text of ['', '#', '#12', '#12345', '#1234567', 'red', '#gg0000', '0x112233']) {
    assert.equal(hexToRgb(text), null, text);
    assert.equal(hexToLab(text), null, text);
  }
});

test('a hexadecimal color survives the way through Lab', () => {
  for (let number = 0; number < 0x1000000; number += 0x010307) {
    const text = `#${number.toString(16).padStart(6, '0')}`;
    const lab = hexToLab(text);
    assert.ok(lab);
    assert.equal(labToHex(...lab), text);
  }
  assert.equal(rgbToHex(-1, 0.5, 2), '#0080ff');
});

test('the picture of the plane is opaque exactly inside the gamut and shows its colors', () => {
  const sizePx = 44;
  const { data, width, height } = gamutImage(60, sizePx);
  assert.deepEqual([width, height, data.length], [sizePx, sizePx, sizePx * sizePx * 4]);
  let opaque = 0;
  for (let y = 0; y < sizePx; y++) {
    for (let x = 0; x < sizePx; x++) {
      const [a, b] = abOfPlane((x + 0.5) / sizePx, (y + 0.5) / sizePx);
      const [red, green, blue, alpha] = data.subarray((y * sizePx + x) * 4);
      assert.equal(alpha, inGamut(60, a, b) ? 255 : 0);
      if (alpha === 0) continue;
      opaque += 1;
      assertClose([red, green, blue], labToRgb(60, a, b).map((channel) => channel * 255), 0.5);
    }
  }
  assert.ok(opaque > 300 && opaque < sizePx * sizePx);
});

test('a grows to the right and b upward, and a place of the plane is found again', () => {
  assert.deepEqual(abOfPlane(1, 0), [AB_MAX, AB_MAX]);
  assert.deepEqual(abOfPlane(0, 1), [-AB_MAX, -AB_MAX]);
  assertClose(abOfPlane(...planeOfAb(12, -34)), [12, -34], 1e-9);
});
