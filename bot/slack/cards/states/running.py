"""What a card says while a worker carries something out."""

from __future__ import annotations

from bot.request.model import Request
from bot.slack.cards import awaited, buttons, parts
from bot.slack.cards.blocks import Block, actions, paragraphs
from bot.slack.cards.states import deciding, ends
from bot.slack.cards.states.around import Around


def queued(request: Request, _around: Around) -> list[Block | None]:
    stop = actions([*deciding.withdrawing(request), buttons.cancel(request)])
    return [
        *_plan(request),
        parts.approvals(request),
        awaited.held(request),
        parts.doing(request),
        parts.waits(request),
        stop,
    ]


def running(request: Request, _around: Around) -> list[Block | None]:
    row = [*deciding.withdrawing(request), buttons.cancel(request)]
    stop = None if request.work.changing else actions(row)
    return [*_plan(request), parts.approvals(request), parts.doing(request), parts.waits(request), stop]


def repairing(request: Request, _around: Around) -> list[Block | None]:
    hosts = request.outcome.hosts if request.outcome else ()
    missing = [ends.host_line(host, request.plan) for host in hosts if not host.attached]
    return [
        *ends.summary(request),
        *paragraphs(missing, ends.SECTIONS_OF_HOSTS),
        parts.doing(request),
        parts.waits(request),
        parts.only_details(request),
    ]


def _plan(request: Request) -> list[Block | None]:
    return deciding.shown(request, request.plan) if request.plan else []
