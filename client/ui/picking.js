// @ts-check
/** Pointing at a color: by pointer, finger or keys, on the picture or on a reference beside it. */

/** @typedef {import('./pointer.js').Point} Point */

const STEP_PX = 8;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {HTMLElement} surface that can have the focus
 * @param {(point: Point | null) => void} look CSS pixels from its upper left corner; null: nowhere any more
 * @param {(point: Point) => void} take
 * @param {AbortSignal} signal
 */
export function pickOn(surface, look, take, signal) {
  /** Where the keys are. @type {Point | null} */
  let at = null;
  const pointOf = (/** @type {PointerEvent} */ event) => {
    const box = surface.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const follow = (/** @type {PointerEvent} */ event) => {
    event.stopPropagation();
    at = pointOf(event);
    look(at);
  };
  surface.addEventListener('pointerdown', follow, { signal });
  surface.addEventListener('pointermove', follow, { signal });
  surface.addEventListener('pointerleave', () => look(null), { signal });
  const lift = (/** @type {PointerEvent} */ event) => {
    event.stopPropagation();
    if (event.button === 0) take(pointOf(event));
  };
  surface.addEventListener('pointerup', lift, { signal });
  const key = (/** @type {KeyboardEvent} */ event) => {
    const arrow = ARROWS[event.key];
    if (arrow === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    event.stopPropagation();
    const { clientWidth, clientHeight } = surface;
    const from = at ?? { x: clientWidth / 2, y: clientHeight / 2 };
    if (arrow === undefined) return take(from);
    const step = event.shiftKey ? 1 : STEP_PX;
    const held = (/** @type {number} */ value, /** @type {number} */ most) => Math.min(Math.max(value, 0), most - 1);
    at = { x: held(from.x + arrow[0] * step, clientWidth), y: held(from.y + arrow[1] * step, clientHeight) };
    look(at);
  };
  surface.addEventListener('keydown', key, { signal });
}
