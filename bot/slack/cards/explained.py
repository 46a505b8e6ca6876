"""The private answer to `/sr explain`: what a pasted text says, with a table of what it lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.slack.cards.blocks import MOST_TEXT, Block, Message, context, header, message, plain_section, section
from bot.slack.cards.texts import code, code_block, counted
from bot.storage import Explained, table

MOST_TABLE_BLOCKS: Final = 4
"""More would make the blocks too long in all (docs.slack.dev: msg_blocks_too_long)."""

COMMAND_LENGTH: Final = 12_000
"""Slack takes about so many characters of what is typed behind a command; longer pastes arrive without their end."""

_TITLES: Final = {
    "targets": "iSCSI targets",
    "luns": "LUNs",
    "srs": "SRs",
    "exports": "NFS exports",
    "devices": "Disks of the host's adapters",
    "error": "An error",
    "unknown": "Not understood",
}
_CUT_BY_SLACK: Final = (
    "Slack cuts long commands, so the end of the text is probably missing. `srbot explain` reads files of any length."
)
_NOTHING_PASTED: Final = "Paste a text behind `/sr explain`."


def explained_message(told: Explained, length: int) -> Message:
    """Show what a text of that many characters says. All values in it are masked by `bot.storage`."""
    title = _TITLES[told.kind]
    blocks: list[Block | None] = [header(title), plain_section(told.sentence), plain_section(told.next_step)]
    if told.code is not None:
        blocks.append(context(code(told.code)))
    if length >= COMMAND_LENGTH:
        blocks.append(context(_CUT_BY_SLACK))
    if not length:
        blocks.append(context(_NOTHING_PASTED))
    return message(f"{title}: {told.sentence}", [*blocks, *_table(table(told.lists))])


def _table(lines: Sequence[str]) -> list[Block]:
    made: list[Block] = []
    while lines and len(made) < MOST_TABLE_BLOCKS:
        fitting = _fitting(lines)
        made.append(section(code_block("\n".join(lines[:fitting]))))
        lines = lines[fitting:]
    if lines:
        made.append(context(f"and {counted(len(lines), 'row')} more: `srbot explain` shows all of them"))
    return made


def _fitting(lines: Sequence[str]) -> int:
    """How many of the lines one text of Slack's holds, their escapes counted; at least one."""
    count, room = 0, MOST_TEXT - len(code_block(""))
    while count < len(lines):
        room -= len(code_block(lines[count])) - len(code_block("")) + 1
        if room < 0 and count:
            break
        count += 1
    return count
