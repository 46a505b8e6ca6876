"""What a plan was made of."""

from __future__ import annotations

from typing import Final

from bot.request import events as e
from bot.request.found import HeldSr
from bot.request.model import Request, Rival
from bot.request.plan import MANAGING, Plan, Purpose
from bot.slack.cards.buttons import lun_words
from bot.slack.cards.lines.saying import say
from bot.slack.cards.managed.planned import losses_words
from bot.slack.cards.parts import listed
from bot.slack.cards.plans import sr_words, unseeing
from bot.slack.cards.sited import is_sited, thing
from bot.slack.cards.texts import code, mention

_MOST_HELD: Final = 5


@say.register
def _srs_found(event: e.SrsFound, _after: Request) -> str:
    shown = "; ".join(sr_words(held) for held in event.held[:_MOST_HELD])
    more = f" and {len(event.held) - _MOST_HELD} more" if len(event.held) > _MOST_HELD else ""
    there = "SRs are on the share that can be attached" if len(event.held) > 1 else "An SR is on the share"
    return f"{there}: {shown}{more}.{_also_wanted(event.rivals, 'storage')}"


@say.register
def _new_chosen(event: e.NewChosen, _after: Request) -> str:
    return f"{mention(event.actor)} wants a new SR beside what is there: plan {event.plan_number}."


@say.register
def _sr_picked(event: e.SrPicked, _after: Request) -> str:
    return f"{mention(event.actor)} wants the SR {code(event.sr)} attached as it is."


@say.register
def _plan_made(event: e.PlanMade, _after: Request) -> str:
    what = "LUN" if event.plan.way else "storage"
    return f"{_found_there(event.plan)}{_also_wanted(event.rivals, what)}"


def _found_there(plan: Plan) -> str:
    lun = _lun(plan)
    if plan.purpose in MANAGING:
        return _found_sr(plan)
    if is_sited(plan) and plan.purpose is not Purpose.ATTACH:
        return f"{_sited(plan)}: plan {plan.number} was made."
    if plan.way is None and plan.held is None:
        return f"Pool {code(plan.pool)} can have the share: plan {plan.number} was made."
    if plan.held is None:
        return f"No SR was found on {lun}: plan {plan.number} was made."
    does = "attaches it" if plan.purpose is Purpose.ATTACH else "formats over it"
    if is_sited(plan):
        lun = thing(plan)
    return f"{lun} holds the SR {sr_words(plan.held)}: plan {plan.number} {does}."


def _sited(plan: Plan) -> str:
    return f"{thing(plan)} can be used" + (", and no SR was found there" if plan.looked else "")


def _lun(plan: Plan) -> str:
    return lun_words(plan.lun) if plan.lun else "The share"


def _found_sr(plan: Plan) -> str:
    held = plan.held or HeldSr("")
    where = f"attached to {listed(plan.attached)}" if plan.attached else "attached to no host"
    holds = f" and holds {losses_words(plan.losses)}" if plan.losses else ""
    return f"The SR {sr_words(held)} is {where}{holds}: plan {plan.number} was made."


def _also_wanted(rivals: tuple[Rival, ...], what: str = "LUN") -> str:
    """Who is behind them was said at the pick; a mention would call them again."""
    named = listed([rival.request for rival in rivals])
    return f" The {what} is wanted by request {named} too." if rivals else ""


@say.register
def _sr_found(event: e.SrFound, _after: Request) -> str:
    held = sr_words(event.plan.held or HeldSr(""))
    return f"{_lun(event.plan)} holds the SR {held}.{_also_wanted(event.rivals)}"


@say.register
def _attach_chosen(event: e.AttachChosen, _after: Request) -> str:
    return f"{mention(event.actor)} wants that SR attached as it is."


@say.register
def _hosts_accepted(event: e.HostsAccepted, _after: Request) -> str:
    return f"{mention(event.actor)} accepted that {unseeing(event.plan.accepted)}: plan {event.plan.number} says so."


@say.register
def _followed(event: e.Followed, _after: Request) -> str:
    return f"{mention(event.actor)} asked to format over the SR: that goes on as request {code(event.by)}."
