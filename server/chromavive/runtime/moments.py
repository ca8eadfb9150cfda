"""What a room was at each of its revisions, read from the journal in pages."""

import asyncio
from collections.abc import Sequence

from chromavive.hints.entry import decode_entry
from chromavive.hints.state import State, state_after
from chromavive.journal.contract import Record
from chromavive.runtime.journal_thread import AsyncJournal
from chromavive.runtime.workers import Worker

PAGE_ENTRIES = 256
"""Entries read at once: the journal's thread serves others in between."""

SNAPSHOTS_MAX = 32
"""States kept on the way, which share their hints: a room of 100,000 entries has one every 4,096 of them."""


class Moments:
    """The past of one room. The first look far back reads all before it, later ones go on from the nearest snapshot."""

    def __init__(self, room_id: str, journal: AsyncJournal, files: Worker) -> None:
        self._room_id = room_id
        self._journal = journal
        self._files = files
        self._spacing = PAGE_ENTRIES
        self._snapshots: dict[int, State] = {}
        self._turn = asyncio.Lock()  # one at a time: who comes next finds more snapshots

    async def at(self, revision: int) -> State | None:
        """What the room was at a revision; None where the journal does not hold that."""
        async with self._turn:
            at = max((each for each in self._snapshots if each <= revision), default=0)
            state = self._snapshots.get(at)
            while at < revision:
                to = min(revision, at - at % PAGE_ENTRIES + PAGE_ENTRIES)
                records = await self._journal.read(self._room_id, at, to - at)
                if len(records) < to - at:
                    return None
                state = await self._files.run(_advanced, state, records)
                at = to
                self._keep(at, state)
            return state

    def _keep(self, revision: int, state: State) -> None:
        if revision % self._spacing:
            return
        self._snapshots[revision] = state
        if len(self._snapshots) > SNAPSHOTS_MAX:
            self._spacing *= 2
            self._snapshots = {each: kept for each, kept in self._snapshots.items() if each % self._spacing == 0}


def _advanced(state: State | None, records: Sequence[Record]) -> State:
    for record in records:
        state = state_after(state, decode_entry(record.payload))
    assert state is not None, "there is a record"
    return state
