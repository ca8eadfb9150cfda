"""The connection of a script, where a real server would have to be busy, silent or foreign at the right moment."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from websockets.sync.server import ServerConnection, serve

from chromavive import errors
from chromavive.hints.edit import Add, NewHint
from chromavive.hints.entry import Photograph, decode_entry
from chromavive.hints.state import state_after
from chromavive.remote.connection import RoomConnection
from chromavive.room.follower import Follower
from chromavive.room.opening import opening_entry
from chromavive.wire import messages

OPENED = state_after(
    None, decode_entry(opening_entry(Photograph("0" * 64, 300, 400, False), "stub", "", "o" * 22, 0).payload)
)
WELCOME = messages.Welcome(
    2,
    "room",
    "0" * 16,
    "owner",
    "m",
    "s",
    0,
    1,
    "0" * 16,
    (224, 288),
    1,
    messages.EngineNote("cpu", (messages.NetworkNote("stub", "fp32", True, "stub"),), "stub"),
    state=OPENED,
)
SEAT = "s" * 22
EDIT = Add((NewHint("hint", 0.5, 0.5, 0.0, 0.0),))
TIMEOUT_SECONDS = 20.0


@contextmanager
def joined(handler: object) -> Iterator[RoomConnection]:
    """A connection to a hub that does what the handler says, closed at the end."""
    with serve(handler, "127.0.0.1", 0) as server:  # type: ignore[arg-type]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        port = server.socket.getsockname()[1]
        connection = RoomConnection(f"ws://127.0.0.1:{port}", Follower("c" * 22, "m" * 22, SEAT))
        try:
            yield connection
        finally:
            connection.close()
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hub of a test is on this machine."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def say(socket: ServerConnection, message: messages.ToPage) -> None:
    socket.send(messages.encode(message).decode())


def until(connection: RoomConnection, true: object) -> None:
    """Waits for something that the connection will have noticed."""
    with connection.changed:
        assert connection.changed.wait_for(true, TIMEOUT_SECONDS)  # type: ignore[arg-type]


def test_an_edit_that_a_busy_room_put_off_is_sent_again() -> None:
    """Under the same number, after the time that the refusal asked for."""
    numbers: list[int] = []

    def hub(socket: ServerConnection) -> None:
        for text in socket:
            match messages.decode_from_page(text):
                case messages.Hello():
                    say(socket, WELCOME)
                case messages.EditMessage(number=number) if not numbers:
                    numbers.append(number)
                    say(socket, messages.Refused("room_busy", "Busy.", "retry", SEAT, number, after_seconds=0.01))
                case messages.EditMessage(number=number):
                    numbers.append(number)
                    say(socket, messages.Accepted(SEAT, number, 2))
                case _:
                    pass

    with joined(hub) as connection:
        connection.start()
        until(connection, lambda: connection.follower.may_send)
        with connection.changed:
            connection.edit(EDIT)
        until(connection, lambda: connection.follower.accepted == {1: 2})
        assert numbers == [1, 1]


def test_R10_4_a_permanent_close_is_the_error_of_its_code_and_a_transient_one_comes_back() -> None:
    """4503 is forgotten at the next welcome; 4403 ends the connection for good."""
    opened: list[int] = []

    def hub(socket: ServerConnection) -> None:
        opened.append(1)
        socket.recv()
        say(socket, WELCOME)
        if len(opened) == 1:
            socket.close(errors.ServerLeaving.close_code)
        else:
            socket.recv()
            socket.close(errors.LinkRotated.close_code, "Replaced.")

    with joined(hub) as connection:
        connection.start()
        until(connection, lambda: len(opened) == 2 and connection.follower.may_send)
        assert connection.ended is None
        with connection.changed:
            connection.edit(EDIT)
        until(connection, lambda: isinstance(connection.ended, errors.LinkRotated))
        assert str(connection.ended) == "Replaced."
    assert len(opened) == 2


def test_R11_6_a_script_comes_back_when_it_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once; a time that a page would never draw by chance, and the script's own backoff would take far longer."""
    monkeypatch.setattr("chromavive.remote.connection.BACKOFF_SECONDS", 1000.0)
    monkeypatch.setattr("chromavive.remote.connection.BACKOFF_SECONDS_MAX", 1000.0)
    opened: list[int] = []

    def hub(socket: ServerConnection) -> None:
        opened.append(1)
        socket.recv()
        say(socket, WELCOME)
        if len(opened) == 1:
            say(socket, messages.Leaving(0.01))
            socket.close(errors.ServerLeaving.close_code)
        else:
            for _ in socket:
                pass

    with joined(hub) as connection:
        connection.start()
        until(connection, lambda: len(opened) == 2 and connection.follower.may_send)
        assert connection._return_seconds is None


def test_a_hub_of_another_version_ends_the_connection() -> None:
    """A message of an unknown type is not guessed at."""

    def hub(socket: ServerConnection) -> None:
        socket.recv()
        socket.send('{"type": "fanfare"}')
        for _ in socket:
            pass

    with joined(hub) as connection:
        connection.start()
        until(connection, lambda: isinstance(connection.ended, errors.VersionMismatch))
