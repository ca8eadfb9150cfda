// @ts-check
/** What the member does to hints: by pointer on the stage, by keys, in the panel. */

import { HINT_SIZE_DEFAULT } from '../wire/limits.js';
import { ColorPanel, dotColor } from './color_panel.js';
import { HintDrags } from './drags.js';
import { StagePointer } from './pointer.js';
import { words } from './words.js';

/** @typedef {import('../wire/messages.js').Hint} Hint */
/** @typedef {import('../wire/messages.js').State} State */

/** A palette that was made so near to the hint, in fractions of the picture, is shown until the next one. */
const SAME_PLACE = 0.05;

/**
 * The page around the hints.
 * @typedef {object} HintingPage
 * @property {import('../connection/live_room.js').LiveRoom} room
 * @property {import('./stage.js').Stage} stage
 * @property {import('./toolbar.js').Toolbar} toolbar
 * @property {import('./seeing.js').Seeing} seeing
 * @property {() => boolean} mayEdit whether hints may be changed now
 * @property {() => boolean} mayPlace whether the photograph to place new ones on is there
 * @property {(member: string) => string} nameOf
 * @property {() => void} onChange what is drawn has to be drawn anew
 * @property {AbortSignal} signal
 */

export class Hinting {
  panel;
  #page;
  #room;
  #stage;
  #drags;
  #pointer;
  /** @type {string | null} */
  #selected = null;
  /** @type {import('./toolbar.js').Tool} */
  #tool = 'hint';
  /** @type {{a: number, b: number} | null} */
  #kept = null;
  #newHintSize = HINT_SIZE_DEFAULT;
  #dragging = false;
  /** The hint that the panel's palette is about. @type {string | null} */
  #paletteOf = null;

  /** @param {HintingPage} page */
  constructor(page) {
    this.#page = page;
    this.#room = page.room;
    this.#stage = page.stage;
    this.panel = new ColorPanel(page.signal);
    this.#drags = new HintDrags(page.room, this.#dragPage());
    this.#pointer = new StagePointer(page.stage.container, this.#stageActions(), page.signal);
    page.stage.hints.onChoose = (id) => this.select(id);
    page.toolbar.onTool = (tool) => this.chooseTool(tool);
    page.toolbar.onReleaseColor = () => this.#keep(null);
    this.#joinPanel();
  }

  // -- drawing ---------------------------------------------------------------------------------------------------------

  /**
   * Draws hints, tool and panel.
   * @param {State} state as everybody sees it
   * @param {State | null} confirmed
   */
  show(state, confirmed) {
    const canEdit = this.#page.mayEdit();
    if (this.#selected !== null && !(this.#selected in state.hints)) this.#selected = null;
    const held = heldHints(this.#room.gesturesTold);
    const drawn = Object.values(state.hints).map((hint) => this.#drawn(hint, confirmed?.hints ?? {}, held));
    this.#stage.hints.update(drawn, this.#selected, canEdit);
    this.#stage.container.classList.toggle('can-place', canEdit && this.#tool === 'hint');
    this.#stage.container.classList.toggle('can-pan', !canEdit || this.#tool === 'hand');
    this.#page.toolbar.showEditable(canEdit);
    this.#page.toolbar.showTool(this.#tool);
    const selected = canEdit && this.#selected !== null ? state.hints[this.#selected] : null;
    this.#askPalette(selected);
    this.#showPanel(selected);
  }

  /**
   * The likely colors at a place. On its way the hint may have gone on a little; at another hint they mean nothing.
   * @param {import('../wire/messages.js').Palette} palette
   * @param {string} note whose guess it is
   */
  paletteTold({ x, y, colors }, note) {
    const hint = this.#paletteOf === null ? undefined : this.#room.shown?.hints[this.#paletteOf];
    if (hint === undefined || Math.max(Math.abs(hint.x - x), Math.abs(hint.y - y)) > SAME_PLACE) return;
    this.panel.palette.show(colors, note);
  }

  /** @param {Hint | null} hint */
  #askPalette(hint) {
    const wanted = hint !== null && !this.#page.seeing.hidden ? hint : null;
    this.#room.askPalette(wanted);
    if (wanted === null || wanted.id === this.#paletteOf) return;
    this.#paletteOf = wanted.id;
    this.panel.palette.clear();
  }

  /** Whether a hint's panel is open. */
  get isOpen() {
    return !this.panel.container.hidden;
  }

  /**
   * @param {Hint} hint
   * @param {Record<string, Hint>} confirmed
   * @param {Set<string>} heldByAnybody
   * @returns {import('./hint_layer.js').DrawnHint}
   */
  #drawn(hint, confirmed, heldByAnybody) {
    const { id, x, y, a, b, author } = hint;
    const fill = this.#stage.fillOf(hint);
    const held = heldByAnybody.has(id);
    const waiting = !(id in confirmed) && !held;
    return { id, x, y, a, b, fill, ring: this.#stage.colorOf(author), label: words.room.hint(fill, this.#page.nameOf(author)), waiting, held };
  }

  /** @param {Hint | null} hint */
  #showPanel(hint) {
    // While a finger is on the picture the panel would only be in its way.
    const shown = hint !== null && !this.#dragging && !this.#page.seeing.hidden ? hint : null;
    const lightness = shown === null ? 50 : this.#stage.view.lightnessAt(shown.x, shown.y);
    this.panel.show(shown === null ? null : { ...shown, lightness });
    if (shown !== null) this.panel.keepClearOf(this.#stage.toScreen(shown));
    // A picture that moves under the finger is another one than was pressed.
    if (!this.#dragging) this.#stage.pad(shown, this.panel.coversBelow);
  }

  // -- what the member does --------------------------------------------------------------------------------------------

  /** @param {string | null} id */
  select(id) {
    if (id !== this.#selected) this.#drags.endSteady();
    this.#selected = id;
    this.#page.onChange();
  }

  /** @param {import('./toolbar.js').Tool} tool */
  chooseTool(tool) {
    this.#tool = tool;
    this.#page.onChange();
  }

  removeSelected() {
    if (this.#selected === null || !this.#page.mayEdit()) return;
    const hint = this.#selected;
    this.select(null);
    this.#room.edit({ type: 'remove', hints: [hint] });
  }

  /** Ends what a pointer is doing, as if it had not begun. @returns {boolean} whether there was something */
  cancel() {
    return this.#pointer.cancel();
  }

  /**
   * @param {number} dx CSS pixels
   * @param {number} dy
   * @returns {boolean} whether there was a hint to move
   */
  nudge(dx, dy) {
    const hint = this.#selected === null ? undefined : this.#room.shown?.hints[this.#selected];
    if (hint === undefined || !this.#page.mayEdit()) return false;
    const at = this.#stage.toScreen(hint);
    const { x, y } = this.#stage.toPicture({ x: at.x + dx, y: at.y + dy });
    const held = (/** @type {number} */ value) => Math.min(Math.max(value, 0), 1);
    this.#drags.steady(`move ${hint.id}`, { type: 'move', moves: [{ id: hint.id, x: held(x), y: held(y) }] });
    return true;
  }

  nudged() {
    this.#drags.endSteady();
  }

  /** The way to place a hint without a pointer; arrow keys then take it where it belongs. */
  addInTheMiddle() {
    if (!this.#page.mayEdit() || !this.#page.mayPlace()) return;
    const { width, height } = this.#stage.view.canvasSize;
    this.#drags.add({ x: width / 2, y: height / 2 })?.end();
  }

  /** @param {import('./pointer.js').Point} point @param {number} reachPx */
  #press(point, reachPx) {
    const { seeing } = this.#page;
    const hints = seeing.hidden ? {} : this.#room.shown?.hints ?? {};
    const hint = this.#stage.hintAt(hints, point, reachPx);
    if (hint !== null) return this.#drags.grab(hint, point);
    const drag = this.#drags.add(point);
    if (drag === null) this.select(null);
    else seeing.hide(false);
    return drag;
  }

  /** @param {{a: number, b: number} | null} kept */
  #keep(kept) {
    this.#kept = kept;
    this.panel.showKept(kept);
    this.#page.toolbar.showKept(kept && dotColor(kept.a, kept.b));
  }

  // -- joining ---------------------------------------------------------------------------------------------------------

  /** @returns {import('./drags.js').DragPage} */
  #dragPage() {
    return {
      toPicture: (point) => this.#stage.toPicture(point),
      toScreen: (place) => this.#stage.toScreen(place),
      labAt: ({ x, y }) => this.#stage.view.labAt(x, y),
      keptColor: () => this.#kept,
      newHintSize: () => this.#newHintSize,
      select: (id) => this.select(id),
      onDragging: (dragging) => {
        this.#dragging = dragging;
        this.#page.onChange();
      },
    };
  }

  /** @returns {import('./pointer.js').StageActions} */
  #stageActions() {
    return {
      press: (point, reachPx) => this.#press(point, reachPx),
      handMode: () => this.#tool === 'hand' || !this.#page.mayEdit() || !this.#page.mayPlace(),
      pan: (dx, dy) => this.#stage.pan(dx, dy),
      zoom: (point, factor) => this.#stage.zoom(factor, point),
      hover: (point) => {
        const place = point && this.#stage.toPicture(point);
        const inside = place !== null && Math.min(place.x, place.y) >= 0 && Math.max(place.x, place.y) <= 1;
        this.#room.point(inside ? place.x : null, inside ? place.y : null);
      },
    };
  }

  #joinPanel() {
    const { panel } = this;
    panel.onRecolorDrag = (id, a, b) => this.#drags.steady(`recolor ${id}`, { type: 'recolor', hints: [id], a, b });
    panel.onRecolor = (id, a, b) => this.#drags.endSteady({ type: 'recolor', hints: [id], a, b });
    panel.onDragCancel = () => this.#drags.cancelSteady();
    panel.onResize = (id, size, done) => {
      /** @type {import('../wire/messages.js').Resize} */
      const edit = { type: 'resize', hints: [id], size };
      this.#newHintSize = size;
      if (done) this.#drags.endSteady(edit);
      else this.#drags.steady(`resize ${id}`, edit);
    };
    panel.onRemove = () => this.removeSelected();
    panel.onClose = () => this.select(null);
    panel.onKeep = (kept) => this.#keep(kept);
  }
}

/** Hints that somebody's finger is on. @param {readonly import('../wire/messages.js').LiveGesture[]} gestures */
function heldHints(gestures) {
  return new Set(gestures.flatMap(({ edit }) => (edit.type === 'move' ? edit.moves.map(({ id }) => id) : [])));
}
