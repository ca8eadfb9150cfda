// @ts-check
/** What the end of a connection means (R10), as in the server's errors.py. */

/** @type {Record<number, string>} */
const CODES = {
  1009: 'message_too_big',
  4400: 'malformed',
  4403: 'link_rotated',
  4404: 'not_found',
  4409: 'replaced',
  4410: 'room_removed',
  4413: 'room_full',
  4426: 'version_mismatch',
  4500: 'room_closed',
  4501: 'outbox_overflow',
  4502: 'not_painting',
  4503: 'server_leaving',
  4504: 'hello_late',
};

/**
 * Whether the page may connect again: 1009 and 4400 to 4499 say stay away, everything else comes back.
 * @param {number} closeCode
 */
export function comesBack(closeCode) {
  return closeCode !== 1009 && !(closeCode >= 4400 && closeCode <= 4499);
}

/**
 * The error's code; "offline" where the network, not the hub, ended it.
 * @param {number} closeCode
 */
export function codeOf(closeCode) {
  return CODES[closeCode] ?? (closeCode >= 4400 && closeCode <= 4499 ? 'refused' : 'offline');
}
