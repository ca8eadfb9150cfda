// @ts-check
/** Every sentence that the pages show, in one place: here, and in the files of words/ for what is large. */

import { help } from './words/help.js';
import { history } from './words/history.js';
import { advice, landing } from './words/landing.js';
import { stopped, stoppedOther } from './words/stopped.js';
import { told } from './words/told.js';

export const words = {
  product: 'chromaVive',
  landing,
  advice,
  help,
  history,
  stopped,
  stoppedOther,
  told,
  offline: 'The server cannot be reached.',
  roles: { owner: 'Owner', editor: 'Can color', viewer: 'Watching' },
  theme: { label: 'Appearance', system: 'As the system', light: 'Light', dark: 'Dark' },
  room: {
    home: 'To the start page',
    title: 'Title',
    untitled: 'Untitled photograph',
    share: 'Share',
    download: 'Download the picture',
    save: 'Save',
    colors: 'Network and vividness',
    more: 'More',
    locked: 'Locked by the owner',
    loading: 'Opening the photograph',
    hadColors: 'This photograph had colors. They are set aside: what you see starts from its grays.',
    firstHint: 'Click anywhere and say what color it was.',
    firstHintTouch: 'Tap anywhere and say what color it was.',
    watching: 'You are watching. Ask for an editor link to color along.',
    nobodyYet: 'Just you so far',
    you: 'you',
    yourName: 'Your name',
    /** @param {number} count */
    people: (count) => (count === 1 ? 'One person here' : `${count} people here`),
    stage: 'The photograph. Enter places a hint in the middle; arrow keys pan, plus and minus zoom.',
    /** @param {string} color @param {string} author */
    hint: (color, author) => `Hint, ${color}, by ${author}`,
    /** @param {string} color @param {string} author */
    pin: (color, author) => `Pin, keeps ${color}, by ${author}`,
    someone: 'someone',
  },
  company: {
    cursors: 'Show the others\' cursors',
    /** @param {string} name */
    follow: (name) => `Follow what ${name} sees`,
    followIt: 'Follow',
    /** @param {string} name */
    following: (name) => `Following ${name}`,
    stop: 'Stop',
    ask: 'What color was this?',
    invite: 'Color it together',
  },
  news: {
    /** @param {string} name */
    lost: (name) => `${name}'s color won.`,
    useMine: 'Use mine',
    /** By the edit's type: to its author, who is offered to take it back for everybody. */
    own: /** @type {Record<string, string>} */ ({
      clear: 'All hints removed.', import: 'The recipe is in the place of all hints.', restore: 'That moment is back, for everyone.',
      network: 'Another network paints the room for everybody.',
    }),
    /** By the edit's type: to everybody else. */
    others: /** @type {Record<string, ((name: string) => string) | undefined>} */ ({
      clear: (name) => `${name} removed all hints`,
      import: (name) => `${name} opened a recipe in the place of all hints`,
      restore: (name) => `${name} went back to an earlier moment`,
      undo_all: (name) => `${name} brought the hints back`,
      lock: (name) => `${name} locked the room`,
      unlock: (name) => `${name} unlocked the room`,
      network: (name) => `${name} chose another network`,
    }),
  },
  tools: {
    label: 'Tools',
    hint: 'Color',
    pin: 'Pin: keep the color that is here',
    hand: 'Move the view',
    undo: 'Undo',
    redo: 'Redo',
    hide: 'Hide the hints',
    show: 'Show the hints',
    compare: 'Hold to see it gray',
    divider: 'Before and after',
    gray: 'In gray, to judge brightness',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    fit: 'Fit the picture',
    /** @param {number} percent */
    zoom: (percent) => `${percent} %`,
  },
  divider: {
    label: 'Divider between before and after',
    /** @param {number} percent @param {string} before */
    value: (percent, before) => `${percent} % ${before}`,
    gray: 'Gray',
    colors: 'Colors',
    photographed: 'As photographed',
    /** @param {string} other */
    instead: (other) => `Instead: ${other}`,
  },
  panel: {
    label: 'Color of the hint',
    picker: 'Colors possible at this brightness',
    pickerRole: 'Plane of colors',
    /** @param {string} hex @param {number} a @param {number} b */
    pickerValue: (hex, a, b) => `${hex}, ${Math.abs(a)} to ${a < 0 ? 'green' : 'red'}, ${Math.abs(b)} to ${b < 0 ? 'blue' : 'yellow'}`,
    field: 'Color: hex, RGB or Lab',
    notations: { hex: 'Hex', rgb: 'RGB', lab: 'Lab' },
    /** @param {string} name */
    notation: (name) => `Shown as ${name}`,
    size: 'Size',
    neutral: 'Gray',
    remove: 'Remove',
    /** @param {number} count */
    several: (count) => `${count} hints together`,
    pin: 'Keep another place as it is',
    close: 'Done',
    keep: 'Use for the next hints',
    release: 'Back to the color of the picture',
    recent: 'Recent colors',
    /** @param {string} hex */
    use: (hex) => `Use ${hex}`,
    /** @param {number} percent */
    notPossible: (percent) => `No screen can show this color at this brightness. The nearest has ${percent} % of its strength.`,
    /** @param {string} hex */
    asked: (hex) => `Asked for: ${hex}`,
    /** @param {string} hex */
    shown: (hex) => `Shown: ${hex}`,
    keepsBrightness: 'The photograph keeps its brightness here: hue and strength count.',
    badColor: 'Write a color as #c2410c, rgb 194 65 12 or lab 46 52 54.',
  },
  swatches: {
    label: 'Colors of this room',
    keep: 'Keep this color for everybody',
    change: 'Rename or remove',
    name: 'Name',
    yes: 'Keep',
    /** @param {string} name */
    use: (name) => `Use ${name}`,
  },
  picking: {
    start: 'Take a color from somewhere',
    hint: 'Press a color.',
    /** @param {string} hex */
    ofHint: (hex) => `${hex}, as the hint`,
    photographed: 'As photographed',
    open: 'Reference',
    leave: 'Leave',
    reference: 'Reference photograph',
    closeReference: 'Close the reference',
    unreadable: 'This browser cannot read that picture. JPEG, PNG and WebP always work.',
    nothing: 'The colors of the photograph did not come. Try again.',
  },
  palette: {
    label: 'Likely colors here',
    title: 'Likely here',
    /** @param {string} hex @param {number} percent */
    likely: (hex, percent) => `${hex}, ${percent < 1 ? 'less than 1' : percent} % likely`,
    /** @param {string} network */
    guessedBy: (network) => `as ${network} guesses`,
  },
  colors: {
    title: 'Colors',
    close: 'Close',
    vividness: 'Vividness',
    vividnessNote: 'Bolder colors where nobody has placed a hint. You alone see it until you let go.',
    ownerOnly: 'Only the owner can change it.',
    /** @param {number} percent */
    percent: (percent) => `${percent} %`,
    network: 'Network',
    current: 'In use',
    tried: 'Only you see it',
    tryIt: 'Try privately',
    /** @param {string} network */
    tryThis: (network) => `Try privately: ${network}`,
    /** @param {string} network */
    backFrom: (network) => `Back from ${network}`,
    onlyOne: 'Whoever runs this server can add others: chromavive weights pull siggraph17',
    /** @param {string} chosen @param {string} serving */
    missing: (chosen, serving) => `${chosen} was chosen, which this server does not have; ${serving} stands in.`,
  },
  justNow: 'just now',
  trying: {
    /** @param {string} network */
    network: (network) => `Only you see this: ${network} at this moment.`,
    /** @param {string} network */
    waiting: (network) => `${network} is painting it, for you alone.`,
    beside: 'Side by side',
    /** @param {string} network */
    room: (network) => `Room: ${network}`,
    /** @param {string} network */
    alone: (network) => `You: ${network}`,
    choose: 'Use for everyone',
    back: 'Back',
  },
  /** What to know of a network, by its name. */
  networks: /** @type {Record<string, {name: string, text: string} | undefined>} */ ({
    siggraph17: { name: 'SIGGRAPH17', text: 'The published network that takes hints.' },
    eccv16: { name: 'ECCV16', text: 'Automatic; hints only touch their surroundings.' },
    compact: { name: 'Compact', text: 'Quick: answers at once, on any machine.' },
    stub: { name: 'Stub', text: 'Made-up colors, for trials.' },
  }),
  /** @param {string} name as the server calls it @returns {string} */
  networkName: (name) => words.networks[name]?.name ?? name,
  download: {
    title: 'Download the picture',
    format: 'Format',
    formats: {
      png: { name: 'PNG', note: 'Exact, and opens everywhere.' },
      jpeg: { name: 'JPEG', note: 'Small, for sending and printing.' },
      webp: { name: 'WebP', note: 'The smallest, for web pages.' },
      tiff: { name: 'TIFF', note: '16 bit a channel, for photo editors.' },
    },
    quality: 'Quality',
    layout: 'Layout',
    layouts: {
      picture: { name: 'Picture', note: 'The photograph in color.' },
      side_by_side: { name: 'Side by side', note: 'The gray original on the left, the colors on the right.' },
      colors: { name: 'Color layer', note: 'The colors alone, to lay over the original in a photo editor (blend mode: color).' },
    },
    /** @param {number} width @param {number} height */
    size: (width, height) => `${width} × ${height} pixels, full size`,
    go: 'Download',
    cancel: 'Cancel',
    making: 'Making the picture',
    /** @param {string} bytes */
    about: (bytes) => `about ${bytes} (estimated)`,
    others: 'Or take, besides the picture',
    recipe: 'Recipe',
    recipeNote: 'The hints and what painted them, a few kilobytes: colors the same photograph again, or another one.',
    backup: 'Backup',
    backupNote: 'The whole room: the photograph as it was uploaded and all that was done here; opens as a new room on the start page.',
  },
  menu: {
    colors: 'Network and vividness',
    turn: 'Turn by 90°',
    crop: 'Crop',
    uncrop: 'Show the whole photograph',
    beforeFirst: 'Before the first hint only',
    lock: 'Lock for everybody else',
    viewersExport: 'Viewers may download',
    save: 'Save recipe or backup',
    openRecipe: 'Open a recipe',
    clear: 'Remove all hints',
    remove: 'Delete this room',
    history: 'Earlier moments',
    help: 'Keyboard',
  },
  confirm: {
    cancel: 'Cancel',
    removeTitle: 'Delete this room?',
    remove: 'The photograph and all its hints are deleted for everybody. This cannot be undone.',
    removeYes: 'Delete for everybody',
    rotateTitle: 'Replace this link?',
    rotate: 'Everybody who came in by the old link is sent out at once, and the old link stops working.',
    rotateYes: 'Replace the link',
  },
  cropping: { label: 'Crop', apply: 'Crop', cancel: 'Cancel', corner: 'Drag to crop' },
  share: {
    title: 'Share this picture',
    editor: 'Color together',
    editorNote: 'Everyone with this link can place and change hints.',
    viewer: 'Watch',
    viewerNote: 'Sees everything live, changes nothing.',
    stream: 'For a stream or a projector',
    streamNote: 'The picture alone, filling the window.',
    owner: 'Your own devices',
    ownerNote: 'Gives all your rights. Keep it to yourself.',
    here: 'This page',
    hereNote: 'Your own link gives the others the same rights as you have.',
    code: 'QR code of the link',
    copy: 'Copy',
    copied: 'Copied',
    replace: 'Replace',
    onlyHere: 'These links work on this computer only. For others on your network, start the server with --lan and open the address that it prints.',
    copyFailed: 'Select the link and copy it by hand.',
    close: 'Done',
  },
  connection: {
    connecting: 'Connecting',
    live: 'Live',
    waiting: 'Offline',
    stopped: 'Stopped',
    offline: 'You are offline. What you do is kept here and sent when the connection is back.',
    /** @param {number} seconds */
    retryIn: (seconds) => `Trying again in ${seconds} s`,
    now: 'Try now',
  },
  status: {
    painting: 'Painting',
    settled: 'Up to date',
    /** @param {string} network */
    network: (network) => `Colors by ${network}`,
    waiting: 'Waiting for the first colors',
    /** @param {number} ms */
    pass: (ms) => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`,
  },
  /** @param {number} count of fields that an undo left alone */
  skipped: (count) => (count === 1 ? 'Left as it is: somebody has changed it since.' : `Partly left as it is: ${count} things were changed by somebody since.`),
  rolledBack: {
    title: 'A change of yours is missing',
    /** @param {string} what */
    text: (what) => `The server was restored from a backup that does not know it: ${what}. Shall it be made again?`,
    again: 'Make it again',
    leave: 'Leave it',
    /** By the edit's type. */
    what: /** @type {Record<string, string>} */ ({
      add: 'a new hint', move: 'a hint moved', recolor: 'a hint recolored', resize: 'a hint of another size',
      remove: 'a hint removed', clear: 'all hints removed', import: 'a recipe opened', retitle: 'a new title', turn: 'a turn', crop: 'a crop',
      network: 'another network', vividness: 'another vividness',
    }),
    other: 'a change of the room',
  },
  reload: 'Reload',
  toLanding: 'Open another photograph',
  failed: { download: 'The download did not start.', recipe: 'This file is not a recipe.' },
};
