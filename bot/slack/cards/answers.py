"""Private answers that are more than a sentence: pages of `/sr list`, the help, a line that can't be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.request.grammar import Mistake, usage, verbs
from bot.request.question import Question, SrRow
from bot.slack.cards import buttons, parts
from bot.slack.cards.blocks import Block, Message, actions, button, context, header, message, plain_section, section
from bot.slack.cards.sentences import standing_by_itself
from bot.slack.cards.texts import code, code_block, counted, escape, moment, one_line
from bot.storage.sizes import human_size

ROWS_A_PAGE: Final = 10
_TYPED: Final = 600


def pages(question: Question) -> int:
    """Count the pages of an answer; an empty one has one."""
    return max(-(-len(question.rows) // ROWS_A_PAGE), 1)


def list_page(question: Question, page: int = 0) -> Message:
    """One page of the SRs of a pool; `page` counts from 0 and is brought into range."""
    title = f"SRs of pool {one_line(question.pool, 64)}"
    if question.trouble is not None:
        return message(escape(f"{title}: no answer"), [header(title), *parts.trouble(question.trouble)])
    page = min(max(page, 0), pages(question) - 1)
    shown = question.rows[page * ROWS_A_PAGE : (page + 1) * ROWS_A_PAGE]
    rows = [section(_row(row)) for row in shown] or [section(_none(question))]
    return message(escape(title), [header(title), _count(question, page), *rows, _turning(question, page)])


def _row(row: SrRow) -> str:
    full = f"{human_size(row.used)} used of {human_size(row.size)}" if (row.size or 0) > 0 else "size unknown"
    missing = row.pbds_attached < row.pbds or not row.pbds
    plugged = f"PBDs attached: {row.pbds_attached} of {row.pbds}"
    kind = f"type {code(row.type)} · content {code(row.content_type)}"
    where = f"host {code(row.host)} · " + (f"*{plugged}*" if missing else plugged)
    return f"{code(row.name_label)}\n{kind} · {full}\n{where}\n{code(row.uuid)}"


def _none(question: Question) -> str:
    if question.name_label is None:
        return "This pool has no SR."
    return f"This pool has no SR with the name-label {code(question.name_label)}."


def _count(question: Question, page: int) -> Block:
    said = [counted(len(question.rows), "SR")]
    if question.name_label is not None:
        said.append(f"name-label {code(question.name_label)}")
    if pages(question) > 1:
        said.append(f"page {page + 1} of {pages(question)}")
    if question.answered_at is not None:
        said.append(f"as of {moment(question.answered_at)}")
    return context(" · ".join(said))


def _turning(question: Question, page: int) -> Block | None:
    turns = []
    if page > 0:
        turns.append(button("Previous", buttons.PREVIOUS_PAGE, f"{question.id}:{page - 1}"))
    if page < pages(question) - 1:
        turns.append(button("Next", buttons.NEXT_PAGE, f"{question.id}:{page + 1}"))
    return actions(turns)


def help_message(refused: Mapping[tuple[str, ...], str] | None = None) -> Message:
    """Everything that can be typed; `refused` says in mrkdwn why some of it is not for who asks, by its first words."""
    why = refused or {}
    rows = [
        section(f"{code(syntax)}\n{does}{_not_for_you(why.get(words, ''))}")
        for words, (syntax, does) in zip(verbs(), usage(), strict=True)
    ]
    return message("What srbot understands", [header("What srbot understands"), *rows])


def _not_for_you(why: str) -> str:
    return f"\n:no_entry_sign: _Not for you here:_ {standing_by_itself(why)}" if why else ""


def refusal_message(text: str, typed: str) -> Message:
    """Say in mrkdwn why a command was refused, and keep what was typed."""
    return message(text, [section(text), section(f"You typed:\n{code_block('/sr ' + one_line(typed, _TYPED))}")])


def mistake_message(mistake: Mistake) -> Message:
    """Name the mistake, keep what was typed, and show the line that may have been meant."""
    blocks: list[Block | None] = [plain_section(one_line(mistake.sentence, _TYPED))]
    if mistake.corrected is not None:
        blocks.append(section(f"Did you mean:\n{code_block(one_line(mistake.corrected, _TYPED))}"))
    if mistake.typed:
        blocks.append(section(f"You typed:\n{code_block('/sr ' + one_line(mistake.typed, _TYPED))}"))
    blocks.append(context("`/sr help` shows what there is."))
    return message(escape(mistake.sentence, _TYPED), blocks)
