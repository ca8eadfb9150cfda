"""What every engine must hold, for the stub as for the networks."""

import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from chromavive.color.bins import ab_bins
from chromavive.color.lab import clamp_to_gamut
from chromavive.colorizer.contract import Engine, PaintHint, Painting, Request
from chromavive.colorizer.stub import StubEngine
from chromavive.errors import NetworkUnknown

SIZES = ((256, 256), (192, 320), (320, 192))
BATCH_TOLERANCE = 0.01  # ab units; a batch may round otherwise than a single pass

Lightness = NDArray[np.float32]


def _torch_engine() -> Engine:
    from chromavive.colorizer.engine import EngineOptions, TorchEngine

    return TorchEngine(time.perf_counter, EngineOptions(networks=("compact",), precision="fp32", threads=1))


def _cuda_engine() -> Engine:
    from chromavive.colorizer.engine import EngineOptions, TorchEngine

    return TorchEngine(time.perf_counter, EngineOptions(networks=("compact",), device="cuda"))


ENGINES: dict[str, Callable[[], Engine]] = {
    "stub": lambda: StubEngine(time.perf_counter),
    "compact": _torch_engine,
    "cuda": _cuda_engine,
}


@pytest.fixture(params=["stub", "compact", pytest.param("cuda", marks=pytest.mark.cuda)], scope="module")
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An engine with one network."""
    built = ENGINES[request.param]()
    yield built
    built.close()


def lightness(size: tuple[int, int], seed: int = 0) -> Lightness:
    """A smooth picture with edges, L in 10..90."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0 : size[0], 0 : size[1]] / max(size)
    fx, fy, phase = rng.uniform(3, 9, 3)
    edge = np.where(np.hypot(x - 0.4, y - 0.3) < 0.2, 25, 0)
    picture: Lightness = np.clip(45 + 30 * np.sin(fx * x + phase) * np.cos(fy * y) + edge, 10, 90).astype(np.float32)
    return picture


def spread(count: int, seed: int = 1) -> tuple[PaintHint, ...]:
    """Hints of any color on a grid, jittered; no two within three working pixels of each other at 192 and above."""
    rng = np.random.default_rng(seed)
    side = 23  # 529 places
    places = rng.permutation(side * side)[:count]
    return tuple(
        PaintHint(
            (place % side + rng.uniform(0.35, 0.65)) / side,
            (place // side + rng.uniform(0.35, 0.65)) / side,
            float(rng.uniform(-60, 60)),
            float(rng.uniform(-60, 60)),
            float(rng.integers(1, 10)),
        )
        for place in places
    )


def paint(engine: Engine, key: str, picture: Lightness, hints: tuple[PaintHint, ...]) -> Painting:
    """One painting by the engine's only network."""
    (network,) = engine.info.networks
    return engine.render([Request(engine.prepare(key, picture, network), hints)])[0]


def error_at_hints(painting: Painting, picture: Lightness, hints: tuple[PaintHint, ...]) -> NDArray[np.float64]:
    """The distance in ab between each hint's possible color and the cell that holds its point."""
    height, width = painting.ab.shape[1:]
    rows = [min(int(hint.y * height), height - 1) for hint in hints]
    columns = [min(int(hint.x * width), width - 1) for hint in hints]
    level = picture.reshape(height, 2, width, 2).mean(axis=(1, 3))[rows, columns]
    wanted = clamp_to_gamut(np.stack([level, [h.a for h in hints], [h.b for h in hints]], axis=-1))[:, 1:]
    error: NDArray[np.float64] = np.linalg.norm(painting.ab[:, rows, columns].T - wanted, axis=-1)
    return error


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [0, 1, 5, 512])
def test_a_painting_has_its_form(engine: Engine, size: tuple[int, int], count: int) -> None:
    """Half the working size, float32, finite, within ±110, with the time that it took; without hints too."""
    painting = paint(engine, f"form {size}", lightness(size), spread(count))
    assert painting.ab.shape == (2, size[0] // 2, size[1] // 2)
    assert painting.ab.dtype == np.float32
    assert np.isfinite(painting.ab).all()
    assert np.abs(painting.ab).max() <= 110
    assert painting.pass_seconds > 0


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [1, 16, 512])
def test_a_painting_obeys_its_hints(engine: Engine, size: tuple[int, int], count: int) -> None:
    """In the cell that holds a hint's point lies the hint's color, as far as the gamut allows at that lightness."""
    picture, hints = lightness(size), spread(count)
    error = error_at_hints(paint(engine, f"obeys {size}", picture, hints), picture, hints)
    assert error.mean() < 0.3
    assert error.max() < 2.5


def test_hints_on_the_border_and_in_the_corners_are_obeyed(engine: Engine) -> None:
    """Places 0 and 1 belong to the first and the last cell."""
    picture = lightness((256, 256))
    hints = tuple(PaintHint(x, y, 20.0, 15.0, 9.0) for x in (0.0, 0.5, 1.0) for y in (0.0, 0.5, 1.0))
    assert error_at_hints(paint(engine, "corners", picture, hints), picture, hints).max() < 1


def test_an_impossible_color_keeps_its_hue(engine: Engine) -> None:
    """A color beyond the gamut is shown with its hue and the chroma that the lightness allows, never flipped."""
    picture = np.full((256, 256), 80, np.float32)
    hint = PaintHint(0.5, 0.5, 10.0, -100.0, 5.0)  # a blue that light gray cannot carry
    ab = paint(engine, "blue", picture, (hint,)).ab[:, 64, 64]
    assert np.degrees(np.arctan2(ab[1], ab[0])) == pytest.approx(np.degrees(np.arctan2(-100, 10)), abs=1)
    assert 15 < np.hypot(*ab) < 60


def test_the_newest_of_two_hints_in_one_cell_is_obeyed(engine: Engine) -> None:
    """The list is ordered oldest first; hints that were not merged do no harm."""
    picture = lightness((256, 256))
    old, new = PaintHint(0.501, 0.501, 40, 0, 5), PaintHint(0.502, 0.502, -30, 10, 5)
    painting = paint(engine, "newest", picture, (old, new))
    assert error_at_hints(painting, picture, (new,)).max() < 0.3


def test_equal_requests_give_equal_paintings(engine: Engine) -> None:
    """Whatever was painted in between: kept rows and caches leave no trace beyond rounding."""
    picture, hints = lightness((256, 256)), spread(40)
    first = paint(engine, "equal", picture, hints).ab
    for step in range(30):
        moved = PaintHint(0.02 + step / 40, 0.5, 30, -20, 3)
        paint(engine, "equal", picture, (*hints[: 39 - step % 7], moved))
    again = paint(engine, "equal", picture, hints).ab
    fresh = paint(engine, "equal under another key", picture, hints).ab
    np.testing.assert_allclose(again, first, rtol=0, atol=1e-3)
    np.testing.assert_allclose(fresh, first, rtol=0, atol=1e-3)


def test_requests_together_give_what_they_give_alone(engine: Engine) -> None:
    """Photographs, sizes and numbers of hints mixed in one call, answered in order."""
    (network,) = engine.info.networks
    asked = [
        (f"mixed {index}", lightness(SIZES[index % 3], seed=index), spread(count, seed=index))
        for index, count in enumerate((3, 0, 40, 16, 1, 100, 0))
    ]
    requests = [Request(engine.prepare(key, picture, network), hints) for key, picture, hints in asked]
    for painting, (key, picture, hints) in zip(engine.render(requests), asked, strict=True):
        alone = paint(engine, key, picture, hints)
        np.testing.assert_allclose(painting.ab, alone.ab, rtol=0, atol=BATCH_TOLERANCE)


def test_no_requests_give_no_paintings(engine: Engine) -> None:
    """An empty call is no call."""
    assert engine.render([]) == []


def test_a_scene_is_prepared_once(engine: Engine) -> None:
    """The same key gives the cached scene; another key another one."""
    (network,) = engine.info.networks
    picture = lightness((256, 256))
    scene = engine.prepare("once", picture, network)
    assert scene is engine.prepare("once", picture, network)
    assert scene is not engine.prepare("twice", picture, network)
    assert scene.network == network
    np.testing.assert_array_equal(scene.lightness, picture)


def test_an_unknown_network_is_refused(engine: Engine) -> None:
    """With its typed error, which names those that are there."""
    (network,) = engine.info.networks
    with pytest.raises(NetworkUnknown, match=network):
        engine.prepare("unknown", lightness((256, 256)), "eccv16")


POINTS = ((0.5, 0.5), (0.0, 1.0), (0.13, 0.77))
VIVID_HINT = PaintHint(0.5, 0.5, 35.0, -25.0, 5.0)


def vivid(engine: Engine, key: str, hints: tuple[PaintHint, ...], vividness: float) -> NDArray[np.float32]:
    """The chroma of one picture at that vividness."""
    (network,) = engine.info.networks
    scene = engine.prepare(key, lightness((256, 256)), network)
    return engine.render([Request(scene, hints, vividness)])[0].ab


def at(engine: Engine, key: str, hints: tuple[PaintHint, ...], points: tuple[tuple[float, float], ...]) -> Request:
    """A request for distributions."""
    (network,) = engine.info.networks
    return Request(engine.prepare(key, lightness((256, 256)), network), hints, 0.0, points)


def test_a_painting_has_a_distribution_at_each_point(engine: Engine) -> None:
    """313 probabilities a point that sum to 1; none where no point asks; borders and corners are places too."""
    rows = engine.render([at(engine, "points", spread(5), POINTS)])[0].distributions
    assert rows.shape == (3, 313)
    assert rows.dtype == np.float32
    assert (rows >= 0).all()
    np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-5)
    assert engine.render([at(engine, "points", spread(5), ())])[0].distributions.shape == (0, 313)


def test_distributions_alone_are_those_of_a_painting(engine: Engine) -> None:
    """Right after the pass, after a pass with other hints, and with no pass at all; in the order of the requests."""
    hints = spread(5)
    painted = engine.render([at(engine, "alone", hints, POINTS)])[0].distributions
    [kept] = engine.distributions([at(engine, "alone", hints, POINTS)])
    engine.render([at(engine, "alone", spread(3), ())])
    later, none, fresh = engine.distributions(
        [
            at(engine, "alone", hints, POINTS),
            at(engine, "alone", hints, ()),
            at(engine, "alone under another key", hints, POINTS[:2]),
        ]
    )
    for found in (kept, later):
        np.testing.assert_allclose(found, painted, atol=1e-5)
    assert none.shape == (0, 313)
    np.testing.assert_allclose(fresh, painted[:2], atol=1e-5)


def test_distributions_follow_the_hints(engine: Engine) -> None:
    """At a hint its color becomes probable: the mean comes nearer to it, and the kept features are not of before."""
    bins = ab_bins()
    before, after = (
        engine.distributions([at(engine, "follow", hints, ((0.5, 0.5),))])[0][0] @ bins for hints in ((), (VIVID_HINT,))
    )
    told = np.array([VIVID_HINT.a, VIVID_HINT.b])
    assert np.linalg.norm(after - told) < 0.5 * np.linalg.norm(before - told)


def test_without_vividness_nothing_changes(engine: Engine) -> None:
    """Bit by bit: 0 adds nothing, and paintings before and after vivid ones are the same."""
    plain = vivid(engine, "none", (), 0.0)
    vivid(engine, "none", (), 1.0)
    np.testing.assert_array_equal(vivid(engine, "none", (), 0.0), plain)


def test_vividness_changes_the_picture_but_not_at_hints(engine: Engine) -> None:
    """The more the further, and next to a hint as good as nothing."""
    hints = (VIVID_HINT,)
    plain, half, full = (vivid(engine, "near", hints, vividness) for vividness in (0.0, 0.5, 1.0))
    changed = np.abs(full - plain).max(axis=0)
    assert changed[62:67, 62:67].max() < 0.05
    assert changed.max() > 1
    np.testing.assert_allclose((half - plain)[:, :20], (full - plain)[:, :20] / 2, rtol=0.01, atol=0.01)
    assert error_at_hints(Painting(full, 0), lightness((256, 256)), hints).max() < 0.3


def test_each_request_has_its_own_vividness_and_points(engine: Engine) -> None:
    """Together as alone, also those of one photograph."""
    hints = spread(4)
    asked = [
        Request(at(engine, key, (), ()).scene, told, vividness, points)
        for key, told, vividness, points in (
            ("own a", hints, 0.0, POINTS),
            ("own b", (), 1.0, ()),
            ("own a", (), 0.4, POINTS[:1]),
            ("own b", (), 0.0, ()),
        )
    ]
    for painting, request in zip(engine.render(asked), asked, strict=True):
        [alone] = engine.render([request])
        np.testing.assert_allclose(painting.ab, alone.ab, rtol=0, atol=BATCH_TOLERANCE)
        np.testing.assert_allclose(painting.distributions, alone.distributions, atol=1e-4)


def test_networks_say_whose_distributions_they_use(engine: Engine) -> None:
    """Their own here; hints guide them."""
    ((name, info),) = engine.info.networks.items()
    assert (info.guided, info.distribution) == (True, name)
