"""The answer to `/sr requests`: a page of requests, for the one who asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.ledger.listing import Page
from bot.request.grammar import Whose
from bot.request.model import Request, State
from bot.slack.cards import buttons, parts
from bot.slack.cards.blocks import Block, Message, actions, button, context, cut, header, message, section
from bot.slack.cards.card import headline
from bot.slack.cards.texts import code, in_channel, linked, moment

_TITLES: Final[Mapping[Whose, str]] = {
    Whose.MINE: "Your requests",
    Whose.WAITING: "Waiting for you to decide",
    Whose.ALL: "Open requests of this channel",
}
_NONE: Final[Mapping[Whose, str]] = {
    Whose.MINE: (
        "You have no open request, and none that ended within the last 30 days. `/sr help` shows what you can ask for."
    ),
    Whose.WAITING: "No request of this channel waits for you.",
    Whose.ALL: "No request of this channel is open.",
}
_NONE_SO_FAR: Final = "None of the newest belongs here: *Next* looks further."
_MOST_WANTED: Final = 900
"""Eight rows of it stay well below what Slack takes in a message (docs.slack.dev: msg_blocks_too_long)."""


def list_message(whose: Whose, page: Page, links: Sequence[str], channel: str) -> Message:
    """Show a page; `links` lead to the cards of its rows, and `channel` is the one where this is read."""
    rows = [section(row(request, link, channel)) for request, link in zip(page.rows, links, strict=True)]
    none = section(_NONE[whose] if page.following is None else _NONE_SO_FAR)
    return message(
        _TITLES[whose], [header(_TITLES[whose]), _counts(whose, page), *(rows or [none]), _turning(whose, page)]
    )


def row(request: Request, link: str, channel: str) -> str:
    """Say of a request in mrkdwn where it stands; `channel` is the one where this is read."""
    wanted = cut(parts.asks(request), _MOST_WANTED)
    return f"*{headline(request)}* · {code(request.id)}\n{wanted}\n{' · '.join(_facts(request, link, channel))}"


def _facts(request: Request, link: str, channel: str) -> list[str]:
    facts = [f"asked {moment(request.asked_at)}"]
    if request.ended:
        facts.append(f"ended {moment(request.changed_at)}")
    elif request.expires_at is not None and request.state is not State.RUNNING:
        facts.append(f"open until {moment(request.expires_at)}")
    if request.channel != channel:
        facts.append(f"in {in_channel(request.channel)}")
    return [*facts, *filter(None, [linked(link, "its thread")])]


def _counts(whose: Whose, page: Page) -> Block:
    """Say how many there are, and which of them this page shows."""
    numbers = [f"{count:,}" for count in page.counts]
    if whose is Whose.WAITING:
        left_out = "yours, and those that you have approved, are left out"
        return context(f"{numbers[0]} of this channel waiting for approval: {left_out}")
    said = [
        f"{number} {what}" for number, what in zip(numbers, ("open", "ended within the last 30 days"), strict=False)
    ]
    if page.rows and (page.first or page.following is not None):
        said.append(f"here {page.first + 1:,} to {page.first + len(page.rows):,}")
    return context(" · ".join(said))


def _turning(whose: Whose, page: Page) -> Block | None:
    """The buttons say which list and from which row on; whose list that is depends on who presses."""
    turns = []
    if page.first:
        turns.append(button("Previous", buttons.PREVIOUS_REQUESTS, f"{whose}:{page.first}"))
    if page.following is not None:
        turns.append(button("Next", buttons.NEXT_REQUESTS, f"{whose}:{page.following}"))
    return actions(turns)
