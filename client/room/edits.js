// @ts-check
/**
 * The field changes that an edit makes, as in the server's hints/edit.py: for showing a member's own edits at once (R5).
 * The room decides; this only looks ahead.
 */

import {
  AB_MAX,
  CROP_SIDE_PX_MIN,
  HINTS_MAX,
  HINT_SIZE_DEFAULT,
  HINT_SIZE_MAX,
  HINT_SIZE_MIN,
  NAME_CHARACTERS_MAX,
  SWATCHES_MAX,
  TITLE_CHARACTERS_MAX,
} from '../wire/limits.js';
import { shownSize } from './state.js';

/** @typedef {import('../wire/messages.js').State} State */
/** @typedef {import('../wire/messages.js').Change} Change */
/** @typedef {import('../wire/messages.js').Edit} Edit */
/** @typedef {import('../wire/messages.js').Hint} Hint */

const HINT_ID = /^[A-Za-z0-9_-]{4,24}$/;

/**
 * Codes of the server's errors.py.
 * @typedef {'hint_outside' | 'hint_unknown' | 'hint_taken' | 'hints_full' | 'swatch_unknown' | 'swatches_full' | 'color_outside'
 *   | 'size_outside' | 'edit_empty' | 'hints_present' | 'crop_too_small' | 'text_too_long' | 'vividness_outside'} RefusalCode
 */

/** The room would refuse this edit, and says why in words when it does; nothing changed. */
export class EditRefused extends Error {
  /** @param {RefusalCode} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** @typedef {Exclude<Edit, {type: 'import' | 'restore' | 'undo' | 'redo' | 'rotate'}>} LocalEdit */

/** @type {ReadonlySet<string>} */
const BY_THE_ROOM = new Set(['import', 'restore', 'undo', 'redo', 'rotate']);

/**
 * Whether the edit needs no more than the state. Undo, redo, restore and rotation need the room, so they are not shown
 * ahead; an import is not either, since nobody's hand waits for it.
 * @param {Edit} edit
 * @returns {edit is LocalEdit}
 */
export function isLocal(edit) {
  return !BY_THE_ROOM.has(edit.type);
}

/**
 * The field changes that the edit makes to this state, as the entry with this revision.
 * @param {LocalEdit} edit
 * @param {State} state
 * @param {string} author the member's public id
 * @param {number} revision
 * @returns {Change[]}
 * @throws {EditRefused}
 */
export function resolveLocal(edit, state, author, revision) {
  switch (edit.type) {
    case 'add':
      return added(edit, state, author, revision);
    case 'move':
      return moved(edit, state);
    case 'recolor': {
      const { a, b } = edit;
      refuseUnless(isColor(a, b), 'color_outside');
      return present(edit.hints, state).map((hint) => (
        { type: 'color', hint: hint.id, before: [hint.a, hint.b], after: [a, b] }
      ));
    }
    case 'resize': {
      const { size } = edit;
      refuseUnless(isSize(size), 'size_outside');
      return present(edit.hints, state).map((hint) => ({ type: 'size', hint: hint.id, before: hint.size, after: size }));
    }
    case 'remove':
      return present(edit.hints, state).map((hint) => ({ type: 'hint', hint: hint.id, before: hint, after: null }));
    case 'clear':
      return [{ type: 'all_hints', before: Object.values(state.hints), after: [] }];
    case 'retitle':
      refuseUnless([...edit.title].length <= TITLE_CHARACTERS_MAX, 'text_too_long');
      return [{ type: 'title', before: state.title, after: edit.title }];
    case 'lock':
      return [{ type: 'locked', before: state.locked, after: edit.locked }];
    case 'allow_export':
      return [{ type: 'viewers_export', before: state.viewers_export, after: edit.viewers }];
    case 'turn':
      return turned(edit, state);
    case 'crop':
      return cropped(edit, state);
    case 'network':
      return [{ type: 'network', before: state.network, after: edit.network }];
    case 'vividness':
      refuseUnless(edit.vividness >= 0 && edit.vividness <= 1, 'vividness_outside');
      return [{ type: 'vividness', before: state.vividness, after: edit.vividness }];
    case 'swatch':
      return [swatched(edit, state)];
  }
}

/**
 * @param {import('../wire/messages.js').Add} edit
 * @param {State} state
 * @param {string} author
 * @param {number} revision
 * @returns {Change[]}
 */
function added(edit, state, author, revision) {
  checkIds(edit.hints.map(({ id }) => id));
  refuseUnless(Object.keys(state.hints).length + edit.hints.length <= HINTS_MAX, 'hints_full');
  return edit.hints.map(({ id, x, y, a, b, size = HINT_SIZE_DEFAULT, pinned = false }) => {
    refuseUnless(!(id in state.hints), 'hint_taken');
    refuseUnless(HINT_ID.test(id), 'hint_unknown');
    refuseUnless(isPlace(x, y), 'hint_outside');
    refuseUnless(isColor(a, b), 'color_outside');
    refuseUnless(isSize(size), 'size_outside');
    return { type: 'hint', hint: id, before: null, after: { id, x, y, a, b, size, author, touched: revision, pinned } };
  });
}

/**
 * @param {import('../wire/messages.js').Move} edit
 * @param {State} state
 * @returns {Change[]}
 */
function moved(edit, state) {
  refuseUnless(edit.moves.every(({ x, y }) => isPlace(x, y)), 'hint_outside');
  const places = new Map(edit.moves.map(({ id, x, y }) => [id, /** @type {[number, number]} */ ([x, y])]));
  return present(edit.moves.map(({ id }) => id), state).map((hint) => (
    { type: 'place', hint: hint.id, before: [hint.x, hint.y], after: places.get(hint.id) ?? [hint.x, hint.y] }
  ));
}

/**
 * @param {import('../wire/messages.js').SetSwatch} edit
 * @param {State} state
 * @returns {Change}
 */
function swatched({ id, swatch }, state) {
  const before = state.swatches[id] ?? null;
  if (swatch === null) {
    refuseUnless(before !== null, 'swatch_unknown');
    return { type: 'swatch', id, before, after: null };
  }
  const { name, a, b } = swatch;
  refuseUnless(HINT_ID.test(id), 'swatch_unknown');
  refuseUnless([...name].length <= NAME_CHARACTERS_MAX, 'text_too_long');
  refuseUnless(isColor(a, b), 'color_outside');
  refuseUnless(before !== null || Object.keys(state.swatches).length < SWATCHES_MAX, 'swatches_full');
  return { type: 'swatch', id, before, after: { id, name, a, b } };
}

/**
 * @param {import('../wire/messages.js').Turn} edit
 * @param {State} state
 * @returns {Change[]}
 */
function turned(edit, state) {
  refuseUnless(Object.keys(state.hints).length === 0, 'hints_present');
  const after = (((state.turn + edit.quarter_turns) % 4) + 4) % 4;
  return [
    { type: 'turn', before: state.turn, after },
    { type: 'crop', before: state.crop, after: [0, 0, 1, 1] },
  ];
}

/**
 * @param {import('../wire/messages.js').CropTo} edit
 * @param {State} state
 * @returns {Change[]}
 */
function cropped({ crop }, state) {
  refuseUnless(Object.keys(state.hints).length === 0, 'hints_present');
  const [left, top, right, bottom] = crop;
  const inside = 0 <= left && left < right && right <= 1 && 0 <= top && top < bottom && bottom <= 1;
  refuseUnless(inside && Math.min(...shownSize({ ...state, crop })) >= CROP_SIDE_PX_MIN, 'crop_too_small');
  return [{ type: 'crop', before: state.crop, after: crop }];
}

/**
 * The named hints that are there. Some may be gone already, which is nobody's fault; all gone is refused.
 * @param {readonly string[]} ids
 * @param {State} state
 * @returns {Hint[]}
 */
function present(ids, state) {
  checkIds(ids);
  const found = ids.filter((id) => id in state.hints).map((id) => state.hints[id]);
  refuseUnless(found.length > 0, 'hint_unknown');
  return found;
}

/** @param {readonly string[]} ids */
function checkIds(ids) {
  refuseUnless(ids.length > 0 && new Set(ids).size === ids.length, 'edit_empty');
}

/** @param {number} x @param {number} y */
const isPlace = (x, y) => x >= 0 && x <= 1 && y >= 0 && y <= 1; // false for NaN too

/** @param {number} a @param {number} b */
const isColor = (a, b) => Math.abs(a) <= AB_MAX && Math.abs(b) <= AB_MAX;

/** @param {number} size */
const isSize = (size) => size >= HINT_SIZE_MIN && size <= HINT_SIZE_MAX;

/** @param {boolean} condition @param {RefusalCode} code */
function refuseUnless(condition, code) {
  if (!condition) throw new EditRefused(code);
}
