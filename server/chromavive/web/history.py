"""What a room was: its entries in short, and its state at a moment. Nothing from before the last turn or crop."""

from collections.abc import Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from chromavive import errors
from chromavive.hints.entry import AllHintsSet, ColorSet, Entry, HintSet, PlaceSet, SizeSet, decode_entry
from chromavive.journal.contract import Record
from chromavive.runtime.hub import Hub
from chromavive.web.answers import told
from chromavive.web.bodies import History, HistoryEntry
from chromavive.web.visits import visit

HISTORY_ENTRIES_MAX = 500
"""Entries of one answer: 50 kB. A timeline asks for the newest, and for others where somebody looks."""


class HistoryRoutes:
    """The endpoints of a room's past."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def entries(self, request: Request) -> Response:
        """At most HISTORY_ENTRIES_MAX entries after a revision, the oldest first."""
        _, room, _ = await visit(self._hub, request, "look")
        try:
            asked = int(request.query_params.get("after", "0"))
        except ValueError as error:
            raise errors.RequestMalformed("after is a revision, a whole number.") from error
        after = max(asked, room.first_moment - 1)
        journal, files = self._hub.parts.journal, self._hub.parts.files
        # What is past the room's revision may be there already, and is not spoken of (R1).
        most = min(HISTORY_ENTRIES_MAX, room.revision - after)
        records = await journal.read(room.room_id, after, most) if most > 0 else []
        return told(History(room.first_moment, room.revision, await files.run(_in_short, records)))

    async def state(self, request: Request) -> Response:
        """The state after a revision, as a snapshot has it."""
        task, room, _ = await visit(self._hub, request, "look")
        revision = request.path_params["revision"]
        if not room.first_moment <= revision <= room.revision:
            raise errors.MomentUnknown()
        state = await task.moments.at(revision)
        if state is None:
            raise errors.NoSuchRoom()  # deleted meanwhile
        return Response(msgspec.json.encode(state), media_type="application/json")


def _in_short(records: Sequence[Record]) -> tuple[HistoryEntry, ...]:
    return tuple(_short(decode_entry(record.payload)) for record in records)


def _short(entry: Entry) -> HistoryEntry:
    touched: set[str] = set()
    for change in entry.changes:
        match change:
            case AllHintsSet(before, after):
                touched |= {hint.id for hint in set(before) ^ set(after)}
            case HintSet() | PlaceSet() | ColorSet() | SizeSet():
                touched.add(change.hint)
            case _:
                pass
    return HistoryEntry(entry.revision, entry.unix_seconds, entry.member, entry.kind, len(touched))
