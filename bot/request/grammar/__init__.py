"""`/sr add iscsi 10.0.0.5` to a typed command, or to a mistake that says what to type instead."""

from __future__ import annotations

from bot.request.grammar.commands import (
    AddHba,
    AddIscsi,
    AddLocal,
    AddOther,
    AddShare,
    Asking,
    AttachIscsi,
    CancelRequest,
    Chore,
    Command,
    Explain,
    Freeze,
    Help,
    ListRequests,
    ListSrs,
    ManageSr,
    Mistake,
    ShowRequest,
    Thaw,
    Whose,
    Why,
)
from bot.request.grammar.reading import parse
from bot.request.grammar.rendering import render
from bot.request.grammar.verbs import usage, verbs

__all__ = [
    "AddHba",
    "AddIscsi",
    "AddLocal",
    "AddOther",
    "AddShare",
    "Asking",
    "AttachIscsi",
    "CancelRequest",
    "Chore",
    "Command",
    "Explain",
    "Freeze",
    "Help",
    "ListRequests",
    "ListSrs",
    "ManageSr",
    "Mistake",
    "ShowRequest",
    "Thaw",
    "Whose",
    "Why",
    "parse",
    "render",
    "usage",
    "verbs",
]
