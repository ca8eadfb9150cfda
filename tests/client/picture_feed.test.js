// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { PictureFeed } from '../../client/picture/feed.js';

const EPOCH = 'e0e0e0e0e0e0e0e0';

/** @param {number} look @param {object} [fields] */
const frame = (look, fields = {}) => ({
  header: {
    epoch: EPOCH, look, revision: 1, settled: false, network: 'stub', heightPx: 2, widthPx: 3, aOffset: 0, aStep: 1,
    bOffset: 0, bStep: 1, passMs: 1, payloadType: 'image/webp', preview: false, ...fields,
  },
  payload: new Blob(['payload']),
});

/** Lets everything that is ready go on, drawing included. */
async function settle() {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * A feed over a view that draws a moment later, with the gray there.
 * @param {import('node:test').TestContext} t
 */
async function fed(t) {
  /** @type {number[]} looks that were drawn */
  const drawn = [];
  /** @type {number[]} looks that the hub was told of */
  const told = [];
  const page = { hidden: false, decodes: true };
  const view = {
    onDrawn: (/** @type {number} */ _look) => {},
    clearFrame() {},
    setGray() {},
    setFrame(/** @type {{look: number}} */ { look }) {
      setImmediate(() => {
        drawn.push(look);
        view.onDrawn(look);
      });
      return true;
    },
  };
  const createImageBitmap = async () => {
    if (!page.decodes) throw new DOMException('broken', 'InvalidStateError');
    return { width: 3, height: 4, close() {} };
  };
  const before = Object.getOwnPropertyDescriptor(globalThis, 'createImageBitmap');
  Object.defineProperty(globalThis, 'createImageBitmap', { value: createImageBitmap, configurable: true });
  t.after(() => {
    if (before) Object.defineProperty(globalThis, 'createImageBitmap', before);
    else Reflect.deleteProperty(globalThis, 'createImageBitmap');
  });
  const feed = new PictureFeed({
    view: /** @type {import('../../client/picture/view.js').PictureView} */ (/** @type {unknown} */ (view)),
    fetchGray: async () => ({ blob: new Blob(['gray']), fullHeightPx: 4, fullWidthPx: 6 }),
    fetchTile: async () => new Blob(['tile']),
    painted: (look) => told.push(look),
    isHidden: () => page.hidden,
    signal: new AbortController().signal,
  });
  feed.follow(/** @type {any} */ ({ turn: 0, crop: [0, 0, 1, 1] }), 1, EPOCH);
  await settle();
  return { feed, page, view, drawn, told };
}

test('R8.6 a frame that was drawn is told as painted, and a pan that draws it again is no news', async (t) => {
  const { feed, view, drawn, told } = await fed(t);
  feed.take(frame(1));
  await settle();
  view.onDrawn(1);
  assert.deepEqual([drawn, told], [[1], [1]]);
});

test('R7.3, R8.6 a frame that is older than the one shown is told as painted and never drawn', async (t) => {
  const { feed, drawn, told } = await fed(t);
  feed.take(frame(5));
  await settle();
  feed.take(frame(4));
  feed.take(frame(9, { epoch: 'another' }));
  await settle();
  assert.deepEqual([drawn, told], [[5], [5, 4, 9]]);
});

test('R8.6 a frame that no decoder takes is told as painted, and the next one is drawn', async (t) => {
  const { feed, page, drawn, told } = await fed(t);
  t.mock.method(console, 'warn', () => {});
  page.decodes = false;
  feed.take(frame(1));
  await settle();
  page.decodes = true;
  feed.take(frame(2));
  await settle();
  assert.deepEqual([drawn, told], [[2], [1, 2]]);
});

test('R8.6 a hidden page says painted at once, and draws the newest frame when it is shown', async (t) => {
  const { feed, page, drawn, told } = await fed(t);
  page.hidden = true;
  for (const look of [1, 2, 3]) feed.take(frame(look));
  await settle();
  assert.deepEqual([drawn, told.at(-1)], [[], 3]);
  page.hidden = false;
  feed.visibilityChanged();
  await settle();
  assert.deepEqual([drawn, told.at(-1)], [[3], 3]);
});

test('R7.3 a frame of a revision that is not known yet waits for it: its turn or crop may be another', async (t) => {
  const { feed, drawn, told } = await fed(t);
  feed.take(frame(1, { revision: 2 }));
  await settle();
  assert.deepEqual([drawn, told], [[], [1]]);
  feed.follow(/** @type {any} */ ({ turn: 0, crop: [0, 0, 1, 1] }), 2, EPOCH);
  await settle();
  assert.deepEqual(drawn, [1]);
});

test('R7.3, R8.6 a frame of before a turn is told as painted and never drawn over the turned photograph', async (t) => {
  const { feed, drawn, told } = await fed(t);
  feed.follow(/** @type {any} */ ({ turn: 1, crop: [0, 0, 1, 1] }), 2, EPOCH);
  feed.take(frame(1, { revision: 1 }));
  feed.take(frame(2, { revision: 2 }));
  await settle();
  assert.deepEqual([drawn, told], [[2], [1, 2, 2]]);
});
