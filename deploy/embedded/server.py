"""A Valkey (or Redis) server of our own, which loses nothing that it has acknowledged."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self
from urllib.parse import quote

from deploy.embedded.binary import find_binary
from deploy.embedded.place import lock, prepare, socket_path
from deploy.supervision.tether import tethered

if TYPE_CHECKING:
    from collections.abc import Mapping

# A large append-only file is read before the first +PONG.
START_WITHIN = 60.0
STOP_WITHIN = 10.0
LOOK_EVERY = 0.01
ANSWER_WITHIN = 1.0
TAIL_LINES = 5


class ServerFailedError(Exception):
    """The embedded server did not start."""


class Server:
    """A running server; close() (or leaving `with`) ends it and waits until it is gone."""

    def __init__(self, folder: Path, socket_file: Path, process: subprocess.Popen[bytes], held: IO[str]) -> None:
        self.folder = folder
        self.socket = socket_file
        self._process = process
        self._lock = held

    @property
    def url(self) -> str:
        """What `redis.Redis.from_url` takes."""
        return f"unix://{quote(str(self.socket))}?db=0"

    @property
    def pid(self) -> int:
        return self._process.pid

    def poll(self) -> int | None:
        """Give None while the server lives, then its exit code (-9 when signal 9 killed it)."""
        return self._process.poll()

    def close(self) -> None:
        """End the server as SHUTDOWN does, and give the folder free."""
        self._process.terminate()
        try:
            self._process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        _remove_socket(self.socket, self.folder)
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def start(folder: Path, binary: Path | None = None, within: float = START_WITHIN) -> Server:
    """Run a server on the data in folder and return once it answers.

    It dies with this process (on Linux), so call this from a thread that lives as long. Raises
    FolderInUseError, NoServerError, ServerFailedError, UnsafeFolderError.
    """
    binary = binary or find_binary()
    folder = prepare(folder)
    with contextlib.ExitStack() as undo:
        held = undo.enter_context(lock(folder))
        socket_file = socket_path(folder)
        socket_file.unlink(missing_ok=True)
        server = Server(folder, socket_file, _spawn(binary, folder, socket_file, held), held)
        undo.callback(server.close)
        _wait_for_pong(server, within)
        undo.pop_all()
    return server


def _spawn(binary: Path, folder: Path, socket_file: Path, held: IO[str]) -> subprocess.Popen[bytes]:
    settings = {
        "port": "0",
        "unixsocket": str(socket_file),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "always",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "logfile": "",
    }
    with (folder / "server.log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own command, no shell
            tethered([str(binary), *_options(settings)]),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={"LC_ALL": "C"},
            pass_fds=(held.fileno(),),  # the folder is taken as long as either of the two lives
            start_new_session=True,  # Ctrl-C is for us: whoever still writes must be ended first
        )


def _options(settings: Mapping[str, str]) -> list[str]:
    return [part for name, value in settings.items() for part in (f"--{name}", value)]


def _wait_for_pong(server: Server, within: float) -> None:
    deadline = time.monotonic() + within
    while not _answers(server.socket):
        code = server.poll()
        if code is not None:
            raise ServerFailedError(_explain(server, f"ended at once (exit code {code})"))
        if time.monotonic() >= deadline:
            raise ServerFailedError(_explain(server, f"did not answer within {within:g} s"))
        time.sleep(LOOK_EVERY)


def _answers(path: Path) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(ANSWER_WITHIN)
        connection.connect(str(path))
        connection.sendall(b"PING\r\n")
        return connection.recv(64).startswith(b"+PONG")
    return False


def _explain(server: Server, what: str) -> str:
    log = server.folder / "server.log"
    tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-TAIL_LINES:]
    return "\n".join([f"The embedded server in {server.folder} {what}. The end of {log}:", *tail])


def _remove_socket(path: Path, folder: Path) -> None:
    path.unlink(missing_ok=True)
    if path.parent != folder:
        with contextlib.suppress(OSError):
            path.parent.rmdir()
