// @ts-check
/** Keys of the room page, by the table in keys.js. They rest while somebody types, and while a dialog is open. */

import { keyOf, letGoOf } from './keys.js';

/** @typedef {(held: boolean) => void} Holding */

/**
 * @typedef {object} ShortcutActions
 * @property {() => void} undo
 * @property {() => void} redo
 * @property {() => void} remove
 * @property {() => void} deselect
 * @property {() => void} pick begins to take a color from somewhere
 * @property {() => void} toggleHints
 * @property {Holding} compare
 * @property {() => void} toggleDivider
 * @property {() => void} toggleGray
 * @property {() => void} zoomIn
 * @property {() => void} zoomOut
 * @property {() => void} fit
 * @property {() => void} history
 * @property {() => void} hintTool
 * @property {() => void} pinTool
 * @property {() => void} selectEvery
 * @property {() => void} addInTheMiddle
 * @property {(dx: number, dy: number) => void} nudge moves the selected hint or, where there is none, the view
 * @property {(dx: number, dy: number) => void} nudgeFar ten times as far
 * @property {() => void} nudged
 * @property {() => void} help
 */

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @param {Partial<ShortcutActions>} actions a key without its action is left to the browser @param {AbortSignal} signal */
export function listenForShortcuts(actions, signal) {
  /** What ends when its key is let go. @type {Set<Holding>} */
  const held = new Set();
  const down = (/** @type {KeyboardEvent} */ event) => {
    if (event.defaultPrevented || isTyping(event) || document.querySelector('dialog[open]') !== null) return;
    const row = keyOf(event);
    const act = row && /** @type {((...how: unknown[]) => void) | undefined} */ (actions[row.action]);
    if (row === undefined || act === undefined) return;
    // Anywhere else Enter is for what has the focus.
    if (event.key === 'Enter' && !(event.target instanceof HTMLElement && event.target.matches('body, .stage'))) return;
    event.preventDefault();
    if (row.held && event.repeat) return;
    const [first, second] = ARROWS[event.key] ?? [];
    if (row.held) held.add(act);
    act(first ?? true, second);
  };
  const letGo = () => {
    for (const act of held) act(false);
    held.clear();
  };
  const up = (/** @type {KeyboardEvent} */ event) => {
    if (event.key in ARROWS) actions.nudged?.();
    if (letGoOf(event) !== undefined) letGo();
  };
  window.addEventListener('keydown', down, { signal });
  window.addEventListener('keyup', up, { signal });
  window.addEventListener('blur', letGo, { signal });
}

/** Whether the key belongs to what has the focus: a slider takes no more than the arrows. @param {KeyboardEvent} event */
function isTyping({ target, key }) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches('input[type="range"]')) return key in ARROWS;
  return target.closest('input:not([type="checkbox"], [readonly]), [role="menu"]') !== null;
}
