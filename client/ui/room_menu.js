// @ts-check
/** What the menu of a room holds, by rights and by what is possible now; its links; what is asked for by HTTP. */

import { Api, ApiError } from '../connection/http.js';
import { confirmed } from './dialogs.js';
import { openRecipe } from './room_files.js';
import { words } from './words.js';

/** @typedef {import('../wire/messages.js').State} State */
/** @typedef {import('../wire/messages.js').Edit} Edit */
/** @typedef {import('./menu.js').MenuItem} MenuItem */

/**
 * @typedef {object} Page
 * @property {State} state
 * @property {import('../wire/messages.js').Role} role
 * @property {(edit: Edit) => void} edit
 * @property {readonly string[]} networks what can be chosen here
 * @property {() => void} crop begins cropping
 * @property {() => void} save shows what can be downloaded
 * @property {() => void} help shows the keys
 * @property {() => void} colors shows network and vividness
 * @property {() => void} history shows earlier moments
 * @property {import('./room_files.js').RoomPlace} place
 * @property {AbortSignal} signal
 */

/**
 * @param {Page} page
 * @returns {(MenuItem | null)[]}
 */
export function roomMenuItems(page) {
  const { state, role, edit, crop, place, signal } = page;
  const recipes = role === 'viewer' ? [] : recipeItems(page);
  const { menu, confirm } = words;
  /** @type {MenuItem} */
  const colors = { icon: 'palette', text: menu.colors, act: page.colors };
  /** @type {MenuItem} */
  const history = { icon: 'history', text: menu.history, act: page.history };
  if (role !== 'owner') return [colors, history, ...recipes, ...lastItems(page)];
  const hasHints = Object.keys(state.hints).length > 0;
  const note = hasHints ? menu.beforeFirst : undefined;
  const isCropped = state.crop.join() !== '0,0,1,1';
  const deleted = async () => {
    const question = { title: confirm.removeTitle, text: confirm.remove, yes: confirm.removeYes };
    if (await confirmed(question, signal)) await removeRoom(place);
  };
  return [
    colors,
    history,
    null,
    { icon: 'turn', text: menu.turn, act: () => edit({ type: 'turn', quarter_turns: 1 }), disabled: hasHints },
    { icon: 'crop', text: menu.crop, act: crop, disabled: hasHints, note },
    ...(isCropped && !hasHints
      ? [/** @type {MenuItem} */ ({ icon: 'fit', text: menu.uncrop, act: () => edit({ type: 'crop', crop: [0, 0, 1, 1] }) })]
      : []),
    null,
    { icon: 'lock', text: menu.lock, act: () => edit({ type: 'lock', locked: !state.locked }), ticked: state.locked },
    {
      icon: 'download',
      text: menu.viewersExport,
      act: () => edit({ type: 'allow_export', viewers: !state.viewers_export }),
      ticked: state.viewers_export,
    },
    null,
    ...recipes,
    { icon: 'neutral', text: menu.clear, act: () => edit({ type: 'clear' }), disabled: !hasHints },
    { icon: 'trash', text: menu.remove, act: () => void deleted(), danger: true },
    null,
    ...lastItems(page),
  ];
}

/**
 * @param {Page} page
 * @returns {MenuItem[]}
 */
function recipeItems({ state, role, edit, networks, place, save }) {
  const { save: files, openRecipe: open } = words.menu;
  return [
    { icon: 'download', text: files, act: save },
    { icon: 'image', text: open, act: () => openRecipe(place, edit, role === 'owner' ? networks : null), disabled: state.locked && role !== 'owner' },
  ];
}

/** @param {Page} page @returns {MenuItem[]} */
function lastItems({ help }) {
  return [
    { icon: 'keyboard', text: words.menu.help, act: help },
    { icon: 'image', text: words.toLanding, act: () => window.location.assign('../') },
  ];
}

/**
 * The links that a member can pass on.
 * @param {object} page
 * @param {import('../wire/messages.js').Links | null} page.links for owners
 * @param {string} page.address of the room, without a capability
 * @param {string} page.capability of this page
 * @param {(edit: Edit) => void} page.edit
 * @returns {import('./share_dialog.js').SharedLink[]}
 */
export function sharedLinks({ links, address, capability, edit }) {
  const { share } = words;
  if (links === null) return [{ name: share.here, note: share.hereNote, url: `${address}#${capability}` }];
  /** @param {'editor' | 'viewer'} role */
  const replace = (role) => () => edit({ type: 'rotate', role });
  return [
    { name: share.editor, note: share.editorNote, url: `${address}#${links.editor}`, replace: replace('editor') },
    { name: share.viewer, note: share.viewerNote, url: `${address}#${links.viewer}`, replace: replace('viewer') },
    { name: share.stream, note: share.streamNote, url: `${address}?view=stream#${links.viewer}` },
    { name: share.owner, note: share.ownerNote, url: `${address}#${links.owner}` },
  ];
}

/**
 * Deletes the room; its connection then ends with the news of it.
 * @param {import('./room_files.js').RoomPlace} place
 */
async function removeRoom({ id, capability, store, toasts }) {
  try {
    await new Api({ capability }).deleteRoom(id);
    store.forgetRoom(id);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    toasts.show(error.sentence || words.offline);
  }
}

/**
 * Asks, one by one, what becomes of edits that a restored backup does not know (R4).
 * @param {import('../connection/live_room.js').LiveRoom} room
 * @param {AbortSignal} signal
 */
export async function askAboutOffered(room, signal) {
  const { title, text, again, leave, what, other } = words.rolledBack;
  while (room.follower.offered.length > 0 && !signal.aborted) {
    const [edit] = room.follower.offered;
    const question = { title, text: text(what[edit.type] ?? other), yes: again, no: leave, danger: false };
    if (await confirmed(question, signal)) room.acceptOffered(0);
    else room.follower.takeOffered(0);
  }
}
