// @ts-check
/** Recipes: what a room's picture follows from as a file, as in the server's hints/recipe.py. */

import { HINTS_MAX } from '../wire/limits.js';

/** @typedef {import('../wire/messages.js').Import} Import */
/** @typedef {import('../wire/messages.js').RecipeHint} RecipeHint */

const NUMBERS = /** @type {const} */ (['x', 'y', 'a', 'b', 'size']);
const SHA256 = /^[0-9a-f]{64}$/;
const HINT_ID_CHARACTERS_MAX = 24;
const MEMBER_CHARACTERS_MAX = 16;

/**
 * The edit that puts a recipe's hints in the place of all hints; null where the file is no recipe.
 * Only shapes and lengths are looked at here, since a message of another shape, or too long a one, ends the connection
 * (R10), and the edit would wait for the next one to end that too; the room checks the rest.
 * @param {string} text
 * @param {readonly string[] | null} networks what an owner can choose: the recipe's network and vividness come along;
 *   null: this member may choose none
 * @returns {Import | null}
 */
export function importOf(text, networks) {
  const recipe = parsed(text) ?? {};
  const { chromavive_recipe: version, photograph, turn = 0, crop = [0, 0, 1, 1], hints } = recipe;
  if (version !== 1 || !SHA256.test(photograph?.sha256) || !Number.isSafeInteger(turn)) return null;
  if (!isCrop(crop) || !Array.isArray(hints) || hints.length > HINTS_MAX || !hints.every(isHint)) return null;
  const beside = networks === null ? {} : chosen(recipe, networks);
  return { type: 'import', hints: hints.map(plain), photograph: photograph.sha256, turn, crop, ...beside };
}

/** @param {any} recipe @param {readonly string[]} networks @returns {Pick<Import, 'network' | 'vividness'>} */
function chosen({ network, vividness = 0 }, networks) {
  return { ...(networks.includes(network) && { network }), ...(Number.isFinite(vividness) && { vividness }) };
}

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** @param {unknown} crop @returns {crop is import('../wire/messages.js').Crop} */
function isCrop(crop) {
  return Array.isArray(crop) && crop.length === 4 && crop.every(Number.isFinite);
}

/** @param {any} hint @returns {hint is RecipeHint} */
function isHint(hint) {
  const isPlaced = NUMBERS.every((name) => Number.isFinite(hint?.[name])); // 1e999 is Infinity, which JSON cannot say
  return isPlaced && typeof (hint.pinned ?? false) === 'boolean'
    && isText(hint.id, HINT_ID_CHARACTERS_MAX) && isText(hint.author, MEMBER_CHARACTERS_MAX);
}

/** @param {unknown} text @param {number} charactersMax */
function isText(text, charactersMax) {
  return typeof text === 'string' && text.length <= charactersMax;
}

/** @param {RecipeHint} hint @returns {RecipeHint} */
function plain({ id, x, y, a, b, size, author, pinned = false }) {
  return { id, x, y, a, b, size, author, pinned };
}
