// @ts-check
/** The room as a place to work in: joins the stage, the tools, the panel and the bars to a live room. */

import { HINT_SIZE_DEFAULT } from '../wire/limits.js';
import { ColorPanel, dotColor } from './color_panel.js';
import { cropPicture } from './cropping.js';
import { HintDrags } from './drags.js';
import { element } from './elements.js';
import { Members } from './members.js';
import { StagePointer } from './pointer.js';
import { download, removeRoom, roomMenuItems, sharedLinks } from './room_menu.js';
import { ShareDialog } from './share_dialog.js';
import { listenForShortcuts } from './shortcuts.js';
import { colorOf, nameOf } from './stage.js';
import { coachMark, OfflineBanner, StatusLine } from './status.js';
import { themeButton } from './theme.js';
import { Toolbar } from './toolbar.js';
import { TopBar } from './top_bar.js';
import { words } from './words.js';

/** @typedef {import('../connection/live_room.js').LiveRoom} LiveRoom */
/** @typedef {import('../wire/messages.js').Hint} Hint */
/** @typedef {import('../wire/messages.js').Edit} Edit */

/**
 * @typedef {object} StudioOptions
 * @property {LiveRoom} room
 * @property {string} id of the room
 * @property {string} capability
 * @property {import('./stage.js').Stage} stage
 * @property {import('../connection/store.js').Store} store
 * @property {import('./toast.js').Toasts} toasts
 * @property {AbortSignal} signal
 */

export class Studio {
  container;
  #options;
  #room;
  #stage;
  #signal;
  #drags;
  #pointer;
  #panel;
  #toolbar;
  #members;
  #topBar;
  #banner;
  #share;
  #status = new StatusLine();
  #coach = coachMark(matchMedia('(pointer: coarse)').matches ? words.room.firstHintTouch : words.room.firstHint);
  /** @type {import('./cropping.js').Cropping | null} */
  #cropping = null;
  /** @type {string | null} */
  #selected = null;
  /** @type {import('./toolbar.js').Tool} */
  #tool = 'hint';
  /** @type {{a: number, b: number} | null} */
  #kept = null;
  #newHintSize = HINT_SIZE_DEFAULT;
  #dragging = false;
  #hidden = false;
  #wasLive = false;
  #grayIsThere = false;
  /** Hints that somebody's finger is on. */
  #held = heldHints([]);
  /** @type {Map<string, string>} names of members seen, by public id */
  #names = new Map();
  #renderRequest = 0;

  /** @param {StudioOptions} options */
  constructor(options) {
    const { room, stage, store, signal } = options;
    this.#options = options;
    this.#room = room;
    this.#stage = stage;
    this.#signal = signal;
    this.#panel = new ColorPanel(signal);
    this.#toolbar = new Toolbar(signal);
    this.#members = new Members(colorOf, signal);
    this.#topBar = new TopBar(this.#members, themeButton(store, signal), signal);
    this.#banner = new OfflineBanner(signal);
    this.#share = new ShareDialog(signal);
    this.#drags = new HintDrags(room, this.#dragPage());
    this.#pointer = new StagePointer(stage.container, this.#stageActions(), signal);
    this.container = element(
      'main',
      { class: 'studio' },
      stage.container, this.#topBar.container, this.#panel.container, this.#status.container, this.#coach,
      this.#toolbar.container, this.#banner.container,
    );
    this.#joinParts();
    listenForShortcuts(this.#shortcuts(), signal);
    this.#status.show(null);
    stage.pad(null, 0);
  }

  // -- what the joiner tells -------------------------------------------------------------------------------------------

  /** Something of the room changed; drawn with the next picture of the screen. */
  changed() {
    this.#renderRequest ||= requestAnimationFrame(() => {
      this.#renderRequest = 0;
      if (!this.#signal.aborted) this.#render();
    });
  }

  /** @param {boolean} there false: another one is on its way, and places of the one that is drawn mean nothing */
  photographChanged(there) {
    this.#grayIsThere = there;
    this.#stage.photographChanged();
    this.changed();
  }

  /** @param {import('../wire/frame.js').FrameHeader} header */
  frameShown(header) {
    this.#status.show(header);
  }

  /** @param {import('./status.js').Connection} connection */
  connectionChanged(connection) {
    this.#topBar.connection.show(connection.state);
    this.#banner.show(connection, this.#wasLive);
    if (connection.state === 'live' && !this.#wasLive) this.#welcomed();
    this.#wasLive ||= connection.state === 'live';
    if (connection.state === 'stopped') this.#pointer.cancel();
    if (connection.state === 'waiting') this.#stage.cursors.told([], ''); // nobody knows where they point now
    this.changed();
  }

  #welcomed() {
    const { engine, role, revision, confirmed } = this.#room.follower;
    this.#status.showEngine(engine);
    if (role === 'owner' && revision === 1 && confirmed?.photograph.had_colors) this.#options.toasts.show(words.room.hadColors);
  }

  /** @param {import('../wire/messages.js').Presence} presence */
  presenceChanged({ present, count }) {
    const { member, seat } = this.#room.follower;
    const named = present.map((one) => ({ ...one, name: nameOf(one) }));
    for (const one of named) this.#names.set(one.member, one.name);
    this.#members.update(named, count, member);
    this.#stage.cursors.told(named, seat);
    this.changed();
  }

  // -- drawing ---------------------------------------------------------------------------------------------------------

  #render() {
    const { role, confirmed, links } = this.#room.follower;
    const state = this.#room.shown;
    if (state === null) return;
    const canEdit = this.#canEdit();
    if (this.#selected !== null && !(this.#selected in state.hints)) this.#selected = null;
    const hints = Object.values(state.hints);
    this.#held = heldHints(this.#room.gesturesTold);
    this.#stage.hints.update(hints.map((hint) => this.#drawn(hint, confirmed?.hints ?? {})), this.#selected, canEdit);
    this.#stage.container.classList.toggle('can-place', canEdit && this.#tool === 'hint');
    this.#stage.container.classList.toggle('can-pan', !canEdit || this.#tool === 'hand');
    this.#showPanel(canEdit && this.#selected !== null ? state.hints[this.#selected] : null);
    this.#topBar.show({
      title: state.title,
      locked: state.locked,
      watching: role === 'viewer',
      mayRetitle: role !== 'viewer',
      mayDownload: role !== 'viewer' || state.viewers_export,
    });
    this.#toolbar.showEditable(canEdit);
    this.#toolbar.showTool(this.#tool);
    this.container.classList.toggle('is-cropping', this.#cropping !== null);
    this.#coach.hidden = !canEdit || hints.length > 0 || !this.#grayIsThere;
    const address = `${window.location.origin}${window.location.pathname}`;
    this.#share.update(sharedLinks({ links, address, capability: this.#options.capability, edit: (edit) => this.#room.edit(edit) }));
  }

  /**
   * @param {Hint} hint
   * @param {Record<string, Hint>} confirmed
   * @returns {import('./hint_layer.js').DrawnHint}
   */
  #drawn(hint, confirmed) {
    const { id, x, y, a, b, author } = hint;
    const fill = this.#stage.fillOf(hint);
    const name = this.#names.get(author) ?? words.room.someone;
    const held = this.#held.has(id);
    const waiting = !(id in confirmed) && !held;
    return { id, x, y, a, b, fill, ring: colorOf(author), label: words.room.hint(fill, name), waiting, held };
  }

  /** @param {Hint | null} hint */
  #showPanel(hint) {
    // While a finger is on the picture the panel would only be in its way.
    const shown = hint !== null && !this.#dragging && !this.#hidden ? hint : null;
    const lightness = shown === null ? 50 : this.#stage.view.lightnessAt(shown.x, shown.y);
    this.#panel.show(shown === null ? null : { ...shown, lightness });
    this.container.classList.toggle('panel-open', shown !== null);
    if (shown !== null) this.#panel.keepClearOf(this.#stage.toScreen(shown));
    this.#stage.pad(shown, this.#panel.coversBelow);
  }

  #canEdit() {
    const { role, shown } = this.#room.follower;
    return shown !== null && this.#cropping === null && (role === 'owner' || (role === 'editor' && !shown.locked));
  }

  // -- what the member does --------------------------------------------------------------------------------------------

  /** @returns {import('./drags.js').DragPage} */
  #dragPage() {
    return {
      toPicture: (point) => this.#stage.toPicture(point),
      toScreen: (place) => this.#stage.toScreen(place),
      labAt: ({ x, y }) => this.#stage.view.labAt(x, y),
      keptColor: () => this.#kept,
      newHintSize: () => this.#newHintSize,
      select: (id) => this.#select(id),
      onDragging: (dragging) => {
        this.#dragging = dragging;
        this.changed();
      },
    };
  }

  /** @returns {import('./pointer.js').StageActions} */
  #stageActions() {
    return {
      press: (point, reachPx) => this.#press(point, reachPx),
      handMode: () => this.#tool === 'hand' || !this.#canEdit() || !this.#grayIsThere,
      pan: (dx, dy) => this.#stage.pan(dx, dy),
      zoom: (point, factor) => this.#stage.zoom(factor, point),
      hover: (point) => {
        const place = point && this.#stage.toPicture(point);
        const inside = place !== null && Math.min(place.x, place.y) >= 0 && Math.max(place.x, place.y) <= 1;
        this.#room.point(inside ? place.x : null, inside ? place.y : null);
      },
    };
  }

  /** @param {import('./pointer.js').Point} point @param {number} reachPx */
  #press(point, reachPx) {
    const hints = this.#hidden ? {} : this.#room.shown?.hints ?? {};
    const hint = this.#stage.hintAt(hints, point, reachPx);
    if (hint !== null) return this.#drags.grab(hint, point);
    const drag = this.#drags.add(point);
    if (drag === null) this.#select(null);
    else this.#hide(false);
    return drag;
  }

  /** @param {string | null} id */
  #select(id) {
    if (id !== this.#selected) this.#drags.endSteady();
    this.#selected = id;
    this.changed();
  }

  /** @param {boolean} hidden */
  #hide(hidden) {
    this.#hidden = hidden;
    this.#stage.hints.hide(hidden);
    this.#toolbar.showHidden(hidden);
    this.changed();
  }

  /** @param {boolean} held */
  #compare(held) {
    this.#stage.view.setColorAmount(held ? 0 : 1);
    this.#stage.hints.hide(held || this.#hidden);
    this.#toolbar.showComparing(held);
  }

  #removeSelected() {
    if (this.#selected === null || !this.#canEdit()) return;
    const hint = this.#selected;
    this.#select(null);
    this.#room.edit({ type: 'remove', hints: [hint] });
  }

  /** @param {{a: number, b: number} | null} kept */
  #keep(kept) {
    this.#kept = kept;
    this.#panel.showKept(kept);
    this.#toolbar.showKept(kept && dotColor(kept.a, kept.b));
  }

  /** @param {'undo' | 'redo'} type */
  #step(type) {
    if (this.#canEdit()) this.#room.edit({ type });
  }

  /** @returns {import('./shortcuts.js').ShortcutActions} */
  #shortcuts() {
    return {
      undo: () => this.#step('undo'),
      redo: () => this.#step('redo'),
      remove: () => this.#removeSelected(),
      deselect: () => {
        if (!this.#pointer.cancel()) this.#select(null);
      },
      toggleHints: () => this.#hide(!this.#hidden),
      compare: (held) => this.#compare(held),
      zoom: (factor) => this.#stage.zoom(factor),
      fit: () => this.#stage.fit(),
      hintTool: () => this.#chooseTool('hint'),
      addInTheMiddle: () => this.#addInTheMiddle(),
      nudge: (dx, dy) => this.#nudge(dx, dy),
      nudged: () => this.#drags.endSteady(),
      pan: (dx, dy) => this.#stage.pan(dx, dy),
    };
  }

  /** @param {number} dx @param {number} dy */
  #nudge(dx, dy) {
    const hint = this.#selected === null ? undefined : this.#room.shown?.hints[this.#selected];
    if (hint === undefined || !this.#canEdit()) return false;
    const at = this.#stage.toScreen(hint);
    const { x, y } = this.#stage.toPicture({ x: at.x + dx, y: at.y + dy });
    const held = (/** @type {number} */ value) => Math.min(Math.max(value, 0), 1);
    this.#drags.steady(`move ${hint.id}`, { type: 'move', moves: [{ id: hint.id, x: held(x), y: held(y) }] });
    return true;
  }

  /** The way to place a hint without a pointer; arrow keys then take it where it belongs. */
  #addInTheMiddle() {
    if (!this.#canEdit() || !this.#grayIsThere) return;
    const { width, height } = this.#stage.view.canvasSize;
    this.#drags.add({ x: width / 2, y: height / 2 })?.end();
  }

  /** @param {import('./toolbar.js').Tool} tool */
  #chooseTool(tool) {
    this.#tool = tool;
    this.changed();
  }

  #crop() {
    if (this.#cropping !== null) return;
    this.#select(null);
    const onEnd = () => {
      this.#cropping = null;
      this.changed();
    };
    this.#cropping = cropPicture({ stage: this.#stage, room: this.#room, into: this.container, onEnd, signal: this.#signal });
    this.changed();
  }

  #joinParts() {
    const [panel, toolbar, topBar, room] = [this.#panel, this.#toolbar, this.#topBar, this.#room];
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
    panel.onRemove = () => this.#removeSelected();
    panel.onClose = () => this.#select(null);
    panel.onKeep = (kept) => this.#keep(kept);
    toolbar.onTool = (tool) => this.#chooseTool(tool);
    toolbar.onUndo = () => this.#step('undo');
    toolbar.onRedo = () => this.#step('redo');
    toolbar.onHide = (hidden) => this.#hide(hidden);
    toolbar.onCompare = (held) => this.#compare(held);
    toolbar.onZoom = (factor) => this.#stage.zoom(factor);
    toolbar.onFit = () => this.#stage.fit();
    toolbar.onReleaseColor = () => this.#keep(null);
    topBar.onRetitle = (title) => room.edit({ type: 'retitle', title });
    topBar.onShare = () => this.#share.open();
    topBar.onDownload = () => void download(this.#options);
    topBar.items = () => this.#menuItems();
    this.#members.onRename = (name) => room.rename(name);
    this.#banner.onTryNow = () => room.retryNow();
    this.#stage.hints.onChoose = (id) => this.#select(id);
    this.#stage.onMoved = () => {
      toolbar.showZoom(this.#stage.view.viewport.scale);
      this.#cropping?.project();
    };
  }

  #menuItems() {
    const state = this.#room.shown;
    if (state === null) return [];
    return roomMenuItems({
      state,
      role: this.#room.follower.role,
      edit: (edit) => this.#room.edit(edit),
      crop: () => this.#crop(),
      remove: () => void removeRoom(this.#options),
      signal: this.#signal,
    });
  }
}

/** @param {readonly import('../wire/messages.js').LiveGesture[]} gestures */
function heldHints(gestures) {
  return new Set(gestures.flatMap(({ edit }) => (edit.type === 'move' ? edit.moves.map(({ id }) => id) : [])));
}
