// @ts-check
/** Light, dark, or as the system: a button that goes round, remembered. */

import { button, setIcon } from './elements.js';
import { words } from './words.js';

/** @typedef {'system' | 'light' | 'dark'} Theme */

/** @type {readonly {theme: Theme, icon: import('./elements.js').IconName}[]} */
const ROUND = [
  { theme: 'system', icon: 'system' },
  { theme: 'light', icon: 'sun' },
  { theme: 'dark', icon: 'moon' },
];

/** @param {Theme} theme */
export function showTheme(theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/**
 * @param {{theme: Theme}} store whatever remembers it
 * @param {AbortSignal} signal
 * @returns {HTMLButtonElement}
 */
export function themeButton(store, signal) {
  const made = button({ icon: 'system', label: words.theme.label }, () => show(nextOf(store.theme)), signal);
  /** @param {Theme} theme */
  const show = (theme) => {
    store.theme = theme;
    showTheme(theme);
    const chosen = ROUND.find((step) => step.theme === theme) ?? ROUND[0];
    setIcon(made, chosen.icon);
    const label = `${words.theme.label}: ${words.theme[chosen.theme]}`;
    made.setAttribute('aria-label', label);
    made.title = label;
  };
  show(store.theme);
  return made;
}

/**
 * @param {Theme} theme
 * @returns {Theme}
 */
function nextOf(theme) {
  return ROUND[(ROUND.findIndex((step) => step.theme === theme) + 1) % ROUND.length].theme;
}
