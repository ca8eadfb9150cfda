#!/usr/bin/env python3
"""Write tests/vectors/stories.json: what single pages of the simulation's stories met, and what they had to show.

The client's follower is led through the same steps (tests/client/room/stories.test.js). Which messages came is written
down from the story that a seed tells; what follows from each is told by our own follower.

With --check no story is told again, for another Python may tell a seed otherwise: the messages of the file are taken in
anew, and the exit status says whether our follower still makes of them what the file holds.
"""

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch

import msgspec

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "server"), str(ROOT)]

from vector_text import text_of  # noqa: E402

from chromavive import errors, limits  # noqa: E402
from chromavive.hints.edit import Edit, Import, Undo, resolve  # noqa: E402
from chromavive.hints.state import State, applied  # noqa: E402
from chromavive.room.follower import Follower  # noqa: E402
from chromavive.wire import messages  # noqa: E402
from tests.simulation.disk import MemoryDisk  # noqa: E402
from tests.simulation.story import TIGHT, Story  # noqa: E402
from tests.simulation.virtual_loop import run_virtual  # noqa: E402

PATH = ROOT / "tests" / "vectors" / "stories.json"
EDITS = 40
STORIES = 5
STEPS_MIN = 40
SEEDS_MAX = 400
HEARD = {
    messages.Welcome: "welcome",
    messages.EntryMessage: "entry",
    messages.Accepted: "accepted",
    messages.Refused: "refused",
    messages.Gestures: "gestures",
}
MUST_HAPPEN = {
    "edit",
    "adopt",
    "take_offered",
    "entry",
    "accepted",
    "gestures",
    "refused drop",
    "refused retry",
    "welcome with a snapshot",
    "welcome with entries",
    "welcome with a rollback",
    "a gesture over the picture",
}

Step = dict[str, Any]


class RecordedFollower(Follower):
    """Writes down what it is led through."""

    every: ClassVar[list["RecordedFollower"]] = []

    def __init__(self, capability: str, member_secret: str, seat: str, name: str = "") -> None:
        super().__init__(capability, member_secret, seat, name)
        self.seat = seat
        self.steps: list[Step] = []
        self._offers = 0
        self.every.append(self)

    def edit(self, edit: Edit, gesture: int | None = None) -> messages.EditMessage:
        self._note({"do": "edit", "edit": plain(edit)})
        return super().edit(edit, gesture)

    def adopt(self, unsent: Sequence[messages.EditMessage]) -> list[messages.EditMessage]:
        if unsent:
            self._note({"do": "adopt", "found": plain(tuple(unsent))})
        return super().adopt(unsent)

    def take(self, message: messages.ToPage) -> list[messages.EditMessage]:
        if type(message) in HEARD and getattr(message, "number", 0) is not None:
            self._note({"do": HEARD[type(message)], "message": plain(message)})
        again = super().take(message)
        self._offers = len(self.offered)
        return again

    def _note(self, step: Step) -> None:
        while self._offers > len(self.offered):  # somebody took the first one, and maybe makes it again
            self._offers -= 1
            self.steps.append({"do": "take_offered"})
        self.steps.append(step)


def plain(value: Any) -> Any:
    """As it travels."""
    return json.loads(msgspec.json.encode(value))


def told(seed: int) -> dict[str, Any]:
    """The page of this seed's story that met most."""
    RecordedFollower.every = []
    with patch("tests.simulation.page.Follower", RecordedFollower), patch.dict(vars(limits), TIGHT):
        run_virtual(Story(seed, MemoryDisk(), EDITS).tell(), seed)
    busiest = max(RecordedFollower.every, key=lambda each: (len(kinds(each.steps)), -len(each.steps)))
    return {"name": f"seed {seed}", "seat": busiest.seat, "steps": expected(busiest.seat, busiest.steps)}


def expected(seat: str, steps: Sequence[Step]) -> list[Step]:
    """The steps, with what our follower makes of each; a state is left out where it is the same as before."""
    follower = Follower("", "", seat)
    before: dict[str, Any] = {}
    done = []
    for step in steps:
        more = follow(follower, step)
        states = plain({"shown": shown_by_page(follower), "confirmed": follower.confirmed})
        changed = {name: state for name, state in states.items() if before.get(name, before) != state}
        before = states
        led = {name: step[name] for name in ("do", "edit", "found", "message") if name in step}
        pending = [[each.seat, each.number] for each in follower.pending]
        done.append({**led, **changed, **more, "pending": pending, "offered": len(follower.offered)})
    return done


def follow(follower: Follower, step: Step) -> dict[str, Any]:
    """Leads the follower one step on; gives what there is to say of it besides its state."""
    match step["do"]:
        case "edit":
            follower.edit(msgspec.convert(step["edit"], Edit))
        case "adopt":
            follower.adopt(msgspec.convert(step["found"], list[messages.EditMessage]))
        case "take_offered":
            follower.offered.pop(0)
        case "gestures":
            live = msgspec.convert(step["message"], messages.Gestures)
            return {"seen": seen(follower, live)} if live.gestures else {}
        case "welcome":
            again = follower.take(messages.decode_to_page(json.dumps(step["message"])))
            return {"send": [[each.seat, each.number] for each in again]}
        case _:
            follower.take(messages.decode_to_page(json.dumps(step["message"])))
    return {}


def shown_by_page(follower: Follower) -> State | None:
    """What the page shows, which leaves an import to the room, as an undo."""
    pending = follower.pending
    follower.pending = [
        msgspec.structs.replace(each, edit=Undo()) if isinstance(each.edit, Import) else each for each in pending
    ]
    shown = follower.shown()
    follower.pending = pending
    return shown


def seen(follower: Follower, live: messages.Gestures) -> list[list[Any]] | None:
    """The hints as they show with everybody's gestures on top, the lowest first; None before the first welcome."""
    state = shown_by_page(follower)
    if state is None:
        return None
    for rank, gesture in enumerate(live.gestures):
        state = _with(state, gesture, 2**40 + rank)
    oldest_first = sorted(state.hints.values(), key=lambda hint: (hint.touched, hint.id))
    return [[hint.id, hint.x, hint.y, hint.a, hint.b, hint.size, hint.author] for hint in oldest_first]


def _with(state: State, gesture: messages.LiveGesture, touched: int) -> State:
    try:
        return applied(state, resolve(gesture.edit, state, author=gesture.member, revision=touched), touched)
    except errors.EditRefused:
        return state  # its hint went meanwhile


def kinds(steps: Sequence[Step]) -> set[str]:
    """What the steps are examples of."""
    welcomes = [step for step in steps if step["do"] == "welcome"]
    happened = set()
    for step in steps:
        match step:
            case {"do": "refused", "message": {"kind": kind}}:
                happened.add(f"refused {kind}")
            case {"do": "welcome", "message": {"rolled_back": rolled_back, "state": state}} if step is not welcomes[0]:
                answer = "a rollback" if rolled_back else "entries" if state is None else "a snapshot"
                happened.add(f"welcome with {answer}")
            case {"do": "gestures", "message": {"gestures": [_, *_]}}:
                happened |= {"a gesture over the picture", "gestures"}
            case {"do": do}:
                happened.add(do)
    return happened


def chosen() -> list[dict[str, Any]]:
    """Of the first seeds those whose page met something that is still missing, and the next ones up to STORIES."""
    missing = set(MUST_HAPPEN)
    stories: list[dict[str, Any]] = []
    for seed in range(SEEDS_MAX):
        story = told(seed)
        news = missing & kinds(story["steps"])
        if news or (not missing and len(stories) < STORIES and len(story["steps"]) >= STEPS_MIN):
            stories.append(story)
        missing -= news
        if not missing and len(stories) >= STORIES:
            return stories
    raise AssertionError(f"no story tells of {', '.join(sorted(missing))}")


def is_current() -> bool:
    """Whether our follower makes of the file's messages what the file says, and all that must happen does."""
    if not PATH.exists():
        return False
    text = PATH.read_text(encoding="utf-8")
    try:
        stories = json.loads(text)["stories"]
        every = set().union(*(kinds(story["steps"]) for story in stories))
        again = [{**story, "steps": expected(story["seat"], story["steps"])} for story in stories]
    except (json.JSONDecodeError, msgspec.MsgspecError, errors.ChromaviveError):
        return False  # messages look otherwise by now, or the file was merged
    return every >= MUST_HAPPEN and text_of("stories", again) == text


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    check = parser.parse_args().check
    logging.disable(logging.CRITICAL)  # stories are full of faults
    if is_current():
        print("tests/vectors/stories.json: up to date")
        return 0
    if check:
        print("stale, run scripts/docs: tests/vectors/stories.json")
        return 1
    PATH.write_text(text_of("stories", chosen()), encoding="utf-8")
    print("written: tests/vectors/stories.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
