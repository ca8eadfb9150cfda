// @ts-check
/**
 * Where the picture lies on the canvas: pure geometry.
 *
 * Screen points are CSS pixels from the canvas's upper left corner; picture points are 0 to 1 of its width and height.
 */

/** @typedef {{x: number, y: number}} Point */
/** @typedef {{width: number, height: number}} Size */
/** @typedef {{top: number, right: number, bottom: number, left: number}} Padding what lies over the canvas's edges, CSS pixels */
/** @typedef {Size & {padding?: Padding}} Canvas */

/**
 * The picture's upper left corner at (x, y), and how many CSS pixels one pixel of the picture takes.
 * @typedef {{scale: number, x: number, y: number}} Viewport
 */

/** CSS pixels that one pixel of the picture takes at the closest. */
export const SCALE_MAX = 16;

/**
 * The whole picture, as large as it fits inside the padding, centered.
 * @param {Size} picture @param {Canvas} canvas
 * @returns {Viewport}
 */
export function fit(picture, canvas) {
  return clamp({ scale: 0, x: 0, y: 0 }, picture, canvas);
}

/**
 * The nearest viewport that is allowed: not smaller than fit, not closer than SCALE_MAX, no gap at an edge that could be
 * filled, centered on an axis that cannot. Edges are those of the padding: every corner of a picture can be pulled out from
 * under what lies over the canvas.
 * @param {Viewport} viewport @param {Size} picture @param {Canvas} canvas
 * @returns {Viewport}
 */
export function clamp(viewport, picture, canvas) {
  const { top, left, width, height } = freeOf(canvas);
  const scale = Math.max(Math.min(viewport.scale, SCALE_MAX), Math.min(width / picture.width, height / picture.height));
  return {
    scale,
    x: left + held(viewport.x - left, picture.width * scale, width),
    y: top + held(viewport.y - top, picture.height * scale, height),
  };
}

/** @type {Padding} */
const NO_PADDING = { top: 0, right: 0, bottom: 0, left: 0 };

/** The part of the canvas that nothing lies over. @param {Canvas} canvas */
function freeOf({ width, height, padding = NO_PADDING }) {
  const { top, right, bottom, left } = padding;
  return { top, left, width: Math.max(width - left - right, 1), height: Math.max(height - top - bottom, 1) };
}

/**
 * What a page shows, in terms that hold on screens of any shape: the middle, and how much smaller than all of the picture.
 * @param {Viewport} viewport @param {Size} picture @param {Canvas} canvas
 * @returns {import('../wire/messages.js').Sight}
 */
export function sightOf(viewport, picture, canvas) {
  const { top, left, width, height } = freeOf(canvas);
  const { x, y } = toPicture(viewport, { x: left + width / 2, y: top + height / 2 }, picture);
  const within = (/** @type {number} */ value) => Math.min(Math.max(value, 0), 1);
  return { x: within(x), y: within(y), span: Math.min(fit(picture, canvas).scale / viewport.scale, 1) };
}

/**
 * The viewport that shows the same on this screen, as far as `clamp` allows.
 * @param {import('../wire/messages.js').Sight} sight @param {Size} picture @param {Canvas} canvas
 * @returns {Viewport}
 */
export function viewportOf({ x, y, span }, picture, canvas) {
  const { top, left, width, height } = freeOf(canvas);
  const scale = Math.min(fit(picture, canvas).scale / span, SCALE_MAX);
  return clamp(
    { scale, x: left + width / 2 - x * picture.width * scale, y: top + height / 2 - y * picture.height * scale },
    picture,
    canvas,
  );
}

/** @param {number} place @param {number} length @param {number} room */
function held(place, length, room) {
  return length <= room ? (room - length) / 2 : Math.min(Math.max(place, room - length), 0);
}

/**
 * Closer (factor above 1) or farther; what lies under the point stays there as far as `clamp` allows.
 * @param {Viewport} viewport @param {Point} point on the screen @param {number} factor
 * @param {Size} picture @param {Canvas} canvas
 * @returns {Viewport}
 */
export function zoomAt(viewport, point, factor, picture, canvas) {
  // The limits come first: a zoom that is held at one must not push the picture aside.
  const { scale } = clamp({ ...viewport, scale: viewport.scale * factor }, picture, canvas);
  const ratio = scale / viewport.scale;
  return clamp(
    { scale, x: point.x - (point.x - viewport.x) * ratio, y: point.y - (point.y - viewport.y) * ratio },
    picture,
    canvas,
  );
}

/**
 * Moved by so many CSS pixels, as far as `clamp` allows.
 * @param {Viewport} viewport @param {number} dx @param {number} dy @param {Size} picture @param {Canvas} canvas
 * @returns {Viewport}
 */
export function pan(viewport, dx, dy, picture, canvas) {
  return clamp({ ...viewport, x: viewport.x + dx, y: viewport.y + dy }, picture, canvas);
}

/**
 * The place of the picture under a point of the screen; beyond 0 to 1 beside the picture.
 * @param {Viewport} viewport @param {Point} point @param {Size} picture
 * @returns {Point}
 */
export function toPicture(viewport, point, picture) {
  return {
    x: (point.x - viewport.x) / (picture.width * viewport.scale),
    y: (point.y - viewport.y) / (picture.height * viewport.scale),
  };
}

/**
 * Where a place of the picture lies on the screen.
 * @param {Viewport} viewport @param {Point} place @param {Size} picture
 * @returns {Point}
 */
export function toScreen(viewport, place, picture) {
  return {
    x: viewport.x + place.x * picture.width * viewport.scale,
    y: viewport.y + place.y * picture.height * viewport.scale,
  };
}

/**
 * The length of the canvas's buffer. What the browser tells is exact where the ratio is a fraction; Safari tells nothing,
 * and Chromium forgets the ratio while it imitates another device.
 * @param {number} cssPixels @param {number | undefined} told
 */
export function devicePixels(cssPixels, told = 0) {
  const computed = Math.max(Math.round(cssPixels * devicePixelRatio), 1);
  return Math.abs(told - computed) <= 2 ? Math.max(told, 1) : computed;
}
