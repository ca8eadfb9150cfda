// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Backoff } from '../../../client/connection/backoff.js';
import { comesBack, codeOf } from '../../../client/connection/close_codes.js';
import { RoomSocket } from '../../../client/connection/socket.js';
import { ManualClock, fakeHub } from '../doubles.js';

const NOT_A_FRAME = new ArrayBuffer(8);

/** @param {Partial<import('../../../client/connection/socket.js').RoomSocketOptions>} [options] */
function connecting(options = {}) {
  const clock = new ManualClock();
  const hub = fakeHub();
  const page = { hidden: false };
  /** @type {import('../../../client/connection/socket.js').ConnectionState[]} */
  const states = [];
  /** @type {any[]} */
  const messages = [];
  let attempts = 0;
  const socket = new RoomSocket({
    url: () => `ws://host/${++attempts}`,
    hello: () => ({ type: 'hello', version: 1, capability: 'c', member: 'm', seat: 's', name: `hello ${attempts}` }),
    onState: (state) => states.push(state),
    onMessage: (message) => messages.push(message),
    onFrame: (frame) => messages.push(frame),
    isHidden: () => page.hidden,
    clock,
    random: () => 1,
    WebSocketClass: hub.WebSocketClass,
    ...options,
  });
  socket.open();
  return { clock, hub, page, socket, states, messages, state: () => states.at(-1)?.state };
}

/** Lets promises go on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('hello is the first word, asked for anew at each attempt', () => {
  const { clock, hub } = connecting();
  assert.equal(hub.socket.sent.length, 0);
  hub.socket.onopen();
  assert.equal(hub.socket.sent[0].name, 'hello 1');
  hub.socket.end(1006);
  clock.advance(1);
  hub.socket.onopen();
  assert.deepEqual([hub.socket.url, hub.socket.sent[0].name], ['ws://host/2', 'hello 2']);
});

test('a page is live from the welcome on, not from the open socket', () => {
  const { hub, socket, messages, state } = connecting();
  hub.socket.onopen();
  assert.deepEqual([state(), socket.send({ type: 'cancel', gesture: 1 })], ['connecting', false]);
  hub.socket.welcome();
  assert.deepEqual([state(), socket.send({ type: 'cancel', gesture: 1 })], ['live', true]);
  assert.equal(messages[0].type, 'welcome');
  assert.deepEqual(hub.socket.sent.at(-1), { type: 'cancel', gesture: 1 });
});

test('what the welcome brings along can be answered at once', () => {
  /** @type {RoomSocket | null} */
  let socket = null;
  const made = connecting({ onMessage: () => assert.ok(socket?.send({ type: 'cancel', gesture: 5 })) });
  socket = made.socket;
  made.hub.socket.welcome();
  assert.deepEqual(made.hub.socket.sent.at(-1), { type: 'cancel', gesture: 5 });
});

test('R10.4 1009 and 4400 to 4499 stay away, everything around them comes back', () => {
  for (const code of [1009, 4400, 4403, 4404, 4426, 4499]) assert.equal(comesBack(code), false, String(code));
  for (const code of [1000, 1001, 1005, 1006, 1008, 1011, 1012, 1014, 4399, 4500, 4503, 4599]) {
    assert.equal(comesBack(code), true, String(code));
  }
});

for (const code of [1009, 4400, 4499]) {
  test(`R10.4 policy "closed with ${code}": the page stops and says why`, () => {
    const { clock, hub, states, socket } = connecting();
    hub.socket.welcome();
    hub.socket.end(code, 'A sentence.');
    clock.advance(3600);
    socket.retryNow();
    socket.visibilityChanged();
    assert.deepEqual([hub.sockets.length, states.at(-1)], [1, { state: 'stopped', code: codeOf(code), sentence: 'A sentence.' }]);
  });
}

for (const code of [4399, 4500, 1006, 1011]) {
  test(`R10.4 policy "closed with ${code}": the page comes back`, () => {
    const { clock, hub, states, state } = connecting();
    hub.socket.welcome();
    hub.socket.end(code, 'Soon.');
    assert.deepEqual(states.at(-1), { state: 'waiting', code: codeOf(code), sentence: 'Soon.', retryInSeconds: 0.5 });
    clock.advance(0.5);
    hub.socket.welcome();
    assert.deepEqual([hub.sockets.length, state()], [2, 'live']);
  });
}

test('policy "accepts and closes": an open socket does not reset the backoff, a welcome does', () => {
  const { clock, hub, states } = connecting();
  const waits = Array.from({ length: 6 }, () => {
    hub.socket.onopen();
    hub.socket.end(1011);
    const { retryInSeconds = 0 } = states.at(-1) ?? {};
    clock.advance(retryInSeconds);
    return retryInSeconds;
  });
  assert.deepEqual(waits, [0.5, 1, 2, 4, 8, 10]);
  hub.socket.welcome();
  hub.socket.end(1011);
  assert.equal(states.at(-1)?.retryInSeconds, 0.5);
});

test('backoff has jitter of half, and a hidden page waits longer at most', () => {
  const [least, most] = [new Backoff(() => 0), new Backoff(() => 1)];
  assert.deepEqual([least.nextSeconds(false), most.nextSeconds(false)], [0.25, 0.5]);
  const hidden = new Backoff(() => 1);
  const waits = Array.from({ length: 12 }, () => hidden.nextSeconds(true));
  assert.equal(waits.at(-1), 120);
});

test('R11.6 a page comes back when a hub that leaves has told it to, and backs off as ever after that', () => {
  const { clock, hub, states, state } = connecting();
  hub.socket.welcome();
  hub.socket.say({ type: 'leaving', after_seconds: 7.25 });
  hub.socket.end(4503, 'The server is restarting.');
  assert.deepEqual(states.at(-1), {
    state: 'waiting', code: 'server_leaving', sentence: 'The server is restarting.', retryInSeconds: 7.25,
  });
  clock.advance(7.2);
  assert.equal(hub.sockets.length, 1);
  clock.advance(0.05);
  assert.equal(hub.sockets.length, 2);
  hub.socket.end(1006); // not there yet
  assert.equal(states.at(-1)?.retryInSeconds, 0.5);
  clock.advance(0.5);
  hub.socket.welcome();
  assert.equal(state(), 'live');
});

test('R11.6 what a hub told is forgotten with the next welcome', () => {
  const backoff = new Backoff(() => 1);
  backoff.told(20);
  backoff.reset();
  assert.equal(backoff.nextSeconds(true), 0.5);
});

test('R4.7 late events of a replaced socket touch nothing', () => {
  const { clock, hub, messages, state } = connecting();
  const old = hub.socket;
  old.welcome();
  old.end(1006);
  clock.advance(1);
  hub.socket.welcome();
  old.say({ type: 'ping' });
  old.onopen();
  old.end(4404);
  clock.advance(1);
  assert.deepEqual([state(), hub.sockets.length, messages.length], ['live', 2, 2]);
  assert.equal(old.sent.length, 1, 'its hello only');
});

test('a ping is answered in the message handler, also before the welcome and while hidden', () => {
  const { hub, page } = connecting();
  page.hidden = true;
  hub.socket.onopen();
  hub.socket.say({ type: 'ping' });
  assert.deepEqual(hub.socket.sent.at(-1), { type: 'pong' });
});

test('policy "silent": a visible page leaves after 15 s and comes back', () => {
  const { clock, hub, state } = connecting();
  hub.socket.welcome();
  clock.advance(14);
  hub.socket.say({ type: 'ping' });
  clock.advance(14.9);
  assert.equal(state(), 'live');
  clock.advance(0.2);
  assert.deepEqual([state(), hub.sockets[0].closedWith], ['waiting', 1000]);
  clock.advance(1);
  assert.equal(hub.sockets.length, 2);
});

test('a silent hub is judged also before its welcome', () => {
  const { clock, hub } = connecting();
  clock.advance(16);
  assert.equal(hub.sockets.length, 2);
});

test('a hidden page does not judge, and judges at once when it is shown', () => {
  const { clock, hub, page, socket, state } = connecting();
  hub.socket.welcome();
  page.hidden = true;
  clock.advance(600);
  assert.equal(state(), 'live');
  page.hidden = false;
  socket.visibilityChanged();
  assert.equal(state(), 'connecting', 'and nobody who looks at it waits');
});

test('a page that was hidden and heard the hub goes on, and judges again', () => {
  const { clock, hub, page, socket, state } = connecting();
  hub.socket.welcome();
  page.hidden = true;
  socket.visibilityChanged();
  clock.advance(60);
  hub.socket.say({ type: 'ping' });
  page.hidden = false;
  socket.visibilityChanged();
  assert.equal(state(), 'live');
  clock.advance(15.1);
  assert.equal(state(), 'waiting');
});

test('a waiting page connects at once when it is asked to or shown', () => {
  const { clock, hub, page, socket } = connecting();
  hub.socket.end(1006);
  socket.retryNow();
  assert.equal(hub.sockets.length, 2);
  hub.socket.end(1006);
  page.hidden = true;
  socket.visibilityChanged();
  assert.equal(hub.sockets.length, 2);
  page.hidden = false;
  socket.visibilityChanged();
  socket.visibilityChanged();
  clock.advance(3);
  assert.equal(hub.sockets.length, 3, 'once, and the wait is called off');
});

test('after three attempts without a welcome the server is asked, and its sentence is shown', async () => {
  let asked = 0;
  const answer = { reachable: false, code: 'origin_refused', sentence: 'Start it with --public-url.' };
  const reach = () => Promise.resolve((asked++, answer));
  const { clock, hub, states } = connecting({ reach });
  for (let attempt = 1; attempt <= 3; attempt++) {
    assert.equal(asked, 0);
    hub.socket.end(1006);
    if (attempt < 3) clock.advance(10);
  }
  await settled();
  assert.equal(asked, 1);
  const { state, code, sentence } = states.at(-1) ?? {};
  assert.deepEqual({ state, code, sentence }, { state: 'waiting', code: 'origin_refused', sentence: 'Start it with --public-url.' });
  clock.advance(10);
  assert.equal(states.at(-1)?.sentence, 'Start it with --public-url.', 'also while it tries again');
  hub.socket.welcome();
  assert.deepEqual(states.at(-1), { state: 'live' });
});

test('an answer about reaching the server that comes after a welcome is stale', async () => {
  /** @type {(answer: any) => void} */
  let answerNow = () => {};
  const { clock, hub, states } = connecting({ reach: () => new Promise((resolve) => { answerNow = resolve; }) });
  for (let attempt = 0; attempt < 3; attempt++) {
    hub.socket.end(1006);
    clock.advance(10);
  }
  hub.socket.welcome();
  answerNow({ reachable: false, code: 'room_full', sentence: 'Full.' });
  await settled();
  assert.deepEqual(states.at(-1), { state: 'live' });
});

test('a connection that was live is not counted as fruitless', async () => {
  let asked = 0;
  const { clock, hub } = connecting({ reach: () => Promise.resolve((asked++, null)) });
  for (let attempt = 0; attempt < 8; attempt++) {
    hub.socket.welcome();
    hub.socket.end(1006);
    clock.advance(10);
  }
  for (let attempt = 0; attempt < 2; attempt++) {
    hub.socket.end(1006);
    clock.advance(10);
  }
  await settled();
  assert.equal(asked, 0);
});

for (const said of ['{"type":"novelty"}', 'not JSON', NOT_A_FRAME]) {
  test(`a hub that says ${typeof said === 'string' ? said : 'bytes that are no frame'} is of another version`, () => {
    const { clock, hub, states, messages } = connecting();
    hub.socket.welcome();
    hub.socket.say(said);
    clock.advance(3600);
    assert.deepEqual([states.at(-1), hub.sockets.length, messages.length], [{ state: 'stopped', code: 'version_mismatch' }, 1, 1]);
  });
}

test('a page that leaves does not come back, and one that connects again does', () => {
  const { clock, hub, socket, state } = connecting();
  hub.socket.welcome();
  socket.close();
  hub.socket.end(1000);
  clock.advance(3600);
  assert.deepEqual([state(), hub.sockets.length, clock.waiting], ['stopped', 1, 0]);
  socket.open();
  hub.socket.welcome();
  assert.equal(state(), 'live');
});
