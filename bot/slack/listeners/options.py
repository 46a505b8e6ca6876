"""The search boxes of the pickers: at each keystroke the entries that match, from the stored discovery.

docs.slack.dev: external data source select; at most 100 options, within 3 s.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from slack_bolt import Ack, App

from bot.ledger.store import LedgerUnavailable
from bot.request.found import OfferedLun, Place, Target
from bot.request.model import Request
from bot.slack.cards import buttons
from bot.slack.cards.blocks import MOST_OPTIONS, Block, option
from bot.slack.cards.labels import (
    lun_choices,
    lun_matches,
    place_choices,
    place_matches,
    target_choices,
    target_matches,
)
from bot.slack.cards.sentences import NOTHING_MATCHES, NOTHING_TO_CHOOSE, ONLY_REQUESTER_LOOKS
from bot.slack.context import Context
from bot.slack.listeners.settling import Body
from bot.slack.payload import block_id, read_caller

NO_CHOICE = "none:x"
"""The value of an entry that only says something; picking it is answered as an old list is."""

_LONGEST_QUERY = 300


def register(app: App, context: Context) -> None:
    @app.options(buttons.PICK_TARGET)
    def search_targets(ack: Ack, body: Body, payload: dict[str, Any]) -> None:
        ack(**_found(context, body, payload, _targets))

    @app.options(buttons.PICK_LUN)
    def search_luns(ack: Ack, body: Body, payload: dict[str, Any]) -> None:
        ack(**_found(context, body, payload, _luns))

    @app.options(buttons.PICK_PLACE)
    def search_places(ack: Ack, body: Body, payload: dict[str, Any]) -> None:
        ack(**_found(context, body, payload, _places))


def _found(context: Context, body: Body, payload: dict[str, Any], search: Any) -> Block:  # noqa: ANN401 - one of those below
    place = buttons.read_picker_id(block_id(payload))
    if place is None:
        return _only(NOTHING_TO_CHOOSE)
    request_id, finding = place
    caller = read_caller(body)
    try:
        request = context.ledger.load(request_id)
        if request is None or request.requester != caller.user:
            return _only(ONLY_REQUESTER_LOOKS)
        if request.channel != caller.channel or finding not in _findings(request):
            return _only(NOTHING_TO_CHOOSE)
        found: Block | None = search(context, request, finding, str(payload.get("value") or "")[:_LONGEST_QUERY])
    except LedgerUnavailable:
        return _only(NOTHING_TO_CHOOSE)
    return found if found is not None else _only(NOTHING_TO_CHOOSE)


def _findings(request: Request) -> set[str]:
    """Name the discoveries that can be picked from now: those of others, and its own older ones, are nobody's here."""
    return {found.id for found in (request.targets, request.luns, request.places) if found is not None}


def _targets(context: Context, _request: Request, finding: str, query: str) -> Block | None:
    rows = context.findings.rows(finding, Target)
    if rows is None:
        return None
    found = [(index, row) for index, row in enumerate(rows) if target_matches(row, query)]
    return target_choices(finding, found[:MOST_OPTIONS]) if found else _only(NOTHING_MATCHES)


def _luns(context: Context, request: Request, finding: str, query: str) -> Block | None:
    rows: Sequence[OfferedLun] | None = context.findings.rows(finding, OfferedLun)
    if rows is None:
        return None
    found = [(index, row) for index, row in enumerate(rows) if lun_matches(row, query)]
    return lun_choices(request, finding, found) if found else _only(NOTHING_MATCHES)


def _places(context: Context, request: Request, finding: str, query: str) -> Block | None:
    rows = context.findings.rows(finding, Place)
    if rows is None:
        return None
    found = [(index, row) for index, row in enumerate(rows) if place_matches(row, query)]
    return place_choices(request, finding, found) if found else _only(NOTHING_MATCHES)


def _only(text: str) -> Block:
    return {"options": [option(text, NO_CHOICE)]}
