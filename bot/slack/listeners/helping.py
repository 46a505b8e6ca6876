"""`/sr help`: everything that can be typed, and which of it is not for who asks, by the code that decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import structlog
from slack_bolt import App

from bot.deciding import Standing
from bot.ledger.store import LedgerUnavailable
from bot.policy import Reason, Right, has_right, refusal_of_asking
from bot.request import events as e
from bot.request.grammar import Chore, Help, verbs
from bot.request.lifecycle import begin
from bot.request.model import Kind, Request, Times
from bot.request.plan import Purpose
from bot.slack.cards.answers import help_message
from bot.slack.cards.blocks import Message
from bot.slack.cards.sentences import refusal
from bot.slack.context import Context
from bot.slack.listeners.requests.answering import answer_to
from bot.slack.payload import Caller

LOG = structlog.get_logger(__name__)

_MENDABLE: Final = frozenset({Reason.REASON_REQUIRED, Reason.TICKET_REQUIRED})
"""Whoever types what is missing may ask."""

_ADDING: Final[Mapping[str, Kind]] = {
    "iscsi": Kind.ISCSI,
    "hba": Kind.HBA,
    "nfs": Kind.NFS,
    "smb": Kind.SMB,
    "iso": Kind.ISO,
    "local": Kind.LOCAL,
}
_RIGHTS: Final[Mapping[str, Right]] = {"freeze": Right.FREEZE, "thaw": Right.THAW}


def register(app: App, context: Context) -> None:
    def helped(_command: Help, caller: Caller, received: float) -> Message:
        return help_message(_not_for(context, caller, received))

    answer_to(app, Help, helped)


def _not_for(context: Context, caller: Caller, received: float) -> dict[tuple[str, ...], str]:
    """Give what a person may not type here, and why. Where that can't be told the help stands by itself."""
    try:
        standing = context.rules.standing(context.rules.members(received))
    except LedgerUnavailable as error:
        LOG.warning("ledger_unavailable", error=str(error))
        return {}
    return dict(_refused(context, standing, caller))


def _refused(context: Context, standing: Standing, caller: Caller) -> Iterator[tuple[tuple[str, ...], str]]:
    now = context.clock()
    listed = context.settings.channels.get(caller.channel)
    for words in verbs():
        right = _RIGHTS.get(words[0])
        if right is not None and not has_right(standing.policy, standing.members, right, caller.user, now):
            yield words, refusal("may_not_freeze")
        asked = _asked(words, caller, now)
        if asked is None:
            continue
        reasons = [_refusal(standing, replace(asked, pool=pool)) for pool in (listed.pools if listed else ())]
        if reasons and all(reasons):
            yield words, reasons[0]


def _refusal(standing: Standing, asked: Request) -> str:
    found = refusal_of_asking(standing.policy, asked, standing.members)
    if found is None or found.reason in _MENDABLE:
        return ""
    return refusal(found.reason, {"because": found.because})


def _asked(words: tuple[str, ...], caller: Caller, now: float) -> Request | None:
    """Give the request that these words would begin; None for what needs no approval."""
    what: dict[str, Any]
    if words[0] in {"add", "attach"}:
        attach = words[0] == "attach"
        what = {"kind": _ADDING.get(words[1], Kind.OTHER), "purpose": Purpose.ATTACH if attach else Purpose.CREATE}
    elif words[0] in set(Chore) - {Chore.SHOW}:
        what = {"purpose": Purpose(words[0]), "sr": words[0]}
    else:
        return None
    times = Times(choice=1.0, approval=1.0, notice=1.0)
    asked = e.Asked(
        at=now,
        actor=caller.user,
        request="",
        team=caller.team,
        channel=caller.channel,
        requester=caller.user,
        pool="",
        times=times,
        **what,
    )
    return begin(asked)
