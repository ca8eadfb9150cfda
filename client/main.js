// @ts-check
/** Joins the parts of the landing page. */

import { Api, ApiError } from './connection/http.js';
import { Store } from './connection/store.js';
import { openRoom } from './connection/upload.js';
import { DropZone, keptNote } from './ui/drop.js';
import { LOGO, element, required } from './ui/elements.js';
import { themeButton } from './ui/theme.js';
import { roomsSection, samplesSection } from './ui/tiles.js';
import { Toasts } from './ui/toast.js';
import { words } from './ui/words.js';

/**
 * What the server says of itself.
 * @typedef {object} About
 * @property {string} version
 * @property {string} network
 * @property {string} kept where photographs are kept, a sentence
 * @property {boolean} password_needed
 * @property {number} upload_bytes_max
 */

const page = new AbortController();
const { signal } = page;
const store = new Store();
const toasts = new Toasts(signal);
const drop = new DropZone(new URL('scene.svg', import.meta.url).href, signal);
const password = element('input', { type: 'password', class: 'field', autocomplete: 'off', id: 'password' });
/** @type {About | null} */
let about = null;
/** @type {AbortController | null} */
let sending = null;

/** @param {Blob | null} photograph @param {string} query */
async function open(photograph, query) {
  if (sending !== null) return;
  if (photograph !== null && about !== null && photograph.size > about.upload_bytes_max) {
    drop.showIdle({ sentence: words.landing.tooLarge(`${Math.round(about.upload_bytes_max / 1e6)} MB`) });
    return;
  }
  sending = new AbortController();
  drop.showProgress(photograph === null ? null : 0);
  window.scrollTo({ top: 0, behavior: 'smooth' });
  try {
    const opened = await openRoom({
      url: `api/rooms?${query}`,
      photograph: photograph ?? undefined,
      password: password.value,
      onProgress: (part) => drop.showProgress(part < 1 ? part : null),
      signal: sending.signal,
    });
    window.location.assign(`room/${opened.room}#${opened.capability}`);
  } catch (error) {
    drop.showIdle(problemOf(error));
  } finally {
    sending = null;
  }
}

/**
 * @param {unknown} error
 * @returns {import('./ui/drop.js').Problem | null}
 */
function problemOf(error) {
  if (error instanceof DOMException && error.name === 'AbortError') return null;
  if (!(error instanceof ApiError)) throw error;
  return { sentence: error.sentence || words.offline, advice: words.advice[error.code] };
}

/** @param {string} name */
function titleOf(name) {
  return name.replace(/\.[a-z0-9]{2,5}$/i, '').replaceAll(/[_\s]+/g, ' ').trim().slice(0, 120);
}

/** @type {Promise<unknown>} */
let thumbnailsBefore = Promise.resolve();

/**
 * One after the other: each may cost the server a pass.
 * @param {import('./ui/tiles.js').KnownRoom} room
 * @returns {Promise<string | null>} an object URL
 */
function thumbnail(room) {
  const picture = thumbnailsBefore.then(() => fetchThumbnail(room));
  thumbnailsBefore = picture.catch(() => null);
  return picture;
}

/** @param {import('./ui/tiles.js').KnownRoom} room @returns {Promise<string | null>} an object URL */
async function fetchThumbnail(room) {
  try {
    const answer = await new Api({ capability: room.capability }).blob(`rooms/${room.room}/thumb`);
    return URL.createObjectURL(answer);
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}

const rooms = element('div');

function showRooms() {
  const known = store.rooms();
  /** @param {import('./ui/tiles.js').KnownRoom} room */
  const onForget = (room) => {
    store.forgetRoom(room.room);
    showRooms();
    const putBack = () => {
      store.rememberRoom(room);
      showRooms();
    };
    toasts.show(words.landing.forgotten, { text: words.landing.putBack, act: putBack });
  };
  rooms.replaceChildren(...(known.length ? [roomsSection(known, { now: new Date(), thumbnail, onForget }, signal)] : []));
}

function header() {
  const brand = element(
    'a',
    { class: 'brand', href: './' },
    element('img', { src: LOGO, alt: '' }),
    words.product,
  );
  return element('header', { class: 'landing-top' }, brand, themeButton(store, signal));
}

async function start() {
  const samples = element('div');
  const kept = element('div');
  const foot = element('footer', { class: 'landing-foot' });
  const text = element(
    'div',
    {},
    element('h1', {}, words.landing.heading),
    element('p', { class: 'lead' }, words.landing.lead),
    kept,
  );
  const passwordField = element(
    'form',
    { class: 'password', hidden: true },
    element('label', { for: 'password' }, words.landing.password),
    password,
    element('span', { class: 'quiet small' }, words.landing.passwordNote),
  );
  passwordField.addEventListener('submit', (event) => event.preventDefault(), { signal });
  const hero = element('div', { class: 'hero' }, text, element('div', {}, drop.container, passwordField));
  required('body', HTMLBodyElement).prepend(element('main', { class: 'landing' }, header(), hero, rooms, samples, foot));
  showRooms();
  drop.onPhotograph = (file, more) => {
    if (more) toasts.show(words.landing.oneAtATime);
    void open(file, `title=${encodeURIComponent(titleOf(file.name))}`);
  };
  drop.onCancel = () => sending?.abort();
  try {
    const api = new Api({});
    const [told, listed] = await Promise.all([api.json('about'), api.json('samples')]);
    about = /** @type {About} */ (told);
    kept.append(keptNote(about.kept));
    passwordField.hidden = !about.password_needed;
    foot.append(words.landing.about(about.version, about.network));
    if (listed.samples.length) {
      samples.append(samplesSection(listed.samples, (sample) => void open(null, String(new URLSearchParams({ sample: sample.name, title: sample.title }))), signal));
    }
  } catch (error) {
    drop.showIdle(problemOf(error));
  }
}

// A page that the browser kept for "back" shows what it showed when it was left: sending, and the list of then.
window.addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  drop.showIdle(null);
  showRooms();
});

void start();
