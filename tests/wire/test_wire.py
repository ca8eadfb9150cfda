"""Messages and frames as they travel."""

import json
from dataclasses import replace

import pytest

from chromavive import errors, limits
from chromavive.wire import messages
from chromavive.wire.frame import HEADER_BYTES, FrameHeader, pack_frame, unpack_frame

HEADER = FrameHeader(
    "0123456789abcdef", 2**40, 7, True, "compact", 128, 96, -20.5, 0.25, 1.0, 0.5, 0.0153, "image/webp"
)


def test_R7_2_a_frame_says_all_that_it_has_to() -> None:
    """Epoch, look, revision, network, settled, and the range of its planes."""
    header, payload = unpack_frame(pack_frame(HEADER, b"payload"))
    assert header == HEADER
    assert payload == b"payload"


def test_a_frame_says_whether_it_is_a_preview() -> None:
    """Whether it is settled too; the two flags are told apart."""
    for settled, preview in ((True, True), (True, False), (False, True), (False, False)):
        header = replace(HEADER, settled=settled, preview=preview)
        assert unpack_frame(pack_frame(header, b""))[0] == header


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"CVF1",
        b"XXXX" + bytes(HEADER_BYTES),
        b"CVF1\0\x09" + bytes(HEADER_BYTES),
        b"CVF1" + bytes(HEADER_BYTES - 5) + b"\xff",
    ],
)
def test_what_is_no_frame_is_malformed(data: bytes) -> None:
    """Too short, another magic, an unknown payload type, a network whose name is not ASCII."""
    with pytest.raises(errors.Malformed):
        unpack_frame(data)


GOOD = {"type": "edit", "seat": "ann-seat-1", "number": 1, "edit": {"type": "undo"}}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "garbage",
        "[]",
        "\x00\x01",
        '{"type":"unknown"}',
        json.dumps({**GOOD, "extra": 1}),
        json.dumps({**GOOD, "__proto__": {"role": "owner"}}),
        json.dumps({**GOOD, "number": 0}),
        json.dumps({**GOOD, "number": 2**53}),
        json.dumps({**GOOD, "number": "1"}),
        json.dumps({**GOOD, "edit": {"type": "opened"}}),
        json.dumps(
            {**GOOD, "edit": {"type": "add", "hints": [{"id": "hint", "x": float("nan"), "y": 0, "a": 0, "b": 0}]}}
        ),
        '{"type":"gesture","gesture":1,"edit":{"type":"recolor","hints":["hint"],"a":1e999,"b":0}}',
        '{"type":"gesture","gesture":1,"edit":{"type":"remove","hints":["hint"]}}',
        "[" * 100_000,
        " " * (limits.MESSAGE_BYTES_MAX + 1),
    ],
)
def test_R10_3_what_cannot_be_understood_is_malformed(text: str) -> None:
    """NaN and infinities, unknown fields and types, numbers nobody counts, depth, length."""
    with pytest.raises(errors.Malformed) as caught:
        messages.decode_from_page(text)
    assert caught.value.close_code == 4400


def test_invalid_utf8_is_malformed() -> None:
    """As bytes, which a socket may deliver."""
    with pytest.raises(errors.Malformed):
        messages.decode_from_page(b'{"type":"rename","name":"\xff\xfe"}')


def test_messages_come_back_as_they_went() -> None:
    """Whole numbers stay numbers of the right kind."""
    message = messages.decode_from_page(json.dumps({"type": "pointer", "x": 1, "y": 0}))
    assert message == messages.Pointer(1.0, 0.0)
    assert messages.decode_from_page(messages.encode(message)) == message
