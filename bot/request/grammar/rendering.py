from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, Final

from bot.request.found import EVERY_TARGET
from bot.request.grammar.commands import (
    COMMAND,
    AddHba,
    AddIscsi,
    AddLocal,
    AddOther,
    AddShare,
    AttachIscsi,
    CancelRequest,
    Explain,
    Freeze,
    ListRequests,
    ListSrs,
    ManageSr,
    ShowRequest,
    Thaw,
    Why,
)
from bot.request.grammar.host import Portal, written
from bot.request.model import Kind

if TYPE_CHECKING:
    from bot.request.grammar.commands import Command
    from bot.request.grammar.words import Word


@singledispatch
def render(command: Command) -> str:
    """Write a command as a person types it, without the `/sr`; reading it again gives the same command."""
    del command
    return "help"


@render.register
def _add_iscsi(command: AddIscsi) -> str:
    verb = "attach" if isinstance(command, AttachIscsi) else "add"
    return " ".join([f"{verb} iscsi", written(Portal(command.host, command.port)), *_of_add(command)])


@render.register
def _add_hba(command: AddHba) -> str:
    options = _options(pool=command.pool, name=command.name, reason=command.reason)
    return " ".join([f"{'attach' if command.attach else 'add'} hba", *options])


@render.register
def _add_share(command: AddShare) -> str:
    verb = "attach" if command.attach else "add"
    return " ".join([verb, command.kind, _bare(str(command.share)), *_sr(command.sr), *_of_share(command)])


@render.register
def _add_local(command: AddLocal) -> str:
    iso = command.kind is Kind.ISO
    verb = f"{'attach' if command.attach else 'add'} {'iso local' if iso else 'local'}"
    place = [_bare(command.device)] if command.device else []
    kind = None if iso else command.sr_type or None
    options = _options(host=command.host or None, type=kind, pool=command.pool, name=command.name)
    return " ".join([verb, *place, *_sr(command.sr), *options, *_options(reason=command.reason)])


@render.register
def _add_other(command: AddOther) -> str:
    given = [f"{key}={_quoted(value)}" for key, value in command.given]
    options = _options(host=command.host or None, pool=command.pool, name=command.name, reason=command.reason)
    return " ".join(["add", command.sr_type, *given, *options])


@render.register
def _list(command: ListSrs) -> str:
    return " ".join(["list", *_options(pool=command.pool, name_label=command.name_label)])


@render.register
def _manage(command: ManageSr) -> str:
    return " ".join([command.chore, _bare(command.sr), *_of_manage(command)])


@render.register
def _list_requests(command: ListRequests) -> str:
    return f"requests {command.whose}"


@render.register
def _show_request(command: ShowRequest) -> str:
    return f"request {command.request}"


@render.register
def _cancel_request(command: CancelRequest) -> str:
    return f"cancel {command.request}"


@render.register
def _why(command: Why) -> str:
    return f"why {command.request}"


@render.register
def _freeze(command: Freeze) -> str:
    return " ".join(["freeze", *_options(pool=command.pool, reason=command.reason)])


@render.register
def _thaw(command: Thaw) -> str:
    return " ".join(["thaw", *_options(pool=command.pool)])


@render.register
def _explain(command: Explain) -> str:
    return f"explain {command.text}".rstrip()


def full_line(text: str) -> str:
    return f"{COMMAND} {text}"


def render_words(words: tuple[Word, ...]) -> str:
    return " ".join(f"{word.key}={_quoted(word.value)}" if word.key else _quoted(word.value) for word in words)


def _of_add(command: AddIscsi) -> list[str]:
    switch = None if command.multihomed is None else ("yes" if command.multihomed else "no")
    given = {"pool": command.pool, "name": command.name, "reason": command.reason, "chap": command.chap}
    return _options(**given, multihomed=switch, target=EVERY_TARGET if command.all_targets else None)


def _sr(uuid: str) -> list[str]:
    return [uuid] if uuid else []


def _of_share(command: AddShare) -> list[str]:
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
