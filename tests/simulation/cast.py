"""A room of a story: who may come in by which link, and every page that ever was there."""

import random
from collections import Counter
from collections.abc import Callable

import msgspec

from chromavive import ids
from chromavive.hints.entry import GenerationSet, Photograph, decode_entry
from chromavive.journal.contract import Append, Record
from chromavive.room.opening import links_of, opening_entry
from chromavive.room.room import Room
from chromavive.wire.messages import Role
from tests.simulation.accounts import Accounts
from tests.simulation.disk import Disk
from tests.simulation.engine import NOTE
from tests.simulation.hands import Hands
from tests.simulation.network import SimulatedSocket
from tests.simulation.page import Page

MEMBERS_MAX = 6
PAGES_MAX = 8


class Cast:
    """One room, its members and their pages."""

    def __init__(self, number: int, disk: Disk, connect: Callable[[str], SimulatedSocket], rng: random.Random) -> None:
        self.room = f"simulated-room-{number}"
        self.pages: list[Page] = []
        self.lost: set[tuple[str, int]] = set()  # (seat, number) of what a restored backup did not have
        self.shared: set[str] = set()  # page seats whose edits another page sent while they lived
        self._number = number
        self._disk = disk
        self._connect = connect
        self._rng = rng
        self._owners = [f"{rng.getrandbits(88):022x}"]
        self._members = 0
        self._photograph = Photograph(f"{number:064x}", 64, 64, False)
        entry = opening_entry(self._photograph, "stub", "", self._owners[0], 0)
        record = Record(entry.revision, entry.seat, entry.number, entry.payload, entry.sealed)
        disk.open().append([Append(self.room, 0, (record,))])

    @property
    def here(self) -> list[Page]:
        """The pages that were not closed."""
        return [page for page in self.pages if not page.left]

    def link(self, role: Role) -> str:
        """The capability that gives the role now, as the owner would send it."""
        hashes: dict[str, str] = {}
        generations = {"owner": 0, "editor": 0, "viewer": 0}
        for record in self._disk.sealed[self.room]:
            hashes.update(msgspec.json.decode(record.sealed))
            changes = decode_entry(record.payload).changes
            generations.update({each.role: each.after for each in changes if isinstance(each, GenerationSet)})
        owners = self._owners + [fresh for page in self.pages for fresh in page.hands.fresh]
        owner = next(each for each in owners if ids.capability_hash(each) == hashes["owner"])
        capability: str = getattr(links_of(owner, generations), role)
        return capability

    def somebody_comes(self) -> Page | None:
        """A new member, or another tab of one who is known; None where there are enough."""
        if len(self.here) >= PAGES_MAX:
            return None
        if self._members == 0 or (self._members < MEMBERS_MAX and self._rng.random() < 0.6):
            self._members += 1
            return self.page_of(self._members - 1)
        return self.page_of(self._rng.randrange(self._members))

    def page_of(self, member: int) -> Page:
        """A page load of this member. The first one is the owner, the fourth only looks."""
        role: Role = "owner" if member == 0 else "viewer" if member == 3 else "editor"
        name = f"r{self._number}m{member}t{len(self.pages)}"
        secret = f"room-{self._number}-member-{member}".ljust(22, "-")
        hands = Hands(name, role, self._photograph.sha256, random.Random(self._rng.getrandbits(64)))
        link = lambda: self.link(role)  # noqa: E731
        page = Page(name, secret, role, hands, link, lambda: self._connect(self.room), self._rng.getrandbits(64))
        page.happened["second tab"] += any(each.secret == secret for each in self.here)
        self.pages.append(page)
        return page

    def heirs(self) -> None:
        """Everything that a closed page left unsent is taken over by another one of its member."""
        for page in self.here:
            page.adopt([each for each in self.pages if each.left and each.secret == page.secret])

    def orphans(self) -> list[Page]:
        """One page of each member who left edits behind and has no page any more."""
        here = {page.secret for page in self.here}
        left = {page.secret: page for page in self.pages if page.left and page.follower.pending}
        return [page for secret, page in left.items() if secret not in here]

    def settle(self, refusals: set[tuple[str, int]]) -> Counter[str]:
        """Raises where anything is not as promised; gives what happened."""
        accounts = Accounts(
            Room.load(self.room, ids.new_epoch(), self._disk.encoded(self.room), NOTE),
            self._disk.records(self.room),
            self.pages,
            refusals=refusals,
            lost=self.lost,
            shared=self.shared,
        )
        accounts.settle()
        return accounts.happened
