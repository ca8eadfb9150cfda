"""R12 told a second time, apart from the room's own code: what every undo and redo of a journal had to do."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from chromavive import limits
from chromavive.hints.entry import Entry
from chromavive.hints.hint import Hint
from chromavive.hints.state import State
from chromavive.hints.swatch import NamedColor

FIELDS = {"place": ("x", "y"), "color": ("a", "b"), "size": ("size",)}
"""Of a hint, by the tag of the change that sets them."""

UNDONE = {"add", "move", "recolor", "resize", "remove", "clear", "import", "network", "vividness", "swatch"}
"""The edits that are steps."""


@dataclass(frozen=True)
class _Was:
    """One field that a step set."""

    tag: str
    hint: str  # or swatch; empty where it is the room's
    before: Any
    after: Any

    @property
    def name(self) -> str:
        return f"{self.tag} of {self.hint}" if self.hint else self.tag


_Step = tuple[int, tuple[_Was, ...]]


@dataclass
class UndoModel:
    """Fed with the entries of a room in order, and the states before and after each."""

    moments: dict[int, State]  # since the picture was turned or cropped last; at first the opened room
    undo: dict[str, list[_Step]] = field(default_factory=dict)
    redo: dict[str, list[_Step]] = field(default_factory=dict)
    checked: int = 0
    skipped: int = 0

    def take(self, entry: Entry, before: State, after: State) -> None:
        """Raises AssertionError where the entry is not what R12 promises."""
        mine, again = self.undo.setdefault(entry.member, []), self.redo.setdefault(entry.member, [])
        step = (entry.revision, tuple(_was(change) for change in entry.changes))
        match entry.kind:
            case "undo":
                self._check(entry, mine.pop(), before, after)
                _keep(again, step)
            case "redo":
                self._check(entry, again.pop(), before, after)
                _keep(mine, step)
            case "turn" | "crop":
                self.undo.clear()
                self.redo.clear()
                self.moments.clear()
            case "restore":
                self._check_restore(entry, before, after)
                again.clear()
                _keep(mine, step)
            case kind if kind in UNDONE:
                again.clear()
                _keep(mine, step)
            case _:
                assert not entry.skipped, f"{entry.kind} skips nothing"
        self.moments[entry.revision] = after
        del mine[: -limits.UNDO_STEPS_MAX]

    def _check_restore(self, entry: Entry, before: State, after: State) -> None:
        """The hints of that moment, to the last field; network and vividness only where the entry sets them."""
        assert entry.undoes is not None
        moment = self.moments.get(entry.undoes)
        assert moment is not None, f"revision {entry.revision} restores a moment of another turn or crop"
        beside = {was.tag: was.after for was in map(_was, entry.changes) if was.tag != "all_hints"}
        assert all(getattr(moment, name) == value for name, value in beside.items())
        assert after == msgspec.structs.replace(before, hints=moment.hints, **beside), f"revision {entry.revision}"

    def _check(self, entry: Entry, step: _Step, before: State, after: State) -> None:
        revision, set_by_step = step
        assert entry.undoes == revision, f"revision {entry.revision} undoes {entry.undoes}, not {revision} (R12.1)"
        shown = _Shown(dict(before.hints), before.network, before.vividness, dict(before.swatches))
        skipped = tuple(was.name for was in reversed(set_by_step) if not shown.restore(was, entry.revision))
        assert entry.skipped == skipped, f"revision {entry.revision} skips {entry.skipped}, not {skipped} (R12.2)"
        fields = {"hints": shown.hints, "network": shown.network, "vividness": shown.vividness}
        expected = msgspec.structs.replace(before, **fields, swatches=shown.swatches)
        assert after == expected, f"revision {entry.revision} restores something else (R12.2, R12.3)"
        self.checked += 1
        self.skipped += len(skipped)


@dataclass
class _Shown:
    hints: dict[str, Hint]
    network: str
    vividness: float
    swatches: dict[str, NamedColor]

    def restore(self, was: _Was, revision: int) -> bool:
        """Brings back what was before, if the present value is still the one that the step gave."""
        if was.tag in ("network", "vividness"):
            if getattr(self, was.tag) != was.after:
                return False
            setattr(self, was.tag, was.before)
            return True
        if was.tag == "swatch":
            return self._restore_swatch(was)
        if was.tag == "all_hints":
            if self.hints != {hint.id: hint for hint in was.after}:
                return False
            self.hints = {hint.id: hint for hint in was.before}
            return True
        if was.tag == "hint":
            return self._restore_existence(was)
        names = FIELDS[was.tag]
        values = was.before if isinstance(was.before, tuple) else (was.before,)
        given = was.after if isinstance(was.after, tuple) else (was.after,)
        hint = self.hints.get(was.hint)
        if hint is None or tuple(getattr(hint, name) for name in names) != given:
            return False
        touched = hint.touched if was.tag == "size" else revision
        self.hints[was.hint] = msgspec.structs.replace(hint, touched=touched, **dict(zip(names, values, strict=True)))
        return True

    def _restore_existence(self, was: _Was) -> bool:
        """A hint that the step made goes, however it looks by now; one that it removed comes back if nobody has it."""
        if was.before is None:
            return self.hints.pop(was.hint, None) is not None
        if was.hint in self.hints or len(self.hints) >= limits.HINTS_MAX:
            return False
        self.hints[was.hint] = was.before
        return True

    def _restore_swatch(self, was: _Was) -> bool:
        present = self.swatches.get(was.hint)
        if present != was.after or (present is None and len(self.swatches) >= limits.SWATCHES_MAX):
            return False
        self.swatches.pop(was.hint, None)
        if was.before is not None:
            self.swatches[was.hint] = was.before
        return True


def _keep(steps: list[_Step], step: _Step) -> None:
    if step[1]:  # one that was wholly skipped is used up (R12.4)
        steps.append(step)


def _was(change: Any) -> _Was:
    tag = str(change.__struct_config__.tag)
    return _Was(
        tag,
        getattr(change, "hint", getattr(change, "id", "")),
        getattr(change, "before", None),
        getattr(change, "after", None),
    )
