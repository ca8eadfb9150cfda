// @ts-check
/**
 * The messages of both directions, as in the server's wire/messages.py, hints/edit.py, hints/entry.py and hints/state.py.
 * Fields keep their names on the wire. docs/protocol.md tells their story. tests/client/wire/protocol_types.ts, which is
 * made from the server's types, holds each of these to its own of the same name.
 */

/** @typedef {'owner' | 'editor' | 'viewer'} Role */
/** @typedef {[number, number]} Pair */
/** @typedef {[number, number, number, number]} Crop left, top, right, bottom as fractions of the turned photograph */

// -- hints and state ---------------------------------------------------------------------------------------------------

/**
 * A color said at a point. x, y: fractions of the shown picture, x right, y down. a, b: CIE Lab units. size: working
 * pixels. author: a member's public id. touched: the revision that last set place or color; the newest lies on top.
 * pinned: it keeps what the picture showed there; older entries do not say it.
 * @typedef {object} Hint
 * @property {string} id
 * @property {number} x
 * @property {number} y
 * @property {number} a
 * @property {number} b
 * @property {number} size
 * @property {string} author
 * @property {number} touched
 * @property {boolean} pinned
 */

/** @typedef {{sha256: string, height_px: number, width_px: number, had_colors: boolean}} Photograph */

/**
 * Everything durable that members may know. A value: never changed in place.
 * @typedef {object} State
 * @property {Photograph} photograph
 * @property {string} network as the owner chose; `servingNetwork` says which one paints
 * @property {string} title
 * @property {boolean} locked
 * @property {boolean} viewers_export
 * @property {number} turn quarter turns clockwise, 0 to 3
 * @property {Crop} crop
 * @property {number} vividness 0 to 1
 * @property {Record<string, number>} generations by role
 * @property {Record<string, Hint>} hints by id
 * @property {Record<string, NamedColor>} swatches by id
 */

/** A color that the room keeps by name. @typedef {{id: string, name: string, a: number, b: number}} NamedColor */

// -- edits -------------------------------------------------------------------------------------------------------------

/** @typedef {{id: string, x: number, y: number, a: number, b: number, size?: number, pinned?: boolean}} NewHint */
/** @typedef {{id: string, x: number, y: number}} Placed */
/** @typedef {{type: 'add', hints: NewHint[]}} Add */
/** @typedef {{type: 'move', moves: Placed[]}} Move */
/** @typedef {{type: 'recolor', hints: string[], a: number, b: number}} Recolor */
/** @typedef {{type: 'resize', hints: string[], size: number}} Resize */
/** @typedef {{type: 'remove', hints: string[]}} Remove */
/** @typedef {{type: 'clear'}} Clear */
/** @typedef {{id: string, x: number, y: number, a: number, b: number, size?: number, author?: string, pinned?: boolean}} RecipeHint */
/** @typedef {{type: 'import', hints: RecipeHint[], photograph?: string, turn?: number, crop?: Crop, network?: string | null, vividness?: number | null}} Import network and vividness: owners only */
/** @typedef {{type: 'restore', revision: number}} Restore the hints of that moment; an owner's also network and vividness */
/** @typedef {{type: 'undo'}} Undo */
/** @typedef {{type: 'redo'}} Redo */
/** @typedef {{type: 'retitle', title: string}} Retitle */
/** @typedef {{type: 'lock', locked: boolean}} Lock */
/** @typedef {{type: 'allow_export', viewers: boolean}} AllowExport */
/** @typedef {{type: 'turn', quarter_turns: number}} Turn */
/** @typedef {{type: 'crop', crop: Crop}} CropTo */
/** @typedef {{type: 'network', network: string}} ChooseNetwork owners only, undoable */
/** @typedef {{type: 'vividness', vividness: number}} SetVividness 0 to 1; owners only, undoable */
/** @typedef {{name: string, a: number, b: number}} NewSwatch */
/** @typedef {{type: 'swatch', id: string, swatch: NewSwatch | null}} SetSwatch null: not kept any more */
/** @typedef {{type: 'rotate', role: Role, capability?: string | null}} Rotate */
/** @typedef {Add | Move | Recolor | Resize} GestureEdit what a gesture can do while it lasts */
/**
 * @typedef {GestureEdit | Remove | Clear | Import | Restore | Undo | Redo | Retitle | Lock | AllowExport | Turn | CropTo
 *   | ChooseNetwork | SetVividness | SetSwatch | Rotate} Edit
 */

// -- entries -----------------------------------------------------------------------------------------------------------

/** @typedef {{type: 'hint', hint: string, before: Hint | null, after: Hint | null}} HintSet */
/** @typedef {{type: 'place', hint: string, before: Pair, after: Pair}} PlaceSet */
/** @typedef {{type: 'color', hint: string, before: Pair, after: Pair}} ColorSet */
/** @typedef {{type: 'size', hint: string, before: number, after: number}} SizeSet */
/** @typedef {{type: 'all_hints', before: Hint[], after: Hint[]}} AllHintsSet */
/** @typedef {{type: 'title', before: string, after: string}} TitleSet */
/** @typedef {{type: 'locked', before: boolean, after: boolean}} LockSet */
/** @typedef {{type: 'viewers_export', before: boolean, after: boolean}} ViewersExportSet */
/** @typedef {{type: 'turn', before: number, after: number}} TurnSet */
/** @typedef {{type: 'crop', before: Crop, after: Crop}} CropSet */
/** @typedef {{type: 'network', before: string, after: string}} NetworkSet */
/** @typedef {{type: 'vividness', before: number, after: number}} VividnessSet */
/** @typedef {{type: 'swatch', id: string, before: NamedColor | null, after: NamedColor | null}} SwatchSet */
/** @typedef {{type: 'generation', role: string, before: number, after: number}} GenerationSet */
/** @typedef {{type: 'opened', photograph: Photograph, network: string, title: string}} Opened */
/**
 * @typedef {HintSet | PlaceSet | ColorSet | SizeSet | AllHintsSet | TitleSet | LockSet | ViewersExportSet | TurnSet
 *   | CropSet | NetworkSet | VividnessSet | SwatchSet | GenerationSet | Opened} Change
 */

/**
 * An edit in the room's order. member and seat are public ids.
 * @typedef {object} Entry
 * @property {number} revision
 * @property {string} member
 * @property {string} seat
 * @property {number} number
 * @property {string} kind
 * @property {Change[]} changes
 * @property {number} unix_seconds
 * @property {number | null} [undoes]
 * @property {string[]} [skipped]
 */

// -- from the page -----------------------------------------------------------------------------------------------------

/**
 * @typedef {object} Hello
 * @property {'hello'} type
 * @property {number} version
 * @property {string} capability
 * @property {string} member this browser's secret
 * @property {string} seat this page load's secret
 * @property {string} [name]
 * @property {string | null} [epoch]
 * @property {number | null} [revision]
 * @property {string | null} [chain]
 */
/** @typedef {{type: 'edit', seat: string, number: number, edit: Edit, gesture?: number | null}} EditMessage */
/** @typedef {{type: 'gesture', gesture: number, edit: GestureEdit}} GestureMessage */
/** @typedef {{type: 'cancel', gesture: number}} Cancel */
/** @typedef {{type: 'pointer', x?: number | null, y?: number | null}} Pointer */
/** @typedef {{type: 'view', x: number, y: number, span: number}} View what part of the picture this page shows: its middle; span 1 is all of it */
/** @typedef {{type: 'rename', name: string}} Rename */
/** @typedef {{type: 'painted', look: number}} Painted */
/** @typedef {{type: 'pong'}} Pong */
/** @typedef {{type: 'palette_for', x?: number | null, y?: number | null}} PaletteFor one point a seat; none: no palette */
/**
 * A picture for this page alone. null: the room's own, of the present revision; all null: no preview any more.
 * @typedef {{type: 'preview_of', network?: string | null, vividness?: number | null, revision?: number | null}} PreviewOf
 */
/**
 * @typedef {Hello | EditMessage | GestureMessage | Cancel | Pointer | View | Rename | Painted | Pong | PaletteFor
 *   | PreviewOf
 * } FromPage
 */

// -- to the page -------------------------------------------------------------------------------------------------------

/** @typedef {{type: 'links', owner: string, editor: string, viewer: string}} Links capabilities, for owners only */
/**
 * A network that is loaded. guided: whether hints, sizes too, reach it. distribution: the network whose distribution its palettes and
 * its vividness come from.
 * @typedef {{name: string, precision: string, guided: boolean, distribution: string}} NetworkNote
 */
/** @typedef {{device: string, networks: NetworkNote[], default: string, note: string}} EngineNote */
/**
 * Answers hello: the missing entries, or a snapshot in `state`. member, seat: public ids. number: the highest of this
 * seat that was answered.
 * @typedef {object} Welcome
 * @property {'welcome'} type
 * @property {number} version
 * @property {string} room
 * @property {string} epoch
 * @property {Role} role
 * @property {string} member
 * @property {string} seat
 * @property {number} number
 * @property {number} revision
 * @property {string} chain
 * @property {Pair} working_px height, width
 * @property {number} look the newest of this epoch
 * @property {EngineNote} engine
 * @property {Entry[] | null} entries
 * @property {State | null} state
 * @property {boolean} rolled_back
 * @property {Links | null} links
 */
/** @typedef {{type: 'entry', entry: Entry, chain: string, working_px: Pair}} EntryMessage */
/** @typedef {{type: 'accepted', seat: string, number: number, revision: number}} Accepted */
/**
 * @typedef {object} Refused
 * @property {'refused'} type
 * @property {string} code
 * @property {string} sentence
 * @property {'drop' | 'retry'} kind
 * @property {string | null} seat
 * @property {number | null} number
 * @property {number | null} gesture
 * @property {number | null} after_seconds
 */
/** @typedef {{seat: string, member: string, gesture: number, edit: GestureEdit}} LiveGesture seat, member: public ids */
/** @typedef {{type: 'gestures', gestures: LiveGesture[]}} Gestures in the order they began; replaces the list before */
/** @typedef {{x: number, y: number, span: number}} Sight what a page shows, as it said in its view */
/**
 * One connected seat. x, y: its cursor in fractions of the shown picture. view: what it shows, where it said so.
 * @typedef {{seat: string, member: string, name: string, role: Role, x: number | null, y: number | null, view: Sight | null}} Present
 */
/** @typedef {{type: 'presence', present: Present[], count: number}} Presence replaces the list before */
/** @typedef {{type: 'ping'}} Ping */
/** @typedef {{type: 'engine', sentence: string}} EngineChanged */
/** @typedef {{a: number, b: number, share: number}} LikelyColor CIE Lab units; share of the distribution, 0 to 1 */
/**
 * The likely colors at this page's point, at most nine, the likeliest first. network: whose distribution they are.
 * @typedef {{type: 'palette', x: number, y: number, look: number, network: string, colors: LikelyColor[]}} Palette
 */
/** @typedef {{type: 'leaving', after_seconds: number}} Leaving the server closes this connection: come back after so long */
/**
 * @typedef {Welcome | EntryMessage | Accepted | Refused | Gestures | Presence | Ping | Links | EngineChanged | Palette
 *   | Leaving
 * } ToPage
 */

const TO_PAGE = new Set([
  'welcome', 'entry', 'accepted', 'refused', 'gestures', 'presence', 'ping', 'links', 'engine', 'palette', 'leaving',
]);

/** A message that this page does not know: it and the server are of different versions. */
export class UnknownMessage extends Error {}

/**
 * The message as it travels.
 * @param {FromPage} message
 * @returns {string}
 * @throws {RangeError} a number is not finite: JSON would make it null, and the hub would close the connection
 */
export function encode(message) {
  return JSON.stringify(message, (key, value) => {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`${key} is ${value}`);
    return value;
  });
}

/**
 * The message of the hub.
 * @param {string} text
 * @returns {ToPage}
 * @throws {UnknownMessage}
 */
export function decodeFromHub(text) {
  let message;
  try {
    message = JSON.parse(text);
  } catch (error) {
    throw new UnknownMessage('not JSON', { cause: error });
  }
  if (!TO_PAGE.has(message?.type)) throw new UnknownMessage(`type ${message?.type}`);
  return message;
}
