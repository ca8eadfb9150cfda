"""Recipes: the hints of a room as a file that another room, or the command line, can take up."""

import re
from typing import Annotated, Literal

import msgspec

from chromavive import errors, limits
from chromavive.hints.bounds import check_crop
from chromavive.hints.entry import WHOLE, Crop, Photograph
from chromavive.hints.hint import Hint
from chromavive.hints.state import State
from chromavive.ids import HINT_PATTERN, MEMBER_PATTERN

_Place = Annotated[float, msgspec.Meta(ge=0, le=1)]
_Color = Annotated[float, msgspec.Meta(ge=-limits.AB_MAX, le=limits.AB_MAX)]
_Size = Annotated[float, msgspec.Meta(ge=limits.HINT_SIZE_MIN, le=limits.HINT_SIZE_MAX)]
# A stranger's file chooses how many threads start here: more than any machine has would take the process down.
_Threads = Annotated[int, msgspec.Meta(ge=1, le=1024)]
_Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class RecipeHint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A hint of a recipe. Units and pinned as in Hint; author: the public id of the member who placed it."""

    id: str
    x: float
    y: float
    a: float
    b: float
    size: float = 5.0
    author: str = ""
    pinned: bool = False


class _CheckedHint(RecipeHint, frozen=True, forbid_unknown_fields=True):
    """A hint as a file may hold it."""

    id: Annotated[str, msgspec.Meta(pattern=f"^{HINT_PATTERN.pattern}$")]
    x: _Place
    y: _Place
    a: _Color
    b: _Color
    size: _Size = 5.0
    author: Annotated[str, msgspec.Meta(pattern=f"^{MEMBER_PATTERN.pattern}$")] = ""


class RecipePhotograph(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The photograph that the hints were placed on."""

    sha256: _Sha256
    height_px: int
    width_px: int


class Recipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that a room's picture follows from, besides the photograph's bytes.

    hints: oldest first, all of the room's; places as fractions of the photograph turned and cropped. network,
    weights_hash, precision, device, threads: what painted it. versions: of what it was painted with. Equal in all of
    them, the picture is the same to the last bit.
    """

    photograph: RecipePhotograph
    network: str
    weights_hash: str
    hints: Annotated[tuple[_CheckedHint, ...], msgspec.Meta(max_length=limits.HINTS_MAX)]
    turn: Annotated[int, msgspec.Meta(ge=0, le=3)] = 0
    crop: Crop = WHOLE
    precision: str = "fp32"
    device: str = "cpu"
    threads: _Threads = 1
    versions: dict[str, str] = {}
    vividness: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0
    chromavive_recipe: Literal[1] = 1


_decoder = msgspec.json.Decoder(Recipe)


def recipe_of(
    state: State,
    *,
    network: str,
    weights_hash: str,
    precision: str,
    device: str,
    threads: int,
    versions: dict[str, str],
) -> Recipe:
    """The recipe of a room's state, painted by what the other arguments name."""
    photograph = state.photograph
    oldest_first = sorted(state.hints.values(), key=lambda hint: (hint.touched, hint.id))
    return Recipe(
        RecipePhotograph(photograph.sha256, photograph.height_px, photograph.width_px),
        network,
        weights_hash,
        tuple(
            _CheckedHint(each.id, each.x, each.y, each.a, each.b, each.size, each.author, each.pinned)
            for each in oldest_first
        ),
        state.turn,
        state.crop,
        precision,
        device,
        threads,
        versions,
        state.vividness,
    )


def encode_recipe(recipe: Recipe) -> bytes:
    """The recipe as a JSON file that people can read."""
    return msgspec.json.format(msgspec.json.encode(recipe), indent=1) + b"\n"


def decode_recipe(content: bytes) -> Recipe:
    """The recipe of a file.

    Raises:
        RecipeUnreadable: it is none, or one of a newer version.
    """
    try:
        recipe = _decoder.decode(content)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise errors.RecipeUnreadable(f"This is not a recipe that can be read here: {_why(str(error))}.") from error
    if len({hint.id for hint in recipe.hints}) < len(recipe.hints):
        raise errors.RecipeUnreadable("This recipe names a hint twice.")
    try:
        check_crop(recipe.crop)
    except errors.CropTooSmall as error:
        raise errors.RecipeUnreadable("This recipe names a crop that cannot be.") from error
    return recipe


def _why(told: str) -> str:
    """In words what msgspec says in terms of types and paths."""
    named = re.search(r"field `(\w+)`", told)
    place = re.search(r"`\$\.(\S+)`$", told)
    if named is not None:
        return f"it {'lacks' if 'missing' in told else 'has an unknown field,'} {named[1]}"
    return "it is no JSON of one" if place is None else f"what it says at {place[1]} cannot be"


def recipe_state(recipe: Recipe, photograph: Photograph) -> State:
    """The state of a room with this photograph in which the recipe's picture was made.

    Another photograph than the recipe's is shown whole and upright; the hints keep their fractions.
    """
    same = photograph.sha256 == recipe.photograph.sha256
    turn, crop = (recipe.turn, recipe.crop) if same else (0, WHOLE)
    hints = taken_up(recipe.hints, len(recipe.hints))
    return State(photograph, recipe.network, turn=turn, crop=crop, vividness=recipe.vividness, hints=hints)


def fresh_state(
    photograph: Photograph, network: str, recipe: Recipe | None = None, vividness: float | None = None
) -> State:
    """The state of a photograph that no room has: as the recipe says, or untouched.

    network: where there is no recipe. vividness: where it is not the recipe's, or 0 without one.
    """
    state = State(photograph, network) if recipe is None else recipe_state(recipe, photograph)
    return state if vividness is None else msgspec.structs.replace(state, vividness=vividness)


def taken_up(hints: tuple[RecipeHint, ...], revision: int) -> dict[str, Hint]:
    """The hints by id as an import at this revision sets them: in their order, none newer than the revision.

    Their ages reach back before it, below zero where it is small: what anybody touches later is newer than all.
    """
    first = revision - len(hints) + 1
    return {
        each.id: Hint(each.id, each.x, each.y, each.a, each.b, each.size, each.author, first + place, each.pinned)
        for place, each in enumerate(hints)
    }


def carried_over(hints: tuple[RecipeHint, ...], shown: tuple[int, Crop], state: State) -> tuple[RecipeHint, ...]:
    """The hints at the same points of the photograph, as the state shows it; those that it does not show are left out.

    shown: quarter turns and crop that the hints' places are fractions of.
    """
    turn, crop = shown
    if (turn, crop) == (state.turn, state.crop):
        return hints
    carried = []
    for hint in hints:
        x, y = _turned(_within(crop, hint.x, hint.y), (state.turn - turn) % 4)
        left, top, right, bottom = state.crop
        x, y = (x - left) / (right - left), (y - top) / (bottom - top)
        if 0 <= x <= 1 and 0 <= y <= 1:
            carried.append(msgspec.structs.replace(hint, x=x, y=y))
    return tuple(carried)


def _within(crop: Crop, x: float, y: float) -> tuple[float, float]:
    """A point of the crop as fractions of the whole."""
    left, top, right, bottom = crop
    return left + x * (right - left), top + y * (bottom - top)


def _turned(point: tuple[float, float], quarter_turns: int) -> tuple[float, float]:
    """Where a point lies after clockwise quarter turns of the picture."""
    x, y = point
    for _ in range(quarter_turns):
        x, y = 1 - y, x
    return x, y
