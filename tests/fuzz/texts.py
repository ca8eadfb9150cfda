"""What else strangers send: messages, frames, recipes, forms and room files, and how one of each is judged."""

import asyncio
import io
import struct
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from starlette.requests import Request

from chromavive import errors, ids
from chromavive.hints.entry import Photograph
from chromavive.hints.recipe import decode_recipe, encode_recipe, recipe_state
from chromavive.journal import MemoryJournal, Record
from chromavive.pictures.contract import DecodedMeta, PhotographLimits
from chromavive.pictures.store import PhotographStore
from chromavive.room.opening import opening_entry
from chromavive.room_file import read_room, write_room
from chromavive.web.forms import PhotographForm
from chromavive.wire import messages
from chromavive.wire.frame import FrameHeader, pack_frame, unpack_frame
from tests.fuzz.mutation import Material

_JSON_WORDS = (
    *b'null true [] {} -1 1e999 0.1 "" NaN "__proto__": "type":"edit", "type":"hello" "\\ud800"'.split(),
    b"9" * 30,
    b"[" * 500,
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\0",
)
_ROOM = "r" * 16


# -- messages ---------------------------------------------------------------------------------------------------------


@cache
def message_material() -> Material:
    """Every message that a page sends, and every edit in one."""
    hint = b'{"id":"hint","x":0.5,"y":0.25,"a":10,"b":-20,"size":5}'
    recipe_hint = hint[:-1] + b',"author":"0123456789abcdef"}'
    edits = [
        b'{"type":"add","hints":[' + hint + b"]}",
        b'{"type":"move","moves":[{"id":"hint","x":1,"y":0}]}',
        b'{"type":"recolor","hints":["hint"],"a":1.5,"b":2}',
        b'{"type":"resize","hints":["hint"],"size":9}',
        b'{"type":"remove","hints":["hint","other"]}',
        b'{"type":"import","hints":[' + recipe_hint + b'],"photograph":"","turn":1,"crop":[0,0,1,1]}',
        b'{"type":"crop","crop":[0.1,0.1,0.9,0.9]}',
        b'{"type":"rotate","role":"owner","capability":"' + b"c" * 22 + b'"}',
        b'{"type":"retitle","title":"\\u00e9"}',
        *(b'{"type":"%s"}' % kind for kind in (b"clear", b"undo", b"redo")),
    ]
    secret = b"s" * 22
    texts = [b'{"type":"edit","seat":"%s","number":1,"edit":%s,"gesture":2}' % (secret, edit) for edit in edits]
    texts += [b'{"type":"gesture","gesture":1,"edit":%s}' % edit for edit in edits[:4]]
    others: tuple[messages.FromPage, ...] = (
        messages.Hello(3, "c" * 22, "m" * 22, "s" * 22, "Anna", "0" * 16, 3, "0" * 16),
        messages.Cancel(1),
        messages.Pointer(0.5, 0.5),
        messages.View(0.5, 0.5, 0.25),
        messages.Rename("Anna"),
        messages.Painted(3),
        messages.Pong(),
    )
    return Material([*texts, *(messages.encode(each) for each in others)], _JSON_WORDS)


def judge_message(data: bytes) -> str:
    """Its type, or malformed; what is understood comes back the same when it travels again."""
    try:
        message = messages.decode_from_page(data)
    except errors.Malformed:
        return "malformed"
    assert messages.decode_from_page(messages.encode(message)) == message
    return type(message).__name__


# -- frames -----------------------------------------------------------------------------------------------------------


@cache
def frame_material() -> Material:
    """Frames of both kinds."""
    header = FrameHeader("0" * 16, 3, 4, True, "stub", 8, 8, -1.0, 0.5, 1.0, 0.25, 0.01, "image/webp")
    other = FrameHeader("f" * 16, 2**63, 2**53, False, "siggraph17", 128, 80, 0.0, 0.0, 0.0, 0.0, 6.5, "image/jpeg")
    return Material([pack_frame(header, b"payload"), pack_frame(other, b"")], (b"CVF1", b"\xff", b"\0"))


def judge_frame(data: bytes) -> str:
    """Taken or malformed."""
    try:
        header, _ = unpack_frame(data)
    except errors.Malformed:
        return "malformed"
    assert header.network.isascii()
    return "taken"


# -- recipes ----------------------------------------------------------------------------------------------------------


@cache
def recipe_material() -> Material:
    """A recipe as a room gives it, and a short one."""
    hint = '{"id":"hint","x":0.5,"y":0.25,"a":10.0,"b":-20.0,"size":5.0,"author":"0123456789abcdef"}'
    photograph = '{"sha256":"' + "0" * 64 + '","height_px":30,"width_px":40}'
    short = f'{{"photograph":{photograph},"network":"compact","weights_hash":"","hints":[{hint}]}}'
    whole = encode_recipe(decode_recipe(short.encode()))
    return Material([whole, short.encode()], (*_JSON_WORDS, b'"turn":3,', b'"crop":[0,0,1,1],', b'"threads":9,'))


def judge_recipe(data: bytes) -> str:
    """Taken or unreadable; what is taken can be used, and comes back the same."""
    try:
        recipe = decode_recipe(data)
    except errors.RecipeUnreadable:
        return "unreadable"
    recipe_state(recipe, Photograph("0" * 64, 30, 40, False))
    assert decode_recipe(encode_recipe(recipe)) == recipe
    return "taken"


# -- forms ------------------------------------------------------------------------------------------------------------


@cache
def form_material() -> Material:
    """The content type in the first line, then the body."""
    part = b'--B\r\nContent-Disposition: form-data; name="%s"; filename="f"\r\n\r\n%s\r\n'
    kind = b"multipart/form-data; boundary=B\n"
    both = kind + part % (b"photo", b"p" * 100) + part % (b"recipe", b"{}") + b"--B--\r\n"
    words = (
        b"--B",
        b"--B--",
        b"\r\n",
        b"\r\n\r\n",
        b'name="photo"',
        b"Content-Disposition: ",
        b"boundary=",
        b";",
        b"\xff" * 9,
    )
    return Material([both, kind + part % (b"photo", b"p") + b"--B--", b"image/png\nbytes of a photograph"], words)


def judge_form(data: bytes) -> str:
    """Taken or refused, in pieces of any size; nothing that was not sent comes out."""
    kind, _, body = data.partition(b"\n")
    size = 1 + len(data) % 97
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    try:
        photograph, recipe = asyncio.run(_read(kind, pieces))
    except errors.RequestMalformed:
        return "malformed"
    assert len(photograph) + len(recipe) <= len(body)
    return "taken"


async def _read(kind: bytes, pieces: list[bytes]) -> tuple[bytes, bytes]:
    waiting = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> dict[str, object]:
        return waiting.pop(0)

    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": [(b"content-type", kind)]}
    form = PhotographForm(Request(scope, receive))
    return b"".join([piece async for piece in form.photograph()]), form.recipe


# -- room files -------------------------------------------------------------------------------------------------------


@cache
def room_file_material() -> Material:
    """A room's file with its parts stored one after the other, so that a change comes through to them."""
    with TemporaryDirectory() as folder:
        store = PhotographStore(Path(folder) / "photographs")
        arrival = store.arrival(_ROOM)
        arrival.original.write_bytes(b"a photograph")
        np.save(arrival.lightness, np.zeros((16, 16), np.uint16))
        stored = store.put(_ROOM, DecodedMeta(16, 16, "PNG", False, ()))
        entry = opening_entry(Photograph(stored.sha256, 16, 16, False), "stub", "A title", ids.new_secret(), 0)
        record = Record(entry.revision, entry.seat, entry.number, entry.payload, entry.sealed)
        path = Path(folder) / "room"
        write_room(path, _ROOM, [record], store)
        return Material([parts_of(path.read_bytes())], (*_JSON_WORDS, b'"revision":1', b"\x93NUMPY"))


def parts_of(data: bytes) -> bytes:
    """The parts of a ZIP as one text: the name, the length and the bytes of each."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [(name.encode(), archive.read(name)) for name in archive.namelist()]
    return b"".join(struct.pack("<BH", len(name), len(part)) + name + part for name, part in parts)


def zipped(parts: bytes) -> bytes:
    """A ZIP of the parts, as far as they can be made out; half of the inputs are damaged as a ZIP instead."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        at = 0
        while at + 3 <= len(parts):
            of_name, of_part = struct.unpack_from("<BH", parts, at)
            name = parts[at + 3 : at + 3 + of_name].decode("ascii", "replace").replace("\0", "?") or "?"
            if name not in archive.namelist():
                archive.writestr(name, parts[at + 3 + of_name : at + 3 + of_name + of_part])
            at += 3 + of_name + of_part
    return buffer.getvalue()


def judge_room_file(data: bytes) -> str:
    """Taken in or unreadable; after a refusal nothing of it is left."""
    content = zipped(data)
    if len(data) % 2:
        content = content[: len(data) * 7919 % len(content)] + content[len(data) * 7919 % len(content) + 1 :]
    with TemporaryDirectory() as folder:
        journal, store = MemoryJournal(), PhotographStore(Path(folder) / "photographs")
        path = Path(folder) / "room"
        path.write_bytes(content)
        try:
            room = read_room(path, journal, store, PhotographLimits(10_000, 10_000))
        except errors.RoomFileUnreadable:
            assert (journal.rooms(), store.rooms()) == ([], [])
            return "unreadable"
        assert journal.rooms() == store.rooms() == [room]
        return "taken"


TARGETS: dict[str, tuple[float, Callable[[], Material], Callable[[bytes], str]]] = {
    "message": (0.05, message_material, judge_message),
    "frame": (0.05, frame_material, judge_frame),
    "recipe": (0.1, recipe_material, judge_recipe),
    "form": (0.1, form_material, judge_form),
    "room_file": (0.1, room_file_material, judge_room_file),
}
"""Share of the time, what inputs are made of, and what judges them; the door and the room have the rest."""
