// @ts-check
/** Joins the parts of the room page: a studio, or for broadcasting the picture alone (?view=stream). */

import { Api } from './connection/http.js';
import { LiveRoom } from './connection/live_room.js';
import { Store } from './connection/store.js';
import { PictureFeed } from './picture/feed.js';
import { PreviewFeed } from './picture/preview.js';
import { element, required } from './ui/elements.js';
import { watchGraphics } from './ui/lost_picture.js';
import { askAboutOffered } from './ui/room_menu.js';
import { Seeing } from './ui/seeing.js';
import { listenForShortcuts } from './ui/shortcuts.js';
import { Stage } from './ui/stage.js';
import { loadingMark, stoppedPage } from './ui/status.js';
import { Studio } from './ui/studio.js';
import { showTheme } from './ui/theme.js';
import { Toasts } from './ui/toast.js';
import { words } from './ui/words.js';

const page = new AbortController();
const { signal } = page;
const body = required('body', HTMLBodyElement);
// As they stand: ids and capabilities need no decoding, and a mutilated link must be told as one.
const id = window.location.pathname.split('/').at(-1) ?? '';
const capability = window.location.hash.slice(1);
const isStream = new URLSearchParams(window.location.search).get('view') === 'stream';
const store = new Store();

/** @param {{code?: string, sentence?: string}} why */
function stop(why) {
  body.dataset.state = 'stopped';
  for (const dialog of document.querySelectorAll('dialog')) dialog.close();
  for (const covered of document.querySelectorAll('main')) covered.inert = true;
  if (document.querySelector('.stopped') !== null) return;
  loading.remove();
  body.append(stoppedPage(why, signal));
  required('.stopped .primary', HTMLElement).focus();
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
  if (remembered === shown.title) return;
  remembered = shown.title;
  const known = store.rooms().find(({ room }) => room === id);
  // An owner who tries the link for others keeps the own one: it is the only copy.
  const kept = known && RANKS.indexOf(known.role) < RANKS.indexOf(role) ? known : { role, capability };
  store.rememberRoom({ room: id, role: kept.role, capability: kept.capability, title: shown.title, openedUnixSeconds: Date.now() / 1000, album: known?.album });
}

/** A room that is gone, or a link that opens nothing any more, has no place in the list. @param {string} [code] */
function forgetIfGone(code) {
  const byThisLink = store.rooms().some((known) => known.room === id && known.capability === capability);
  if (code === 'room_removed' || (code === 'link_rotated' && byThisLink)) store.forgetRoom(id);
}

async function offerAgain() {
  if (asking || isStream || live.follower.offered.length === 0) return;
  asking = true;
  await askAboutOffered(live, signal);
  asking = false;
}

function follow() {
  const { role, revision, confirmed, epoch } = live.follower;
  body.dataset.role = role;
  if (confirmed === null || epoch === null) return;
  body.dataset.network = confirmed.network;
  feed?.follow(confirmed, revision, epoch);
  offerPhotographed(confirmed);
}

/** Which revision the page shows, once the studio has drawn it. */
function tellRevision() {
  telling ||= requestAnimationFrame(() => {
    telling = 0;
    body.dataset.revision = String(live.follower.revision);
  });
}

/** @type {readonly import('./wire/messages.js').Role[]} */
const RANKS = ['owner', 'editor', 'viewer'];
/** The title that the list knows. @type {string | null} */
let remembered = null;
/** The studio sees to it by itself. @type {(state: import('./wire/messages.js').State) => void} */
let offerPhotographed = () => {};
let asking = false;
let telling = 0;
const api = new Api({ capability });
const isHidden = () => document.hidden;
const toasts = new Toasts(signal);
const loading = loadingMark();
/** @type {Studio | null} */
let studio = null;
/** @type {PictureFeed | null} */
let feed = null;
/** @type {PreviewFeed | null} */
let previews = null;

const live = new LiveRoom({
  room: id,
  capability,
  store,
  api,
  isHidden,
  onState: (connection) => {
    body.dataset.state = connection.state;
    studio?.connectionChanged(connection);
    if (connection.state !== 'stopped' || connection.code === 'left') return;
    forgetIfGone(connection.code);
    stop(connection);
  },
  onFrame: (frame) => (frame.header.preview ? previews : feed)?.take(frame),
  onChange: () => {
    follow();
    remember();
    void offerAgain();
    studio?.changed();
    tellRevision();
  },
  onPresence: (presence) => studio?.presenceChanged(presence),
  onPalette: (palette) => studio?.paletteTold(palette),
  onRefused: ({ sentence }) => {
    toasts.show(sentence);
    studio?.refused();
  },
  onNotice: (sentence) => {
    toasts.show(sentence);
    studio?.noticed();
  },
  onEntry: (entry, isOwn) => {
    studio?.entry(entry, isOwn);
    if (isOwn && entry.skipped?.length) toasts.show(words.skipped(entry.skipped.length));
  },
});

/** The picture alone, which keys compare. @param {Stage} stage */
function startStream(stage) {
  body.classList.add('stream');
  const seeing = new Seeing(stage, null, signal);
  offerPhotographed = (state) => seeing.offerPhotographed(state, (view) => api.setAside(id, view));
  const [toggleDivider, toggleGray] = [() => seeing.toggleDivider(), () => seeing.toggleGray()];
  listenForShortcuts({ compare: (held) => seeing.compare(held), toggleDivider, toggleGray }, signal);
}

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
    fetchTile: (place, tile, leaving) => api.tile(id, place, tile, leaving),
    painted: (look) => live.painted(look),
    isHidden,
    signal,
  });
  previews = new PreviewFeed(stage.view);
  previews.onShown = (header) => {
    body.dataset.preview = header.network;
    body.dataset.previewRevision = String(header.revision);
    studio?.previewShown(header);
  };
  previews.onEnded = () => delete body.dataset.preview;
  feed.onGray = (there) => {
    if (there) loading.remove();
    studio?.photographChanged(there, feed?.grayBytesPerPixel);
  };
  feed.onFrame = (header) => {
    body.dataset.look = String(header.look);
    body.dataset.frameRevision = String(header.revision);
    body.dataset.settled = String(header.settled);
    previews?.roomFrame(header);
    studio?.frameShown(header);
  };
  if (isStream) startStream(stage);
  else studio = new Studio({ room: live, api, previews, id, capability, stage, store, toasts, signal });
  const content = studio?.container ?? element('main', { class: 'studio' }, stage.container);
  content.append(loading);
  body.prepend(content);
  watchGraphics(required('#picture', HTMLCanvasElement), () => stop({ code: 'graphics_lost' }), signal);
  live.open();
  document.addEventListener('visibilitychange', () => {
    live.visibilityChanged();
    feed?.visibilityChanged();
  }, { signal });
  window.addEventListener('online', () => live.retryNow(), { signal });
  // A page that the browser may keep for "back" is left and opened again.
  window.addEventListener('pagehide', () => live.close(), { signal });
  window.addEventListener('pageshow', (event) => event.persisted && live.open(), { signal });
  // A photograph dropped here would take the place of the page.
  for (const drop of ['dragover', 'drop']) window.addEventListener(drop, (event) => event.preventDefault(), { signal });
  // Another link of this room, or of the same address: begin anew with it.
  window.addEventListener('hashchange', () => window.location.reload(), { signal });
}

start();
