r"""`/sr add smb //files.example/srs cred=builds`; the share may be written as `\\files.example\srs` too."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.request.found import Protocol
from bot.request.grammar.adding.shares import Way, options
from bot.request.grammar.commands import AddShare
from bot.request.grammar.slip import Slip
from bot.request.grammar.words import Word
from bot.request.model import Kind

ADD: Final = Way(Kind.SMB, options("cred"), {Protocol.SMB: ()}, "//server/share")
ATTACH: Final = replace(ADD, attach=True)


def read(words: tuple[Word, ...]) -> AddShare | Slip:
    """Read what stands behind `add smb`."""
    return ADD.read(words)


def read_attach(words: tuple[Word, ...]) -> AddShare | Slip:
    """Read what stands behind `attach smb`."""
    return ATTACH.read(words)
