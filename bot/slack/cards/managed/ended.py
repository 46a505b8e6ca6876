"""What was done to an SR that a pool knows, as the card and the thread say it."""

from __future__ import annotations

from bot.request.model import Outcome, Request
from bot.request.plan import Plan, Purpose
from bot.slack.cards.managed.wording import WORDINGS
from bot.slack.cards.texts import code, counted
from bot.storage.sizes import human_size


def said(request: Request, outcome: Outcome, plan: Plan) -> str:
    """Say in mrkdwn what became of the SR."""
    named = f"The SR {_name(plan, outcome)}"
    if plan.purpose is Purpose.RENAME:
        return f"The SR {code(outcome.sr.uuid)} was renamed from {_old(plan)} to {code(outcome.sr.name_label)}."
    if plan.purpose is Purpose.DEFAULT:
        return f"{named} is the default of pool {code(request.pool)} now: new disks go there."
    if plan.purpose is Purpose.DETACH:
        return f"{named} was detached{_from_hosts(plan)}. `/sr repair` attaches it again."
    if plan.purpose is Purpose.FORGET:
        return f"{named} is forgotten; what is on it stays."
    if plan.purpose is Purpose.DESTROY:
        return f"{named} is destroyed{_with(plan)}."
    return f"{named} was {WORDINGS[plan.purpose].done}{_seen_by(outcome, plan)}."


def _name(plan: Plan, outcome: Outcome) -> str:
    name = code(plan.held.name if plan.held else outcome.sr.name_label)
    return f"{name} {code(outcome.sr.uuid)}"


def _old(plan: Plan) -> str:
    return code(plan.held.name if plan.held else "")


def _from_hosts(plan: Plan) -> str:
    if len(plan.attached) == 1:
        return f" from {code(plan.attached[0])}"
    return f" from all {counted(len(plan.attached), 'host')}" if plan.attached else ""


def _with(plan: Plan) -> str:
    if plan.losses is None or not plan.losses.count:
        return ""
    return f", with {counted(plan.losses.count, 'disk')} of {human_size(plan.losses.size)} in all"


def _seen_by(outcome: Outcome, plan: Plan) -> str:
    if plan.purpose is not Purpose.REPAIR:
        return ""
    on = sum(host.attached for host in outcome.hosts)
    return f", and is attached on {on} of {counted(len(outcome.hosts), 'host')}"
