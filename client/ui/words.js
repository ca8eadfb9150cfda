// @ts-check
/** Every sentence that the pages show, in one place. */

export const words = {
  product: 'chromaVive',
  landing: {
    heading: 'Color an old photograph together.',
    lead: 'Drop a black-and-white photograph, send the link, and say what color things were. Everyone sees the picture answer as you drag.',
    drop: 'Drop a photograph here',
    dropMore: 'or paste one, or choose a file',
    dropping: 'Let go to open it',
    choose: 'Choose a photograph',
    kinds: 'JPEG, PNG, WebP, HEIC or TIFF',
    samples: 'Or try one of these',
    /** @param {string} title */
    openSample: (title) => `Open the sample ${title}`,
    rooms: 'Your rooms',
    roomsNote: 'Remembered by this browser only.',
    untitled: 'Untitled photograph',
    justNow: 'just now',
    /** @param {string} title */
    forget: (title) => `Remove ${title} from this list`,
    forgotten: 'Removed from the list. The room itself is untouched.',
    putBack: 'Put back',
    password: 'Password for opening rooms',
    passwordNote: 'The operator of this server asks for it.',
    /** @param {number} percent */
    uploading: (percent) => `Sending the photograph, ${percent} %`,
    preparing: 'Reading the photograph',
    cancel: 'Cancel',
    /** @param {string} version @param {string} network */
    about: (version, network) => `chromaVive ${version} · ${network}`,
    /** @param {string} limit */
    tooLarge: (limit) => `That file is larger than ${limit}, the most that this server takes. Save it smaller and try again.`,
    oneAtATime: 'Opening the first of them; one photograph makes one room.',
  },
  /** What to do about a refusal, by its code, after the server's sentence. */
  advice: /** @type {Record<string, string>} */ ({
    not_a_photograph: 'Open it in a photo program and save it as JPEG or PNG.',
    photograph_truncated: 'Copy the file again and retry.',
    photograph_too_many_pixels: 'Save a smaller copy and try that.',
    photograph_too_small: 'Try a larger scan.',
    upload_too_large: 'Save a smaller copy and try that.',
    decoding_failed: 'Save it again as JPEG or PNG and try that.',
    decoding_timed_out: 'Save a smaller copy and try that.',
    password_refused: 'Check the password below the drop zone.',
    server_busy: 'Nothing is lost; just try once more.',
    offline: 'Check your connection, then try again.',
  }),
  offline: 'The server cannot be reached.',
  roles: { owner: 'Owner', editor: 'Can color', viewer: 'Watching' },
  theme: { label: 'Appearance', system: 'As the system', light: 'Light', dark: 'Dark' },
  room: {
    home: 'To the start page',
    title: 'Title',
    untitled: 'Untitled photograph',
    share: 'Share',
    download: 'Download the picture',
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
    someone: 'someone',
    cleared: 'All hints removed.',
  },
  tools: {
    label: 'Tools',
    hint: 'Color',
    hand: 'Move the view',
    undo: 'Undo',
    redo: 'Redo',
    hide: 'Hide the hints',
    show: 'Show the hints',
    compare: 'Hold to see it gray',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    fit: 'Fit the picture',
    /** @param {number} percent */
    zoom: (percent) => `${percent} %`,
  },
  panel: {
    label: 'Color of the hint',
    picker: 'Colors possible at this brightness',
    /** @param {string} hex */
    pickerValue: (hex) => `Color ${hex}`,
    hex: 'Hex',
    size: 'Size',
    neutral: 'Gray',
    remove: 'Remove',
    close: 'Done',
    keep: 'Use for the next hints',
    release: 'Back to the color of the picture',
    recent: 'Recent colors',
    /** @param {string} hex */
    use: (hex) => `Use ${hex}`,
    notPossible: 'No screen can show this color at this brightness. The nearest is shown.',
    keepsBrightness: 'The photograph keeps its brightness here: hue and strength count.',
    badHex: 'A hex color looks like #c2410c.',
  },
  palette: {
    label: 'Likely colors here',
    title: 'Likely here',
    /** @param {string} hex @param {number} percent */
    swatch: (hex, percent) => `${hex}, ${percent < 1 ? 'less than 1' : percent} % likely`,
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
    tryThis: (network) => `Try ${network} privately`,
    /** @param {string} network */
    backFrom: (network) => `Back from ${network}`,
    onlyOne: 'Whoever runs this server can add others: chromavive weights pull siggraph17',
    /** @param {string} chosen @param {string} serving */
    missing: (chosen, serving) => `${chosen} was chosen, which this server does not have; ${serving} stands in.`,
  },
  trying: {
    /** @param {string} network */
    network: (network) => `Only you see this: ${network} at this moment.`,
    /** @param {string} network */
    waiting: (network) => `${network} is painting it, for you alone.`,
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
  },
  menu: {
    colors: 'Network and vividness',
    turn: 'Turn by 90°',
    crop: 'Crop',
    uncrop: 'Show the whole photograph',
    beforeFirst: 'Before the first hint only',
    lock: 'Lock for everybody else',
    viewersExport: 'Viewers may download',
    saveRecipe: 'Save the recipe',
    openRecipe: 'Open a recipe',
    clear: 'Remove all hints',
    remove: 'Delete this room',
    help: 'Keyboard',
  },
  /** The sheet of keys; what each does, by its action in keys.js. */
  help: {
    title: 'Keyboard',
    close: 'Done',
    groups: { hints: 'Hints', seeing: 'Seeing', page: 'Page' },
    keys: /** @type {Record<import('./keys.js').Action, string>} */ ({
      addInTheMiddle: 'Place a hint in the middle of the screen',
      nudge: 'Move the selected hint, else the view',
      nudgeFar: 'The same, ten times as far',
      remove: 'Remove the selected hint',
      hintTool: 'Color again, after moving the view',
      undo: 'Undo what you did',
      redo: 'Do it again',
      compare: 'Hold to see it gray',
      toggleHints: 'Hide or show the hints',
      zoomIn: 'Zoom in',
      zoomOut: 'Zoom out',
      fit: 'Fit the picture',
      deselect: 'Let go, close, leave',
      help: 'This list',
    }),
    gestures: {
      pan: 'Move the view',
      wheel: 'Zoom where the pointer is',
    },
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
  stopped: /** @type {Record<string, {title: string, text: string, again?: boolean}>} */ ({
    not_found: {
      title: 'This link opens no room',
      text: 'It may have been cut off when it was copied, or the room was deleted. Ask the person who sent it for a new one.',
    },
    no_such_room: {
      title: 'This link opens no room',
      text: 'It may have been cut off when it was copied, or the room was deleted. Ask the person who sent it for a new one.',
    },
    link_rotated: {
      title: 'This link was replaced',
      text: 'The owner has made a new link. Ask for it; your hints are still in the picture.',
    },
    room_removed: { title: 'This room was deleted', text: 'Its photograph and its hints were deleted by the owner.' },
    room_full: {
      title: 'This room is full',
      text: 'It holds 500 people, as many as it can. Try again when somebody has left.',
      again: true,
    },
    version_mismatch: {
      title: 'There is a newer page',
      text: 'The server was updated while this page was open. Reload it; everything you did is kept.',
      again: true,
    },
    replaced: { title: 'This page moved on', text: 'It has connected anew elsewhere. Reload to continue here.', again: true },
    malformed: { title: 'The server did not understand this page', text: 'Reload the page. What was acknowledged is safe.', again: true },
    no_link: { title: 'This address is not whole', text: 'The part after # that opens the room is missing. Ask for the link again.' },
    no_webgl: { title: 'This browser cannot draw the picture', text: 'WebGL2 is switched off or missing. Try another browser, or turn on hardware acceleration.', again: true },
  }),
  stoppedOther: { title: 'The connection has ended', text: 'Reload the page to come back.' },
  reload: 'Reload',
  toLanding: 'Open another photograph',
  failed: { download: 'The download did not start.', recipe: 'This file is not a recipe.' },
};

/** Parts of the friendly names that members get until they choose one. */
export const nameWords = {
  colors: [
    'Amber', 'Azure', 'Cobalt', 'Coral', 'Crimson', 'Emerald', 'Golden', 'Hazel', 'Indigo', 'Ivory', 'Jade', 'Lilac',
    'Mauve', 'Ochre', 'Olive', 'Rose', 'Russet', 'Saffron', 'Scarlet', 'Sepia', 'Silver', 'Teal', 'Umber', 'Violet',
  ],
  animals: [
    'Badger', 'Crane', 'Curlew', 'Deer', 'Falcon', 'Finch', 'Fox', 'Hare', 'Heron', 'Ibis', 'Jay', 'Kestrel', 'Lark',
    'Lynx', 'Marten', 'Otter', 'Owl', 'Plover', 'Puffin', 'Robin', 'Stoat', 'Swallow', 'Swift', 'Wren',
  ],
};
