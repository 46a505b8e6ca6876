"""The server that the ledger lives on: the operator's, or one of our own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from deploy.embedded.server import Server, start

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

REDIS_URL = "SRBOT_REDIS_URL"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A server that others run. The URL may hold a password."""

    url: str = field(repr=False)

    def poll(self) -> None:
        """Others look after it."""

    def close(self) -> None:
        """Leave it as it is."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def choose(environ: Mapping[str, str], folder: Path) -> Elsewhere | Server:
    """Give the server that SRBOT_REDIS_URL names, else start one in folder (raises as `start` does)."""
    url = environ.get(REDIS_URL, "").strip()
    return Elsewhere(url) if url else start(folder)
