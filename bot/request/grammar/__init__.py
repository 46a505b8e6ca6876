"""`/sr add iscsi 10.0.0.5` to a typed command, or to a mistake that says what to type instead."""

from __future__ import annotations

from bot.request.grammar.commands import AddIscsi, AttachIscsi, Command, Explain, Help, ListSrs, Mistake
from bot.request.grammar.reading import parse
from bot.request.grammar.rendering import render
from bot.request.grammar.verbs import usage

__all__ = ["AddIscsi", "AttachIscsi", "Command", "Explain", "Help", "ListSrs", "Mistake", "parse", "render", "usage"]
