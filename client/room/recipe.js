// @ts-check
/** Recipes: the hints of a room as a file, as in the server's hints/recipe.py. */

/** @typedef {import('../wire/messages.js').Import} Import */
/** @typedef {import('../wire/messages.js').RecipeHint} RecipeHint */

const HINT_FIELDS = { id: 'string', x: 'number', y: 'number', a: 'number', b: 'number', size: 'number', author: 'string' };

/**
 * The edit that puts a recipe's hints in the place of all hints; null where the file is no recipe.
 * Only shapes are looked at here, since a message of another shape ends the connection (R10); the room checks the rest.
 * @param {string} text
 * @returns {Import | null}
 */
export function importOf(text) {
  const { chromavive_recipe: version, photograph, turn = 0, crop = [0, 0, 1, 1], hints } = parsed(text) ?? {};
  if (version !== 1 || typeof photograph?.sha256 !== 'string' || !Number.isSafeInteger(turn)) return null;
  if (!isCrop(crop) || !Array.isArray(hints) || !hints.every(isHint)) return null;
  return { type: 'import', hints: hints.map(plain), photograph: photograph.sha256, turn, crop };
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
  return Object.entries(HINT_FIELDS).every(([name, kind]) => typeof hint?.[name] === kind);
}

/** @param {RecipeHint} hint @returns {RecipeHint} */
function plain({ id, x, y, a, b, size, author }) {
  return { id, x, y, a, b, size, author };
}
