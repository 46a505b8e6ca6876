"""What a card says while people decide: about an SR that was found, about a plan, and whether it may run."""

from __future__ import annotations

from typing import Final

from bot.request.model import Request
from bot.request.plan import Plan
from bot.slack.cards import awaited, buttons, parts, plans
from bot.slack.cards.blocks import Block, actions, context, section
from bot.slack.cards.states import placing
from bot.slack.cards.states.around import Around
from bot.slack.cards.texts import mention

_CHOICE: Final = (
    "the LUN holds a XenServer SR. It is attached as it is, with all that it holds, or it is formatted over and lost."
)


def found_sr(request: Request, around: Around) -> list[Block | None]:
    found = request.plan
    if request.held:
        return placing.found_srs(request, around)
    if found is None or found.held is None:
        return [actions([buttons.cancel(request)])]
    ways = [buttons.attach_found(request)]
    if not found.known and request.may_override:
        ways.append(buttons.format_over(request))
    return [
        *parts.picked(request),
        plans.held_sr(found.held),
        section(f"{mention(request.requester)}, {_CHOICE}"),
        plans.warning(found),
        parts.rivals(request),
        actions([*ways, *parts.doors(request), *parts.details(request), buttons.cancel(request)]),
    ]


def confirming(request: Request, _around: Around) -> list[Block | None]:
    planned = request.plan
    if planned is None:
        return [actions([buttons.cancel(request)])]
    if planned.blind != planned.accepted:
        onward = [buttons.look_again(request), buttons.accept_hosts(request, planned)]
    else:
        onward = [buttons.request_approval(request), *([buttons.look_again(request)] if planned.not_asked else [])]
    note = parts.ONLY_ONE if request.target_was_only_one else ""
    return [
        *shown(request, planned),
        context(f"{note} Nothing happens before somebody else has approved.".strip()),
        actions([*onward, *parts.doors(request), *parts.details(request), buttons.cancel(request)]),
    ]


def awaiting(request: Request, _around: Around) -> list[Block | None]:
    planned = request.plan
    if planned is None:
        return []
    row = [buttons.approve(request, planned), buttons.reject(request)]
    asking = [*([] if request.claimed_by else [buttons.claim(request)]), buttons.ask_question(request)]
    return [
        *shown(request, planned),
        parts.approvals(request),
        awaited.missing(request),
        awaited.claimed(request),
        actions([*row, *asking, *withdrawing(request), *parts.details(request), buttons.cancel(request)]),
    ]


def withdrawing(request: Request) -> list[Block]:
    """The way back for those who approved, where somebody did."""
    return [buttons.withdraw(request)] if request.approvals else []


def shown(request: Request, planned: Plan) -> list[Block | None]:
    """Show a plan, what nobody can know about its LUN, and who else wants that."""
    kept = plans.keeps_name(planned, request.name)
    return [*plans.plan(planned), kept, plans.warning(planned), parts.rivals(request)]
