// @ts-check
/** Secrets and ids that a page draws. getRandomValues works on plain HTTP too. */

/** @param {number} count of bytes, a multiple of 3 or not */
function randomText(count) {
  const bytes = crypto.getRandomValues(new Uint8Array(count));
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** A secret of 128 bits in 22 characters: a member's, a seat's, an owner's new capability. */
export const newSecret = () => randomText(16);

/** A hint's id, 96 bits in 16 characters. */
export const newHintId = () => randomText(12);
