"""A wire to Redis that can lose answers: what was sent arrives and takes effect, its answer never comes back."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.servers import shared_server

CHUNK = 65_536


@dataclass
class Wire:
    """Listens on a free port. `lose` says how many answers to EXEC will be lost from now on."""

    server: socket.socket
    lose: int = 0
    lost: int = 0
    refuse_after_loss: bool = False
    _threads: list[threading.Thread] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.server.getsockname()[1])

    def url(self, database: int) -> str:
        return f"redis://127.0.0.1:{self.port}/{database}"

    def accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.server.accept()
                thread = threading.Thread(target=self._carry, args=(client,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _carry(self, client: socket.socket) -> None:
        if self.lost and self.refuse_after_loss:
            client.close()
            return
        with client, socket.socket(socket.AF_UNIX) as upstream, suppress(OSError):
            upstream.connect(str(shared_server().socket))
            while sent := client.recv(CHUNK):
                upstream.sendall(sent)
                answer = upstream.recv(CHUNK)
                if b"EXEC" in sent and self.lose:
                    self.lose -= 1
                    self.lost += 1
                    return
                client.sendall(answer)

    def join(self) -> None:
        for thread in self._threads:
            thread.join(5)


@contextmanager
def losing_wire() -> Iterator[Wire]:
    """Open a wire; close its clients before it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        wire = Wire(server)
        accepting = threading.Thread(target=wire.accept, daemon=True)
        accepting.start()
        yield wire
        server.shutdown(socket.SHUT_RDWR)
        accepting.join(5)
        wire.join()
