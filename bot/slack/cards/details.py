"""What XenServer itself wrote about the troubles on a card: for whoever wants to see it, privately."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.request.found import Trouble
from bot.request.model import Request, State
from bot.slack.cards.blocks import MOST_TEXT, Block, Message, context, header, message, section
from bot.slack.cards.texts import code, counted, raw_block
from bot.slack.cards.troubles import details

_SHOWN: Final = 5
"""More would make the blocks too long in all (docs.slack.dev: msg_blocks_too_long)."""

_MOST_RAW: Final = MOST_TEXT - 600
_SILENT: Final = frozenset({State.CANCELLED, State.EXPIRED})
"""Their cards show no trouble."""

NO_DETAILS: Final = "There are no details to this card any more."


def raw_troubles(request: Request) -> list[tuple[str, Trouble]]:
    """Give the troubles on a card of which XenServer's own text is kept, each with its host, or with an empty name."""
    return [(host, found) for host, found in _troubles(request) if found.raw.strip()]


def _troubles(request: Request) -> Iterator[tuple[str, Trouble]]:
    if request.state in _SILENT:
        return
    if request.trouble is not None:
        yield "", request.trouble
    if request.outcome is not None:
        yield from ((pbd.host, pbd.trouble) for pbd in request.outcome.hosts if pbd.trouble is not None)
    elif request.plan is not None:
        yield from ((sight.host, sight.why) for sight in request.plan.hosts if sight.why is not None)


def details_message(request: Request) -> Message | str:
    """Show the texts; a sentence where there are none (any more)."""
    found = raw_troubles(request)
    if not found:
        return NO_DETAILS
    shown = [block for host, trouble in found[:_SHOWN] for block in _shown(host, trouble)]
    more = len(found) - _SHOWN
    rest = (
        context(f"and {counted(more, 'text')} more: the worker's log has them under the reference")
        if more > 0
        else None
    )
    title = f"What XenServer wrote, request {request.id}"
    return message(title, [header(title), *shown, rest])


def _shown(host: str, trouble: Trouble) -> list[Block]:
    named = f"Host {code(host)}: " if host else ""
    known = details(trouble) or code(trouble.reason)
    return [section(f"{named}{known}\n{raw_block(trouble.raw, _MOST_RAW)}")]
