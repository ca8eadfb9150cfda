// @ts-check
/** What is read out of what others do. */

export const told = {
  label: 'What others do',
  /**
   * @param {string} name
   * @param {[string, number][]} deeds verbs of the past, and of how many hints
   */
  hints: (name, deeds) => `${name} ${deeds.map(([deed, count]) => `${deed} ${count === 1 ? '1 hint' : `${count} hints`}`).join(', ')}.`,
};
