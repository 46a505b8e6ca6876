"""The ledger's server when nobody runs one for us."""

from __future__ import annotations

from deploy.embedded.binary import NoServerError
from deploy.embedded.choice import REDIS_URL, Elsewhere, choose
from deploy.embedded.durability import ledger_warnings
from deploy.embedded.place import FolderInUseError, UnsafeFolderError
from deploy.embedded.server import Server, ServerFailedError, start

__all__ = [
    "REDIS_URL",
    "Elsewhere",
    "FolderInUseError",
    "NoServerError",
    "Server",
    "ServerFailedError",
    "UnsafeFolderError",
    "choose",
    "ledger_warnings",
    "start",
]
