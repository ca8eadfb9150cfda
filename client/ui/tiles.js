// @ts-check
/** Photographs in a grid: the samples, and the rooms that this browser remembers. */

import { ago } from './ago.js';
import { button, element, icon } from './elements.js';
import { words } from './words.js';

/** @typedef {{name: string, title: string}} Sample */
/** @typedef {{room: string, capability: string, title: string, role: 'owner' | 'editor' | 'viewer', openedUnixSeconds: number, album?: string}} KnownRoom */

/**
 * @param {Sample[]} samples
 * @param {(sample: Sample) => void} onOpen
 * @param {AbortSignal} signal
 */
export function samplesSection(samples, onOpen, signal) {
  const tiles = samples.map((sample) => {
    const open = element(
      'button',
      { type: 'button', 'data-sample': sample.name, 'aria-label': words.landing.openSample(sample.title) },
      element(
        'span',
        { class: 'picture' },
        element('img', { src: `api/samples/${encodeURIComponent(sample.name)}`, alt: '', loading: 'lazy', width: 320, height: 240 }),
      ),
      element('span', { class: 'name' }, sample.title),
    );
    open.addEventListener('click', () => onOpen(sample), { signal });
    return element('li', { class: 'tile' }, open);
  });
  return section(words.landing.samples, null, element('ul', { class: 'tiles' }, ...tiles));
}

/**
 * @param {KnownRoom[]} rooms newest first
 * @param {{now: Date, thumbnail: (room: KnownRoom) => Promise<string | null>, onForget: (room: KnownRoom) => void}} page
 *   thumbnail: an object URL of a small picture of it, where there is one; it is revoked here
 * @param {AbortSignal} signal
 */
export function roomsSection(rooms, page, signal) {
  const tiles = rooms.map((room) => roomTile(room, page, signal));
  return section(words.landing.rooms, words.landing.roomsNote, element('ul', { class: 'tiles rooms' }, ...tiles));
}

/**
 * @param {KnownRoom} room
 * @param {{now: Date, thumbnail: (room: KnownRoom) => Promise<string | null>, onForget: (room: KnownRoom) => void}} page
 * @param {AbortSignal} signal
 */
function roomTile(room, page, signal) {
  const title = room.title || words.landing.untitled;
  const picture = element('span', { class: 'picture' }, icon('image'));
  const address = `room/${encodeURIComponent(room.room)}#${encodeURIComponent(room.capability)}`;
  const link = element(
    'a',
    { href: address, 'data-room': room.room },
    picture,
    element('span', { class: 'name' }, title),
    element('span', { class: 'when' }, `${ago(room.openedUnixSeconds, page.now)} · ${words.roles[room.role]}`),
  );
  const look = { icon: /** @type {const} */ ('close'), label: words.landing.forget(title), class: 'icon-button forget' };
  const show = async () => {
    const thumbnail = await page.thumbnail(room);
    if (thumbnail === null) return;
    const image = element('img', { src: thumbnail, alt: '' });
    for (const end of ['load', 'error']) image.addEventListener(end, () => URL.revokeObjectURL(thumbnail), { signal });
    picture.replaceChildren(image);
  };
  void show();
  return element('li', { class: 'tile' }, link, button(look, () => page.onForget(room), signal));
}

/**
 * @param {string} heading @param {string | null} note @param {HTMLElement} content
 */
function section(heading, note, content) {
  const head = element('div', { class: 'section-head' }, element('h2', {}, heading), note !== null && element('span', { class: 'quiet small' }, note));
  return element('section', { class: 'section' }, head, content);
}
