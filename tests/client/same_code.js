// @ts-check
/**
 * Whether two folders hold the same code, whatever its comments, layout and private names: `node same_code.js ONE OTHER MODULE...`.
 * It compares syntax trees, and ends with 1 after the first difference of each module.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** @param {string} folder @param {string} name */
function parsed(folder, name) {
  const file = ts.createSourceFile(name, readFileSync(join(folder, name), 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const { parseDiagnostics } = /** @type {{parseDiagnostics: ts.Diagnostic[]}} */ (/** @type {unknown} */ (file));
  if (parseDiagnostics.length) throw new SyntaxError(`${folder}/${name}: ${parseDiagnostics[0]?.messageText}`);
  return file;
}

/** What a node says by itself: names and literals their text, all others what kind they are. @param {ts.Node} node */
function said(node) {
  const { text, rawText, operator } = /** @type {{text?: string, rawText?: string, operator?: number}} */ (/** @type {unknown} */ (node));
  const words = ts.isSourceFile(node) ? [] : [text, rawText, operator];
  return JSON.stringify([ts.SyntaxKind[node.kind], node.flags & ts.NodeFlags.BlockScoped, ...words]);
}

/**
 * @param {ts.Node} one @param {ts.Node} other
 * @param {Map<string, string>} privates what each private name became; no two of a file become one
 * @returns {string | null} where they differ first
 */
function difference(one, other, privates) {
  if (ts.isPrivateIdentifier(one) && ts.isPrivateIdentifier(other)) {
    if (!privates.has(one.text) && ![...privates.values()].includes(other.text)) privates.set(one.text, other.text);
    return privates.get(one.text) === other.text ? null : `${one.text} became ${other.text}`;
  }
  if (said(one) !== said(other)) return `${said(one)} became ${said(other)}`;
  const [ones, others] = [one, other].map((node) => {
    /** @type {ts.Node[]} */
    const children = [];
    // A lone semicolon is layout.
    ts.forEachChild(node, (child) => void (ts.isEmptyStatement(child) || children.push(child)));
    return children;
  });
  if (ones.length !== others.length) return `${one.getText().slice(0, 200)}: ${ones.length} parts became ${others.length}`;
  for (const [index, child] of ones.entries()) {
    const found = difference(child, others[index], privates);
    if (found !== null) return found;
  }
  return null;
}

const [one, other, ...names] = process.argv.slice(2);
for (const name of names) {
  const found = difference(parsed(one, name), parsed(other, name), new Map());
  if (found !== null) {
    console.error(`${name}: ${found}`);
    process.exitCode = 1;
  }
}
