r"""`/sr add iso nas.example:/isos`, `/sr add iso //files.example/ISO cred=builds`."""

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
    Kind.ISO,
    options("cred", "version"),
    {Protocol.NFS: ("3", "4", "4.0"), Protocol.SMB: ("1.0", "3.0")},  # what the storage manager takes (SM: ISOSR.py)
    "server:/path, or //server/share",
)
ATTACH: Final = replace(ADD, attach=True, needs_uuid=True)


def read(words: tuple[Word, ...]) -> AddShare | Slip:
    """Read what stands behind `add iso`."""
    return ADD.read(words)


def read_attach(words: tuple[Word, ...]) -> AddShare | Slip:
    """Read what stands behind `attach iso`: the UUID too, which nothing on the share tells."""
    return ATTACH.read(words)
