"""`/sr add nfs nas.example`, `/sr add nfs nas.example:/export/srs version=4.1`."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.request.found import Protocol
from bot.request.grammar.adding.shares import Way, options
from bot.request.grammar.commands import AddShare
from bot.request.grammar.slip import Slip
from bot.request.grammar.words import Word
from bot.request.model import Kind

ADD: Final = Way(
    Kind.NFS,
    options("version"),
    {Protocol.NFS: ("3", "4", "4.0", "4.1")},  # what the storage manager takes (SM: nfs.py, validate_nfsversion)
    "a server, or server:/path",
    server_alone=True,
)
ATTACH: Final = replace(ADD, attach=True)


def read(words: tuple[Word, ...]) -> AddShare | Slip:
    """Read what stands behind `add nfs`."""
    return ADD.read(words)


def read_attach(words: tuple[Word, ...]) -> AddShare | Slip:
    """Read what stands behind `attach nfs`."""
    return ATTACH.read(words)
