"""Once all has healed: whether a room's journal, its members and its picture are what was promised."""

from collections import Counter
from collections.abc import Iterable
from zlib import crc32

from chromavive import errors, ids
from chromavive.colorizer.contract import PaintHint
from chromavive.hints.entry import Entry, NetworkSet, VividnessSet, decode_entry
from chromavive.hints.hint import Mark
from chromavive.hints.state import State, state_after
from chromavive.journal.contract import Record
from chromavive.room.looks import content_of
from chromavive.room.rights import LOCKED, TABLE
from chromavive.room.room import Room
from chromavive.wire.messages import Role
from tests.simulation.page import Diverged, Page
from tests.simulation.undo_model import UndoModel


class Accounts:
    """Of one room, all of whose pages have come to rest.

    refusals: (page seat, number) of every refusal that was said for a reason of its own. lost: (seat, number) of every
    entry that a restored backup did not have. shared: page seats whose edits another page sent while they lived.
    """

    def __init__(
        self,
        truth: Room,
        records: list[Record],
        pages: list[Page],
        *,
        refusals: set[tuple[str, int]],
        lost: set[tuple[str, int]],
        shared: set[str],
    ) -> None:
        self._truth = truth
        self._pages = pages
        self._refusals = refusals
        self._lost = lost
        self._shared = shared
        self._entries = [decode_entry(record.payload) for record in records]
        self._records = records
        self._where = {(record.seat, record.number): record.revision for record in records}
        self.happened: Counter[str] = Counter()

    def settle(self) -> None:
        """Raises Diverged, or AssertionError, where anything is wrong."""
        self._check_order()
        self._check_history()
        for page in self._pages:
            self._check_numbers(page)
            if not page.left:
                self._check_page(page)
        for page in self._pages:
            self.happened += page.happened
            self.happened["accepted"] += len(page.follower.accepted)
            self.happened["refused"] += len(page.follower.refused)
            self.happened.update(f"refused: {code}" for code in page.follower.refused.values())

    def _check_order(self) -> None:
        if [record.revision for record in self._records] != list(range(1, len(self._records) + 1)):
            raise Diverged("revisions have gaps (R2)")
        if len(self._where) != len(self._records):
            raise Diverged("a seat's number is there twice (R3)")
        own = {page.seat: page for page in self._pages}
        for entry in self._entries[1:]:
            page = own.get(entry.seat)
            if page is None:
                raise Diverged(f"revision {entry.revision} is of nobody who was ever here")
            if page.sent.get(entry.number) != entry.kind:
                raise Diverged(f"{page.name}'s number {entry.number} is there as {entry.kind} (R3)")
            if entry.member != ids.member_id(page.secret):
                raise Diverged(f"revision {entry.revision} has another author (R4)")

    def _check_history(self) -> None:
        """Rights as they were at the time (R9), and every undo by the model (R12)."""
        roles = {ids.member_id(page.secret): page.role for page in self._pages}
        state = state_after(None, self._entries[0])
        model = UndoModel({1: state})
        for entry in self._entries[1:]:
            self._check_right(entry, roles[entry.member], state)
            after = state_after(state, entry)
            model.take(entry, state, after)
            state = after
            self.happened[f"entry: {entry.kind}"] += 1
        self.happened["undo checked"] += model.checked
        self.happened["undo skipped a field"] += model.skipped
        if state != self._truth.state:
            raise Diverged("the room adds its entries up to something else")

    @staticmethod
    def _check_right(entry: Entry, role: Role, state: State) -> None:
        if role not in TABLE[entry.kind]:
            raise Diverged(f"revision {entry.revision}: {entry.kind} by a {role} (R9)")
        if role != "owner" and any(isinstance(each, NetworkSet | VividnessSet) for each in entry.changes):
            raise Diverged(f"revision {entry.revision}: network or vividness by a {role} (R9)")
        if state.locked and role != "owner" and entry.kind in LOCKED:
            raise Diverged(f"revision {entry.revision}: {entry.kind} by a {role} in a locked room (R9)")

    def _check_numbers(self, page: Page) -> None:
        """Acknowledged: there once. Refused: not there. And nothing of what was done is just gone."""
        offered = set[tuple[str, int]]().union(*(each.lost for each in self._pages))
        heard: dict[tuple[str, int], str] = {}  # by pages that took it over
        for each in self._pages:
            heard.update(each.adopted)
        for number in page.sent:
            revision = page.follower.accepted.get(number)
            code = page.follower.refused.get(number)
            there = self._where.get((page.seat, number))
            if (page.seat, number) in self._lost or page.page_seat in self._shared:
                continue
            if revision is not None and there != revision:
                raise Diverged(f"{page.name}'s number {number} was acknowledged and is not there (R1, R3)")
            if code is not None and there is not None:
                raise Diverged(f"{page.name}'s number {number} was refused and is there (R3)")
            if code == errors.NumberSpent.code and (page.page_seat, number) not in self._refusals:
                raise Diverged(f"{page.name}'s number {number} was overtaken, and so lost for no reason (R3)")
            gone = (page.page_seat, number) not in offered and heard.get((page.page_seat, number)) in (None, "accepted")
            if there is None and code is None and gone:
                raise Diverged(f"{page.name}'s number {number} is gone, and nobody refused it (R1, R3)")

    def _check_page(self, page: Page) -> None:
        follower, truth = page.follower, self._truth
        if follower.confirmed != truth.state:
            raise Diverged(f"{page.name} shows something else than the journal holds (R5)")
        if follower.shown() != truth.state:
            raise Diverged(f"{page.name} shows something ahead of what the journal holds (R5)")
        if page.chain != truth.chain:
            raise Diverged(f"{page.name} has another chain (R4)")
        if page.gestures is None or page.gestures.gestures:
            raise Diverged(f"{page.name} still sees {page.gestures} (R6)")
        if not shows(page):
            raise Diverged(f"{page.name} shows another picture than the journal's (R7)")


def mark_of(network: str, hints: Iterable[PaintHint | Mark], vividness: float) -> float:
    """What the simulated engine paints of this content: another value for nearly every other content."""
    content = (network, [(hint.x, hint.y, hint.a, hint.b, hint.size) for hint in hints], vividness)
    return float(crc32(repr(content).encode()) % 2000) / 10 - 100


def shows(page: Page) -> bool:
    """Whether the newest picture of a page is the one of the state that it knows."""
    state, welcome = page.follower.confirmed, page.follower.welcome
    if state is None or welcome is None:
        return False
    network = welcome.engine.serving(state.network).name
    content = content_of(state, state.hints, network)
    frame = page.frames[welcome.epoch]
    return frame.network == network and abs(frame.a_offset - mark_of(network, content.hints, content.vividness)) < 1e-3
