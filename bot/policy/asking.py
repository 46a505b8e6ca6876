"""Whether somebody may ask at all, told before anything is looked at: only what is certain by then is a no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.policy.decision import Differs, Outcome, Reason, Ruling
from bot.policy.model import Policy, When
from bot.policy.parts import Facts
from bot.policy.people import Members
from bot.policy.ruling import rule_against, unfit
from bot.policy.subject import subject_of
from bot.policy.targets import differences
from bot.request.model import Request

UNKNOWN_YET: Final = frozenset({Differs.SIZE, Differs.DANGER})
"""What is not known before there is a plan."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """`because` is a denial's own sentence, or what a ticket has to look like."""

    reason: Reason
    because: str = ""


def refusal_of_asking(policy: Policy, request: Request, members: Members) -> Refusal | None:
    """Say why a request that has only been asked can't come to a yes; None where it may.

    Whatever goes wrong while deciding, the answer is no.
    """
    try:
        return _refusal(policy, request, members)
    except Exception:  # noqa: BLE001 - an error is a no
        return Refusal(Reason.POLICY_ERROR)


def _refusal(policy: Policy, request: Request, members: Members) -> Refusal | None:
    asked = subject_of(request)
    facts = Facts(policy, asked, members, (), (), asked.asked_at)
    for denial in policy.denials:
        against = rule_against(denial, asked)
        if _is_certain(denial.when) and against.outcome is Outcome.DENY:
            return _of(against)
    possible = [rule for rule in policy.rules if set(differences(rule.when, asked)) <= UNKNOWN_YET]
    if not possible:
        return Refusal(Reason.NO_RULE_MATCHED)
    refusals = [(rule, unfit(rule, facts)) for rule in possible]
    certain = [refusal for rule, refusal in refusals if refusal and _is_certain(rule.when)]
    every = [refusal for _, refusal in refusals if refusal]
    if certain or len(every) == len(refusals):
        return _of((certain or every)[0])
    return None


def _is_certain(when: When) -> bool:
    """Whether a plan can't change that a rule matches."""
    return when.over is None and when.up_to is None and not when.dangers and not when.harmless


def _of(ruling: Ruling) -> Refusal:
    return Refusal(ruling.reason_code or Reason.POLICY_ERROR, ruling.because)
