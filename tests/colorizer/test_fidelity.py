"""The picture obeys its hints, does not ring, and remembers what lies still."""

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from chromavive.colorizer import fidelity
from chromavive.colorizer.contract import PaintHint
from chromavive.colorizer.fidelity import Fidelity, half_size

RESEARCH = Path(__file__).parents[3] / "shared" / "research"
SIDE = 128
Floats = NDArray[np.float32]


def flat_lightness() -> Floats:
    """Middle gray everywhere, where every hint below has a possible color."""
    return np.full((SIDE, SIDE), 55, np.float32)


def at(column: int, row: int, a: float, b: float) -> PaintHint:
    """A hint in the middle of a chroma cell."""
    return PaintHint((column + 0.5) / SIDE, (row + 0.5) / SIDE, a, b, 3)


def gray() -> Floats:
    """A prediction without color."""
    return np.zeros((2, SIDE, SIDE), np.float32)


def test_two_opposite_hints_close_together_are_both_obeyed_and_do_not_ring() -> None:
    """Four cells apart: 98 % of each, never more than either asks, and next to nothing thirty cells away."""
    ab = Fidelity(flat_lightness()).obey(gray(), [at(60, 64, 30, 0), at(64, 64, -30, 0)])
    assert ab[0, 64, 60] == pytest.approx(30, abs=0.6)
    assert ab[0, 64, 64] == pytest.approx(-30, abs=0.6)
    assert np.abs(ab[0]).max() <= 30
    assert np.abs(ab[0, :, 95:]).max() < 3


def test_a_hint_stops_at_an_edge_of_lightness() -> None:
    """A hint's residual does not cross from dark to light."""
    lightness = flat_lightness()
    lightness[:, 64:] = 90
    ab = Fidelity(lightness).obey(gray(), [at(62, 64, 30, 20)])
    assert ab[0, 64, 61] > 25
    assert np.abs(ab[:, :, 64:]).max() < 0.1


def test_a_hint_takes_no_cell_beyond_itself_and_what_was_predicted() -> None:
    """Beside a hint that gray is far from, a prediction that is near it stops at the hint, on both sides."""
    for sign in (1, -1):
        ab = gray()
        ab[0, :, 65:] = 20 * sign
        obeyed = Fidelity(flat_lightness()).obey(ab, [at(62, 64, 30 * sign, 0)])
        assert obeyed[0, 64, 62] == pytest.approx(30 * sign, abs=0.1)
        assert obeyed[0, 64, 66] == pytest.approx(30 * sign, abs=0.1)
        assert np.abs(obeyed[0]).max() <= 30
        np.testing.assert_array_equal(obeyed[1], 0)


def test_a_prediction_beyond_the_hints_stays_where_they_do_not_reach() -> None:
    """The range is of each cell: what was predicted far away is nobody's overshoot."""
    ab = gray()
    ab[0, :, 120:] = 60
    obeyed = Fidelity(flat_lightness()).obey(ab, [at(10, 64, -20, 0)])
    np.testing.assert_allclose(obeyed[0, :, 120:], 60, atol=0.1)


def test_a_prediction_that_obeys_already_stays() -> None:
    """No residual, nothing added."""
    ab = gray() + np.array([12, -8], np.float32)[:, None, None]
    np.testing.assert_allclose(Fidelity(flat_lightness()).obey(ab, [at(3, 100, 12, -8)]), ab, atol=1e-4)


def test_without_hints_the_prediction_stays() -> None:
    """Only ±110 is held."""
    ab = gray() + np.array([200, -8], np.float32)[:, None, None]
    obeyed = Fidelity(flat_lightness()).obey(ab, [])
    assert obeyed[:, 0, 0].tolist() == [110, -8]


def test_hints_in_every_neighboring_cell_stay_finite() -> None:
    """The densest list that merging could let through: a block of cells without a gap, of wild colors."""
    rng = np.random.default_rng(0)
    hints = [at(40 + i % 22, 40 + i // 22, rng.uniform(-40, 40), rng.uniform(-40, 40)) for i in range(22 * 22)]
    ab = Fidelity(flat_lightness()).obey(gray(), hints)
    assert np.isfinite(ab).all()
    asked = np.array([(hint.a, hint.b) for hint in hints])
    shown = np.array([ab[:, 40 + i // 22, 40 + i % 22] for i in range(22 * 22)])
    # Not clamp_to_gamut: at L 55 a few of these lie outside and are brought in, so that the median is taken.
    assert np.median(np.abs(shown - asked).max(axis=1)) < 1


def test_what_is_kept_changes_nothing() -> None:
    """Moves, additions, removals and recolorings one after another give what a fresh start gives."""
    rng = np.random.default_rng(1)
    lightness = rng.uniform(40, 60, (SIDE, SIDE)).astype(np.float32)
    kept = Fidelity(lightness)
    predicted = rng.normal(0, 8, (2, SIDE, SIDE)).astype(np.float32)

    def anywhere() -> PaintHint:
        return at(int(rng.integers(SIDE)), int(rng.integers(SIDE)), rng.uniform(-30, 30), rng.uniform(-30, 30))

    hints = [anywhere() for _ in range(60)]
    for step in range(60):
        match step % 4:
            case 0:
                hints[step % len(hints)] = anywhere()
            case 1:
                hints.append(anywhere())
            case 2:
                hints = hints[: -1 - step % 3]
            case _:
                moved = hints.pop(0)
                hints.append(PaintHint(moved.x, moved.y, -moved.a, moved.b, moved.size))
        obeyed = kept.obey(predicted, hints)
        if step % 6 == 5:
            np.testing.assert_allclose(obeyed, Fidelity(lightness).obey(predicted, hints), atol=2e-3)


def test_one_moved_hint_of_many_computes_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows of hints that lie still are kept, and so is the inverse, whatever the order of the list."""
    kept = Fidelity(flat_lightness())
    hints = [at(5 * (i % 20), 6 * (i // 20), 10, 5) for i in range(400)]
    kept.obey(gray(), hints)
    rows: list[int] = []
    row = Fidelity._row

    def counted(self: Fidelity, cell: int) -> Floats:
        rows.append(cell)
        return row(self, cell)

    monkeypatch.setattr(Fidelity, "_row", counted)
    monkeypatch.setattr(Fidelity, "_invert", lambda _: pytest.fail("the inverse was computed anew"))
    kept.obey(gray(), [*hints[:7], *hints[8:], at(127, 127, 10, 5)])
    assert rows == [127 * SIDE + 127]


def test_memory_shrinks_when_hints_go() -> None:
    """Rows of a scene that had hundreds of hints are let go when few are left."""
    kept = Fidelity(flat_lightness())
    kept.obey(gray(), [at(5 * (i % 20), 6 * (i // 20), 10, 5) for i in range(400)])
    many = kept.bytes_kept
    kept.obey(gray(), [at(1, 1, 10, 5)])
    assert kept.bytes_kept < many / 10


def test_the_chroma_cells_are_means() -> None:
    """2x2 means, row by row."""
    assert half_size(np.arange(16, dtype=np.float32).reshape(4, 4)).tolist() == [[2.5, 4.5], [10.5, 12.5]]


def test_it_spreads_as_the_prototype_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """On colors inside the gamut, where the two clampings agree, the same field within a hundredth.

    The prototype does not hold the range of prediction and hints, which is done to its field here.
    """
    if not RESEARCH.is_dir():
        pytest.skip("the prototype is not beside this checkout")
    monkeypatch.syspath_prepend(str(RESEARCH))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    prototype = importlib.import_module("fidelity")
    rng = np.random.default_rng(2)
    lightness = rng.uniform(45, 65, (96, SIDE)).astype(np.float32)
    predicted = rng.normal(0, 5, (2, 96, SIDE)).astype(np.float32)
    drawn = rng.uniform((0, 0, -15, -15), (1, 1, 15, 15), (40, 4)).tolist()
    hints = [PaintHint(x, y, a, b, 3) for x, y, a, b in drawn]
    xy = torch.tensor([(hint.x, hint.y) for hint in hints], dtype=torch.float32)
    wanted = torch.tensor([(hint.a, hint.b) for hint in hints], dtype=torch.float32)
    expected = prototype.obey(torch.from_numpy(predicted), torch.from_numpy(lightness), xy, wanted).numpy()
    assert (fidelity.PLACE, fidelity.LIGHT, fidelity.EPSILON) == (0.08, 8.0, 0.001)
    told = np.array([(hint.a, hint.b) for hint in hints]).T[:, :, None]
    low, high = np.minimum(predicted, told.min(axis=1)[..., None]), np.maximum(predicted, told.max(axis=1)[..., None])
    assert ((expected < low) | (expected > high)).mean() < 0.05  # nearly all is compared as it came
    np.testing.assert_allclose(Fidelity(lightness).obey(predicted, hints), np.clip(expected, low, high), atol=0.01)
    for name in ("fidelity", "lab"):
        sys.modules.pop(name, None)
