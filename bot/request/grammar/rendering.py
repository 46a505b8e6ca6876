from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.request.grammar.commands import COMMAND, AddIscsi, AddIso, AttachIscsi, Explain, ListSrs, ManageSr
from bot.request.grammar.host import Portal, written

if TYPE_CHECKING:
    from bot.request.grammar.commands import Command
    from bot.request.grammar.words import Word


def render(command: Command) -> str:
    """Write a command as a person types it, without the `/sr`; reading it again gives the same command."""
    if isinstance(command, AddIscsi):
        verb = "attach" if isinstance(command, AttachIscsi) else "add"
        return " ".join([f"{verb} iscsi", written(Portal(command.host, command.port)), *_of_add(command)])
    if isinstance(command, AddIso):
        return " ".join(["add iso", _bare(str(command.share)), *_of_iso(command)])
    if isinstance(command, ListSrs):
        return " ".join(["list", *_options(pool=command.pool, name_label=command.name_label)])
    if isinstance(command, ManageSr):
        return " ".join([command.chore, _bare(command.sr), *_of_manage(command)])
    if isinstance(command, Explain):
        return f"explain {command.text}".rstrip()
    return "help"


def full_line(text: str) -> str:
    return f"{COMMAND} {text}"


def render_words(words: tuple[Word, ...]) -> str:
    return " ".join(f"{word.key}={_quoted(word.value)}" if word.key else _quoted(word.value) for word in words)


def _of_add(command: AddIscsi) -> list[str]:
    return _options(pool=command.pool, name=command.name, reason=command.reason, chap=command.chap)


def _of_iso(command: AddIso) -> list[str]:
    return _options(
        pool=command.pool,
        name=command.name,
        reason=command.reason,
        cred=command.credential,
        version=command.version,
    )


def _of_manage(command: ManageSr) -> list[str]:
    return _options(name=command.name, pool=command.pool, reason=command.reason)


def _bare(value: str) -> str:
    """Write a word that stands by itself: in quotes wherever it could be read as something else."""
    letters = value.translate(_HARMLESS)
    plain = letters.isalnum() and letters.isascii() and not value.startswith("-")
    return value if plain else '"' + value.replace('"', '""') + '"'


_HARMLESS: Final = str.maketrans("", "", "-_./:[]")


def _options(**given: str | None) -> list[str]:
    return [f"{key.replace('_', '-')}={_quoted(value)}" for key, value in given.items() if value is not None]


def _quoted(value: str) -> str:
    if value and " " not in value and value[0] not in "\"'":
        return value
    return '"' + value.replace('"', '""') + '"'
