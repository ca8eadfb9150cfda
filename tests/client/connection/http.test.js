// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Api, ApiError } from '../../../client/connection/http.js';

/** @param {() => Response} answer */
function apiThat(answer) {
  /** @type {{url: string, init: RequestInit}[]} */
  const asked = [];
  const fetch = /** @type {typeof globalThis.fetch} */ (async (url, init = {}) => {
    asked.push({ url: String(url), init });
    return answer();
  });
  return { api: new Api({ capability: 'secret', base: 'http://host/sub/api/', origin: 'http://page', fetch }), asked };
}

/** @param {Promise<unknown>} promise @returns {Promise<ApiError>} */
const errorOf = (promise) => promise.then(() => assert.fail('no error'), (error) => error);

test('R13.1 a request carries the capability in its header and never in its address', async () => {
  const { api, asked } = apiThat(() => Response.json({ room: 'r' }));
  await api.deleteRoom('r/..');
  assert.equal(asked[0].url, 'http://host/sub/api/rooms/r%2F..');
  assert.equal(new Headers(asked[0].init.headers).get('Authorization'), 'Bearer secret');
  assert.ok(!api.socketUrl('r').includes('secret'));
  assert.equal(api.socketUrl('r'), 'ws://host/sub/api/rooms/r/socket');
});

test('the gray picture comes with its full size', async () => {
  const { api, asked } = apiThat(() => new Response('webp', { headers: { 'X-Full-Size': '3000x4000' } }));
  const { blob, fullHeightPx, fullWidthPx } = await api.gray('r', { turn: 1, crop: [0, 0.25, 1, 1] });
  assert.deepEqual([await blob.text(), fullHeightPx, fullWidthPx], ['webp', 3000, 4000]);
  assert.equal(asked[0].url, 'http://host/sub/api/rooms/r/gray?turn=1&crop=0,0.25,1,1');
});

test('a tile is asked for as the picture is shown', async () => {
  const { api, asked } = apiThat(() => new Response('webp'));
  const { signal } = new AbortController();
  const blob = await api.tile('r', { turn: 1, crop: [0, 0.25, 1, 1] }, { level: 2, x: 3, y: 4 }, signal);
  assert.equal(await blob.text(), 'webp');
  assert.equal(asked[0].url, 'http://host/sub/api/rooms/r/tiles/3/4?level=2&turn=1&crop=0,0.25,1,1');
  assert.equal(asked[0].init.signal, signal);
});

/** @param {(string | Error)[]} parts of an answer, one after another */
const streamed = (...parts) => new Response(new ReadableStream({
  async start(body) {
    for (const part of parts) {
      await new Promise((resolve) => setImmediate(resolve));
      if (part instanceof Error) body.error(part);
      else body.enqueue(new TextEncoder().encode(part));
    }
    if (!(parts.at(-1) instanceof Error)) body.close();
  },
}));

test('a download is a ticket for the browser to follow', async () => {
  const { api, asked } = apiThat(() => Response.json({ ticket: 't' }));
  assert.equal(await api.exportUrl('r', { format: 'jpeg', quality: 80 }), 'http://host/sub/api/tickets/t');
  assert.deepEqual([asked[0].init.method, asked[0].init.body], ['POST', '{"format":"jpeg","quality":80}']);
});

test('while a download is made its progress is told, however its lines are cut', async () => {
  const { api, asked } = apiThat(() => streamed('{"progress":0.25}\n{"prog', 'ress":0.5}\n', '{"ticket":"t"}\n'));
  /** @type {number[]} */
  const told = [];
  const url = await api.exportUrl('r', { format: 'png' }, { onProgress: (share) => told.push(share) });
  assert.deepEqual([url, told], ['http://host/sub/api/tickets/t', [0.25, 0.5]]);
  assert.equal(new Headers(asked[0].init.headers).get('Accept'), 'application/x-ndjson');
});

test('a download that fails in the middle says why, and one that breaks off is offline', async () => {
  const refused = apiThat(() => streamed('{"progress":0.25}\n', '{"code":"disk_full","sentence":"The disk is full."}\n')).api;
  const ended = apiThat(() => streamed('{"progress":0.25}\n')).api;
  const broken = apiThat(() => streamed('{"progress":0.25}\n', new TypeError('network error'))).api;
  const { code, sentence } = await errorOf(refused.exportUrl('r', { format: 'png' }));
  assert.deepEqual([code, sentence], ['disk_full', 'The disk is full.']);
  assert.equal((await errorOf(ended.exportUrl('r', { format: 'png' }))).code, 'offline');
  assert.equal((await errorOf(broken.exportUrl('r', { format: 'png' }))).code, 'offline');
});

test('a refusal is typed', async () => {
  const { api } = apiThat(() => Response.json({ code: 'no_such_room', sentence: 'There is none.' }, { status: 404 }));
  const { code, sentence, status } = await errorOf(api.deleteRoom('r'));
  assert.deepEqual({ code, sentence, status }, { code: 'no_such_room', sentence: 'There is none.', status: 404 });
});

test('a server that is not reached, and a proxy that answers instead, are offline', async () => {
  const none = apiThat(() => { throw new TypeError('Failed to fetch'); }).api;
  const proxy = apiThat(() => new Response('<h1>Bad gateway</h1>', { status: 502 })).api;
  assert.deepEqual([(await errorOf(none.json('about'))).code, (await errorOf(proxy.blob('about'))).status], ['offline', 502]);
  assert.ok((await errorOf(none.json('about'))) instanceof ApiError);
  assert.equal(await none.reach('r', 1), null);
});

test('an answer that ends in the middle is offline too', async () => {
  const broken = () => new Response(new ReadableStream({ start: (body) => body.error(new TypeError('network error')) }));
  const { api } = apiThat(broken);
  assert.equal((await errorOf(api.blob('about'))).code, 'offline');
  assert.equal((await errorOf(api.gray('r', { turn: 0, crop: [0, 0, 1, 1] }))).code, 'offline');
});

test('a request that the page gave up stays an abort', async () => {
  const { api } = apiThat(() => { throw new DOMException('', 'AbortError'); });
  assert.equal((await errorOf(api.json('about'))).name, 'AbortError');
});

test('what the server says about reaching it is passed on', async () => {
  const told = { reachable: false, code: 'room_full', sentence: 'Full.' };
  const { api, asked } = apiThat(() => Response.json(told));
  assert.deepEqual(await api.reach('r', 1), told);
  assert.equal(asked[0].url, 'http://host/sub/api/reach?room=r&version=1&origin=http%3A%2F%2Fpage');
  const refused = apiThat(() => Response.json({ code: 'origin_refused', sentence: 'No.' }, { status: 403 }));
  assert.deepEqual(await refused.api.reach('r', 1), { reachable: false, code: 'origin_refused', sentence: 'No.' });
});
