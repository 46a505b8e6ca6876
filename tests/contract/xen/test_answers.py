"""Answers that no xapi gives, from a server that says anything."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.contract.xen.pools import CANARY, Known, login
from workers.xen.errors import BadAnswerError, CutOffError, XenError
from workers.xen.session import open_pool

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n"
RESET = b"reset"
VALUE = b"<methodResponse><params><param><value>%b</value></param></params></methodResponse>"


@contextmanager
def saying(answer: bytes) -> Iterator[str]:
    """A server that answers every connection so, whatever is asked."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_serve, args=(server, answer))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            with socket.create_connection(server.getsockname()) as last:
                last.sendall(b"end")
            thread.join()


def _serve(server: socket.socket, answer: bytes) -> None:
    while True:
        connection, _ = server.accept()
        with connection:
            asked = b""
            while not asked.endswith((b"end", b"</methodCall>\n")):
                asked += connection.recv(65536)
            if asked == b"end":
                return
            if answer == RESET:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                connection.sendall(answer)


def whole(body: bytes) -> bytes:
    return HEAD % len(body) + body


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"", CutOffError),
        (b"no http at all\r\n\r\n", BadAnswerError),
        (HEAD % 9000 + b"<methodResponse>", BadAnswerError),
        (whole(b""), BadAnswerError),
        (whole(b"\x00\x01"), BadAnswerError),
        (whole(VALUE % b"<string>text</string>"), BadAnswerError),
        (whole(VALUE % b"<struct/>"), BadAnswerError),
        (whole(VALUE % b"<int>many</int>"), BadAnswerError),
        (whole(b"<methodResponse><fault><value><int>1</int></value></fault></methodResponse>"), BadAnswerError),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", BadAnswerError),
    ],
)
def test_an_answer_that_is_none_is_an_error_without_the_password(answer: bytes, kind: type[XenError]) -> None:
    with saying(answer) as url, pytest.raises(kind) as caught, open_pool(login(url), Known(CANARY)):
        pass
    assert caught.value.may_have_happened
    assert CANARY not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_connection_that_ends_after_each_answer_is_opened_anew() -> None:
    body = VALUE % (
        b"<struct><member><name>Status</name><value>Success</value></member>"
        b"<member><name>Value</name><value>OpaqueRef:x</value></member></struct>"
    )
    answer = (HEAD % len(body)).replace(b"Content-Type", b"Connection: close\r\nContent-Type") + body
    with saying(answer) as url, open_pool(login(url), Known(CANARY)) as session:
        assert session.call("session.get_this_host") == "OpaqueRef:x"


def test_a_connection_that_is_reset_is_cut_off() -> None:
    with saying(RESET) as url, pytest.raises(CutOffError), open_pool(login(url), Known(CANARY)):
        pass
