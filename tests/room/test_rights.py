"""R9 and R10: who may do what, and bad input changes nothing."""

import msgspec
import pytest

from chromavive import errors, limits
from chromavive.hints import edit as edits
from chromavive.hints.edit import (
    Add,
    Clear,
    CropTo,
    Edit,
    Lock,
    Move,
    NewHint,
    Placed,
    Recolor,
    Resize,
    Retitle,
    Rotate,
    Turn,
)
from chromavive.hints.recipe import RecipeHint
from chromavive.room import rights
from chromavive.wire import messages
from chromavive.wire.messages import Role
from tests.room.stage import Stage, add, secret

EVERY_EDIT: dict[str, Edit] = {
    "add": add("new1"),
    "move": Move((Placed("hint", 0.9, 0.9),)),
    "recolor": Recolor(("hint",), 1.0, 2.0),
    "resize": Resize(("hint",), 9.0),
    "remove": edits.Remove(("hint",)),
    "clear": Clear(),
    "import": edits.Import((RecipeHint("from-a-recipe", 0.5, 0.5, 0.0, 0.0),)),
    "restore": edits.Restore(1),
    "undo": edits.Undo(),
    "redo": edits.Redo(),
    "retitle": Retitle("other"),
    "lock": Lock(True),
    "allow_export": edits.AllowExport(False),
    "turn": Turn(1),
    "crop": CropTo((0.0, 0.0, 0.5, 0.5)),
    "network": edits.ChooseNetwork("other"),
    "vividness": edits.SetVividness(0.5),
    "swatch": edits.SetSwatch("sky1", edits.NewSwatch("Sky", -5.0, -30.0)),
    "rotate": Rotate("viewer"),
}


# Written down once more, so that a slip in the table is one between two.
OWNERS_ALONE = {"clear", "lock", "allow_export", "turn", "crop", "network", "vividness", "rotate"}
MAY: dict[Role, set[str]] = {
    "owner": set(EVERY_EDIT) | {"recipe", "backup", "ask", "delete"},
    "editor": set(EVERY_EDIT) - OWNERS_ALONE | {"recipe", "backup", "ask"},
    "viewer": set(),
}
EVERYBODY_MAY = {"pointer", "view", "rename", "look", "export", "palette_for", "preview_of"}


@pytest.mark.parametrize("role", ["owner", "editor", "viewer"])
def test_R9_1_the_table_says_what_each_role_may(role: Role) -> None:
    """Edits, messages and requests, each row; who edits may also make and cancel gestures."""
    gestures = {"gesture", "cancel"} if role != "viewer" else set()
    assert {what for what, roles in rights.TABLE.items() if role in roles} == MAY[role] | EVERYBODY_MAY | gestures


@pytest.mark.parametrize("role", ["owner", "editor", "viewer"])
@pytest.mark.parametrize("kind", list(EVERY_EDIT))
def test_R9_1_every_edit_meets_every_role(kind: str, role: Role) -> None:
    """What a role may not is refused with not_allowed; what it may is not."""
    stage = Stage()
    member = stage.join(role)
    member.edit(EVERY_EDIT[kind])
    stage.land()
    codes = [refused.code for refused in member.all(messages.Refused)]
    assert (errors.NotAllowed.code in codes) == (kind not in MAY[role])


def test_every_edit_has_its_row() -> None:
    """An edit without a row would fail only when somebody sends it."""
    tags = {each.__struct_config__.tag for each in Edit.__args__}
    assert tags == set(EVERY_EDIT)
    assert tags <= rights.TABLE.keys()


def test_R9_2_a_viewer_is_refused_by_the_room() -> None:
    """Edit and gesture, with its number and its gesture; nothing changes."""
    stage = Stage()
    viewer = stage.join("viewer")
    stage.render()
    number = viewer.edit(add())
    viewer.gesture(add(), 7)
    edit, gesture = viewer.all(messages.Refused)
    assert (edit.code, edit.number, edit.kind) == (errors.NotAllowed.code, number, "drop")
    assert (gesture.code, gesture.gesture) == (errors.NotAllowed.code, 7)
    assert stage.out is None
    assert stage.render() is None


@pytest.mark.parametrize(
    "message",
    [
        messages.Cancel(1),
        messages.Pointer(0.5, 0.5),
        messages.View(0.5, 0.5, 1.0),
        messages.Rename("x"),
        messages.PaletteFor(0.5, 0.5),
        messages.PreviewOf("other", 0.5),
    ],
    ids=lambda message: str(message.__struct_config__.tag),
)
def test_R9_1_what_is_not_answered_asks_the_table_too(
    message: messages.FromPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever lacks the right says it in vain; with the right it does something."""
    done = []
    for roles in (frozenset(), frozenset({"owner"})):
        monkeypatch.setitem(rights.TABLE, str(message.__struct_config__.tag), roles)
        stage = Stage()
        owner = stage.join("owner")
        owner.gesture(add())
        stage.wait(0.5)
        stage.sent.clear()
        owner.send(message)
        stage.wait(0.5)
        done.append(len(stage.sent) + len(stage.withdrawn) + len(stage.previews))
    assert done[0] == 0 < done[1]


def test_R9_3_a_lock_stops_editors_and_not_the_owner() -> None:
    """Title and the like stay possible."""
    stage = Stage()
    owner, ann = stage.join("owner", "olga"), stage.join("editor")
    owner.edit(Lock(True))
    stage.land()
    ann.edit(add("anns"))
    ann.edit(edits.Import((RecipeHint("anns", 0.5, 0.5, 0.0, 0.0),)))
    ann.gesture(add("anns"))
    assert [refused.code for refused in ann.all(messages.Refused)] == [errors.RoomLocked.code] * 3
    ann.edit(Retitle("still mine"))
    owner.edit(add("olgas"))
    stage.land()
    assert set(stage.state.hints) == {"olgas"}
    assert stage.state.title == "still mine"


def test_R9_4_rotating_closes_who_came_in_by_the_old_link() -> None:
    """Editors by the editor's; everybody by the owner's. 4403."""
    stage = Stage()
    owner, ann, eve = stage.join("owner", "olga"), stage.join("editor"), stage.join("viewer", "eve")
    owner.edit(Rotate("editor"))
    stage.land()
    assert isinstance(ann.closed, errors.LinkRotated)
    assert ann.closed.close_code == 4403
    assert (owner.closed, eve.closed) == (None, None)
    links = owner.last(messages.Links)
    assert stage.room.role_of(links.editor) == "editor"
    owner.edit(Rotate("owner", secret("fresh")))
    stage.land()
    assert isinstance(owner.closed, errors.LinkRotated)
    assert isinstance(eve.closed, errors.LinkRotated)
    assert owner.all(messages.Accepted)[-1].revision == 3
    assert stage.room.role_of(secret("fresh")) == "owner"


def test_R9_5_a_rotated_capability_opens_nothing() -> None:
    """Also after a restart."""
    stage = Stage()
    owner = stage.join("owner")
    old = {role: stage.capability(role) for role in ("owner", "editor", "viewer")}
    owner.edit(Rotate("owner", secret("fresh")))
    stage.land()
    for _ in range(2):
        assert [stage.room.role_of(capability) for capability in old.values()] == [None] * 3
        stage.load()


def test_rotating_the_owners_link_needs_a_fresh_capability() -> None:
    """None given, or one of another shape."""
    stage = Stage()
    owner = stage.join("owner")
    for capability in (None, "short", stage.capability("owner")):
        owner.edit(Rotate("owner", capability))
        assert owner.last(messages.Refused).code == errors.CapabilityMissing.code
    assert stage.out is None


BAD: list[tuple[Edit, type[errors.EditRefused]]] = [
    (add("new1", x=1.01), errors.HintOutside),
    (add("new1", y=-0.01), errors.HintOutside),
    (add("new1", a=111.0), errors.ColorOutside),
    (Add((NewHint("size", 0.5, 0.5, 0.0, 0.0, 0.5),)), errors.SizeOutside),
    (Add((NewHint("size", 0.5, 0.5, 0.0, 0.0, 9.5),)), errors.SizeOutside),
    (Add(()), errors.EditEmpty),
    (Add((NewHint("twin", 0.5, 0.5, 0, 0), NewHint("twin", 0.1, 0.1, 0, 0))), errors.EditEmpty),
    (Add((NewHint("<b>", 0.5, 0.5, 0, 0),)), errors.HintUnknown),
    (add("hint"), errors.HintTaken),
    (Move((Placed("nothing", 0.5, 0.5),)), errors.HintUnknown),
    (Recolor(("hint",), 0.0, -110.5), errors.ColorOutside),
    (Resize(("hint",), 10.0), errors.SizeOutside),
    (Turn(1), errors.HintsPresent),
    (CropTo((0.0, 0.0, 0.5, 0.5)), errors.HintsPresent),
    (Retitle("x" * (limits.TITLE_CHARACTERS_MAX + 1)), errors.TextTooLong),
]


@pytest.mark.parametrize(("edit", "error"), BAD)
def test_R10_1_a_refusal_says_code_sentence_number_and_kind(edit: Edit, error: type[errors.EditRefused]) -> None:
    """Each bad edit has its own."""
    stage = Stage()
    owner = stage.join("owner")
    owner.edit(add("hint"))
    stage.land()
    number = owner.edit(edit)
    refused = owner.last(messages.Refused)
    assert (refused.code, refused.number, refused.kind) == (error.code, number, "drop")
    assert refused.sentence.endswith(".")


@pytest.mark.parametrize(("edit", "error"), BAD)
def test_R10_2_a_refused_edit_changes_nothing(edit: Edit, error: type[errors.EditRefused]) -> None:
    """State, journal, look."""
    stage = Stage()
    owner = stage.join("owner")
    owner.edit(add("hint"))
    stage.land()
    stage.render()
    stage.wait(1)
    before = stage.state
    owner.edit(edit)
    assert owner.last(messages.Refused).code == error.code
    assert stage.out is None
    assert stage.state == before
    assert stage.render() is None


def test_the_room_holds_so_many_hints_and_no_more() -> None:
    """The 513th is refused; what is there stays."""
    stage = Stage()
    ann = stage.join()
    names = [f"h{number:04}" for number in range(limits.HINTS_MAX)]
    ann.edit(Add(tuple(NewHint(name, number / 600, 0.5, 0, 0) for number, name in enumerate(names))))
    ann.edit(add("more"))
    stage.land()
    assert ann.last(messages.Refused).code == errors.HintsFull.code
    assert len(stage.state.hints) == limits.HINTS_MAX


def test_turn_and_crop_before_the_first_hint() -> None:
    """The shown size follows; the working size goes to everybody with the entry."""
    stage = Stage()
    owner = stage.join("owner")
    assert stage.state.shown_size() == (300, 400)
    owner.edit(Turn(1))
    owner.edit(CropTo((0.0, 0.0, 1.0, 0.5)))
    stage.land()
    assert stage.state.shown_size() == (200, 300)
    assert owner.last(messages.EntryMessage).working_px == (224, 320)
    for crop in ((0.0, 0.0, 0.01, 1.0), (0.5, 0.0, 0.2, 1.0), (0.0, -0.1, 1.0, 1.0)):
        owner.edit(CropTo(crop))
        assert owner.last(messages.Refused).code == errors.CropTooSmall.code


def test_a_second_hello_is_malformed() -> None:
    """A connection has one member."""
    stage = Stage()
    ann = stage.join()
    with pytest.raises(errors.Malformed):
        stage.room.receive(ann.connection, ann.follower.hello(), 0, 0)


def test_every_message_of_a_page_is_met() -> None:
    """An effect, an explicit ignore or a typed error: nothing falls through."""
    stage = Stage()
    ann = stage.join()
    for kind in messages.FromPage.__args__:
        if kind is messages.Hello:
            continue
        fields = {
            "seat": "ann-seat-1",
            "number": 1,
            "edit": msgspec.to_builtins(add()),
            "gesture": 3,
            "look": 1,
            "name": "x",
            "x": 0.5,
            "y": 0.5,
            "span": 1.0,
        }
        given = {name: value for name, value in fields.items() if name in kind.__struct_fields__}
        message = msgspec.convert({"type": kind.__struct_config__.tag, **given}, messages.FromPage)
        assert isinstance(stage.room.receive(ann.connection, message, 0, 0), list)


def test_R9_7_a_network_that_is_not_loaded_and_a_vividness_beyond_1_are_refused() -> None:
    """With codes of their own, and nothing changes; NaN does not travel."""
    stage = Stage()
    owner = stage.join("owner")
    for edit, code in (
        (edits.ChooseNetwork("rembrandt"), errors.NetworkNotServed.code),
        (edits.SetVividness(1.01), errors.VividnessOutside.code),
        (edits.SetVividness(-0.01), errors.VividnessOutside.code),
    ):
        owner.edit(edit)
        assert (owner.last(messages.Refused).code, owner.last(messages.Refused).kind) == (code, "drop")
    assert (stage.state.network, stage.state.vividness, stage.room.revision) == ("stub", 0.0, 1)
