"""Recipes: a room's hints as a file."""

import json
from typing import Any

import msgspec
import pytest

from chromavive.errors import EditEmpty, EditRefused, RecipeUnreadable
from chromavive.hints.edit import Import, resolve
from chromavive.hints.entry import AllHintsSet, Crop, Photograph
from chromavive.hints.hint import Hint, merged
from chromavive.hints.recipe import Recipe, RecipeHint, decode_recipe, encode_recipe, recipe_of, recipe_state
from chromavive.hints.state import State, applied

PHOTOGRAPH = Photograph("a" * 64, 300, 400, False)
OTHER = Photograph("b" * 64, 100, 100, False)
AUTHOR = "0123456789abcdef"
# Ages on purpose not in the order of the ids: the newest of two at one place acts.
HINTS = {
    each.id: each
    for each in (
        Hint("zebra", 0.5, 0.5, 10.0, 20.0, 5.0, AUTHOR, 3),
        Hint("apple", 0.5, 0.5, -10.0, 5.0, 3.0, AUTHOR, 9, True),
        Hint("mango", 0.25, 0.75, 1.0, 2.0, 9.0, "", 4),
    )
}


def state(photograph: Photograph = PHOTOGRAPH, **more: Any) -> State:
    return State(photograph, "compact", **more)


def recipe(of: State) -> Recipe:
    return recipe_of(
        of, network="compact", weights_hash="w", precision="fp32", device="cpu", threads=2, versions={"torch": "2"}
    )


def edit(taken: Recipe) -> Import:
    """The edit that a page makes of a recipe, over the wire."""
    made = Import(taken.hints, taken.photograph.sha256, taken.turn, taken.crop)
    return msgspec.json.decode(msgspec.json.encode(made), type=Import)


def imported(taken: Recipe, into: State, revision: int = 2) -> State:
    return applied(into, resolve(edit(taken), into, author="ann", revision=revision), revision)


def bare(hints: dict[str, Hint]) -> list[Hint]:
    """The hints that act, oldest first, without their ages."""
    return [msgspec.structs.replace(hint, touched=0) for hint in merged(hints, 224, 320)]


def test_a_recipe_comes_back_from_its_file_as_it_went() -> None:
    """Every field, over JSON; the hints oldest first."""
    made = recipe(state(hints=HINTS, turn=1, crop=(0.1, 0.2, 0.9, 1.0), vividness=0.25))
    assert recipe_state(made, PHOTOGRAPH).vividness == 0.25
    assert decode_recipe(encode_recipe(made)) == made
    assert [hint.id for hint in made.hints] == ["zebra", "mango", "apple"]


def test_an_import_shows_what_the_recipes_room_showed() -> None:
    """The same hints act, with ids and authors, although the room is younger than the recipe's was."""
    fresh = imported(recipe(state(hints=HINTS)), state())
    assert bare(fresh.hints) == bare(HINTS)
    assert len(fresh.hints) == 3
    assert max(hint.touched for hint in fresh.hints.values()) == 2  # what is touched later is newer


def test_an_import_takes_the_place_of_all_hints() -> None:
    """The change holds what was there, so that undo brings it back (R12)."""
    before = state(hints={"alone": Hint("alone", 0.1, 0.1, 0.0, 0.0, 5.0, "", 2)})
    [change] = resolve(edit(recipe(state(hints=HINTS))), before, author="ann", revision=3)
    assert isinstance(change, AllHintsSet)
    assert change.before == tuple(before.hints.values())


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
@pytest.mark.parametrize("crop", [(0.0, 0.0, 1.0, 1.0), (0.2, 0.25, 0.8, 0.7)])
def test_on_its_own_photograph_a_hint_goes_to_the_same_point_of_it(turn: int, crop: Crop) -> None:
    """Into a room that shows the photograph turned and cropped, and back."""
    one = {"hint": Hint("hint", 0.375, 0.625, 1.0, 2.0, 5.0, "", 2)}
    shown = imported(recipe(state(hints=one)), state(turn=turn, crop=crop))
    back = imported(recipe(shown), state())
    assert (back.hints["hint"].x, back.hints["hint"].y) == pytest.approx((0.375, 0.625))
    assert turn == 0 or (shown.hints["hint"].x, shown.hints["hint"].y) != (0.375, 0.625)


def test_a_quarter_turn_is_clockwise() -> None:
    """What was at the top left is at the top right."""
    one = {"hint": Hint("hint", 0.1, 0.2, 1.0, 2.0, 5.0, "", 2)}
    shown = imported(recipe(state(hints=one)), state(turn=1))
    assert (shown.hints["hint"].x, shown.hints["hint"].y) == pytest.approx((0.8, 0.1))


def test_what_the_crop_does_not_show_is_left_out() -> None:
    """And where nothing is left, the import is refused."""
    taken = recipe(state(hints=HINTS))
    assert set(imported(taken, state(crop=(0.0, 0.6, 1.0, 1.0))).hints) == {"mango"}
    with pytest.raises(EditEmpty):
        imported(taken, state(crop=(0.9, 0.9, 1.0, 1.0)))


def test_on_another_photograph_hints_keep_their_fractions() -> None:
    """Turn and crop of the recipe mean nothing there."""
    taken = recipe(state(hints=HINTS, turn=1, crop=(0.1, 0.2, 0.9, 1.0)))
    assert imported(taken, state(OTHER, turn=3)).hints["mango"].x == 0.25
    assert recipe_state(taken, OTHER).turn == 0
    assert recipe_state(taken, PHOTOGRAPH).turn == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"chromavive_recipe": 2},
        {"brilliance": 1},
        {"vividness": 1.5},
        {"turn": 4},
        {"crop": [0.5, 0, 0.5, 1]},
        {"photograph": {"sha256": "short", "height_px": 1, "width_px": 1}},
        {"hints": [{"id": "hint", "x": 1.5, "y": 0, "a": 0, "b": 0}]},
        {"hints": [{"id": "hint", "x": 0, "y": 0, "a": 111, "b": 0}]},
        {"hints": [{"id": "hint", "x": 0, "y": 0, "a": 0, "b": 0}] * 2},
        {"hints": [{"id": f"hint{n}", "x": 0, "y": 0, "a": 0, "b": 0} for n in range(513)]},
    ],
)
def test_a_file_that_is_no_recipe_is_refused(wrong: dict[str, Any]) -> None:
    """Each by itself; the same file without it is read."""
    good = json.loads(encode_recipe(recipe(state(hints=HINTS))))
    decode_recipe(json.dumps(good).encode())
    with pytest.raises(RecipeUnreadable):
        decode_recipe(json.dumps(good | wrong).encode())


@pytest.mark.parametrize(
    "wrong",
    [
        {"x": -0.1},
        {"a": 200.0},
        {"size": 10.0},
        {"id": "no"},
        {"author": "somebody else"},
    ],
)
def test_R10_2_an_import_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    """Nothing of it is taken; the edit's author is told."""
    good = RecipeHint("hint", 0.5, 0.5, 0.0, 0.0)
    resolve(Import((good,)), state(), author="ann", revision=2)
    with pytest.raises(EditRefused):
        resolve(Import((msgspec.structs.replace(good, **wrong),)), state(), author="ann", revision=2)
    with pytest.raises(EditEmpty):
        resolve(Import((good, good)), state(), author="ann", revision=2)


@pytest.mark.parametrize("threads", [0, -1, 10**6])
def test_a_file_does_not_choose_what_no_machine_has(threads: int) -> None:
    """The command line starts as many threads as a recipe says."""
    told = json.loads(encode_recipe(recipe(state()))) | {"threads": threads}
    with pytest.raises(RecipeUnreadable):
        decode_recipe(json.dumps(told).encode())


@pytest.mark.parametrize(
    "wrong, sentence",
    [
        ({"vividness": 2}, "what it says at vividness cannot be."),
        ({"network": 1}, "what it says at network cannot be."),
        ({"colour": 1}, "it has an unknown field, colour."),
        ({"photograph": {"sha256": "a" * 64, "height_px": 1}}, "it lacks width_px."),
    ],
)
def test_why_a_recipe_cannot_be_read_is_said_in_words(wrong: dict[str, Any], sentence: str) -> None:
    """Without the types and paths of the library that read it."""
    good = json.loads(encode_recipe(recipe(state())))
    with pytest.raises(RecipeUnreadable) as told:
        decode_recipe(json.dumps(good | wrong).encode())
    assert str(told.value) == f"This is not a recipe that can be read here: {sentence}"
    with pytest.raises(RecipeUnreadable, match="it is no JSON of one"):
        decode_recipe(b"not JSON")
