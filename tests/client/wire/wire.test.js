// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { NotAFrame, newerFrame, unpackFrame } from '../../../client/wire/frame.js';
import { UnknownMessage, decodeFromHub, encode } from '../../../client/wire/messages.js';

/** What the server's pack_frame gives for the header below and the payload 1, 2, 3. */
const PACKED =
  '43564631010180006000a50100ff10a2b3c4d5e607000000000100003930000000000000000048c10000803e' +
  '000060400000003e736967677261706831370000010203';

/** @param {string} hex @returns {ArrayBuffer} */
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)).buffer;

test('a frame of the server is read field by field', async () => {
  const { header, payload } = unpackFrame(bytes(PACKED));
  assert.deepEqual(header, {
    epoch: '00ff10a2b3c4d5e6',
    look: 2 ** 40 + 7,
    revision: 12345,
    settled: true,
    network: 'siggraph17',
    heightPx: 128,
    widthPx: 96,
    aOffset: -12.5,
    aStep: 0.25,
    bOffset: 3.5,
    bStep: 0.125,
    passMs: 42.1,
    payloadType: 'image/jpeg',
    preview: false,
  });
  assert.equal(payload.type, 'image/jpeg');
  assert.deepEqual([...new Uint8Array(await payload.arrayBuffer())], [1, 2, 3]);
});

test('R7.18 a preview says that it is one, and never takes the place of the room\'s frame', () => {
  const flags = PACKED.slice(0, 8) + '03' + PACKED.slice(10);
  const { header } = unpackFrame(bytes(flags));
  assert.equal(header.preview, true);
  assert.equal(header.settled, true);
  assert.equal(newerFrame(null, header, header.epoch), false);
});

test('bytes that are not a frame are said to be none', () => {
  const wrong = ['', PACKED.slice(0, 126), `00${PACKED.slice(2)}`, `${PACKED.slice(0, 10)}02${PACKED.slice(12)}`];
  for (const hex of wrong) assert.throws(() => unpackFrame(bytes(hex)), NotAFrame);
});

test('R7.3 a frame of another epoch or an older look is never shown', () => {
  const { header: shown } = unpackFrame(bytes(PACKED));
  const moving = { ...shown, settled: false };
  const { epoch, look } = shown;
  assert.equal(newerFrame(null, shown, epoch), true);
  assert.equal(newerFrame(null, shown, 'another'), false);
  assert.equal(newerFrame(null, shown, null), false);
  assert.equal(newerFrame(shown, { ...moving, look: look + 1 }, epoch), true);
  assert.equal(newerFrame(shown, { ...shown, look: look - 1 }, epoch), false);
  assert.equal(newerFrame(moving, shown, epoch), true, 'the settled frame of the same look');
  assert.equal(newerFrame(shown, moving, epoch), false, 'nothing moving after the settled one');
  assert.equal(newerFrame(shown, { ...shown, epoch: 'new', look: 1 }, 'new'), true, 'a new epoch begins anew');
  assert.equal(newerFrame(shown, { ...shown, epoch: 'new', look: look + 9 }, epoch), false, 'a late frame of elsewhere');
});

test('a message of the hub is read, and an unknown one is refused', () => {
  assert.deepEqual(decodeFromHub('{"type":"ping"}'), { type: 'ping' });
  for (const text of ['{"type":"pong"}', '{"type":"toString"}', '{}', 'null', '3', '', '{']) {
    assert.throws(() => decodeFromHub(text), UnknownMessage, text);
  }
});

test('a number that is not finite is never sent', () => {
  assert.equal(encode({ type: 'pointer', x: 0.5, y: null }), '{"type":"pointer","x":0.5,"y":null}');
  for (const x of [Number.NaN, Infinity]) assert.throws(() => encode({ type: 'pointer', x, y: 0 }), RangeError);
});

test('every message that the hub may send is known, and no other', () => {
  const schema = JSON.parse(readFileSync(new URL('../../../docs/protocol.schema.json', import.meta.url), 'utf8'));
  /** @param {string} direction @returns {string[]} */
  const types = (direction) => schema.$defs[direction].anyOf.map((/** @type {{$ref: string}} */ { $ref }) =>
    schema.$defs[$ref.replace('#/$defs/', '')].properties.type.enum[0]);
  assert.ok(types('ToPage').length > 8);
  for (const type of types('ToPage')) assert.equal(decodeFromHub(JSON.stringify({ type })).type, type);
  for (const type of types('FromPage')) {
    assert.throws(() => decodeFromHub(JSON.stringify({ type })), UnknownMessage);
  }
  for (const type of ['__proto__', 'constructor', 'toString']) {
    assert.throws(() => decodeFromHub(`{"type": "${type}"}`), UnknownMessage);
  }
});
