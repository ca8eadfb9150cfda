"""What every field of the protocol means, in which unit and bounds: for docs/protocol.md and the JSON Schema.

A field has one meaning wherever it stands; where a message means another, its line says `Message.field`. Bounds are in
the words of JSON Schema. What the types enforce by themselves stands in them and is not repeated here.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from chromavive import ids, limits


class Field(NamedTuple):
    """A field's meaning, and its bounds."""

    meaning: str
    bounds: Mapping[str, Any] = MappingProxyType({})


FRACTION = {"minimum": 0, "maximum": 1}
COUNT = {"minimum": 0}
FROM_ONE = {"minimum": 1}
SECRET = {"pattern": f"^{ids.SECRET_PATTERN.pattern}$"}
SEAT = {"pattern": f"^{ids.SEAT_PATTERN.pattern}$"}
ROOM = {"pattern": f"^{ids.ROOM_PATTERN.pattern}$"}
HINT = {"pattern": f"^{ids.HINT_PATTERN.pattern}$"}
MEMBER = {"pattern": f"^{ids.MEMBER_PATTERN.pattern}$"}
HEX_16 = {"pattern": "^[0-9a-f]{16}$"}
HEX_32 = {"pattern": "^[0-9a-f]{32}$"}
SHA256 = {"pattern": "^[0-9a-f]{64}$"}
HINTS = {"maxItems": limits.HINTS_MAX}
TITLE = {"maxLength": limits.TITLE_CHARACTERS_MAX}
AB = {"minimum": -limits.AB_MAX, "maximum": limits.AB_MAX}
VALUE = Field("The value before and the one after, with the bounds of the field that it is of.")

FIELDS: dict[str, Field] = {
    "a": Field("CIE Lab units (D65): green to red.", AB),
    "after": VALUE,
    "after_seconds": Field("How long to wait before sending again, or coming back, in seconds.", COUNT),
    "author": Field("The public id of the member who placed the hint; empty: not known.", MEMBER),
    "b": Field("CIE Lab units (D65): blue to yellow.", AB),
    "before": VALUE,
    "capability": Field("The secret of a link.", SECRET),
    "Hello.capability": Field("The secret of a link; one of another shape opens nothing."),
    "chain": Field("The chained hash over all entries up to a revision, 64 bits.", HEX_16),
    "Hello.chain": Field("The chain after `revision`, as the hub said it; any other means another past."),
    "changes": Field("What the entry did, field by field; nothing where all of an undo was skipped."),
    "chromavive_recipe": Field("The version of recipes."),
    "chromavive_backup": Field("The version of backups; 1."),
    "chromavive_room": Field("The version of room files; 1."),
    "code": Field("Which refusal it is; see the tables of refusals."),
    "colors": Field("Likely colors, the likeliest first.", {"maxItems": 9}),
    "connections": Field("Sockets that are open.", COUNT),
    "count": Field("Connections in all, those beyond the list included.", COUNT),
    "crop": Field(
        f"Left, top, right, bottom of the turned photograph, as fractions, at least {limits.CROP_SIDE_PX_MIN} px.",
        {"items": FRACTION},
    ),
    "default": Field("The network that serves where a room's own is not loaded."),
    "device": Field("What the networks run on: `cpu` or the name of a GPU."),
    "distribution": Field("The network whose distribution palettes and vividness come from."),
    "edit": Field("What is asked for; see Edits."),
    "editor": Field("The editor's capability.", SECRET),
    "engine": Field("What is loaded, and where."),
    "entries": Field(
        "The entries after the page's revision, in order; null: see `state`.", {"maxItems": limits.RESUME_ENTRIES_MAX}
    ),
    "entry": Field("An entry as the journal holds it."),
    "epoch": Field("64 random bits, drawn when the room was loaded into memory.", HEX_16),
    "Hello.epoch": Field("The epoch of the frames that the page has."),
    "format": Field("Of the file; `tiff` has 16 bits a channel."),
    "generations": Field("How often each role's link was replaced, by role."),
    "gesture": Field("A page's gestures, counted from 1."),
    "gestures": Field("All in progress, in the order they began."),
    "guided": Field("Whether hints, their sizes too, reach the network; fidelity obeys their colors in any case."),
    "had_colors": Field("Whether the photograph showed colors, which were set aside."),
    "height": Field("Of the photograph after EXIF orientation, in pixels.", FROM_ONE),
    "height_px": Field("Of the photograph after EXIF orientation, in pixels.", FROM_ONE),
    "RoomShown.height_px": Field("Of the picture as turned and cropped, in pixels.", FROM_ONE),
    "hint": Field("A hint's id.", HINT),
    "first": Field("The earliest moment that can be shown: the picture was turned or cropped there.", FROM_ONE),
    "hints": Field("Hints, each once.", HINTS),
    "HistoryEntry.hints": Field("How many it touched.", COUNT),
    "HistoryEntry.kind": Field("The edit's tag."),
    "HistoryEntry.member": Field(
        "Its author's public id; empty for the first entry.", {"pattern": "^([0-9a-f]{16})?$"}
    ),
    "History.entries": Field("The oldest first.", {"maxItems": 500}),
    "Add.hints": Field("What to add, each under a fresh id.", HINTS),
    "State.hints": Field("By id.", {"maxProperties": limits.HINTS_MAX, "propertyNames": HINT}),
    "Recolor.hints": Field("Ids, each once.", {**HINTS, "items": HINT}),
    "Remove.hints": Field("Ids, each once.", {**HINTS, "items": HINT}),
    "Resize.hints": Field("Ids, each once.", {**HINTS, "items": HINT}),
    "id": Field("A hint's id, drawn by the page.", HINT),
    "kept": Field("Where photographs are kept, in a sentence."),
    "kind": Field("`drop`: take it back. `retry`: send the same again."),
    "Entry.kind": Field("The type of the edit; `opened` for the first."),
    "layout": Field("What the file shows; see [HTTP](http.md#exports)."),
    "links": Field("The room's three capabilities, for owners only; null for others."),
    "locked": Field("Whether editors may not change hints."),
    "look": Field("Counts what would be rendered.", COUNT),
    "SetSwatch.id": Field("A swatch's id, drawn by the page.", HINT),
    "SwatchSet.id": Field("A swatch's id.", HINT),
    "NamedColor.id": Field("A swatch's id.", HINT),
    "member": Field("A member's public id, a hash of its secret.", HEX_16),
    "Entry.member": Field("The author's public id; empty for the first entry.", MEMBER),
    "Hello.member": Field("The browser's secret.", SECRET),
    "members": Field("Connections in the room.", COUNT),
    "moves": Field("Where each hint goes.", HINTS),
    "name": Field("Text; what is longer is cut.", {"maxLength": limits.NAME_CHARACTERS_MAX}),
    "Hello.name": Field(f"What others see; cut to {limits.NAME_CHARACTERS_MAX} characters."),
    "Rename.name": Field(f"What others see; cut to {limits.NAME_CHARACTERS_MAX} characters."),
    "NamedColor.name": Field("Of the swatch; may be empty.", {"maxLength": limits.NAME_CHARACTERS_MAX}),
    "NewSwatch.name": Field("Of the swatch; may be empty.", {"maxLength": limits.NAME_CHARACTERS_MAX}),
    "NetworkNote.name": Field("A network."),
    "SampleNote.name": Field("Names the sample in a request."),
    "network": Field("A network's name."),
    "networks": Field("What is loaded.", {"minItems": 1}),
    "note": Field("A sentence for members; empty: nothing to say."),
    "notes": Field("Sentences for people."),
    "number": Field("A seat's edits, counted from 1."),
    "Entry.number": Field("The seat's number; 0 for the first entry.", COUNT),
    "RoomFileEntry.number": Field("As in the entry."),
    "Welcome.number": Field("The highest of this seat that was answered; 0: none.", COUNT),
    "ok": Field("Whether the journal is."),
    "owner": Field("The owner's capability.", SECRET),
    "passes_exported": Field("Of them for exports, since the start.", COUNT),
    "passes_started": Field("Passes since the start.", COUNT),
    "password_needed": Field("Whether opening a room needs the operator's password."),
    "payload": Field("The entry's JSON, as text."),
    "photograph": Field("What everybody may know of it."),
    "pinned": Field(
        "Whether it keeps what the picture showed there, and is drawn so; entries from before pins do not say it."
    ),
    "Import.photograph": Field("The SHA-256 of the recipe's; empty: not known."),
    "pixels_max": Field("Of a photograph.", FROM_ONE),
    "precision": Field("In which the network runs: `fp32` or `bf16`."),
    "present": Field("Seats, those with a cursor first.", {"maxItems": limits.CURSORS_MAX}),
    "progress": Field("How much is done.", FRACTION),
    "quality": Field("Of JPEG and WebP."),
    "quarter_turns": Field("Clockwise; taken by four."),
    "reachable": Field("Whether a page of this origin and version would be welcomed."),
    "revision": Field("Counts a room's entries.", FROM_ONE),
    "PreviewOf.revision": Field("The moment that is to be shown; null: the present one.", FROM_ONE),
    "Restore.revision": Field("The moment that is to come back.", FROM_ONE),
    "Hello.revision": Field("Of the newest entry that the page has."),
    "role": Field("`owner`, `editor` or `viewer`."),
    "rolled_back": Field("Whether the page had entries that the journal does not hold."),
    "room": Field("A room's id.", ROOM),
    "rooms_loaded": Field("Rooms in memory.", COUNT),
    "samples": Field("Photographs to try."),
    "sealed": Field("What members never get of the entry, base64."),
    "seat": Field("A seat's public id, a hash of the member's secret and the seat's.", HEX_32),
    "Accepted.seat": Field("The seat's secret, as its page said it.", SEAT),
    "EditMessage.seat": Field("The seat's secret, which may be that of a page that died."),
    "Entry.seat": Field("The seat's public id; empty for the first entry.", {"pattern": "^([0-9a-f]{32})?$"}),
    "Hello.seat": Field("The page load's secret.", SEAT),
    "Refused.seat": Field("The seat's secret, as its page said it; null: no edit is meant.", SEAT),
    "RoomFileEntry.seat": Field("As in the entry."),
    "sentence": Field("For people."),
    "sha256": Field("Of the uploaded bytes, hexadecimal.", SHA256),
    "share": Field("The part of the distribution that a likely color stands for.", FRACTION),
    "size": Field(
        "Side of a hint's square in working pixels.", {"minimum": limits.HINT_SIZE_MIN, "maximum": limits.HINT_SIZE_MAX}
    ),
    "skipped": Field("Fields that an undo or redo left alone, since somebody had changed them."),
    "source_format": Field("Of the uploaded bytes."),
    "span": Field("How much of the picture is in sight: 1 all, as large as it fits; 0.5 twice as large.", FRACTION),
    "state": Field("The room's state at `revision`; null: see `entries`."),
    "swatch": Field("What the swatch is to be; null: not kept any more."),
    "swatches": Field("By id.", {"maxProperties": limits.SWATCHES_MAX, "propertyNames": HINT}),
    "threads": Field("That the engine had."),
    "ticket": Field("Good for one GET.", SECRET),
    "title": Field("Text.", TITLE),
    "SampleNote.title": Field("For people."),
    "touched": Field(
        "The revision that last set a hint's place or color; the newest lies on top, imported ones reach below 0."
    ),
    "turn": Field("Quarter turns clockwise.", {"minimum": 0, "maximum": 3}),
    "type": Field("Which message, edit or change it is."),
    "undoes": Field(
        "The revision that an undo or redo takes back, or that a restore brings back; else null.", FROM_ONE
    ),
    "unix_seconds": Field("Wall clock, for people: seconds since 1970.", COUNT),
    "upload_bytes_max": Field("Of a photograph.", FROM_ONE),
    "version": Field("Of the protocol, by which page and server know each other."),
    "About.version": Field("Of chromaVive."),
    "versions": Field("Of what the picture was painted with, by name."),
    "view": Field("What the seat's page shows; null: it did not say, or nothing that can be."),
    "viewer": Field("The viewer's capability.", SECRET),
    "viewers": Field("Whether viewers may download the picture."),
    "viewers_export": Field("Whether viewers may download the picture."),
    "vividness": Field("How far the picture leaves the mean of the distribution for its annealed mean.", FRACTION),
    "waiting_bytes": Field("In the outboxes of all connections.", COUNT),
    "weights_hash": Field("The SHA-256 of the network's weights."),
    "width": Field("Of the photograph after EXIF orientation, in pixels.", FROM_ONE),
    "width_px": Field("Of the photograph after EXIF orientation, in pixels.", FROM_ONE),
    "RoomShown.width_px": Field("Of the picture as turned and cropped, in pixels.", FROM_ONE),
    "working_px": Field("Height and width of the working size.", {"items": FROM_ONE}),
    "x": Field("Fraction of the shown picture's width, to the right.", FRACTION),
    "y": Field("Fraction of the shown picture's height, downwards.", FRACTION),
}


def field_of(struct: str, name: str) -> Field:
    """What this field of this struct means."""
    return FIELDS.get(f"{struct}.{name}") or FIELDS[name]
