// @ts-check
/** What bench/script_time.py measures: one frame after the other through the page's own modules. */

import { decodeChroma, decodeGray } from '../client/picture/decode.js';
import { PictureView } from '../client/picture/view.js';
import { unpackFrame } from '../client/wire/frame.js';

/** What the last picture of the screen took of the script. */
let drawMs = 0;
const nextPicture = globalThis.requestAnimationFrame.bind(globalThis);
globalThis.requestAnimationFrame = (draw) => nextPicture((time) => {
  const began = performance.now();
  draw(time);
  drawMs = performance.now() - began;
});

/** @param {string} base64 */
const bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/**
 * @param {string} gray the gray copy @param {string[]} frames as they come over the wire
 * @returns {Promise<{taken: number, drawn: number}[]>} milliseconds of each: taking the decoded frame up, issuing its draw
 */
async function measure(gray, frames) {
  const canvas = /** @type {HTMLCanvasElement} */ (document.getElementById('picture'));
  const view = new PictureView(canvas, new AbortController().signal);
  view.setGray(await decodeGray(new Blob([bytesOf(gray)], { type: 'image/webp' })));
  const times = [];
  for (const frame of frames) {
    const { header, payload } = unpackFrame(bytesOf(frame).buffer);
    const bitmap = await decodeChroma(header, payload);
    const drawn = new Promise((resolve) => (view.onDrawn = resolve));
    const began = performance.now();
    view.setFrame(header, bitmap);
    const taken = performance.now() - began;
    await drawn;
    // Behind the wrapped callback, which has told its time by then.
    await new Promise((resolve) => setTimeout(resolve));
    times.push({ taken, drawn: drawMs });
  }
  return times;
}

Object.assign(globalThis, { measure });
