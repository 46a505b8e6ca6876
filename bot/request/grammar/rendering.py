from __future__ import annotations

from typing import TYPE_CHECKING

from bot.request.grammar.commands import COMMAND, AddIscsi, AttachIscsi, Explain, ListSrs
from bot.request.grammar.host import Portal, written

if TYPE_CHECKING:
    from bot.request.grammar.commands import Command
    from bot.request.grammar.words import Word


def render(command: Command) -> str:
    """Write a command as a person types it, without the `/sr`; reading it again gives the same command."""
    if isinstance(command, AddIscsi):
        verb = "attach" if isinstance(command, AttachIscsi) else "add"
        return " ".join([f"{verb} iscsi", written(Portal(command.host, command.port)), *_of_add(command)])
    if isinstance(command, ListSrs):
        return " ".join(["list", *_options(pool=command.pool, name_label=command.name_label)])
    if isinstance(command, Explain):
        return f"explain {command.text}".rstrip()
    return "help"


def full_line(text: str) -> str:
    return f"{COMMAND} {text}"


def render_words(words: tuple[Word, ...]) -> str:
    return " ".join(f"{word.key}={_quoted(word.value)}" if word.key else _quoted(word.value) for word in words)


def _of_add(command: AddIscsi) -> list[str]:
    return _options(pool=command.pool, name=command.name, reason=command.reason, chap=command.chap)


def _options(**given: str | None) -> list[str]:
    return [f"{key.replace('_', '-')}={_quoted(value)}" for key, value in given.items() if value is not None]


def _quoted(value: str) -> str:
    if value and " " not in value and value[0] not in "\"'":
        return value
    return '"' + value.replace('"', '""') + '"'
