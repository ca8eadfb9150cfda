// @ts-check
/** What the landing page says. */

export const landing = {
  heading: 'Color an old photograph together.',
  lead: 'Drop a black-and-white photograph, send the link, and say what color things were. Everyone sees the picture answer as you drag.',
  drop: 'Drop photographs here',
  dropMore: 'or paste one, or choose files; each becomes a room',
  dropping: 'Let go to open it',
  choose: 'Choose photographs',
  kinds: 'JPEG, PNG, WebP, HEIC or TIFF; or a backup of a room',
  samples: 'Or try one of these',
  /** @param {string} title */
  openSample: (title) => `Open the sample ${title}`,
  rooms: 'Your rooms',
  roomsNote: 'Remembered by this browser only.',
  untitled: 'Untitled photograph',
  /** @param {string} title */
  forget: (title) => `Remove ${title} from this list`,
  forgotten: 'Removed from the list. The room itself is untouched.',
  putBack: 'Put back',
  password: 'Password for opening rooms',
  passwordNote: 'The operator of this server asks for it.',
  /** @param {number} percent */
  uploading: (percent) => `Sending the photograph, ${percent} %`,
  preparing: 'Reading the photograph',
  cancel: 'Cancel',
  /** @param {string} version @param {string} network */
  about: (version, network) => `chromaVive ${version} · ${network}`,
  /** @param {string} limit */
  tooLarge: (limit) => `That file is larger than ${limit}, the most that this server takes. Save it smaller and try again.`,
  waits: 'Waits for its turn',
  openIt: 'Open its room',
  notOpened: 'Not opened',
  /** @param {number} count */
  several: (count) => `Opening ${count} rooms`,
  /** @param {number} count */
  opened: (count) => (count === 1 ? 'One room is open' : `${count} rooms are open. Colors that you keep in one come along to the others.`),
};

/** What to do about a refusal, by its code, after the server's sentence. */
export const advice = /** @type {Record<string, string>} */ ({
  not_a_photograph: 'Open it in a photo program and save it as JPEG or PNG.',
  photograph_truncated: 'Copy the file again and retry.',
  photograph_too_many_pixels: 'Save a smaller copy and try that.',
  photograph_too_small: 'Try a larger scan.',
  upload_too_large: 'Save a smaller copy and try that.',
  decoding_failed: 'Save it again as JPEG or PNG and try that.',
  decoding_timed_out: 'Save a smaller copy and try that.',
  password_refused: 'Check the password below the drop zone.',
  backup_unreadable: 'Take the backup again, or choose another file.',
  server_busy: 'Nothing is lost; just try once more.',
  offline: 'Check your connection, then try again.',
});
