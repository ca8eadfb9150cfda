// @ts-check
/**
 * Every key of the room page. The page acts by this table, and the help sheet and the buttons show it: a key that is told
 * is a key that works. A new one is a row here, an action in shortcuts.js and its words in `words.help`.
 */

/** @typedef {Exclude<keyof import('./shortcuts.js').ShortcutActions, 'nudged'>} Action */
/** @typedef {'hints' | 'seeing' | 'page'} Group a part of the help sheet */
/**
 * @typedef {object} Key
 * @property {Group} group
 * @property {Action} action
 * @property {string[]} keys the first is the one that is told
 * @property {true} [held] what it does ends when the key is let go
 */

/**
 * Chords as `chordOf` gives them: Ctrl, Alt and Shift in this order, then the key. Shift alone makes no difference unless a
 * chord of the table has it; Ctrl stands for the Mac's command key too.
 * @type {readonly Key[]}
 */
export const KEYS = [
  { group: 'hints', action: 'addInTheMiddle', keys: ['Enter'] },
  { group: 'hints', action: 'nudge', keys: ['Arrows'] },
  { group: 'hints', action: 'nudgeFar', keys: ['Shift+Arrows'] },
  { group: 'hints', action: 'remove', keys: ['Delete', 'Backspace'] },
  { group: 'hints', action: 'selectEvery', keys: ['Ctrl+A'] },
  { group: 'hints', action: 'hintTool', keys: ['B'] },
  { group: 'hints', action: 'pinTool', keys: ['P'] },
  { group: 'hints', action: 'pick', keys: ['I'] },
  { group: 'hints', action: 'undo', keys: ['Ctrl+Z'] },
  { group: 'hints', action: 'redo', keys: ['Ctrl+Shift+Z', 'Ctrl+Y'] },
  { group: 'seeing', action: 'compare', keys: ['C'], held: true },
  { group: 'seeing', action: 'toggleDivider', keys: ['D'] },
  { group: 'seeing', action: 'toggleGray', keys: ['G'] },
  { group: 'seeing', action: 'toggleHints', keys: ['H'] },
  { group: 'seeing', action: 'zoomIn', keys: ['+', '='] },
  { group: 'seeing', action: 'zoomOut', keys: ['-'] },
  { group: 'seeing', action: 'fit', keys: ['0'] },
  { group: 'seeing', action: 'history', keys: ['T'] },
  { group: 'page', action: 'deselect', keys: ['Escape', 'Alt+Escape'] },
  { group: 'page', action: 'help', keys: ['?'] },
];

/**
 * What pointers do, alone or together with keys, for the help sheet: pointer.js and drags.js see to them.
 * @type {readonly {group: Group, gesture: keyof typeof import('./words.js').words.help.gestures, how: string}[]}
 */
export const GESTURES = [
  { group: 'hints', gesture: 'several', how: 'Shift+Drag' },
  { group: 'hints', gesture: 'copy', how: 'Alt+Drag' },
  { group: 'hints', gesture: 'size', how: 'Alt+Wheel' },
  { group: 'seeing', gesture: 'pan', how: 'Space+Drag' },
  { group: 'seeing', gesture: 'wheel', how: 'Wheel' },
];

const ROWS = new Map(KEYS.flatMap((row) => row.keys.map((chord) => [chord, row])));

/** The row of a key press; undefined: it means nothing here. @param {Press} press */
export function keyOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  const without = { key, ctrlKey, metaKey, altKey };
  return ROWS.get(chordOf({ ...without, shiftKey })) ?? ROWS.get(chordOf(without));
}

/** The row of a held key that is let go, whatever else is held meanwhile. @param {Press} press */
export function letGoOf({ key }) {
  const row = ROWS.get(chordOf({ key }));
  return row?.held ? row : undefined;
}

/** An action's first key, as people read it. @param {Action} action */
export function shownKey(action) {
  return spoken(KEYS.find((row) => row.action === action)?.keys[0] ?? '');
}

/** A chord as people read it. @param {string} chord */
export function spoken(chord) {
  return chord.replace('Escape', 'Esc').replace('Arrows', '← ↑ → ↓').replace(/^-$/, '−');
}

/** @typedef {{key: string, ctrlKey?: boolean, metaKey?: boolean, altKey?: boolean, shiftKey?: boolean}} Press */

/** @param {Press} press @returns {string} */
function chordOf({ key, ctrlKey = false, metaKey = false, altKey = false, shiftKey = false }) {
  const name = key.startsWith('Arrow') ? 'Arrows' : key.length === 1 ? key.toUpperCase() : key;
  // Which signs need Shift is the keyboard's business.
  const isSign = name.length === 1 && name === name.toLowerCase() && !/\d/.test(name);
  return `${ctrlKey || metaKey ? 'Ctrl+' : ''}${altKey ? 'Alt+' : ''}${shiftKey && !isSign ? 'Shift+' : ''}${name}`;
}
