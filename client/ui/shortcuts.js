// @ts-check
/** Keys of the room page. They rest while somebody types, and while a dialog is open. */

/**
 * @typedef {object} ShortcutActions
 * @property {() => void} undo
 * @property {() => void} redo
 * @property {() => void} remove
 * @property {() => void} deselect
 * @property {() => void} toggleHints
 * @property {(held: boolean) => void} compare
 * @property {(factor: number) => void} zoom
 * @property {() => void} fit
 * @property {() => void} hintTool
 * @property {() => void} addInTheMiddle
 * @property {(dx: number, dy: number) => boolean} nudge moves the selected hint; false: there is none
 * @property {() => void} nudged
 * @property {(dx: number, dy: number) => void} pan
 */

const STEP_PX = 1;
const STEP_LARGE_PX = 10;
const PAN_PX = 60;
const ZOOM_STEP = 1.4;

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @param {ShortcutActions} actions @param {AbortSignal} signal */
export function listenForShortcuts(actions, signal) {
  const down = (/** @type {KeyboardEvent} */ event) => {
    if (event.defaultPrevented || isTyping(event) || document.querySelector('dialog[open]') !== null) return;
    if (pressed(event, actions)) event.preventDefault();
  };
  const up = (/** @type {KeyboardEvent} */ event) => {
    if (event.key in ARROWS) actions.nudged();
    if (event.key.toLowerCase() === 'c') actions.compare(false);
  };
  window.addEventListener('keydown', down, { signal });
  window.addEventListener('keyup', up, { signal });
  window.addEventListener('blur', () => actions.compare(false), { signal });
}

/**
 * @param {KeyboardEvent} event @param {ShortcutActions} actions
 * @returns {boolean} whether the key meant something
 */
function pressed(event, actions) {
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) return withCtrl(key, event.shiftKey, actions);
  if (event.altKey) return false;
  const arrow = ARROWS[event.key];
  if (arrow !== undefined) {
    const step = event.shiftKey ? STEP_LARGE_PX : STEP_PX;
    if (!actions.nudge(arrow[0] * step, arrow[1] * step)) actions.pan(-arrow[0] * PAN_PX, -arrow[1] * PAN_PX);
    return true;
  }
  // Anywhere else Enter is for what has the focus.
  if (key === 'enter' && !(event.target instanceof HTMLElement && event.target.matches('body, .stage'))) return false;
  const plain = {
    enter: actions.addInTheMiddle,
    delete: actions.remove,
    backspace: actions.remove,
    escape: actions.deselect,
    h: actions.toggleHints,
    b: actions.hintTool,
    '+': () => actions.zoom(ZOOM_STEP),
    '=': () => actions.zoom(ZOOM_STEP),
    '-': () => actions.zoom(1 / ZOOM_STEP),
    0: actions.fit,
    c: () => event.repeat || actions.compare(true),
  }[key];
  plain?.();
  return plain !== undefined;
}

/** @param {string} key @param {boolean} shift @param {ShortcutActions} actions */
function withCtrl(key, shift, actions) {
  if (key === 'z' && !shift) actions.undo();
  else if (key === 'y' || (key === 'z' && shift)) actions.redo();
  else return false;
  return true;
}

/** Whether the key belongs to what has the focus: a slider takes no more than the arrows. @param {KeyboardEvent} event */
function isTyping({ target, key }) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches('input[type="range"]')) return key in ARROWS;
  return target.closest('input:not([type="checkbox"], [readonly]), [role="menu"]') !== null;
}
