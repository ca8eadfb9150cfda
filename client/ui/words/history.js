// @ts-check
/** What the bar of earlier moments says. */

/** @param {number} hints */
const counted = (hints) => (hints === 1 ? 'a hint' : `${hints} hints`);

export const history = {
  label: 'Earlier moments',
  onlyYou: 'Only you see this.',
  restore: 'Restore this moment',
  back: 'Back to now',
  now: 'Now. Slide back to see what it was.',
  none: 'Nothing has been done here yet.',
  loading: 'Looking it up',
  you: 'you',
  /** @param {string} when @param {string} who @param {string} did */
  moment: (when, who, did) => `${when}, ${who} ${did}`,
  /** What an entry did, by its kind and how many hints it touched. */
  did: /** @type {Record<string, ((hints: number) => string) | undefined>} */ ({
    opened: () => 'opened the room',
    add: (hints) => `placed ${counted(hints)}`,
    move: (hints) => `moved ${counted(hints)}`,
    recolor: (hints) => `recolored ${counted(hints)}`,
    resize: (hints) => `resized ${counted(hints)}`,
    remove: (hints) => `removed ${counted(hints)}`,
    clear: () => 'removed all hints',
    import: () => 'opened a recipe',
    restore: () => 'restored an earlier moment',
    undo: () => 'took a step back',
    redo: () => 'took a step again',
    retitle: () => 'changed the title',
    turn: () => 'turned the photograph',
    crop: () => 'cropped the photograph',
    network: () => 'chose a network',
    vividness: () => 'changed the vividness',
    swatch: () => 'changed a color of the room',
  }),
  other: () => 'changed the room',
};
