// @ts-check
/** The files of a room besides its picture: the recipe, the backup. */

import { Api, ApiError } from '../connection/http.js';
import { importOf } from '../room/recipe.js';
import { element } from './elements.js';
import { words } from './words.js';

/** How long a saved recipe stays in memory: a browser may read it only after it asked where to put it. */
const RECIPE_KEPT_MS = 60_000;

/** @typedef {{id: string, capability: string, store: import('../connection/store.js').Store, toasts: import('./toast.js').Toasts}} RoomPlace */
/** @typedef {{text: string, note: string, act: () => void, disabled?: boolean}} RoomFile */

/**
 * What owner and editors can take besides the picture.
 * @param {RoomPlace} place
 * @param {number} hints in the room
 * @returns {RoomFile[]}
 */
export function roomFiles(place, hints) {
  const { recipe, recipeNote, backup, backupNote } = words.download;
  return [
    { text: recipe, note: recipeNote, act: () => void save(place, saveRecipe), disabled: hints === 0 },
    { text: backup, note: backupNote, act: () => void save(place, saveBackup) },
  ];
}

/** @param {RoomPlace} place @param {(place: RoomPlace) => Promise<void>} fetched */
async function save(place, fetched) {
  try {
    await fetched(place);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    place.toasts.show(error.sentence || words.failed.download);
  }
}

/** The room's recipe, as the browser's own download. @param {RoomPlace} place */
async function saveRecipe({ id, capability }) {
  const { blob, name } = await new Api({ capability }).recipe(id);
  const address = URL.createObjectURL(blob);
  element('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), RECIPE_KEPT_MS);
}

/** The browser fetches it by itself, to its disk. @param {RoomPlace} place */
async function saveBackup({ id, capability }) {
  element('a', { href: await new Api({ capability }).backupUrl(id), download: '' }).click();
}

/**
 * Asks for a recipe's file, and puts its hints in the place of all hints.
 * @param {RoomPlace} place
 * @param {(edit: import('../wire/messages.js').Edit) => void} edit
 * @param {readonly string[] | null} networks what this member can choose, if anything
 */
export function openRecipe({ toasts }, edit, networks) {
  const input = element('input', { type: 'file', accept: '.json,application/json' });
  input.addEventListener('change', async () => {
    const [file] = input.files ?? [];
    if (file === undefined) return;
    const taken = importOf(await file.text(), networks);
    if (taken === null) toasts.show(words.failed.recipe);
    else edit(taken);
  });
  input.click();
}
