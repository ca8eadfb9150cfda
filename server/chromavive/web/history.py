"""What a room was: its entries in short, and its state at a moment. Nothing from before the last turn or crop."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

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

PAGE_ENTRIES = 50
"""Entries in memory at once for one answer. One may have 250 kB: all hints of a room before it, and after it."""

ANSWERS_AT_ONCE = 2
"""Answers being made; with their pages they hold 25 MB at most."""

WAITING_MAX = 64
"""Requests about one room's past that wait; the next is told to come again, so that a restore never waits for long."""


class HistoryRoutes:
    """The endpoints of a room's past."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._slots = asyncio.Semaphore(ANSWERS_AT_ONCE)
        self._waiting: Counter[str] = Counter()  # by room, those with any

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
        first, newest = room.first_moment, room.revision
        last = min(newest, after + HISTORY_ENTRIES_MAX)
        found: list[HistoryEntry] = []
        with self._place(room.room_id):
            async with self._slots:
                for at in range(after, last, PAGE_ENTRIES):
                    records = await journal.read(room.room_id, at, min(PAGE_ENTRIES, last - at))
                    found += await files.run(_in_short, records)
        return told(History(first, newest, tuple(found)))

    async def state(self, request: Request) -> Response:
        """The state after a revision, as a snapshot has it."""
        task, room, _ = await visit(self._hub, request, "look")
        try:
            revision = int(request.path_params["revision"])  # not by the route: there one of 5,000 digits is a fault
        except ValueError:
            raise errors.MomentUnknown() from None
        if not room.first_moment <= revision <= room.revision:
            raise errors.MomentUnknown()
        with self._place(room.room_id):
            state = await task.moments.at(revision)
        if state is None:
            raise errors.NoSuchRoom()  # deleted meanwhile
        return Response(msgspec.json.encode(state), media_type="application/json")

    @contextmanager
    def _place(self, room_id: str) -> Iterator[None]:
        if self._waiting[room_id] >= WAITING_MAX:
            raise errors.ServerBusy()
        self._waiting[room_id] += 1
        try:
            yield
        finally:
            self._waiting[room_id] -= 1
            if not self._waiting[room_id]:
                del self._waiting[room_id]


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
