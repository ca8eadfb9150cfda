// @ts-check
/** What is said of the others, and to them. */

export const company = {
  cursors: 'Show the others\' cursors',
  /** @param {string} name */
  follow: (name) => `Follow what ${name} sees`,
  followIt: 'Follow',
  /** @param {string} name */
  following: (name) => `Following ${name}`,
  stop: 'Stop',
  ask: 'What color was this?',
  invite: 'Color it together',
  inviteNote: 'Whoever opens this link places hints with you.',
  close: 'Close',
};

export const news = {
  /** @param {string} name */
  lost: (name) => `${name}'s color won.`,
  useMine: 'Use mine',
  /** By the edit's type: to its author, who is offered to take it back for everybody. */
  own: /** @type {Record<string, string>} */ ({
    clear: 'All hints removed.', import: 'The recipe is in the place of all hints.', restore: 'That moment is back, for everyone.',
    network: 'Another network paints the room for everybody.',
  }),
  /** By the edit's type: to everybody else. */
  others: /** @type {Record<string, ((name: string) => string) | undefined>} */ ({
    clear: (name) => `${name} removed all hints`,
    import: (name) => `${name} opened a recipe in the place of all hints`,
    restore: (name) => `${name} went back to an earlier moment`,
    undo_all: (name) => `${name} brought the hints back`,
    lock: (name) => `${name} locked the room`,
    unlock: (name) => `${name} unlocked the room`,
    network: (name) => `${name} chose another network`,
  }),
};
