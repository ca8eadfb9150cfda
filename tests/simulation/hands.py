"""What somebody does with a page: every kind of edit, of gesture and of other message."""

import random
from collections.abc import Sequence

from chromavive.hints.edit import (
    Add,
    AllowExport,
    ChooseNetwork,
    Clear,
    CropTo,
    Edit,
    GestureEdit,
    Import,
    Lock,
    Move,
    NewHint,
    NewSwatch,
    Placed,
    Recolor,
    Redo,
    Remove,
    Resize,
    Restore,
    Retitle,
    Rotate,
    SetSwatch,
    SetVividness,
    Turn,
    Undo,
)
from chromavive.hints.entry import WHOLE, Crop
from chromavive.hints.recipe import RecipeHint
from chromavive.wire.messages import Role

USUAL = (
    "add",
    "add",
    "add",
    "move",
    "move",
    "recolor",
    "resize",
    "remove",
    "undo",
    "undo",
    "redo",
    "import",
    "swatch",
    "moment",
)
SELDOM = ("title", "network", "vividness", "clear", "lock", "unlock", "unlock", "allow_export", "rotate", "place")
CROPS: tuple[Crop, ...] = (WHOLE, (0, 0, 0.5, 1), (0.25, 0.25, 0.75, 1), (0.5, 0.5, 0.5, 0.5), (0, 0, 0.01, 1))

WRONG_CHANCE = 0.1
"""Of edits outside what the protocol allows."""


class Hands:
    """One person's. Ids are unique by the page's name; some edits are wrong on purpose."""

    def __init__(self, name: str, role: Role, photograph: str, rng: random.Random) -> None:
        self._name = name
        self._role = role
        self._photograph = photograph
        self._rng = rng
        self._hints = 0
        self.next_edits: list[Edit] = []  # what comes next, whatever chance says
        self.fresh: list[str] = []  # the owner's capabilities that this page drew

    def edit(self, hints: Sequence[str]) -> Edit:
        """Any edit of a picture with these hints."""
        rng = self._rng
        if self.next_edits:
            return self.next_edits.pop(0)
        # An owner does what owners do now and then; the others try it seldom.
        if rng.random() < (0.25 if self._role == "owner" else 0.08):
            return self._of_the_room()
        kind = rng.choice(USUAL)
        if kind == "undo":
            return Undo()
        if kind == "redo":
            return Redo()
        if kind == "swatch":
            return self._swatch()
        if kind == "moment":
            return Restore(rng.randint(1, 24))
            return Restore(rng.randint(1, 24))
        if kind == "import":
            return self._import() if rng.random() < 0.4 else self.add(rng.choice([1, 1, 2, 3]))
        if kind == "add" or not hints:
            return self.add(rng.choice([1, 1, 2, 3]))
        return self._of_hints(kind, hints)

    def gesture(self, hints: Sequence[str]) -> GestureEdit:
        """What a finger does."""
        kind = self._rng.choice(["add", "move", "move", "recolor", "resize"])
        if kind == "add" or not hints:
            return self.add(1)
        edit = self._of_hints(kind, hints)
        assert isinstance(edit, Move | Recolor | Resize)
        return edit

    def _of_hints(self, kind: str, hints: Sequence[str]) -> Edit:
        rng = self._rng
        some = rng.sample(list(hints), min(len(hints), rng.choice([1, 1, 2, 3])))
        if self._is_wrong():
            some = [*some, "nobody-placed-this"]
        match kind:
            case "move":
                if self._is_wrong():
                    return Move((Placed(some[0], 0.5, 1.01),))
                return Move(tuple(Placed(each, self._some(0, 1), self._some(0, 1)) for each in some))
            case "recolor":
                return Recolor(tuple(some), self._some(-90, 90), 111.0 if self._is_wrong() else self._some(-90, 90))
            case "resize":
                return Resize(tuple(some), float(rng.randint(1, 9)))
            case _:
                return Remove(tuple(some))

    def _of_the_room(self) -> Edit:
        rng = self._rng
        match rng.choice(SELDOM):
            case "title":
                return Retitle(f"{self._name} {rng.randrange(100)}")
            case "network":
                return ChooseNetwork(rng.choice(["stub", "other", "other", "rembrandt"]))
            case "vividness":
                return SetVividness(1.5 if self._is_wrong() else rng.choice([0.0, 0.5, 1.0]))
            case "clear":
                return Clear()
            case "lock":
                return Lock(True)
            case "unlock":
                return Lock(False)
            case "allow_export":
                return AllowExport(rng.random() < 0.5)
            case "rotate":
                return self._rotate()
            case _:  # only a picture without hints can be turned or cropped
                turn = Turn(rng.randint(-3, 5))
                self.next_edits = (
                    [turn, CropTo(rng.choice(CROPS))] if rng.random() < 0.5 else [CropTo(rng.choice(CROPS))]
                )
                return Clear()

    def _rotate(self) -> Rotate:
        role = self._rng.choice(["editor", "viewer", "owner"])
        if role != "owner":
            return Rotate(role)  # type: ignore[arg-type]  # two of the three
        fresh = f"{self._rng.getrandbits(88):022x}"
        self.fresh.append(fresh)
        return Rotate("owner", fresh)

    def _import(self) -> Import:
        """A recipe of this photograph, or of another one."""
        rng = self._rng
        self._hints += 1
        hints = tuple(
            RecipeHint(f"{self._name}-i{self._hints}-{each}", self._some(0, 1), self._some(0, 1), 9.0 * each, -20.0)
            for each in range(rng.randint(1, 4))
        )
        if rng.random() < 0.3:  # only the owner's brings along what painted it
            return Import(hints, "f" * 64, network=rng.choice(["stub", "other"]), vividness=rng.choice([None, 0.25]))
        if rng.random() < 0.5:
            return Import(hints, "f" * 64)
        return Import(hints, self._photograph, rng.randrange(4), rng.choice(CROPS[:3]))

    def _swatch(self) -> SetSwatch:
        """One of a few, which all share; renamed, removed, brought back."""
        rng = self._rng
        if rng.random() < 0.3:
            return SetSwatch(f"swatch-{rng.randrange(4)}", None)
        name = "s" * (41 if self._is_wrong() else rng.randint(0, 3))
        return SetSwatch(f"swatch-{rng.randrange(4)}", NewSwatch(name, self._some(-90, 90), self._some(-90, 90)))

    def add(self, count: int) -> Add:
        """So many new hints."""
        hints = []
        for _ in range(count):
            self._hints += 1
            name = f"{self._name}-{self._hints}"
            hints.append(NewHint(name, self._some(0, 1), self._some(0, 1), self._some(-90, 90), self._some(-90, 90)))
        return Add(tuple(hints))

    def _is_wrong(self) -> bool:
        return self._rng.random() < WRONG_CHANCE

    def _some(self, least: float, most: float) -> float:
        """A value in steps of a hundredth, so that now and then two are the same."""
        return round(self._rng.uniform(least, most), 2)
