"""A small NFS server: port mapper, mount daemon and NFS 3 on one free loopback port, packed by hand from the RFCs.

There is none in user space that Debian has and that starts without a port mapper of the system.
"""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = 2
_PORT_MAPPER, _NFS, _MOUNT = 100000, 100003, 100005
_MISMATCH = struct.pack(">III", 2, 3, 3)
_DIRECTORY, _FILE = 2, 1


@dataclass
class Disk:
    """What the server has: exports with their groups, and per path the entries: name, size, and -1 for a folder."""

    exports: list[tuple[str, list[str]]] = field(default_factory=list)
    folders: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    versions: tuple[int, ...] = (3, 4)
    has_mount_daemon: bool = True
    tells_attributes: bool = True
    listing_status: int = 0
    never_ends: bool = False
    calls: list[tuple[int, int]] = field(default_factory=list)
    """Program and procedure of each call."""
    port: int = 0


def opaque(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value + bytes(-len(value) % 4)


@contextmanager
def serving(disk: Disk) -> Iterator[Disk]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            while record := _record(self.request):
                answer = _answer(disk, record)
                half = len(answer) // 2
                self.request.sendall(struct.pack(">I", half) + answer[:half])
                self.request.sendall(struct.pack(">I", 0x80000000 | len(answer) - half) + answer[half:])

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        disk.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield disk
        finally:
            server.shutdown()
            thread.join()


def _record(connection: socket.socket) -> bytes:
    mark = _exactly(connection, 4)
    return _exactly(connection, struct.unpack(">I", mark)[0] & 0x7FFFFFFF) if mark else b""


def _exactly(connection: socket.socket, length: int) -> bytes:
    found = b""
    while len(found) < length and (part := connection.recv(length - len(found))):
        found += part
    return found if len(found) == length else b""


def _answer(disk: Disk, record: bytes) -> bytes:
    xid, _, _, program, version, procedure, _, length = struct.unpack(">8I", record[:32])
    disk.calls.append((program, procedure))
    arguments = record[32 + length + 8 :]
    head = struct.pack(">IIIII", xid, 1, 0, 0, 0)
    if program == _NFS and version not in disk.versions:
        return head + _MISMATCH
    return head + struct.pack(">I", 0) + _result(disk, program, procedure, arguments)


def _result(disk: Disk, program: int, procedure: int, arguments: bytes) -> bytes:
    if program == _PORT_MAPPER:
        return struct.pack(">I", disk.port if disk.has_mount_daemon else 0)
    if program == _MOUNT and procedure == 5:
        return b"".join(map(_export, disk.exports)) + bytes(4)
    if program == _MOUNT and procedure == 1:
        path = arguments[4 : 4 + struct.unpack(">I", arguments[:4])[0]].decode()
        if path not in disk.folders:
            return struct.pack(">I", 13)
        return bytes(4) + opaque(path.encode()) + struct.pack(">II", 1, 1)
    return _listing(disk, arguments) if program == _NFS and procedure == 17 else b""


def _export(export: tuple[str, list[str]]) -> bytes:
    path, groups = export
    return struct.pack(">I", 1) + opaque(path.encode()) + b"".join(_group(one) for one in groups) + bytes(4)


def _group(name: str) -> bytes:
    return struct.pack(">I", 1) + opaque(name.encode())


def _listing(disk: Disk, arguments: bytes) -> bytes:
    if disk.listing_status:
        return struct.pack(">II", disk.listing_status, 0)
    length = struct.unpack(">I", arguments[:4])[0]
    handle, rest = arguments[4 : 4 + length], arguments[4 + length + -length % 4 :]
    cookie = struct.unpack(">Q", rest[:8])[0]
    entries = [(".", -1), ("..", -1), *disk.folders[handle.decode()]]
    here = [] if disk.never_ends else entries[cookie : cookie + PAGE]
    body = b"".join(_entry(disk, cookie + at, one) for at, one in enumerate(here, 1))
    end = not disk.never_ends and cookie + PAGE >= len(entries)
    return struct.pack(">II", 0, 1) + _attributes(-1) + b"verifier" + body + struct.pack(">II", 0, end)


def _entry(disk: Disk, cookie: int, entry: tuple[str, int]) -> bytes:
    name, size = entry
    head = struct.pack(">IQ", 1, cookie + 100) + opaque(name.encode()) + struct.pack(">Q", cookie)
    if not disk.tells_attributes:
        return head + struct.pack(">II", 0, 0)
    return head + struct.pack(">I", 1) + _attributes(size) + struct.pack(">I", 1) + opaque(b"handle")


def _attributes(size: int) -> bytes:
    """The type, mode, links, user, group, then the size and nine words more than anybody here looks at."""
    kind = _DIRECTORY if size < 0 else _FILE
    return struct.pack(">5IQ", kind, 0o644, 1, 0, 0, max(0, size)).ljust(84, b"\0")
