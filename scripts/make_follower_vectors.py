#!/usr/bin/env python3
"""Write tests/vectors/follower.json: what a page shows, step by step, by which the client's follower is held to ours.

Two pages color one room over slow connections that break, while the server restarts, now and then from a backup. Of the
first page every step is written down; a state is left out where it is the same as before.

With --check nothing is written: the exit status says whether the file holds what would be written.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "server"))

from vector_text import text_of  # noqa: E402

from chromavive import limits  # noqa: E402
from chromavive.hints import edit as edits  # noqa: E402
from chromavive.hints.entry import Photograph  # noqa: E402
from chromavive.room.effects import AppendEntries, Effect, RecallMoment, Send  # noqa: E402
from chromavive.room.follower import Follower  # noqa: E402
from chromavive.room.opening import opening_entry  # noqa: E402
from chromavive.room.room import Room  # noqa: E402
from chromavive.wire import messages  # noqa: E402

PATH = ROOT / "tests" / "vectors" / "follower.json"
CASES_MIN = 12
SEEDS_MAX = 200
TURNS = 160
OWNER = "owner-capability-22chr"
ENGINE = messages.EngineNote(
    "cpu",
    (messages.NetworkNote("stub", "fp32", True, "stub"), messages.NetworkNote("other", "fp32", False, "stub")),
    "stub",
)
DONE_BY = (
    (messages.Welcome, "welcome"),
    (messages.EntryMessage, "entry"),
    (messages.Accepted, "accepted"),
    (messages.Refused, "refused"),
)
# In a busy room of hundreds of entries these happen by themselves; here they have to be brought about.
RARE: dict[str, Any] = {"RESUME_ENTRIES_MAX": 1, "EDITS_WAITING_MAX": 2}
MUST_HAPPEN = {
    "welcome with a snapshot",
    "welcome with entries",
    "welcome with a rollback",
    "accepted",
    "refused drop",
    "refused retry",
    *(f"entry {kind}" for kind in ("add", "move", "recolor", "resize", "remove", "clear", "undo", "redo")),
    *(
        f"entry {kind}"
        for kind in ("retitle", "lock", "allow_export", "turn", "crop", "network", "vividness", "swatch", "restore")
    ),
}
# Names of what every object of JavaScript has are hints like any other.
HINTS = ("constructor", "__proto__", "hint-1", "hint-2", "hint-3")


class Page:
    """A page load: its follower, and what is under way to the room and from it."""

    def __init__(self, name: str) -> None:
        self.seat = f"seat-of-page-{name}".ljust(22, "-")
        self.follower = Follower(OWNER, f"secret-of-{name}".ljust(22, "-"), self.seat)
        self.connection = 0  # none
        self.welcomed = False
        self.up: list[messages.EditMessage] = []
        self.down: list[messages.ToPage] = []


class World:
    """A room whose every message waits to be delivered."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.journal = [opening_entry(Photograph("0" * 64, 301, 401, False), "stub", "", OWNER, 0)]
        self.pages = (Page("a"), Page("b"))
        self.connections = 0
        self.now = 0.0
        self.restart()

    def restart(self) -> None:
        epoch = f"{self.random.getrandbits(64):016x}"
        self.room = Room.load("r" * 16, epoch, self.journal, ENGINE)
        self.out: list[AppendEntries] = []
        for page in self.pages:
            page.connection = 0

    def carry(self, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, AppendEntries):
                self.out.append(effect)
            elif isinstance(effect, RecallMoment):
                moment = Room.load(self.room.room_id, self.room.epoch, self.journal[: effect.revision], ENGINE).state
                self.carry(self.room.recalled(effect.revision, moment, self.now))
            elif isinstance(effect, Send):
                for page in self.pages:
                    if page.connection in effect.connections:
                        page.down.append(effect.message)

    def turn(self) -> Iterator[dict[str, Any]]:
        """Lets one thing happen; gives what the first page met."""
        self.now += 0.05
        page = self.random.choice(self.pages)
        chance = self.random.random()
        edited = heard = None
        if chance < 0.15 and page.follower.confirmed is not None:
            edited = self.edit(page)
        elif page.connection == 0:
            self.connect(page)
        elif chance < 0.45 and page.up:
            self.carry(self.room.receive(page.connection, page.up.pop(0), self.now, 0))
        elif chance < 0.8 and page.down:
            heard = page.down.pop(0)
            page.up += page.follower.take(heard)
            page.welcomed = page.welcomed or isinstance(heard, messages.Welcome)
        elif chance < 0.96 and self.out:
            self.journal += self.out.pop(0).entries
            self.carry(self.room.appended(self.now))
        elif chance > 0.985:
            self.carry(self.room.left(page.connection, self.now))
            page.connection = 0
        elif chance > 0.97:
            if self.random.random() < 0.7:
                self.journal = self.journal[: self.random.randint(1, len(self.journal))]
            self.restart()
        if page is self.pages[0] and edited is not None:
            yield {"do": "edit", "edit": plain(edited)}
        done = [name for kind, name in DONE_BY if isinstance(heard, kind)]
        if page is self.pages[0] and done:
            yield {"do": done[0], "message": plain(heard)}

    def connect(self, page: Page) -> None:
        self.connections += 1
        page.connection, page.welcomed, page.up, page.down = self.connections, False, [], []
        self.carry(self.room.hello(page.connection, page.follower.hello(), self.now))

    def edit(self, page: Page) -> edits.Edit:
        edit = self.some_edit()
        message = page.follower.edit(edit)
        if page.connection and page.welcomed:  # earlier ones go first, with the welcome
            page.up.append(message)
        return edit

    def some_edit(self) -> edits.Edit:
        """Any edit, now and then one that has to be refused."""
        chance = self.random
        some = tuple(chance.sample(HINTS, chance.randint(1, 2)))

        def place() -> float:
            return round(chance.uniform(-0.02, 1.02), 2) + 0.0  # JSON.stringify forgets the sign of -0.0

        every: tuple[edits.Edit, ...] = (
            edits.Add(tuple(edits.NewHint(id, place(), place(), 20, -30, pinned=id == HINTS[0]) for id in some)),
            edits.Add((edits.NewHint(some[0], place(), place(), 111, 0, 9),)),
            edits.Move(tuple(edits.Placed(id, place(), place()) for id in some)),
            edits.Recolor(some, round(chance.uniform(-112, 112), 1), 3.5),
            edits.Resize(some, chance.choice((1, 2.5, 9.5))),
            edits.Remove(some),
            chance.choice((edits.Clear(), edits.Retitle("t" * chance.choice((3, 121))), edits.Lock(True))),
            chance.choice(
                (edits.AllowExport(False), edits.Turn(chance.randint(-3, 5)), edits.CropTo((0, 0.25, 0.5, 1)))
            ),
            chance.choice((edits.Undo(), edits.Redo(), edits.Restore(chance.randint(1, 12)))),
            chance.choice(
                (
                    edits.ChooseNetwork(chance.choice(("stub", "other", "unheard-of"))),
                    edits.SetVividness(chance.choice((0, 0.5, 1.5))),
                )
            ),
            edits.SetSwatch(
                chance.choice(HINTS),
                chance.choice((None, *(edits.NewSwatch(each, place(), 7) for each in ("Sky", "", "n" * 41)))),
            ),
        )
        return chance.choices(every, weights=(6, 1, 4, 3, 1, 2, 1, 1, 4, 2, 2))[0]


def plain(value: Any) -> Any:
    """As it travels."""
    return json.loads(msgspec.json.encode(value))


def case(seed: int) -> dict[str, Any]:
    world = World(seed)
    page = world.pages[0]
    steps: list[dict[str, Any]] = []
    before: dict[str, Any] = {}
    for _ in range(TURNS):
        for step in world.turn():
            states = plain({"shown": page.follower.shown(), "confirmed": page.follower.confirmed})
            changed = {name: state for name, state in states.items() if before.get(name, before) != state}
            pending = [message.number for message in page.follower.pending]
            steps.append({**step, **changed, "pending": pending})
            before = states
    return {"name": f"seed {seed}", "seat": page.seat, "steps": steps}


def chosen_cases() -> list[dict[str, Any]]:
    """The first stories, and of the later ones those in which something happens that was still missing."""
    missing = set(MUST_HAPPEN)
    cases: list[dict[str, Any]] = []
    with patch.multiple(limits, **RARE):
        for seed in range(SEEDS_MAX):
            story = case(seed)
            news = missing & happened_in(story["steps"])
            if news or seed < CASES_MIN:
                cases.append(story)
            missing -= news
            if not missing and seed >= CASES_MIN:
                return cases
    raise AssertionError(f"no story tells of {', '.join(sorted(missing))}")


def happened_in(steps: list[dict[str, Any]]) -> set[str]:
    """What the steps are examples of, behind the first welcome, which is a snapshot for everybody."""
    welcomes = [step for step in steps if step["do"] == "welcome"]
    happened = {step["do"] for step in steps}
    for step in steps:
        match step:
            case {"do": "entry", "message": {"entry": {"kind": kind}}}:
                happened.add(f"entry {kind}")
            case {"do": "refused", "message": {"kind": kind}}:
                happened.add(f"refused {kind}")
            case {"do": "welcome", "message": {"rolled_back": rolled_back, "state": state}} if step is not welcomes[0]:
                answer = "a rollback" if rolled_back else "entries" if state is None else "a snapshot"
                happened.add(f"welcome with {answer}")
    return happened


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    check = parser.parse_args().check
    text = text_of("cases", chosen_cases())
    if PATH.exists() and PATH.read_text(encoding="utf-8") == text:
        print("tests/vectors/follower.json: up to date")
        return 0
    if check:
        print("stale, run scripts/docs: tests/vectors/follower.json")
        return 1
    PATH.write_text(text, encoding="utf-8")
    print("written: tests/vectors/follower.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
