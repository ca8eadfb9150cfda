"""Requests over a real socket, changed anywhere between their first byte and their last."""

import socket

from tests.fuzz.mutation import Material
from tests.web.site import Opened

_WORDS = (
    *b"GET HEAD POST DELETE PUT HTTP/1.0 HTTP/9.9 %00 %2e%2e/ ../ //etc/passwd ? & = turn= crop= level=".split(),
    *b"vividness= nan inf 1e999 -1 0,0,1,1 Range:bytes=0-1,5- Expect:100-continue Transfer-Encoding:chunked".split(),
    b"\r\n",
    b"\r\n\r\n",
    b"\xff\xfe",
    b"\0",
    b"9" * 400,
    b"x" * 5000,
    b'{"format":"png"}',
)
_PATIENCE_SECONDS = 0.03
_ANSWER_SECONDS_MAX = 20.0
_TOGETHER = b"Host: x\r\nConnection: close\r\n"


def material(opened: Opened) -> Material:
    """A sound request for every path; none of them opens a room or ends one, so that all are asked of the same."""
    owner = b"Authorization: Bearer " + opened.owner.encode() + b"\r\n"
    room = b"/api/rooms/" + opened.room.encode()
    asked = [
        b"GET /",
        b"GET " + room.removeprefix(b"/api/rooms"),
        b"GET /static/0123456789abcdef0123/main.js",
        b"GET /api/about",
        b"GET /api/reach?room=" + opened.room.encode() + b"&version=3&origin=http://x",
        b"GET /api/samples/camera",
        b"GET " + room,
        b"GET " + room + b"/gray?turn=1&crop=0,0,0.5,0.5",
        b"GET " + room + b"/tiles/0/0?level=0",
        b"GET " + room + b"/recipe",
        b"GET /api/tickets/" + b"t" * 22,
        b"GET " + room + b"/socket",
    ]
    sent = [
        (b"POST /api/rooms?sample=none&title=t", b"", b""),
        (b"POST /api/colorize?network=none&vividness=0.5&format=png", b"image/png", b"bytes of a photograph"),
        (b"POST " + room + b"/exports", b"application/json", b'{"format":"none","quality":90,"layout":"picture"}'),
        (b"POST /api/colorize?format=none", b"multipart/form-data; boundary=B", b"--B\r\n\r\n--B--"),
    ]
    heads = [line + b" HTTP/1.1\r\n" + _TOGETHER + owner + b"\r\n" for line in asked]
    return Material([*heads, *(_with_body(line, kind, body, owner) for line, kind, body in sent)], _WORDS)


def _with_body(line: bytes, kind: bytes, body: bytes, owner: bytes) -> bytes:
    more = b"Content-Type: " + kind + b"\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n"
    return line + b" HTTP/1.1\r\n" + _TOGETHER + owner + more + body


def _answer(connection: socket.socket) -> bytes:
    """The beginning of the answer; where the server still waits for more, it is told that nothing comes."""
    try:
        connection.settimeout(_PATIENCE_SECONDS)
        return connection.recv(4096)
    except TimeoutError:
        connection.settimeout(_ANSWER_SECONDS_MAX)
        connection.shutdown(socket.SHUT_WR)
        return connection.recv(4096)


def judge(data: bytes, port: int) -> str:
    """The class of the answer's status, or that there was none. Raises AssertionError where the server failed."""
    with socket.create_connection(("127.0.0.1", port), timeout=_ANSWER_SECONDS_MAX) as connection:
        try:
            connection.sendall(data)
            answer = _answer(connection)
        except ConnectionError:
            return "cut_off"
    if not answer:
        return "no_answer"
    status = answer.split(b" ", 2)[1]
    assert status.startswith((b"1", b"2", b"3", b"4")) or status == b"503", f"the server failed: {answer!r}"
    return f"answered_{status[:1].decode()}xx"
