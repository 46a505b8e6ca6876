from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.policy import (
    Approval,
    ChannelApprovers,
    Members,
    Outcome,
    Reason,
    evaluate,
    fallback_policy,
    fallback_text,
    may_approve,
    parse,
    subject_of,
)
from bot.policy.language.values import LONGEST
from bot.request.plan import Plan, Purpose
from tests.stories import awaiting_approval, format_plan, managing_plan, nfs_plan, plan

HERE = "C1"
CROWD = ("UREQUESTER", "UA", "UB", "UC", "UD")
PEOPLE = st.frozensets(st.sampled_from(CROWD))
PLANS = st.sampled_from(
    [
        plan(),
        format_plan(),
        nfs_plan(),
        replace(nfs_plan(), not_asked=("prod",)),
        managing_plan(Purpose.DESTROY),
        managing_plan(Purpose.RENAME),
    ]
)


@given(PEOPLE.filter(bool), PEOPLE, PEOPLE, st.integers(1, 3), PLANS)
def test_an_installation_without_a_policy_keeps_what_it_has(
    approvers: frozenset[str], overriders: frozenset[str], given: frozenset[str], needed: int, planned: Plan
) -> None:
    overriders &= approvers
    request = replace(awaiting_approval().request, plan=planned)
    others = approvers - {request.requester}
    missing = max(needed - len(given & others), 0)
    if planned.needs_override and not given & others & overriders:
        missing = max(missing, 1)
    policy = fallback_policy([ChannelApprovers(HERE, approvers, overriders)], needed, 7200.0)
    now = request.changed_at
    approvals = [Approval(person, now) for person in given]
    decision = evaluate(policy, subject_of(request, now), Members(), approvals, now)
    assert decision.permitted is (missing == 0)
    if decision.reason_code is Reason.NO_RULE_FOR_OVERRIDE:
        assert planned.needs_override
        assert not overriders
        return
    assert decision.people_missing == missing
    for person in CROWD if not given and not planned.needs_override else ():
        assert may_approve(decision, subject_of(request, now), person).allowed is (person in others)


def test_a_channel_that_is_not_set_up_has_nobody() -> None:
    policy = fallback_policy([ChannelApprovers("C2", frozenset({"UA"}))])
    request = awaiting_approval().request
    decision = evaluate(policy, subject_of(request), Members(), (), request.changed_at)
    assert (decision.outcome, decision.reason_code) == (Outcome.DENY, Reason.NO_RULE_MATCHED)


def test_the_same_channels_give_the_same_text_whatever_their_order() -> None:
    one = ChannelApprovers("C1", frozenset({"UA", "UB", "UC"}), frozenset({"UC", "UB"}))
    two = ChannelApprovers("C2", frozenset({"UA"}))
    assert fallback_text([one, two]) == fallback_text([two, one])
    assert parse(fallback_text([one, two])).digest == fallback_policy([two, one]).digest


def test_it_can_be_read_and_gone_on_from() -> None:
    assert (
        fallback_text([ChannelApprovers("C1", frozenset({"UB", "UA"}), frozenset({"UB"}))], 2, 5400.5)
        == """\
# What the channels of the configuration say, as a policy.

[groups.approvers-C1]
people = ["UA", "UB"]

[rules.approvers-C1]
when = { channels = ["C1"] }
decide = ["2 of approvers-C1"]
approval_waits = "5401 s"
runs_within = "5401 s"

[groups.overriders-C1]
people = ["UB"]

[rules.overriders-C1]
when = { channels = ["C1"], dangers = ["overrides"] }
decide = ["1 of overriders-C1"]
approval_waits = "5401 s"
runs_within = "5401 s"
"""
    )


def test_the_longest_wait_that_can_be_set_can_be_written() -> None:
    policy = fallback_policy([ChannelApprovers("C1", frozenset({"UA"}))], approval_seconds=90 * 24 * 3600.0)
    assert policy.rules[0].approval_waits == LONGEST == 90 * 24 * 3600.0
