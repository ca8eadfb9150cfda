// @ts-check
/** Building the page: elements and icons from names, never markup from text. */

/** @typedef {Node | string | null | undefined | false} Child */

export const LOGO = new URL('../favicon.svg', import.meta.url).href;

/**
 * An element with attributes and children. An attribute that is null, undefined or false is left out; true is empty.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | null | undefined>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? '' : String(value));
  }
  append(made, children);
  return made;
}

/**
 * @param {Node} parent @param {Child[]} children
 */
function append(parent, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    parent.appendChild(typeof child === 'string' ? document.createTextNode(child) : child);
  }
}

const SVG = 'http://www.w3.org/2000/svg';

/** Outlines on a 24 by 24 grid, drawn with a round pen. */
const OUTLINES = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M9 9h10v11H9zM15 9V4H5v11h4',
  crop: 'M7 2v15h15M2 7h15v15',
  compare: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 3v18M15 5v14M18 8v8',
  divider: 'M12 3v18M8.5 8.5L5 12l3.5 3.5M15.5 8.5L19 12l-3.5 3.5',
  dropper: 'M14 4.5l5.5 5.5M12 6.5l5.5 5.5M13.5 8L5 16.5V19h2.5L16 10.5M4 20l1-1M14.5 7l2-2a2.1 2.1 0 0 1 3 3l-2 2',
  download: 'M12 4v11M7.5 11L12 15.5 16.5 11M5 20h14',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z',
  'eye-off': 'M4 4l16 16M9.9 5.8A9 9 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a16 16 0 0 1-3 3.7M6.3 7.5A15.5 15.5 0 0 0 2.5 12S6 18.5 12 18.5a9.2 9.2 0 0 0 4.3-1.1M10 10a2.8 2.8 0 0 0 4 4',
  fit: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  gray: 'M4 5h16v14H4zM12 5v14M12 9.5L16.5 5M12 14L20 6M12 18.5L20 10.5M16 19l4-4',
  hand: 'M8 12V6a1.5 1.5 0 0 1 3 0v5M11 11V4.5a1.5 1.5 0 0 1 3 0V11M14 11V6a1.5 1.5 0 0 1 3 0v7M17 10a1.5 1.5 0 0 1 3 0v4c0 4-2.5 7-6.5 7-3 0-4.5-1.2-6-3.7L4.6 14a1.5 1.5 0 0 1 2.6-1.5L8 14',
  history: 'M3.5 12a8.5 8.5 0 1 0 2.6-6.1L3.5 8.4M3.5 3.5v4.9h4.9M12 7.5V12l3 2',
  hint: 'M12 3.5s6.5 6.6 6.5 11a6.5 6.5 0 0 1-13 0c0-4.4 6.5-11 6.5-11z',
  image: 'M4 5h16v14H4zM4 16l4.5-4.5 3.5 3.5 3-3 5 5M15.5 9.5h.01',
  keyboard: 'M3 7h18v11H3zM6.5 10.5h.01M10 10.5h.01M13.5 10.5h.01M17 10.5h.01M8 14.5h8',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  minus: 'M5 12h14',
  more: 'M6 12a1 1 0 1 1-2 0 1 1 0 0 1 2 0zM13 12a1 1 0 1 1-2 0 1 1 0 0 1 2 0zM20 12a1 1 0 1 1-2 0 1 1 0 0 1 2 0z',
  neutral: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM6.5 17.5l11-11',
  palette: 'M12 3.5a8.5 8.5 0 1 0 0 17c1.3 0 2-.9 2-1.9 0-1.3-1.1-1.6-1.1-2.7 0-.9.7-1.5 1.6-1.5h2.1a4 4 0 0 0 3.9-4c0-4.2-3.9-6.9-8.5-6.9zM7.4 12h.01M9.6 7.9h.01M14.4 7.9h.01M16.7 11.4h.01',
  pin: 'M8.5 3.5h7l-1 6.5 3.5 3.5v2H6v-2l3.5-3.5zM12 15.5V21',
  plus: 'M12 5v14M5 12h14',
  redo: 'M15 5l5 5-5 5M20 10H10a6 6 0 0 0 0 12h2',
  refresh: 'M20 11a8 8 0 1 0-2.3 6.3M20 4v7h-7',
  share: 'M9.5 14.5l5-5M11 7l2.5-2.5a4.2 4.2 0 0 1 6 6L17 13M13 17l-2.5 2.5a4.2 4.2 0 0 1-6-6L7 11',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5V4.5M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z',
  system: 'M3.5 5h17v11h-17zM9 20h6M12 16v4',
  stream: 'M3.5 6h17v12h-17zM10.5 9.5l4 2.5-4 2.5z',
  trash: 'M4 7h16M9.5 7V4.5h5V7M6 7l1 13h10l1-13M10 11v5.5M14 11v5.5',
  turn: 'M4 9h9a6 6 0 1 1-5.7 8M8 5L4 9l4 4',
  undo: 'M9 5l-5 5 5 5M4 10h10a6 6 0 0 1 0 12h-2',
};

/** @typedef {keyof typeof OUTLINES} IconName */

/**
 * A line icon in the color of the text around it, hidden from screen readers.
 * @param {IconName} name
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', OUTLINES[name]);
  svg.append(path);
  return svg;
}

/**
 * Changes a button's icon.
 * @param {HTMLElement} button @param {IconName} name
 */
export function setIcon(button, name) {
  button.querySelector('svg')?.replaceWith(icon(name));
}

/**
 * A button with an icon, words, or both. Without words to show, the label is its name and its tooltip.
 * @param {{icon?: IconName, text?: string, label?: string, keys?: string, class?: string}} look
 * @param {(event: MouseEvent) => void} onClick
 * @param {AbortSignal} signal
 * @returns {HTMLButtonElement}
 */
export function button(look, onClick, signal) {
  const title = look.label && look.keys ? `${look.label} (${look.keys})` : look.label;
  const made = element(
    'button',
    { type: 'button', class: look.class ?? (look.text ? 'button' : 'icon-button'), title, 'aria-label': look.label },
    look.icon && icon(look.icon),
    look.text && element('span', {}, look.text),
  );
  // A pointer leaves no focus behind: the space bar moves the view, and must not press the button once more.
  made.addEventListener('click', ({ detail }) => detail > 0 && made.blur(), { signal });
  made.addEventListener('click', onClick, { signal });
  return made;
}

/**
 * Lets Escape leave a field with what it should hold.
 * @param {HTMLInputElement} field
 * @param {() => void} restore
 * @param {AbortSignal} signal
 */
export function leaveByEscape(field, restore, signal) {
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    restore();
    field.blur();
  }, { signal });
}

/**
 * The element of a page that has to be there.
 * @template {Element} Kind
 * @param {string} selector
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export function required(selector, kind) {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`The page has no ${selector}.`);
  return found;
}
