// @ts-check
/** Joins the parts of the room page: a studio, or for broadcasting the picture alone (?view=stream). */

import { Api } from './connection/http.js';
import { LiveRoom } from './connection/live_room.js';
import { Store } from './connection/store.js';
import { PictureFeed } from './picture/feed.js';
import { element, required } from './ui/elements.js';
import { askAboutOffered } from './ui/room_menu.js';
import { Stage } from './ui/stage.js';
import { loadingMark, stoppedPage } from './ui/status.js';
import { Studio } from './ui/studio.js';
import { showTheme } from './ui/theme.js';
import { Toasts } from './ui/toast.js';
import { words } from './ui/words.js';

const page = new AbortController();
const { signal } = page;
const body = required('body', HTMLBodyElement);
const id = decodeURIComponent(window.location.pathname.split('/').at(-1) ?? '');
const capability = decodeURIComponent(window.location.hash.slice(1));
const isStream = new URLSearchParams(window.location.search).get('view') === 'stream';
const store = new Store();

/** @param {{code?: string, sentence?: string}} why */
function stop(why) {
  body.dataset.state = 'stopped';
  if (document.querySelector('.stopped') === null) body.append(stoppedPage(why, signal));
}

/** @returns {Stage | null} null where the browser has no WebGL2, and the page says so */
function stageOrNull() {
  try {
    return new Stage(signal);
  } catch (error) {
    console.warn('chromaVive: no picture', error);
    stop({ code: 'no_webgl' });
    return null;
  }
}

/** Remembers the room for the landing page, once it is known who this is here. */
function remember() {
  const { role, shown } = live.follower;
  if (shown === null || isStream) return;
  document.title = shown.title ? `${shown.title} · ${words.product}` : words.product;
  const openedUnixSeconds = Math.floor(Date.now() / 1000);
  const known = store.rooms().find(({ room }) => room === id);
  if (known?.title === shown.title && known.role === role && known.capability === capability && remembered) return;
  remembered = true;
  store.rememberRoom({ room: id, capability, title: shown.title, role, openedUnixSeconds });
}

async function offerAgain() {
  if (asking || isStream || live.follower.offered.length === 0) return;
  asking = true;
  await askAboutOffered(live, signal);
  asking = false;
}

function tellData() {
  const { role, revision, confirmed, epoch } = live.follower;
  body.dataset.role = role;
  body.dataset.revision = String(revision);
  if (confirmed === null || epoch === null) return;
  body.dataset.network = confirmed.network;
  feed?.follow(confirmed, revision, epoch);
}

let remembered = false;
let asking = false;
const api = new Api({ capability });
const isHidden = () => document.hidden;
const toasts = new Toasts(signal);
const loading = loadingMark();
/** @type {Studio | null} */
let studio = null;
/** @type {PictureFeed | null} */
let feed = null;

const live = new LiveRoom({
  room: id,
  capability,
  store,
  api,
  isHidden,
  onState: (connection) => {
    body.dataset.state = connection.state;
    studio?.connectionChanged(connection);
    if (connection.code === 'room_removed') store.forgetRoom(id);
    if (connection.state === 'stopped' && connection.code !== 'left') stop(connection);
  },
  onFrame: (frame) => feed?.take(frame),
  onChange: () => {
    tellData();
    remember();
    void offerAgain();
    studio?.changed();
  },
  onPresence: (presence) => studio?.presenceChanged(presence),
  onRefused: ({ sentence }) => toasts.show(sentence),
  onNotice: (sentence) => toasts.show(sentence),
});

function start() {
  showTheme(store.theme);
  if (id === '' || capability === '') {
    stop({ code: 'no_link' });
    return;
  }
  const stage = stageOrNull();
  if (stage === null) return;
  feed = new PictureFeed({
    view: stage.view,
    fetchGray: (place) => api.gray(id, place, signal),
    painted: (look) => live.painted(look),
    isHidden,
    signal,
  });
  feed.onGray = () => {
    loading.remove();
    studio?.photographIsThere();
  };
  feed.onFrame = (header) => {
    body.dataset.look = String(header.look);
    body.dataset.frameRevision = String(header.revision);
    body.dataset.settled = String(header.settled);
    studio?.frameShown(header);
  };
  if (isStream) body.classList.add('stream');
  else studio = new Studio({ room: live, id, capability, stage, store, toasts, signal });
  const content = studio?.container ?? element('main', { class: 'studio' }, stage.container);
  content.append(loading);
  body.prepend(content);
  live.open();
  document.addEventListener('visibilitychange', () => {
    live.visibilityChanged();
    feed?.visibilityChanged();
  }, { signal });
  window.addEventListener('online', () => live.retryNow(), { signal });
  // A page that the browser may keep for "back" is left and opened again.
  window.addEventListener('pagehide', () => live.close(), { signal });
  window.addEventListener('pageshow', (event) => event.persisted && live.open(), { signal });
  // Another link of this room, or of the same address: begin anew with it.
  window.addEventListener('hashchange', () => window.location.reload(), { signal });
}

start();
