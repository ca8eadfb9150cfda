// @ts-check
/** Joins the parts of the landing page. */

import { Api, ApiError } from './connection/http.js';
import { newSecret } from './connection/secrets.js';
import { Store } from './connection/store.js';
import { openRoom } from './connection/upload.js';
import { DropZone, keptNote } from './ui/drop.js';
import { LOGO, element, required } from './ui/elements.js';
import { SeveralFiles } from './ui/several.js';
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
const several = new SeveralFiles(() => sending?.abort(), signal);
const password = element('input', { type: 'password', class: 'field', autocomplete: 'off', id: 'password' });
/** @type {About | null} */
let about = null;
/** @type {AbortController | null} */
let sending = null;

/** One file, or a sample, whose room is shown at once. @param {File | null} file @param {string} [query] of a sample */
async function open(file, query) {
  if (sending !== null) return;
  sending = new AbortController();
  drop.showProgress(file === null ? null : 0);
  window.scrollTo({ top: 0, behavior: 'smooth' });
  try {
    const { room, capability } = await opened(file, query, (part) => drop.showProgress(part < 1 ? part : null), sending.signal);
    window.location.assign(`room/${room}#${capability}`);
  } catch (error) {
    drop.showIdle(problemOf(error));
  } finally {
    sending = null;
  }
}

/** One after the other, so that each has the whole line; what fails keeps none of the others. @param {File[]} files */
async function openSeveral(files) {
  if (sending !== null) return;
  const { signal: cancelled } = (sending = new AbortController());
  const album = newSecret();
  let count = 0;
  drop.showProgress(0);
  several.begin(files);
  for (const [index, file] of files.entries()) {
    const tell = (/** @type {number} */ part) => {
      several.tell(index, part < 1 ? words.landing.uploading(Math.round(part * 100)) : words.landing.preparing);
      drop.showProgress((index + part) / files.length);
    };
    try {
      if (cancelled.aborted) throw new DOMException('cancelled', 'AbortError');
      const { room, capability } = await opened(file, undefined, tell, cancelled);
      store.rememberRoom({ room, capability, title: titleOf(file.name), role: 'owner', openedUnixSeconds: Date.now() / 1000, album });
      several.open(index, { room, capability });
      count += 1;
    } catch (error) {
      several.refuse(index, problemOf(error)?.sentence ?? words.landing.notOpened);
    }
  }
  sending = null;
  several.end(count);
  drop.showIdle(null);
  showRooms();
}

/**
 * A new room out of a file: a photograph, or the backup of a room.
 * @param {File | null} file
 * @param {string | undefined} query of a sample
 * @param {(part: number) => void} onProgress the part that was sent, 0 to 1
 * @param {AbortSignal} signal
 */
function opened(file, query, onProgress, signal) {
  const isBackup = file?.name.toLowerCase().endsWith('.chromavive') ?? false;
  if (file !== null && !isBackup && about !== null && file.size > about.upload_bytes_max) {
    throw new ApiError('upload_too_large', words.landing.tooLarge(`${Math.round(about.upload_bytes_max / 1e6)} MB`), 413);
  }
  const asked = query ?? String(new URLSearchParams({ title: titleOf(file?.name ?? '') }));
  const url = isBackup ? 'api/backups' : `api/rooms?${asked}`;
  return openRoom({ url, photograph: file ?? undefined, password: password.value, onProgress, signal });
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
  required('body', HTMLBodyElement).prepend(element('main', { class: 'landing' }, header(), hero, several.container, rooms, samples, foot));
  showRooms();
  drop.onFiles = (files) => void (files.length === 1 ? open(files[0]) : openSeveral(files));
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
