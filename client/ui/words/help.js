// @ts-check
/** What the sheet of keys says. */

/** The sheet of keys; what each does, by its action in keys.js. */
export const help = {
  title: 'Keyboard',
  close: 'Done',
  groups: { hints: 'Hints', seeing: 'Seeing', page: 'Page' },
  keys: /** @type {Record<import('../keys.js').Action, string>} */ ({
    addInTheMiddle: 'Place a hint in the middle',
    nudge: 'Move the selected hint, else the view',
    nudgeFar: 'The same, ten times as far',
    remove: 'Remove the selected hint',
    selectEvery: 'Select all hints',
    pinTool: 'Keep colors as they are',
    hintTool: 'Color again after panning',
    pick: 'Take a color from the picture',
    undo: 'Undo what you did',
    redo: 'Do it again',
    compare: 'Hold to see it gray',
    toggleDivider: 'Before and after, with a divider',
    toggleGray: 'In gray',
    toggleHints: 'Hide or show the hints',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    fit: 'Fit the picture',
    history: 'See earlier moments',
    deselect: 'Let go, close, leave',
    help: 'This list',
  }),
  gestures: {
    several: 'Select several hints; a click adds one',
    copy: 'Place another hint of the same color',
    size: 'Size of the hint there',
    pan: 'Move the view',
    wheel: 'Zoom where the pointer is',
  },
};
