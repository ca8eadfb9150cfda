// @ts-check
/** What the member does to hints: by pointer on the stage, by keys, in the panel. */

import { shifted, toggled } from '../room/selection.js';
import { dotColor } from './color_dot.js';
import { ColorPanel } from './color_panel.js';
import { HintDrags } from './drags.js';
import { DrawnHints } from './drawn_hints.js';
import { Loupe } from './loupe.js';
import { StagePointer } from './pointer.js';
import { SelectionBox } from './selection_box.js';
import { Sizing } from './sizing.js';
import { words } from './words.js';

/** @typedef {import('../wire/messages.js').Hint} Hint */
/** @typedef {import('../wire/messages.js').State} State */
/** @typedef {import('./pointer.js').Point} Point */
/** @typedef {import('./pointer.js').Drag} Drag */
/** @typedef {import('./pointer.js').How} How */

/** A palette that was made so near to the hint, in fractions of the picture, is shown until the next one. */
const SAME_PLACE = 0.05;
/** How near a wheel has to be to a hint to mean it, in CSS pixels. */
const WHEEL_REACH_PX = 14;

/**
 * The page around the hints.
 * @typedef {object} HintingPage
 * @property {import('../connection/live_room.js').LiveRoom} room
 * @property {import('./stage.js').Stage} stage
 * @property {import('./toolbar.js').Toolbar} toolbar
 * @property {import('./seeing.js').Seeing} seeing
 * @property {import('../connection/store.js').Store} store
 * @property {() => boolean} mayEdit whether hints may be changed now
 * @property {() => boolean} mayPlace whether the photograph to place new ones on is there
 * @property {() => boolean} usesSizes whether the network looks at a hint's size
 * @property {(member: string) => string} nameOf
 * @property {() => void} onChange what is drawn has to be drawn anew
 * @property {AbortSignal} signal
 */

export class Hinting {
  panel;
  #page;
  #room;
  #stage;
  /** @type {HintDrags} */
  #drags;
  #pointer;
  #loupe;
  #box;
  #drawn;
  /** Ids; the panel is about the last one. @type {string[]} */
  #selected = [];
  /** A pin that was put down just now: its color is not to be chosen. @type {string | null} */
  #justPinned = null;
  /** @type {import('./toolbar.js').Tool} */
  #tool = 'hint';
  /** @type {{a: number, b: number} | null} */
  #kept = null;
  #dragging = false;
  /** The finger that the loupe goes with. @type {Point | null} */
  #finger = null;
  /** @type {Sizing} */
  #sizing;
  /** The hint that the panel's palette is about. @type {string | null} */
  #paletteOf = null;

  /** @param {HintingPage} page */
  constructor(page) {
    const { stage, toolbar, signal } = page;
    this.#page = page;
    this.#room = page.room;
    this.#stage = stage;
    this.#drawn = new DrawnHints(stage, page.nameOf);
    this.#loupe = new Loupe(stage.view);
    this.#box = new SelectionBox(stage);
    stage.container.append(this.#loupe.container);
    this.panel = new ColorPanel(page.store, signal);
    this.#drags = new HintDrags(page.room, {
      toPicture: (point) => stage.toPicture(point),
      labAt: ({ x, y }) => stage.view.labAt(x, y),
      keptColor: () => this.#kept,
      newHintSize: () => this.#sizing.size,
    });
    this.#sizing = new Sizing(stage, this.#drags, page.onChange);
    this.#pointer = new StagePointer(stage.container, this.#stageActions(), signal);
    stage.hints.onChoose = (id) => this.select(id);
    toolbar.onTool = (tool) => this.chooseTool(tool);
    toolbar.onReleaseColor = () => this.#keep(null);
    this.#joinPanel();
  }

  // -- drawing ---------------------------------------------------------------------------------------------------------

  /**
   * Draws hints, tool and panel.
   * @param {State} state as everybody sees it
   * @param {State | null} confirmed
   */
  show(state, confirmed) {
    const { hints, swatches } = state;
    const canEdit = this.#page.mayEdit();
    // The room refused what is in hand; ending it later would swallow the next choice of a color.
    if (!canEdit) this.#drags.cancelSteady();
    // Keys mean no hint that is out of sight.
    this.#selected = this.#page.seeing.hidden ? [] : this.#selected.filter((id) => id in hints);
    this.#stage.hints.update(this.#drawn.of(hints, confirmed?.hints ?? {}, this.#room.gesturesTold), this.#selected, canEdit);
    const { classList } = this.#stage.container;
    classList.toggle('can-place', canEdit && this.#tool !== 'hand');
    classList.toggle('can-pan', !canEdit || this.#tool === 'hand');
    this.#page.toolbar.showEditable(canEdit);
    this.#page.toolbar.showTool(this.#tool);
    const selected = canEdit ? this.#chosen(hints).at(-1) ?? null : null;
    const open = selected?.id === this.#justPinned ? null : selected;
    this.#askPalette(this.#selected.length > 1 ? null : open);
    this.#showPanel(open);
    this.panel.swatches.show(swatches);
    this.#showLoupe(selected);
    this.#sizing.show(hints, this.#room.follower.workingPx);
  }

  /** @param {import('../wire/frame.js').FrameHeader} header */
  frameShown({ revision }) {
    this.#drawn.frameRevision = revision;
    if (this.#drawn.awaitsFrame || this.#loupe.isShown) this.#page.onChange();
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
    this.#room.askPalette(hint);
    if (hint === null || hint.id === this.#paletteOf) return;
    this.#paletteOf = hint.id;
    this.panel.palette.clear();
  }

  /** Whether a hint's panel is open. */
  get isOpen() {
    return !this.panel.container.hidden;
  }

  /** @param {Hint | null} hint */
  #showPanel(hint) {
    // While a finger is on the picture the panel would only be in its way.
    const shown = this.#dragging ? null : hint;
    const lightness = shown === null ? 50 : this.#stage.view.lightnessAt(shown.x, shown.y);
    this.panel.show(shown === null ? null : { ...shown, lightness, count: this.#selected.length, sizes: this.#page.usesSizes() });
    if (shown !== null) this.panel.keepClearOf(this.#stage.toScreen(shown));
    // A picture that moves under the finger is another one than was pressed.
    if (!this.#dragging) this.#stage.pad(shown, this.panel.coversBelow);
  }

  /** @param {Hint | null} hint */
  #showLoupe(hint) {
    if (this.#finger === null || hint === null) this.#loupe.hide();
    else this.#loupe.show(this.#finger, this.#stage.toScreen(hint), this.#stage.fillOf(hint));
  }

  // -- what is selected ------------------------------------------------------------------------------------------------

  /** @param {string | null} id */
  select(id) {
    this.#selectAll(id === null ? [] : [id]);
  }

  /** Every hint that there is. */
  selectEvery() {
    if (this.#page.mayEdit() && !this.#page.seeing.hidden) this.#selectAll(Object.keys(this.#room.shown?.hints ?? {}));
  }

  /** @param {string[]} ids */
  #selectAll(ids) {
    if (ids.join() !== this.#selected.join()) this.#endSteady();
    this.#selected = ids;
    this.#justPinned = null;
    this.#page.onChange();
  }

  /** The selected hints that are there. @param {Record<string, Hint>} [hints] */
  #chosen(hints = this.#room.shown?.hints ?? {}) {
    return this.#selected.filter((id) => id in hints).map((id) => hints[id]);
  }

  // -- what the member does --------------------------------------------------------------------------------------------

  /** @param {import('./toolbar.js').Tool} tool */
  chooseTool(tool) {
    this.#tool = tool;
    this.#page.onChange();
  }

  removeSelected() {
    const hints = this.#selected;
    if (hints.length === 0 || !this.#page.mayEdit()) return;
    this.select(null);
    this.#room.edit({ type: 'remove', hints });
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
    const hints = this.#chosen();
    if (hints.length === 0 || !this.#page.mayEdit()) return false;
    const at = this.#stage.toScreen(hints[0]);
    const there = this.#stage.toPicture({ x: at.x + dx, y: at.y + dy });
    const moved = shifted(hints, { x: there.x - hints[0].x, y: there.y - hints[0].y });
    this.#steady('move', { type: 'move', moves: moved.map(({ id, x, y }) => ({ id, x, y })) });
    return true;
  }

  nudged() {
    this.#endSteady();
  }

  /** The way to place a hint without a pointer; arrow keys then take it where it belongs. */
  addInTheMiddle() {
    if (!this.#page.mayEdit() || !this.#page.mayPlace()) return;
    const { width, height } = this.#stage.view.canvasSize;
    this.#place({ x: width / 2, y: height / 2 })?.end();
  }

  /** A hint where the page asked for one. @param {{x: number, y: number}} place of the picture */
  addAt(place) {
    if (this.#page.mayEdit() && this.#page.mayPlace()) this.#place(this.#stage.toScreen(place))?.end();
  }

  /**
   * @param {Point} point @param {How} how
   * @returns {Drag | null}
   */
  #press(point, how) {
    const hints = this.#page.seeing.hidden ? {} : this.#room.shown?.hints ?? {};
    const hint = this.#stage.hintAt(hints, point, how.reachPx);
    const drag = hint !== null ? this.#grab(hint, point, how) : how.shift ? this.#box.drag(point, Object.values(hints), this.#selected, (ids) => this.#selectAll(ids)) : this.#place(point);
    if (drag === null) {
      this.select(null);
      return null;
    }
    return this.#inHand(drag, how.touch);
  }

  /** Meanwhile the panel is out of the way, and what a finger covers is seen beside it. @param {Drag} drag @param {boolean} touch @returns {Drag} */
  #inHand(drag, touch) {
    const then = (/** @type {() => void} */ act) => () => {
      act();
      this.#dragging = false;
      this.#finger = null;
      this.#page.onChange();
    };
    this.#dragging = true;
    this.#page.onChange();
    return {
      move: (to) => {
        if (touch) this.#finger = to;
        drag.move(to);
      },
      end: then(drag.end),
      cancel: then(drag.cancel),
      hold: then(drag.hold),
    };
  }

  /** @param {Point} point @returns {Drag | null} */
  #place(point) {
    const pinned = this.#tool === 'pin';
    const drag = this.#drags.add(point, pinned);
    if (drag === null) return null;
    const [id] = drag.ids;
    this.#page.seeing.hide(false);
    this.select(id);
    if (pinned) this.#justPinned = id;
    const cancel = () => {
      drag.cancel();
      this.select(null);
    };
    return { ...drag, cancel, hold: cancel };
  }

  /** @param {Hint} hint @param {Point} point @param {How} how @returns {Drag} */
  #grab(hint, point, { shift, alt }) {
    const isOneOfThem = this.#selected.includes(hint.id);
    const group = isOneOfThem || shift ? [...this.#chosen().filter(({ id }) => id !== hint.id), hint] : [hint];
    const drag = alt ? this.#drags.copy(group, point) : this.#drags.move(group, point);
    const choose = () => this.#selectAll(shift ? toggled(this.#selected, hint.id) : [hint.id]);
    let moved = false;
    return {
      move: (to) => {
        if (!moved) this.#selectAll(drag.ids);
        moved = true;
        drag.move(to);
      },
      end: () => (moved ? drag.end() : choose()),
      cancel: drag.cancel,
      hold: choose,
    };
  }

  /** A color found elsewhere, for the selected hint or, where there is none, the next ones. @param {number} a @param {number} b */
  takeColor(a, b) {
    if (!this.isOpen || !this.panel.take(a, b)) this.#keep({ a, b });
  }

  /** @param {{a: number, b: number} | null} kept */
  #keep(kept) {
    this.#kept = kept;
    this.panel.showKept(kept);
    this.#page.toolbar.showKept(kept && dotColor(kept.a, kept.b));
  }

  /**
   * By a wheel: the hint there, with those that are selected together with it; else the selected ones.
   * @param {Point | null} point
   * @param {number} steps
   * @returns {boolean} whether there are any
   */
  #resize(point, steps) {
    if (!this.#page.mayEdit() || !this.#page.usesSizes() || this.#page.seeing.hidden) return false;
    const there = point && this.#stage.hintAt(this.#room.shown?.hints ?? {}, point, WHEEL_REACH_PX);
    const sized = there !== null && !this.#selected.includes(there.id) ? [there] : this.#chosen();
    if (sized.length > 0) this.#sizing.by(sized, steps);
    return sized.length > 0;
  }

  /** @param {string} kind @param {import('../wire/messages.js').GestureEdit} edit */
  #steady(kind, edit) {
    this.#sizing.end();
    this.#drags.steady(kind, edit);
  }

  /** @param {import('../wire/messages.js').GestureEdit} [edit] */
  #endSteady(edit) {
    this.#sizing.end();
    this.#drags.endSteady(edit);
  }

  // -- joining ---------------------------------------------------------------------------------------------------------

  /** @returns {import('./pointer.js').StageActions} */
  #stageActions() {
    return {
      press: (point, how) => this.#press(point, how),
      handMode: () => this.#tool === 'hand' || !this.#page.mayEdit() || !this.#page.mayPlace(),
      pan: (dx, dy) => this.#stage.pan(dx, dy),
      zoom: (point, factor) => this.#stage.zoom(factor, point),
      resize: (point, steps) => this.#resize(point, steps),
      hover: (point) => {
        const place = point && this.#stage.toPicture(point);
        const inside = place !== null && Math.min(place.x, place.y) >= 0 && Math.max(place.x, place.y) <= 1;
        this.#room.point(inside ? place.x : null, inside ? place.y : null);
      },
    };
  }

  #joinPanel() {
    const { panel } = this;
    /** @param {number} a @param {number} b @returns {import('../wire/messages.js').Recolor} */
    const recolor = (a, b) => ({ type: 'recolor', hints: this.#selected, a, b });
    panel.onRecolorDrag = (_, a, b) => this.#steady('recolor', recolor(a, b));
    panel.onRecolor = (_, a, b) => this.#endSteady(recolor(a, b));
    panel.onDragCancel = () => this.#drags.cancelSteady();
    panel.onResize = (_, size, done) => {
      this.#sizing.to(this.#selected, size);
      if (done) this.#sizing.end();
    };
    panel.onResizeBy = (steps) => void this.#resize(null, steps);
    panel.onRemove = () => this.removeSelected();
    panel.onPin = () => {
      this.select(null);
      this.chooseTool('pin');
    };
    panel.onClose = () => this.select(null);
    panel.onKeep = (kept) => this.#keep(kept);
    panel.swatches.onSet = (id, swatch) => this.#room.edit({ type: 'swatch', id, swatch });
  }
}
