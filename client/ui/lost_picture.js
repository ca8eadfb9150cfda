// @ts-check
/** A browser may take a page's graphics away, and mostly gives them back: the view draws again then. This is for the rest. */

/** After so long without them somebody has to be told. */
const GONE_MS = 4000;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {() => void} onGone the graphics were taken away and did not come back while the page was looked at
 * @param {AbortSignal} signal
 */
export function watchGraphics(canvas, onGone, signal) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  const wait = () => {
    clearTimeout(waiting);
    // A page in the background may get them back only when it is shown.
    waiting = setTimeout(() => (document.hidden ? wait() : onGone()), GONE_MS);
  };
  const back = () => clearTimeout(waiting);
  canvas.addEventListener('webglcontextlost', wait, { signal });
  canvas.addEventListener('webglcontextrestored', back, { signal });
  signal.addEventListener('abort', back);
}
