"""Every failure that chromaVive can name.

ChromaviveError
├── OurError                      our own fault, or our machine's
│   ├── JournalBroken             the disk failed: rooms close, the process exits
│   ├── JournalInUse              another process holds the journal
│   ├── EngineFailed              a pass did not end well
│   ├── NetworkUnknown            no such network is loaded here
│   ├── SettingInvalid            the operator chose something that cannot be
│   ├── RoomFileUnreadable        a file that is no whole room, or one that cannot come in
│   ├── WeightsError              missing, damaged or foreign weights
│   ├── WeightsInUse              another process is fetching them
│   ├── WeightsUnreachable        no mirror can be reached
│   ├── DiskFull                  no room for a file
│   ├── LinkInvalid               a script was given what is no room's link
│   ├── ServerUnreachable         a script got no answer in time
│   └── RolledBack                a backup was restored under a script's edit
└── PeerError                     the other side asked for something that it cannot have
    ├── EditRefused               answers one edit or gesture; nothing changed (R10)
    │   ├── HintOutside  HintUnknown  HintTaken  HintsFull  ColorOutside  SizeOutside  EditEmpty
    │   ├── SwatchUnknown  SwatchesFull
    │   ├── NotAllowed  RoomLocked  NothingToUndo  NothingToRedo  HintsPresent  CropTooSmall
    │   ├── TextTooLong  CapabilityMissing  NumberSpent  NetworkNotServed  VividnessOutside  GesturesFull
    │   ├── MomentUnknown
    │   └── NumberEarly  RoomBusy  EditsTooFast  RoomTooFast  MomentComing (retry)
    ├── ConnectionClosed          ends one connection; its code says whether to come back
    │   ├── Malformed  NotFound  LinkRotated  Replaced  RoomRemoved  RoomFull  VersionMismatch     44xx: stay away
    │   └── RoomClosed  OutboxOverflow  NotPainting  ServerLeaving  HelloLate  MessagesTooFast
    │       SeatsTooMany  AddressFull  AddressTooFast                                                45xx: come back
    └── RequestRefused            answers one HTTP request
        ├── NotAPhotograph  PhotographTruncated  PhotographTooManyPixels  PhotographTooSmall
        ├── UploadTooLarge  DecodingFailed  DecodingTimedOut
        ├── NoSuchRoom  OriginRefused  PasswordRefused  TicketSpent  ExportNotAllowed  RequestMalformed  ServerBusy
        ├── RequestsTooMany  DiskNearlyFull
        ├── PhotographMissing  RecipeUnreadable  ShownOtherwise  PictureTooLarge  NothingSetAside
        ├── BackupUnreadable  BackupTooLong
        └── NoSuchRequest  MethodRefused

Codes are stable: clients and scripts act on them. `docs/protocol.md` lists them all.
"""

from collections.abc import Iterator
from typing import ClassVar, Literal

Kind = Literal["drop", "retry"]


class ChromaviveError(Exception):
    """A failure with a stable code and a sentence for people."""

    code: ClassVar[str] = ""
    sentence: ClassVar[str] = ""

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence if sentence is not None else self.sentence)


class OurError(ChromaviveError):
    """Our own fault, or our machine's."""


class JournalBroken(OurError):
    code = "journal_broken"
    sentence = (
        "The journal's disk failed. What was acknowledged is safe; check the disk and its space, then start again."
    )


class JournalInUse(OurError):
    code = "journal_in_use"
    sentence = "Another process holds this journal. Stop it first, or choose another --data folder."


class EngineFailed(OurError):
    code = "engine_failed"
    sentence = "A pass of the network failed. The hints are safe; the picture follows with the next change."


class NetworkUnknown(OurError):
    code = "network_unknown"
    sentence = "This server has not loaded that network."


class SettingInvalid(OurError):
    code = "setting_invalid"
    sentence = "A setting has a value that it cannot have."


class RoomFileUnreadable(OurError):
    code = "room_file_unreadable"
    sentence = "This is not a whole room that can be taken in here."


class WeightsError(OurError):
    code = "weights_invalid"
    sentence = "The weights file is missing, damaged or of another network."


class WeightsInUse(OurError):
    code = "weights_in_use"
    sentence = "Another process is fetching these weights."


class WeightsUnreachable(OurError):
    code = "weights_unreachable"
    sentence = "No mirror of the weights can be reached."


class DiskFull(OurError):
    code = "disk_full"
    sentence = "The disk has no room for this file."


class LinkInvalid(OurError):
    code = "link_invalid"
    sentence = "This is no link of a room: one ends in /room/, the room's id, # and a capability."


class ServerUnreachable(OurError):
    code = "server_unreachable"
    sentence = "The server did not answer in time."


class RolledBack(OurError):
    code = "rolled_back"
    sentence = "A backup was restored while this edit was under way. Send it again if it still fits."


class PeerError(ChromaviveError):
    """The other side asked for something that it cannot have."""

    http_status: ClassVar[int] = 400


class EditRefused(PeerError):
    """Answers one edit or gesture; nothing changed."""

    kind: ClassVar[Kind] = "drop"
    retry_after_seconds: ClassVar[float | None] = None


class HintOutside(EditRefused):
    code = "hint_outside"
    sentence = "That point lies outside the photograph."


class HintUnknown(EditRefused):
    code = "hint_unknown"
    sentence = "That hint is not there any more."


class HintTaken(EditRefused):
    code = "hint_taken"
    sentence = "A hint with this id exists already."


class HintsFull(EditRefused):
    code = "hints_full"
    sentence = "This room holds 512 hints, as many as it can. Remove some first."


class SwatchUnknown(EditRefused):
    code = "swatch_unknown"
    sentence = "That swatch is not there any more."


class SwatchesFull(EditRefused):
    code = "swatches_full"
    sentence = "This room holds 48 swatches, as many as it can. Remove some first."


class ColorOutside(EditRefused):
    code = "color_outside"
    sentence = "That color lies outside the Lab range of hints: a and b are -110 to 110."


class SizeOutside(EditRefused):
    code = "size_outside"
    sentence = "A hint's size is 1 to 9."


class NetworkNotServed(EditRefused):
    code = "network_not_served"
    sentence = "This server has not loaded that network. Choose one of those that it names."


class VividnessOutside(EditRefused):
    code = "vividness_outside"
    sentence = "Vividness is 0 to 1."


class EditEmpty(EditRefused):
    code = "edit_empty"
    sentence = "The edit names nothing to change, or the same hint twice."


class NotAllowed(EditRefused):
    code = "not_allowed"
    sentence = "Your link does not give the right to do this."
    http_status = 403


class RoomLocked(EditRefused):
    code = "room_locked"
    sentence = "The owner has locked this room."
    http_status = 403


class NothingToUndo(EditRefused):
    code = "nothing_to_undo"
    sentence = "You have nothing left to undo here."


class NothingToRedo(EditRefused):
    code = "nothing_to_redo"
    sentence = "You have nothing left to redo here."


class HintsPresent(EditRefused):
    code = "hints_present"
    sentence = "Turn and crop are possible only before the first hint. Clear the hints first."


class CropTooSmall(EditRefused):
    code = "crop_too_small"
    sentence = "The crop has to lie inside the photograph and keep at least 16 pixels a side."


class TextTooLong(EditRefused):
    code = "text_too_long"
    sentence = "That text is too long: a title has at most 120 characters, a swatch's name 40."


class CapabilityMissing(EditRefused):
    code = "capability_missing"
    sentence = "Rotating the owner's link needs a fresh capability of 22 characters."


class NumberSpent(EditRefused):
    code = "number_spent"
    sentence = "An edit with this number was refused before."


class GesturesFull(EditRefused):
    code = "gestures_full"
    sentence = "All gestures of a room hold 2,048 hints together. Let go of some, or wait until others do."


class MomentUnknown(EditRefused):
    code = "moment_unknown"
    sentence = "That moment cannot be shown: it has not been, or it lies before the picture was turned or cropped last."
    http_status = 404


class MomentComing(EditRefused):
    code = "moment_coming"
    sentence = "That moment is being read from the journal; this edit is kept and sent again."
    kind = "retry"
    retry_after_seconds = 0.25


class NumberEarly(EditRefused):
    code = "number_early"
    sentence = "An earlier edit has to be sent again first."
    kind = "retry"
    retry_after_seconds = 0.0


class RoomBusy(EditRefused):
    code = "room_busy"
    sentence = "400 edits, or 384 KiB of them, wait for the disk; this one is kept and sent again."
    kind = "retry"
    retry_after_seconds = 1.0


class EditsTooFast(EditRefused):
    code = "edits_too_fast"
    sentence = "A page may send 120 edits a second; this one is kept and sent again."
    kind = "retry"
    retry_after_seconds = 1.0


class RoomTooFast(EditRefused):
    code = "room_too_fast"
    sentence = "A room takes 500 edits a second from all its pages; this one is kept and sent again."
    kind = "retry"
    retry_after_seconds = 1.0


class ConnectionClosed(PeerError):
    """Ends one connection. 4400-4499: stay away; 4500-4599: come back."""

    close_code: ClassVar[int] = 0


class Malformed(ConnectionClosed):
    code = "malformed"
    sentence = "The message could not be understood."
    close_code = 4400


class NotFound(ConnectionClosed):
    code = "not_found"
    sentence = "There is no such room, or this link does not open it."
    close_code = 4404
    http_status = 404


class LinkRotated(ConnectionClosed):
    code = "link_rotated"
    sentence = "The owner has replaced this link."
    close_code = 4403
    http_status = 403


class Replaced(ConnectionClosed):
    code = "replaced"
    sentence = "This page has connected anew; the old connection is closed."
    close_code = 4409


class RoomRemoved(ConnectionClosed):
    code = "room_removed"
    sentence = "The owner has deleted this room."
    close_code = 4410


class RoomFull(ConnectionClosed):
    code = "room_full"
    sentence = "This room holds 500 people, as many as it can."
    close_code = 4413


class VersionMismatch(ConnectionClosed):
    code = "version_mismatch"
    sentence = "This page is older or newer than the server. Reload it."
    close_code = 4426


class RoomClosed(ConnectionClosed):
    code = "room_closed"
    sentence = "The server closed this room because of a fault. Everything acknowledged is safe."
    close_code = 4500


class OutboxOverflow(ConnectionClosed):
    code = "outbox_overflow"
    sentence = "More than 1 MiB or 1,000 messages wait for this connection; it resumes when it comes back."
    close_code = 4501


class NotPainting(ConnectionClosed):
    code = "not_painting"
    sentence = "No picture was painted here for 10 s; the page resumes when it comes back."
    close_code = 4502


class ServerLeaving(ConnectionClosed):
    code = "server_leaving"
    sentence = "The server is restarting. Come back in a moment."
    close_code = 4503


class HelloLate(ConnectionClosed):
    code = "hello_late"
    sentence = "The connection said no hello within 5 s."
    close_code = 4504


class MessagesTooFast(ConnectionClosed):
    code = "messages_too_fast"
    sentence = "A connection may send 1,000 messages a second. This one is closed and may come back."
    close_code = 4505


class SeatsTooMany(ConnectionClosed):
    code = "seats_too_many"
    sentence = "A connection may send edits of 16 new seats. This one is closed and may come back for more."
    close_code = 4506


class AddressFull(ConnectionClosed):
    code = "address_full"
    sentence = "Your address has as many connections open as it may."
    close_code = 4507


class AddressTooFast(ConnectionClosed):
    code = "address_too_fast"
    sentence = "Your address says more than this server takes. This connection is closed and may come back."
    close_code = 4508


class RequestRefused(PeerError):
    """Answers one HTTP request. kind: whether the same request may do later, after retry_after_seconds."""

    kind: ClassVar[Kind] = "drop"
    retry_after_seconds: float = 2.0


class NotAPhotograph(RequestRefused):
    code = "not_a_photograph"
    sentence = "This file is not a photograph that can be read here. JPEG, PNG, WebP, HEIC and TIFF can."
    http_status = 415


class PhotographTruncated(RequestRefused):
    code = "photograph_truncated"
    sentence = "The file ends too early; it was probably not copied whole."
    http_status = 422


class PhotographTooManyPixels(RequestRefused):
    code = "photograph_too_many_pixels"
    sentence = "The photograph has more pixels than this server takes. Make it smaller first."
    http_status = 413


class PhotographTooSmall(RequestRefused):
    code = "photograph_too_small"
    sentence = "The photograph is too small: at least 16 pixels a side are needed."
    http_status = 422


class UploadTooLarge(RequestRefused):
    code = "upload_too_large"
    sentence = "The file is larger than this server takes."
    http_status = 413


class DecodingFailed(RequestRefused):
    code = "decoding_failed"
    sentence = "The photograph could not be decoded."
    http_status = 422


class DecodingTimedOut(RequestRefused):
    code = "decoding_timed_out"
    sentence = "Decoding the photograph took too long."
    http_status = 422


class NoSuchRoom(RequestRefused):
    code = "no_such_room"
    sentence = "There is no such room, or this link does not open it."
    http_status = 404


class PhotographMissing(RequestRefused):
    code = "photograph_missing"
    sentence = (
        "This room's photograph is not on the server's disk any more. "
        "Its hints are safe, and whoever runs the server can bring it back from a backup."
    )
    http_status = 404


class OriginRefused(RequestRefused):
    code = "origin_refused"
    sentence = "Pages of this origin may not use this server. Start it with --public-url to allow one."
    http_status = 403


class PasswordRefused(RequestRefused):
    code = "password_refused"
    sentence = "Opening a room here needs the password that the operator chose."
    http_status = 401


class TicketSpent(RequestRefused):
    code = "ticket_spent"
    sentence = "This download has been fetched already, or waited too long. Ask for it again."
    http_status = 404


class ExportNotAllowed(RequestRefused):
    code = "export_not_allowed"
    sentence = "The owner does not let viewers download the picture."
    http_status = 403


class RequestMalformed(RequestRefused):
    code = "request_malformed"
    sentence = "The request could not be understood."
    http_status = 400


class RecipeUnreadable(RequestRefused):
    code = "recipe_unreadable"
    sentence = "This is not a recipe that can be read here."
    http_status = 422


class NothingSetAside(RequestRefused):
    code = "nothing_set_aside"
    sentence = "This photograph came without colors of its own."
    http_status = 404


class BackupUnreadable(RequestRefused):
    code = "backup_unreadable"
    sentence = "This is not a whole backup of a room."
    http_status = 422


class BackupTooLong(RequestRefused):
    code = "backup_too_long"
    sentence = (
        "A backup holds 100,000 entries and 64 MiB of them; this room has seen more. "
        "Whoever runs the server can take it with `chromavive rooms export`."
    )
    http_status = 422


class ShownOtherwise(RequestRefused):
    code = "shown_otherwise"
    sentence = "The room's picture is turned or cropped otherwise by now. Ask for it as it is."
    http_status = 409


class PictureTooLarge(RequestRefused):
    code = "picture_too_large"
    sentence = "This format holds no picture of that size. Take PNG or TIFF."
    http_status = 422


class NoSuchRequest(RequestRefused):
    code = "no_such_request"
    sentence = "There is no request of this name. docs/protocol.md lists them all."
    http_status = 404


class MethodRefused(RequestRefused):
    code = "method_refused"
    sentence = "There is a request of this name, but not by this method."
    http_status = 405


class ServerBusy(RequestRefused):
    code = "server_busy"
    sentence = "The server is busy. Try again in a moment."
    http_status = 503
    kind = "retry"


class RequestsTooMany(RequestRefused):
    code = "requests_too_many"
    sentence = "Your address has asked for as much as it may. Try again later."
    http_status = 429
    kind = "retry"

    def __init__(self, sentence: str | None = None, retry_after_seconds: float = 60.0) -> None:
        super().__init__(sentence)
        self.retry_after_seconds = retry_after_seconds


class DiskNearlyFull(RequestRefused):
    code = "disk_nearly_full"
    sentence = "The server's disk is nearly full. Whoever runs it can make room, or remove rooms."
    http_status = 507


def leaves(root: type[ChromaviveError] = ChromaviveError) -> Iterator[type[ChromaviveError]]:
    """Every error that can be raised, in the order of the tree."""
    children = root.__subclasses__()
    if not children:
        yield root
    for child in children:
        yield from leaves(child)
