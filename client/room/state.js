// @ts-check
/**
 * The state of a room and how entries change it, as in the server's hints/state.py.
 *
 * `hints` and `swatches` have no prototype: ids are free text of four letters or more, and "constructor" is one.
 */

/** @typedef {import('../wire/messages.js').State} State */
/** @typedef {import('../wire/messages.js').Hint} Hint */
/** @typedef {import('../wire/messages.js').Change} Change */
/** @typedef {import('../wire/messages.js').Entry} Entry */
/** @typedef {import('../wire/messages.js').Opened} Opened */

/**
 * The same by id, in an object that holds nothing else.
 * @template Kind
 * @param {Record<string, Kind>} byId
 * @returns {Record<string, Kind>}
 */
function own(byId) {
  return Object.assign(Object.create(null), byId);
}

/**
 * The state of a snapshot as it came from the hub.
 * @param {State} state
 * @returns {State}
 */
export function stateOfSnapshot(state) {
  return { ...state, hints: own(state.hints), swatches: own(state.swatches) };
}

/**
 * The state of a room that was just opened.
 * @param {Opened} change
 * @returns {State}
 */
export function openedState({ photograph, network, title }) {
  return {
    photograph,
    network,
    title,
    locked: false,
    viewers_export: true,
    turn: 0,
    crop: [0, 0, 1, 1],
    vividness: 0,
    generations: { owner: 0, editor: 0, viewer: 0 },
    hints: own({}),
    swatches: own({}),
  };
}

/**
 * The state after one more entry; the first one has to be *opened*.
 * @param {State | null} state
 * @param {Entry} entry
 * @returns {State}
 */
export function stateAfter(state, entry) {
  if (state !== null) return applyChanges(state, entry.changes, entry.revision);
  const [first] = entry.changes;
  if (first.type !== 'opened') throw new Error(`revision ${entry.revision} of an unopened room`);
  return openedState(first);
}

/**
 * The state after the changes of the entry with this revision. Every value comes from the change itself.
 * @param {State} state
 * @param {readonly Change[]} changes
 * @param {number} revision
 * @returns {State}
 */
export function applyChanges(state, changes, revision) {
  const after = { ...state, hints: own(state.hints), swatches: own(state.swatches) };
  for (const change of changes) applyChange(after, change, revision);
  return after;
}

/**
 * Applies one change to a state that nobody else has seen yet.
 * @param {State} state
 * @param {Change} change
 * @param {number} revision
 */
function applyChange(state, change, revision) {
  const { hints } = state;
  switch (change.type) {
    case 'hint':
      if (change.after === null) delete hints[change.hint];
      else hints[change.hint] = change.after;
      break;
    case 'place': {
      const [x, y] = change.after;
      hints[change.hint] = { ...hints[change.hint], x, y, touched: revision };
      break;
    }
    case 'color': {
      const [a, b] = change.after;
      hints[change.hint] = { ...hints[change.hint], a, b, touched: revision };
      break;
    }
    case 'size':
      hints[change.hint] = { ...hints[change.hint], size: change.after };
      break;
    case 'all_hints':
      state.hints = own({});
      for (const hint of change.after) state.hints[hint.id] = hint;
      break;
    case 'swatch':
      if (change.after === null) delete state.swatches[change.id];
      else state.swatches[change.id] = change.after;
      break;
    case 'generation':
      state.generations = { ...state.generations, [change.role]: change.after };
      break;
    case 'title':
      state.title = change.after;
      break;
    case 'locked':
      state.locked = change.after;
      break;
    case 'viewers_export':
      state.viewers_export = change.after;
      break;
    case 'turn':
      state.turn = change.after;
      break;
    case 'crop':
      state.crop = change.after;
      break;
    case 'network':
      state.network = change.after;
      break;
    case 'vividness':
      state.vividness = change.after;
      break;
    case 'opened':
      throw new Error('a room is opened once');
  }
}

/**
 * What paints a room whose owner chose this network: itself where it is loaded, else the server's default.
 * @param {import('../wire/messages.js').EngineNote} engine
 * @param {string} chosen
 */
export function servingNetwork({ networks, default: fallback }, chosen) {
  const named = (/** @type {string} */ wanted) => networks.find(({ name }) => name === wanted);
  return named(chosen) ?? named(fallback) ?? null;
}

/**
 * Height and width in pixels of the picture as shown: turned, then cropped to the nearest pixel boundaries.
 * @param {State} state
 * @returns {[number, number]}
 */
export function shownSize({ photograph, turn, crop: [left, top, right, bottom] }) {
  const upright = turn % 2 === 0;
  const height = upright ? photograph.height_px : photograph.width_px;
  const width = upright ? photograph.width_px : photograph.height_px;
  return [
    Math.max(1, rounded(bottom * height) - rounded(top * height)),
    Math.max(1, rounded(right * width) - rounded(left * width)),
  ];
}

/**
 * Rounded as Python rounds: halves to the even neighbor, so that both sides crop to the same pixels.
 * @param {number} value at least 0
 */
function rounded(value) {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
