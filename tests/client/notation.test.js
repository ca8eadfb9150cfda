// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { rgbToLab } from '../../client/color/lab.js';
import { NOTATIONS, read, written } from '../../client/color/notation.js';
import { colorName } from '../../client/ui/words/colors.js';

/** @param {number} red @param {number} green @param {number} blue */
const lab = (red, green, blue) => rgbToLab(red / 255, green / 255, blue / 255);

test('what is written in a notation is read in it', () => {
  for (const color of [lab(194, 65, 12), lab(0, 0, 0), lab(255, 255, 255), lab(12, 200, 90)]) {
    for (const notation of NOTATIONS) {
      const again = read(written(color, notation), notation);
      assert.ok(again !== null && Math.hypot(...again.map((value, index) => value - color[index])) < 1, notation);
    }
  }
  assert.deepEqual(NOTATIONS.map((notation) => written(lab(194, 65, 12), notation)), ['#c2410c', '194 65 12', '46 50 54']);
});

test('a notation that is said wins over the chosen one, and numbers alone are of the chosen one', () => {
  assert.deepEqual(read('rgb(194, 65, 12)', 'lab'), lab(194, 65, 12));
  assert.deepEqual(read('LAB 46 -52.5 +54', 'rgb'), [46, -52.5, 54]);
  assert.deepEqual(read('46, −52, 54', 'hex'), [46, -52, 54]);
  assert.deepEqual(read('46 52 54', 'hex'), lab(46, 52, 54));
  assert.deepEqual(read('46 52 54', 'lab'), [46, 52, 54]);
  assert.deepEqual(read('#c2410c', 'lab'), lab(194, 65, 12));
});

test('what is no color is none', () => {
  for (const text of ['', 'red', '#12345', '1 2', '1 2 3 4', 'rgb 256 0 0', 'rgb -1 0 0', 'lab 101 0 0', 'lab 50 0 111', 'cmyk 1 2 3']) {
    assert.equal(read(text, 'hex'), null, text);
  }
});

test('a swatch has a friendly name, whatever its color', () => {
  assert.deepEqual(
    [lab(130, 130, 130), lab(120, 180, 240), lab(122, 82, 48), lab(224, 172, 145), lab(20, 30, 90), lab(60, 150, 60)]
      .map((color) => colorName(...color)),
    ['Gray', 'Sky', 'Brown', 'Skin', 'Navy', 'Green'],
  );
  for (let hue = 0; hue < 360; hue++) {
    const [a, b] = [60 * Math.cos((hue * Math.PI) / 180), 60 * Math.sin((hue * Math.PI) / 180)];
    assert.ok(colorName(70, a, b).length > 2 && colorName(20, a, b).length > 2);
  }
});
