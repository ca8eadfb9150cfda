// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { PreviewFeed } from '../../client/picture/preview.js';

/** @param {string} network @param {object} [fields] @returns {any} */
const preview = (network, fields = {}) => ({
  header: { epoch: 'e', look: 0, revision: 3, settled: true, network, heightPx: 2, widthPx: 3, preview: true, payloadType: 'image/webp', ...fields },
  payload: new Blob(['payload']),
});

/** Lets everything that is ready go on. */
async function settle() {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * Previews over a view that notes what it is told.
 * @param {import('node:test').TestContext} t
 */
function previewing(t) {
  /** @type {string[]} */
  const seen = [];
  const page = { closed: 0, decodes: true };
  const createImageBitmap = async () => {
    if (!page.decodes) throw new DOMException('broken', 'InvalidStateError');
    return { width: 3, height: 4, close: () => (page.closed += 1) };
  };
  Object.defineProperty(globalThis, 'createImageBitmap', { value: createImageBitmap, configurable: true });
  t.after(() => Reflect.deleteProperty(globalThis, 'createImageBitmap'));
  const previews = new PreviewFeed({
    setPreview: ({ network }) => seen.push(network),
    clearPreview: () => seen.push('room'),
  });
  previews.onEnded = () => seen.push('ended');
  return { previews, seen, page };
}

test('a preview is drawn only while one of its network is wanted', async (t) => {
  const { previews, seen } = previewing(t);
  previews.take(preview('eccv16'));
  previews.want('eccv16');
  previews.take(preview('compact'));
  previews.take(preview('eccv16'));
  await settle();
  assert.deepEqual([seen, previews.shown], [['eccv16'], true]);
});

test('of previews that come while one is decoded only the newest is drawn', async (t) => {
  const { previews, seen } = previewing(t);
  previews.want(null);
  for (const network of ['one', 'two', 'three']) previews.take(preview(network));
  await settle();
  assert.deepEqual(seen, ['one', 'three']);
});

test('what is still being decoded when it is ended never comes over the room\'s picture', async (t) => {
  const { previews, seen, page } = previewing(t);
  previews.want('eccv16');
  previews.take(preview('eccv16'));
  previews.end();
  await settle();
  assert.deepEqual([seen, page.closed], [[], 1]);
});

test('back is back at once, and once', async (t) => {
  const { previews, seen } = previewing(t);
  previews.want('eccv16');
  previews.take(preview('eccv16'));
  await settle();
  previews.end();
  previews.end();
  assert.deepEqual(seen, ['eccv16', 'room', 'ended']);
});

test('entries and frames of others do not end a preview', async (t) => {
  const { previews, seen } = previewing(t);
  previews.want('eccv16');
  previews.take(preview('eccv16'));
  await settle();
  previews.roomFrame(preview('compact', { revision: 9 }).header);
  assert.deepEqual(seen, ['eccv16']);
});

test('what was chosen for everyone stays until the room shows that revision, so that the old picture does not flash up', async (t) => {
  const { previews, seen } = previewing(t);
  previews.want('eccv16');
  previews.take(preview('eccv16'));
  await settle();
  previews.endWith(4);
  previews.roomFrame(preview('compact', { revision: 3 }).header);
  assert.deepEqual(seen, ['eccv16']);
  previews.roomFrame(preview('eccv16', { revision: 4 }).header);
  assert.deepEqual(seen, ['eccv16', 'room', 'ended']);
});

test('another wish keeps what is drawn until its own preview is there, and outlives one that cannot be decoded', async (t) => {
  const { previews, seen, page } = previewing(t);
  t.mock.method(console, 'warn', () => {});
  previews.want('eccv16');
  previews.take(preview('eccv16'));
  await settle();
  previews.want('compact');
  page.decodes = false;
  previews.take(preview('compact'));
  await settle();
  assert.deepEqual([seen, previews.shown], [['eccv16'], true]);
  page.decodes = true;
  previews.take(preview('compact'));
  await settle();
  assert.deepEqual(seen, ['eccv16', 'compact']);
});
