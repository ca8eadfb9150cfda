// @ts-check
/** The room as a place to work in: joins the stage, the tools, the panel and the bars to a live room. */

import { Album } from '../connection/album.js';
import { Choosing } from './choosing.js';
import { Company } from './company.js';
import { cropPicture } from './cropping.js';
import { DownloadDialog } from './download_dialog.js';
import { element } from './elements.js';
import { Eyedropper } from './eyedropper.js';
import { FirstMinute } from './first_minute.js';
import { showHelp } from './help.js';
import { Hinting } from './hinting.js';
import { News } from './news.js';
import { roomFiles } from './room_files.js';
import { roomMenuItems, sharedLinks } from './room_menu.js';
import { Scrubbing } from './scrubbing.js';
import { Seeing } from './seeing.js';
import { ShareDialog } from './share_dialog.js';
import { listenForShortcuts } from './shortcuts.js';
import { OfflineBanner, StatusLine } from './status.js';
import { themeButton } from './theme.js';
import { Told } from './told.js';
import { Toolbar, ZOOM_STEP } from './toolbar.js';
import { TopBar } from './top_bar.js';
import { words } from './words.js';

/** @typedef {import('../connection/live_room.js').LiveRoom} LiveRoom */

/** How far an arrow key moves the view, in CSS pixels. */
const PAN_PX = 60;
/** How much farther arrow keys go with Shift. */
const FAR = 10;

/**
 * @typedef {object} StudioOptions
 * @property {LiveRoom} room
 * @property {import('../connection/http.js').Api} api
 * @property {import('../picture/preview.js').PreviewFeed} previews
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
  #toolbar;
  #seeing;
  #choosing;
  #scrubbing;
  #album;
  #hinting;
  #download;
  #eyedropper;
  #company;
  #told;
  #news;
  #firstMinute;
  #topBar;
  #banner;
  #share;
  #status = new StatusLine();
  /** @type {import('./cropping.js').Cropping | null} */
  #cropping = null;
  #wasLive = false;
  /** Nobody has done anything here. */
  #isNew = false;
  #grayIsThere = false;
  #grayBytesPerPixel = 0;
  #renderRequest = 0;

  /** @param {StudioOptions} options */
  constructor(options) {
    const { room, api, previews, id, stage, store, signal } = options;
    const onChange = () => this.changed();
    this.#options = options;
    this.#room = room;
    this.#stage = stage;
    this.#signal = signal;
    this.#toolbar = new Toolbar(signal);
    this.#seeing = new Seeing(stage, this.#toolbar, signal);
    this.#company = new Company({ room, stage, store, onChange, signal });
    this.#told = new Told((member) => this.#company.nameOf(member), signal);
    this.#news = new News({ room, toasts: options.toasts, nameOf: (member) => this.#company.nameOf(member) });
    this.#firstMinute = new FirstMinute({ api, id, stage, onChange, signal });
    this.#choosing = new Choosing({ room, previews, seeing: this.#seeing, makeWay: () => (this.#scrubbing.back(), this.#hinting.select(null)), onChange, signal });
    this.#album = new Album(store, id);
    this.#scrubbing = new Scrubbing(this.#scrubbingPage());
    this.#hinting = new Hinting(this.#hintingPage());
    this.#eyedropper = new Eyedropper(this.#pickingPage());
    this.#download = new DownloadDialog((wish, making) => api.exportUrl(id, wish, making), signal);
    this.#topBar = new TopBar(this.#company.members, themeButton(store, signal), signal);
    this.#banner = new OfflineBanner(signal);
    this.#share = new ShareDialog(signal);
    this.container = element(
      'main',
      { class: 'studio' },
      stage.container, this.#topBar.container, this.#hinting.panel.container, this.#choosing.card.container, this.#status.container,
      this.#company.following.container, this.#told.container, ...this.#firstMinute.parts, this.#toolbar.container,
      this.#choosing.trying.container, this.#scrubbing.container, this.#eyedropper.container, this.#banner.container,
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

  /** @param {boolean} there @param {number} [grayBytesPerPixel] there is false: another one is on its way, and places of the one that is drawn mean nothing */
  photographChanged(there, grayBytesPerPixel = 0) {
    this.#grayIsThere = there;
    this.#grayBytesPerPixel = grayBytesPerPixel;
    if (!there) {
      this.#leaveTried();
      this.#eyedropper.stop(); // what was photographed lies otherwise now
    }
    this.#stage.photographChanged();
    if (there) this.#company.moved();
    this.changed();
  }

  /** @param {import('../wire/frame.js').FrameHeader} header */
  frameShown(header) {
    this.#status.show(header);
    this.#hinting.frameShown(header);
  }

  /** @param {import('../wire/messages.js').Palette} palette */
  paletteTold(palette) {
    const { network } = palette;
    this.#hinting.paletteTold(palette, network === this.#choosing.serving?.name ? '' : words.palette.guessedBy(words.networkName(network)));
  }

  /** @param {import('../wire/frame.js').FrameHeader} header of a preview that is drawn from now on */
  previewShown({ network }) {
    if (!this.#scrubbing.isOpen) this.#choosing.trying.previewShown(network);
  }

  /** The journal holds an edit. @param {import('../wire/messages.js').Entry} entry @param {boolean} isOwn of this page */
  entry(entry, isOwn) {
    this.#news.entry(entry, isOwn);
    if (entry.member !== this.#room.follower.member) this.#told.entry(entry);
    if (!isOwn) return;
    this.#company.ownEntry(entry.kind);
    this.#choosing.trying.ownEntry(entry);
    this.#scrubbing.ownEntry(entry);
    this.#album.ownEntry(entry);
  }

  refused() {
    this.#choosing.trying.refused();
    this.#scrubbing.refused();
  }

  /** The hub said why a picture did not come. */
  noticed() {
    this.#choosing.trying.noticed();
  }

  /** @param {import('./status.js').Connection} connection */
  connectionChanged(connection) {
    this.#topBar.connection.show(connection.state);
    this.#banner.show(connection, this.#wasLive);
    if (connection.state === 'live' && !this.#wasLive) this.#welcomed();
    this.#wasLive ||= connection.state === 'live';
    if (connection.state === 'stopped') this.#hinting.cancel();
    if (connection.state === 'waiting') this.#company.lost();
    if (connection.state === 'live') this.#scrubbing.ask();
    this.changed();
  }

  #welcomed() {
    const { engine, role, revision, confirmed } = this.#room.follower;
    this.#status.showEngine(engine);
    if (confirmed !== null && role !== 'viewer') for (const edit of this.#album.gifts(confirmed)) this.#room.edit(edit);
    this.#isNew = revision === 1;
    if (role === 'owner' && revision === 1 && confirmed?.photograph.had_colors) this.#options.toasts.show(words.room.hadColors);
  }

  /** @param {import('../wire/messages.js').Presence} presence */
  presenceChanged(presence) {
    this.#company.told(presence);
  }

  // -- drawing ---------------------------------------------------------------------------------------------------------

  #render() {
    const { role, confirmed, links } = this.#room.follower;
    const state = this.#room.shown;
    if (state === null) return;
    this.#news.show();
    this.#company.tellApart();
    const { moment } = this.#scrubbing;
    this.#hinting.show(moment ?? state, moment ?? confirmed);
    const { api, id } = this.#options;
    if (confirmed !== null) this.#seeing.offerPhotographed(confirmed, (view) => api.setAside(id, view));
    this.#company.show();
    this.#scrubbing.show(this.#mayEdit());
    if (this.#hinting.isOpen) this.#choosing.card.close(); // both lie at the same side
    this.#topBar.show({
      title: state.title,
      locked: state.locked,
      watching: role === 'viewer',
      mayRetitle: role !== 'viewer',
      mayDownload: role !== 'viewer' || state.viewers_export,
    });
    this.#choosing.show(state);
    if (!this.#canEdit()) this.#eyedropper.stop();
    this.container.classList.toggle('panel-open', this.#hinting.isOpen);
    this.container.classList.toggle('colors-open', this.#choosing.card.isOpen);
    this.container.classList.toggle('is-trying', this.#choosing.trying.network !== null);
    this.container.classList.toggle('is-scrubbing', this.#scrubbing.isOpen);
    this.container.classList.toggle('is-cropping', this.#cropping !== null);
    const address = `${window.location.origin}${window.location.pathname}`;
    const shared = sharedLinks({ links, address, capability: this.#options.capability, edit: (edit) => this.#room.edit(edit) });
    this.#share.update(shared);
    const inviteUrl = this.#isNew && links !== null ? shared[0].url : null;
    this.#firstMinute.show(state, { mayPlace: this.#canEdit() && this.#grayIsThere, inviteUrl, others: this.#company.others });
  }

  #mayEdit() {
    const { role, shown } = this.#room.follower;
    return role === 'owner' || (role === 'editor' && shown !== null && !shown.locked);
  }

  /** What is looked at privately stands still, so that a hint on it would find no answer. */
  #canEdit() {
    const isFree = this.#room.follower.shown !== null && this.#cropping === null;
    return isFree && this.#choosing.trying.network === null && !this.#scrubbing.isOpen && this.#mayEdit();
  }

  /** The room as it is, where something else was looked at. @returns {boolean} whether it was */
  #leaveTried() {
    return this.#choosing.trying.back() || this.#scrubbing.back();
  }

  // -- what the member does --------------------------------------------------------------------------------------------

  /** @returns {import('./hinting.js').HintingPage} */
  #hintingPage() {
    return {
      room: this.#room,
      stage: this.#stage,
      store: this.#options.store,
      toolbar: this.#toolbar,
      seeing: this.#seeing,
      mayEdit: () => this.#canEdit(),
      mayPlace: () => this.#grayIsThere,
      usesSizes: () => this.#choosing.serving?.guided ?? false,
      nameOf: (member) => this.#company.nameOf(member),
      onChange: () => this.changed(),
      signal: this.#signal,
    };
  }

  /** @returns {import('./scrubbing.js').ScrubbingPage} */
  #scrubbingPage() {
    return {
      ...this.#options,
      company: this.#company,
      colorOf: this.#stage.colorOf,
      makeWay: () => {
        this.#choosing.trying.back();
        this.#choosing.card.close();
        this.#hinting.select(null);
      },
      onChange: () => this.changed(),
    };
  }

  /** @returns {import('./eyedropper.js').EyedropperPage} */
  #pickingPage() {
    const { api, id, toasts } = this.#options;
    return {
      stage: this.#stage,
      hints: () => (this.#seeing.hidden ? {} : this.#room.shown?.hints ?? {}),
      take: (a, b) => this.#hinting.takeColor(a, b),
      mayPick: () => this.#canEdit() && this.#grayIsThere,
      state: () => this.#room.shown,
      fetchSetAside: (view) => api.setAside(id, view),
      say: (sentence) => void toasts.show(sentence),
      signal: this.#signal,
    };
  }

  /** @param {'undo' | 'redo'} type */
  #step(type) {
    if (this.#canEdit()) this.#room.edit({ type });
  }

  /** @returns {import('./shortcuts.js').ShortcutActions} */
  #shortcuts() {
    const [hinting, seeing] = [this.#hinting, this.#seeing];
    return {
      undo: () => this.#step('undo'),
      redo: () => this.#step('redo'),
      remove: () => hinting.removeSelected(),
      deselect: () => hinting.cancel() || this.#company.following.stop() || this.#leaveTried() || this.#choosing.card.close() || hinting.select(null),
      toggleHints: () => seeing.hide(!seeing.hidden),
      compare: (held) => seeing.compare(held),
      toggleDivider: () => seeing.toggleDivider(),
      toggleGray: () => seeing.toggleGray(),
      zoomIn: () => this.#stage.zoom(ZOOM_STEP),
      zoomOut: () => this.#stage.zoom(1 / ZOOM_STEP),
      fit: () => this.#stage.fit(),
      history: () => this.#scrubbing.back() || this.#scrubbing.open(),
      pick: () => this.#eyedropper.start(),
      hintTool: () => hinting.chooseTool('hint'),
      pinTool: () => hinting.chooseTool('pin'),
      selectEvery: () => hinting.selectEvery(),
      addInTheMiddle: () => hinting.addInTheMiddle(),
      nudge: (dx, dy) => hinting.nudge(dx, dy) || this.#stage.pan(-dx * PAN_PX, -dy * PAN_PX),
      nudgeFar: (dx, dy) => hinting.nudge(dx * FAR, dy * FAR) || this.#stage.pan(-dx * FAR * PAN_PX, -dy * FAR * PAN_PX),
      nudged: () => hinting.nudged(),
      help: () => showHelp(this.#signal),
    };
  }

  #save() {
    const { role, shown } = this.#room.follower;
    const files = role === 'viewer' ? [] : roomFiles(this.#options, Object.keys(shown?.hints ?? {}).length);
    this.#download.open({ ...this.#stage.view.pictureSize, grayBytesPerPixel: this.#grayBytesPerPixel }, files);
  }

  #crop() {
    if (this.#cropping !== null) return;
    this.#hinting.select(null);
    const onEnd = () => {
      this.#cropping = null;
      this.changed();
    };
    this.#cropping = cropPicture({ stage: this.#stage, room: this.#room, into: this.container, onEnd, signal: this.#signal });
    this.changed();
  }

  #joinParts() {
    const [toolbar, topBar, room] = [this.#toolbar, this.#topBar, this.#room];
    this.#seeing.onChange = () => this.changed();
    toolbar.onUndo = () => this.#step('undo');
    toolbar.onRedo = () => this.#step('redo');
    toolbar.onZoom = (factor) => this.#stage.zoom(factor);
    toolbar.onFit = () => this.#stage.fit();
    this.#hinting.panel.swatches.onPick = () => this.#eyedropper.start();
    this.#hinting.panel.onReference = (file) => this.#eyedropper.open(file);
    this.#hinting.panel.onStep = (type) => this.#step(type);
    topBar.onRetitle = (title) => room.edit({ type: 'retitle', title });
    topBar.onShare = () => this.#share.open();
    topBar.onDownload = () => this.#save();
    topBar.onColors = () => this.#choosing.toggle();
    topBar.items = () => this.#menuItems();
    this.#banner.onTryNow = () => room.retryNow();
    this.#firstMinute.onAnswer = (place) => this.#hinting.addAt(place);
    this.#stage.onMoved = () => {
      this.#firstMinute.project();
      toolbar.showZoom(this.#stage.view.viewport.scale);
      this.#cropping?.project();
      if (this.#grayIsThere) this.#company.moved();
    };
  }

  #menuItems() {
    const state = this.#room.shown;
    if (state === null) return [];
    return roomMenuItems({
      state,
      role: this.#room.follower.role,
      networks: this.#room.follower.engine?.networks.map(({ name }) => name) ?? [],
      edit: (edit) => this.#room.edit(edit),
      help: () => showHelp(this.#signal),
      crop: () => this.#crop(),
      save: () => this.#save(),
      colors: () => this.#choosing.open(),
      history: () => this.#scrubbing.open(),
      place: this.#options,
      signal: this.#signal,
    });
  }
}
