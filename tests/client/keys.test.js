// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { KEYS, keyOf, letGoOf, shownKey } from '../../client/ui/keys.js';
import { words } from '../../client/ui/words.js';

/** The press that a person makes who reads this chord. @param {string} chord */
function pressOf(chord) {
  const parts = chord.split(/\+(?=.)/);
  const last = parts[parts.length - 1];
  const key = last === 'Arrows' ? 'ArrowLeft' : last.length === 1 && !parts.includes('Shift') ? last.toLowerCase() : last;
  return { key, ctrlKey: parts.includes('Ctrl'), altKey: parts.includes('Alt'), shiftKey: parts.includes('Shift') };
}

test('every key of the table does what its row says, and no chord means two things', () => {
  const chords = KEYS.flatMap(({ keys }) => keys);
  assert.equal(new Set(chords).size, chords.length);
  for (const row of KEYS) for (const chord of row.keys) assert.equal(keyOf(pressOf(chord)), row, chord);
});

test('every key has its words, and no words are of a key that is not there', () => {
  assert.deepEqual(Object.keys(words.help.keys).sort(), KEYS.map(({ action }) => action).sort());
  assert.ok(Object.values(words.help.keys).every((text) => text.length > 0));
});

test('shift tells chords apart only where the table has both, and signs need it on some keyboards', () => {
  assert.equal(keyOf({ key: 'Z', ctrlKey: true, shiftKey: true })?.action, 'redo');
  assert.equal(keyOf({ key: 'z', metaKey: true })?.action, 'undo');
  assert.equal(keyOf({ key: 'H', shiftKey: true })?.action, 'toggleHints');
  assert.equal(keyOf({ key: '+', shiftKey: true })?.action, 'zoomIn');
  assert.equal(keyOf({ key: '?', shiftKey: true })?.action, 'help');
});

test('what belongs to the browser is left to it', () => {
  for (const key of ['c', 'h', '0', '+', '-']) assert.equal(keyOf({ key, ctrlKey: true }), undefined, key);
  assert.equal(keyOf({ key: 'ArrowLeft', altKey: true }), undefined);
});

test('a held key is let go whatever else is held', () => {
  assert.equal(letGoOf({ key: 'C', shiftKey: true })?.action, 'compare');
  assert.equal(letGoOf({ key: 'h' }), undefined);
});

test('buttons tell the first key of what they do', () => {
  assert.deepEqual([shownKey('undo'), shownKey('zoomOut'), shownKey('deselect')], ['Ctrl+Z', '−', 'Esc']);
});
