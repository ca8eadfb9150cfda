// @ts-check
/** What is read out of what others do. */

/** @param {number} count */
const hints = (count) => (count === 1 ? '1 hint' : `${count} hints`);

export const told = {
  label: 'What others do',
  /**
   * @param {string} name
   * @param {[string, number][]} deeds verbs of the past, and of how many hints
   */
  hints: (name, deeds) => `${name} ${deeds.map(([deed, count]) => deed + ' ' + hints(count)).join(', ')}.`,
};
