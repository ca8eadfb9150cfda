// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fileBytes, inWords } from '../../client/picture/file_size.js';

// What the server made of scikit-image's coffee.png, whose gray takes 0.52 bytes a pixel: its own sizes, in bytes.
const COFFEE = { width: 600, height: 400, grayBytesPerPixel: 0.52 };
/** @type {[import('../../client/picture/file_size.js').Form, number][]} */
const MADE = [
  [{ format: 'png', layout: 'picture', quality: 92 }, 438_498],
  [{ format: 'png', layout: 'side_by_side', quality: 92 }, 770_501],
  [{ format: 'png', layout: 'colors', quality: 92 }, 240_879],
  [{ format: 'tiff', layout: 'picture', quality: 92 }, 1_282_402],
  [{ format: 'jpeg', layout: 'picture', quality: 50 }, 34_450],
  [{ format: 'jpeg', layout: 'picture', quality: 92 }, 98_518],
  [{ format: 'jpeg', layout: 'side_by_side', quality: 92 }, 168_556],
  [{ format: 'jpeg', layout: 'picture', quality: 100 }, 313_402],
  [{ format: 'webp', layout: 'picture', quality: 75 }, 32_136],
  [{ format: 'webp', layout: 'picture', quality: 92 }, 70_032],
  [{ format: 'webp', layout: 'picture', quality: 100 }, 118_854],
];

test('an estimate is within half of what the server makes', () => {
  for (const [form, bytes] of MADE) {
    const estimated = fileBytes(COFFEE, form) ?? 0;
    assert.ok(estimated > bytes / 1.5 && estimated < bytes * 1.5, `${JSON.stringify(form)}: ${estimated} of ${bytes}`);
  }
});

test('without the photograph nothing is estimated, and what is has two digits', () => {
  assert.equal(fileBytes({ ...COFFEE, grayBytesPerPixel: 0 }, MADE[0][0]), null);
  assert.equal(inWords(438_498), '440 kB');
  assert.equal(inWords(12_345_678), '12 MB');
});
