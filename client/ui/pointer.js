// @ts-check
/** Pointers on the stage: press, drag, hold, pan, pinch. What they mean for the room is their owner's. */

/** @typedef {{x: number, y: number}} Point CSS pixels from the stage's upper left corner */
/**
 * What a press began. move: once it is more than a press. hold: a finger stayed where it was; nothing follows that.
 * @typedef {{move: (point: Point) => void, end: () => void, cancel: () => void, hold: () => void}} Drag
 */
/** @typedef {{touch: boolean, shift: boolean, alt: boolean, reachPx: number}} How it was pressed */

/**
 * What the stage lets pointers do.
 * @typedef {object} StageActions
 * @property {(point: Point, how: How) => Drag | null} press begins a drag there; null: pan instead
 * @property {() => boolean} handMode whether a press pans
 * @property {(dx: number, dy: number) => void} pan
 * @property {(point: Point, factor: number) => void} zoom
 * @property {(point: Point, steps: number) => boolean} resize the hint there, or the selected ones; false: there are none
 * @property {(point: Point | null) => void} hover null: the pointer left
 */

/** How near a press has to be to a hint to mean it. A finger covers what it touches. */
const REACH_PX = { mouse: 12, touch: 22 };
/** A press that stays within this many pixels means the place itself, not another one. */
const SLOP_PX = { mouse: 4, touch: 6 };
/** A finger that rests so long wants something else than to place a hint. */
const HOLD_MS = 500;
/** So far a wheel turns for one step of a hint's size; a mouse's notch is more. */
const WHEEL_STEP_PX = 50;
const WHEEL_ZOOM_PER_PX = 0.0016;
/** A pinch on a touchpad comes as a wheel with Ctrl and small steps. */
const PINCH_WHEEL_ZOOM_PER_PX = 0.011;
const WHEEL_LINE_PX = 18;

export class StagePointer {
  #stage;
  #actions;
  /** @type {Map<number, Point>} pointers that are down */
  #down = new Map();
  /** @type {Drag | null} */
  #drag = null;
  /** Where it began, as long as it is but a press. @type {{at: Point, slopPx: number} | null} */
  #pressedAt = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #holding;
  /** What the wheel has turned since the last step of size. */
  #turnedPx = 0;
  #panning = false;
  #spaceHeld = false;

  /**
   * @param {HTMLElement} stage
   * @param {StageActions} actions
   * @param {AbortSignal} signal
   */
  constructor(stage, actions, signal) {
    this.#stage = stage;
    this.#actions = actions;
    stage.addEventListener('pointerdown', (event) => this.#pressed(event), { signal });
    stage.addEventListener('pointermove', (event) => this.#moved(event), { signal });
    stage.addEventListener('pointerup', (event) => this.#lifted(event, true), { signal });
    stage.addEventListener('pointercancel', (event) => this.#lifted(event, false), { signal });
    stage.addEventListener('pointerleave', () => actions.hover(null), { signal });
    stage.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false });
    // The stage takes the focus, not the hint under the pointer: keys mean the whole picture. And no scrolling or pasting.
    stage.addEventListener('mousedown', (event) => event.preventDefault(), { signal });
    // The mouse events that a tap makes afterwards would go to whatever opened under the finger meanwhile.
    stage.addEventListener('touchend', (event) => event.cancelable && event.preventDefault(), { signal, passive: false });
    stage.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
    // Safari zooms the page on its own pinch event, whatever touch-action says.
    stage.addEventListener('gesturestart', (event) => event.preventDefault(), { signal });
    window.addEventListener('keydown', (event) => this.#space(event, true), { signal });
    window.addEventListener('keyup', (event) => this.#space(event, false), { signal });
    // A ring around the picture is for those who came by keyboard.
    window.addEventListener('keydown', (event) => event.key === 'Tab' && stage.classList.remove('pointed'), { signal });
    window.addEventListener('blur', () => this.cancel(), { signal });
  }

  /** Ends whatever a pointer is doing, as if it had not begun. @returns {boolean} whether there was something */
  cancel() {
    const drag = this.#letGo();
    drag?.cancel();
    return drag !== null;
  }

  /** @returns {Drag | null} what was in hand */
  #letGo() {
    clearTimeout(this.#holding);
    const drag = this.#drag;
    this.#drag = null;
    return drag;
  }

  #focus() {
    this.#stage.focus({ preventScroll: true });
    this.#stage.classList.add('pointed');
  }

  /** @param {PointerEvent} event */
  #pressed(event) {
    if (event.button > 1) return;
    this.#focus();
    const point = this.#pointOf(event);
    this.#down.set(event.pointerId, point);
    this.#stage.setPointerCapture(event.pointerId);
    if (this.#down.size > 1) {
      // What began as a press was the first finger of a pinch.
      this.cancel();
      this.#setPanning(true);
      return;
    }
    const touch = event.pointerType !== 'mouse';
    const kind = touch ? 'touch' : 'mouse';
    const pans = event.button === 1 || this.#spaceHeld || this.#actions.handMode();
    const how = { touch, shift: event.shiftKey, alt: event.altKey, reachPx: REACH_PX[kind] };
    this.#drag = pans ? null : this.#actions.press(point, how);
    this.#pressedAt = { at: point, slopPx: SLOP_PX[kind] };
    if (touch && this.#drag !== null) this.#hold(this.#drag);
    this.#setPanning(this.#drag === null);
  }

  /** @param {PointerEvent} event */
  #moved(event) {
    const point = this.#pointOf(event);
    this.#actions.hover(point);
    const before = this.#down.get(event.pointerId);
    if (before === undefined) return;
    const [other] = [...this.#down].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    this.#down.set(event.pointerId, point);
    if (this.#drag !== null) this.#drawn(this.#drag, point);
    else if (other !== undefined) this.#pinch(other, before, point);
    else if (this.#panning) this.#actions.pan(point.x - before.x, point.y - before.y);
  }

  /** @param {Drag} drag */
  #hold(drag) {
    // A page that was busy first hears what the finger has done meanwhile.
    const heard = () => this.#drag === drag && this.#pressedAt !== null && this.#letGo()?.hold();
    this.#holding = setTimeout(() => requestAnimationFrame(heard), HOLD_MS);
  }

  /** @param {Drag} drag @param {Point} point */
  #drawn(drag, point) {
    if (this.#pressedAt !== null) {
      const { at, slopPx } = this.#pressedAt;
      if (Math.hypot(point.x - at.x, point.y - at.y) < slopPx) return;
      this.#pressedAt = null;
      clearTimeout(this.#holding);
    }
    drag.move(point);
  }

  /** Moving one of two fingers moves their middle by half of it, and changes their distance. */
  /** @param {Point} other @param {Point} before @param {Point} after */
  #pinch(other, before, after) {
    this.#actions.pan((after.x - before.x) / 2, (after.y - before.y) / 2);
    const spread = Math.hypot(after.x - other.x, after.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
    this.#actions.zoom({ x: (after.x + other.x) / 2, y: (after.y + other.y) / 2 }, spread);
  }

  /** @param {PointerEvent} event @param {boolean} meant */
  #lifted(event, meant) {
    if (!this.#down.delete(event.pointerId)) return;
    if (event.pointerType !== 'mouse') this.#actions.hover(null);
    if (this.#down.size > 0) return;
    const drag = this.#letGo();
    this.#setPanning(false);
    if (meant) drag?.end();
    else drag?.cancel();
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    const px = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? WHEEL_LINE_PX : 1);
    if (event.altKey && this.#resized(event, px)) return;
    const rate = event.ctrlKey ? PINCH_WHEEL_ZOOM_PER_PX : WHEEL_ZOOM_PER_PX;
    this.#actions.zoom(this.#pointOf(event), Math.exp(-px * rate));
  }

  /** @param {WheelEvent} event @param {number} px */
  #resized(event, px) {
    this.#turnedPx += px;
    const steps = Math.trunc(this.#turnedPx / WHEEL_STEP_PX);
    this.#turnedPx -= steps * WHEEL_STEP_PX;
    return this.#actions.resize(this.#pointOf(event), -Math.sign(steps));
  }

  /** @param {KeyboardEvent} event @param {boolean} held */
  #space(event, held) {
    if (event.code !== 'Space') return;
    const inField = event.target instanceof HTMLElement && event.target.closest('button, input, dialog, a');
    if (held && inField) return;
    if (held) event.preventDefault();
    this.#spaceHeld = held;
    this.#stage.classList.toggle('panning', held || this.#panning);
  }

  /** @param {boolean} panning */
  #setPanning(panning) {
    this.#panning = panning;
    this.#stage.classList.toggle('panning', panning || this.#spaceHeld);
    this.#stage.classList.toggle('held', panning);
  }

  /** @param {MouseEvent} event */
  #pointOf(event) {
    const box = this.#stage.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }
}
