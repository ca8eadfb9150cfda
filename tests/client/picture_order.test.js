// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { supersedes } from '../../client/picture/decode.js';

/** @param {Partial<import('../../client/picture/decode.js').FrameHeader>} some */
const header = (some) => ({
  epoch: 'e',
  look: 5,
  revision: 1,
  settled: false,
  network: 'stub',
  widthPx: 1,
  heightPx: 1,
  aOffset: 0,
  aStep: 1,
  bOffset: 0,
  bStep: 1,
  passMs: 1,
  payloadType: 'image/webp',
  ...some,
});

test('the first frame is shown, and any of another epoch', () => {
  assert.ok(supersedes(header({}), null));
  assert.ok(supersedes(header({ epoch: 'f', look: 1 }), header({ look: 9, settled: true })));
});

test('R7.3 a smaller look is never shown', () => {
  assert.ok(!supersedes(header({ look: 4, settled: true }), header({})));
  assert.ok(supersedes(header({ look: 6 }), header({ settled: true })));
});

test('of one look the settled frame replaces the preview and never the reverse', () => {
  assert.ok(supersedes(header({ settled: true }), header({})));
  assert.ok(!supersedes(header({}), header({ settled: true })));
  assert.ok(supersedes(header({ settled: true, revision: 2 }), header({ settled: true })));
});
