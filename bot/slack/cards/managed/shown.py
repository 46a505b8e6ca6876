"""The answer to `/sr show`: one SR, for the one who asked."""

from __future__ import annotations

from typing import Final

from bot.request.question import Question, ShownSr
from bot.slack.cards import parts
from bot.slack.cards.blocks import Block, Message, context, fields, header, message, paragraphs, section
from bot.slack.cards.managed.origin import Origin, origin_line
from bot.slack.cards.states.ends import host_line
from bot.slack.cards.texts import code, code_block, counted, escape, moment, one_line
from bot.storage.sizes import human_size

_NAME: Final = 100
_SECTIONS_OF_HOSTS: Final = 3
_MOST_CONFIG: Final = 12
_OF_LUNS: Final = frozenset({"SCSIid", "targetIQN"})


def sr_message(question: Question, origin: Origin | None = None) -> Message:
    """Show the SR asked for, or why that isn't possible. `origin` is the request that it came with."""
    title = f"SR {one_line(question.sr, _NAME)}"
    if question.trouble is not None:
        return message(escape(f"{title}: no answer"), [header(title), *parts.trouble(question.trouble)])
    shown = question.shown
    if shown is None:
        return message(escape(f"{title}: no answer"), [header(title), section("There is no answer.")])
    named = f"SR {one_line(shown.row.name_label, _NAME)}"
    return message(escape(named), [header(named), *_blocks(question, shown, origin)])


def _blocks(question: Question, shown: ShownSr, origin: Origin | None) -> list[Block | None]:
    description = section(f"*Description*\n{code(shown.description)}") if shown.description.strip() else None
    return [
        section(f"*UUID*\n{code(shown.row.uuid)}"),
        description,
        fields(_rows(question, shown)),
        _config(shown),
        *_hosts(shown),
        None if origin is None else section(origin_line(origin)),
        context(f"as of {moment(question.answered_at)}") if question.answered_at is not None else None,
    ]


def _rows(question: Question, shown: ShownSr) -> list[tuple[str, str]]:
    row = shown.row
    default = "yes" if shown.is_default else "no"
    return [
        ("Pool", code(question.pool)),
        ("Kind", f"{code(row.type)}, content {code(row.content_type)}"),
        ("Used", f"{human_size(row.used)} of {human_size(row.size)}"),
        ("Promised to its disks", human_size(shown.virtual)),
        ("Disks", counted(shown.disks, "disk")),
        ("Shared", "yes" if shown.shared else "no"),
        ("The pool's default", default),
        ("Host", code(row.host)),
    ]


def _config(shown: ShownSr) -> Block | None:
    """How its hosts get to it, without passwords: `xe` calls that device-config."""
    pairs = shown.device_config[:_MOST_CONFIG]
    if not pairs:
        return None
    more = len(shown.device_config) - len(pairs)
    lines = [f"{one_line(key)}: {one_line(value)}" for key, value in pairs]
    return section("*device-config*\n" + code_block("\n".join([*lines, *([f"and {more} more"] if more > 0 else [])])))


def _hosts(shown: ShownSr) -> list[Block]:
    """Say of each host whether it has the SR, those that don't first."""
    if not shown.pbds:
        return [section("No host has a PBD for it. `/sr repair` makes and plugs them, once approved.")]
    iscsi = any(key in _OF_LUNS for key, _ in shown.device_config)
    hosts = sorted(shown.pbds, key=lambda pbd: pbd.attached)
    return paragraphs((host_line(pbd, initiator=iscsi) for pbd in hosts), _SECTIONS_OF_HOSTS)
