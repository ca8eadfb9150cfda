// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { qrCode } from '../../client/picture/qr.js';

/** @type {{text: string, rows: string[]}[]} */
const vectors = JSON.parse(readFileSync(new URL('../vectors/qr.json', import.meta.url), 'utf8'));

/** @param {string} text */
const drawn = (text) => qrCode(text)?.map((row) => row.map((dark) => (dark ? '#' : '.')).join(''));

test('a code of each version is the one that another maker draws', () => {
  assert.equal(vectors.length, 5);
  for (const { text, rows } of vectors) assert.deepEqual(drawn(text), rows);
});

test('bytes are counted, not letters; what fits no version has no code', () => {
  assert.equal(qrCode('x'.repeat(18))?.length, 25);
  assert.equal(qrCode(`${'x'.repeat(16)}ö`)?.length, 25);
  assert.equal(qrCode('x'.repeat(107)), null);
});
