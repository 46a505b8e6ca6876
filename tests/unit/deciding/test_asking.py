from __future__ import annotations

from dataclasses import replace

import pytest

from bot import deciding
from bot.deciding import Standing
from bot.policy import Members, parse
from bot.request.model import Request, State
from bot.request.plan import Purpose
from bot.request.refused import Refused
from tests import stories
from tests.stories import APPROVER, REQUESTER

POLICY = """
[groups.engineers]
slack = "S0ENG"

[rules.block]
when = { actions = ["add iscsi"] }
ask = ["engineers"]
decide = ["1 of UAPPROVER1"]
ticket = "CHG[0-9]+"
ticket_is = "a change, CHG and digits"

[rules.large]
when = { actions = ["add iscsi"], over = "1 TiB" }
ask = ["UAPPROVER1"]
decide = ["2 of UAPPROVER1 or UAPPROVER2"]

[rules.small-renames]
when = { actions = ["rename"], up_to = "1 TiB" }
ask = ["UAPPROVER1"]
decide = ["1 of UAPPROVER1"]

[rules.scans]
when = { actions = ["scan"] }
decide = ["1 of UAPPROVER1"]
reason_required = true

[deny.prod]
when = { pools = ["prod"] }
because = "Prod is done by hand."

[deny.huge]
when = { actions = ["add iscsi"], over = "100 TiB" }
because = "Too large."
"""
ENGINEERS = Members({"S0ENG": frozenset({REQUESTER})})
STANDING = Standing(parse(POLICY), 1, ENGINEERS)
ASKED = replace(stories.Story().request, reason="CHG42: builds")


@pytest.mark.parametrize(
    ("asked", "code", "because"),
    [
        (replace(ASKED, pool="prod"), "denied_by_rule", "Prod is done by hand."),
        (replace(ASKED, reason="builds"), "ticket_required", "a change, CHG and digits"),
        (replace(ASKED, requester="UOTHER"), "not_allowed_to_ask", ""),
        (replace(ASKED, purpose=Purpose.DETACH), "no_rule_matched", ""),
        (replace(ASKED, purpose=Purpose.RENAME), "not_allowed_to_ask", ""),
        (replace(ASKED, purpose=Purpose.SCAN, reason=""), "reason_required", ""),
    ],
)
def test_what_can_never_be_approved_is_refused_when_it_is_asked(asked: Request, code: str, because: str) -> None:
    with pytest.raises(Refused, match=code) as refused:
        deciding.may_ask(asked, STANDING)
    assert refused.value.facts["because"] == because


def test_what_the_size_may_still_change_is_not_refused_before_it_is_known() -> None:
    deciding.may_ask(ASKED, STANDING)
    deciding.may_ask(replace(ASKED, requester=APPROVER, purpose=Purpose.RENAME), STANDING)


def test_who_cannot_be_looked_up_may_not_ask() -> None:
    with pytest.raises(Refused, match="members_unreadable"):
        deciding.may_ask(ASKED, Standing(STANDING.policy, 1))


def test_an_approval_is_not_asked_for_where_the_policy_says_no_to_the_plan() -> None:
    story = stories.confirming()
    with pytest.raises(Refused, match="ticket_required") as refused:
        deciding.request_approval(story.request, STANDING, REQUESTER, 1, story.now)
    assert refused.value.facts == {"because": "a change, CHG and digits"}


def test_who_is_awaited_and_by_which_policy_is_kept_with_the_request() -> None:
    story = stories.confirming()
    asking = replace(story.request, reason="CHG1")
    (asked,) = deciding.request_approval(asking, STANDING, REQUESTER, 1, story.now)
    request = stories.Story(asking).happens([asked]).request
    assert (request.state, request.approval_asked_at) == (State.AWAITING_APPROVAL, asked.at)
    (awaited,) = request.awaited
    assert (awaited.rule, awaited.part, awaited.count, awaited.people) == ("block", "1 of UAPPROVER1", 1, (APPROVER,))
    assert request.ruled is not None
    assert (request.ruled.number, request.ruled.digest, request.ruled.rules) == (1, STANDING.policy.digest, ("block",))


def test_an_approval_that_wants_a_one_time_code_counts_only_with_one() -> None:
    wants = Standing(parse('[rules.all]\ndecide = ["1 of UAPPROVER1"]\nstep_up = "always"\n'), 1)
    story = stories.confirming()
    story.happens(deciding.request_approval(story.request, wants, REQUESTER, 1, story.now))
    with pytest.raises(Refused, match="step_up_wanted"):
        deciding.approve(story.request, wants, APPROVER, 1, story.now)
    story.happens(deciding.approve(story.request, wants, APPROVER, 1, story.now, stepped_up=True))
    assert story.request.approvals[0].stepped_up
    assert deciding.may_run(story.request, wants, story.now) == story.request.plan


def test_of_a_crowd_that_could_approve_some_are_named_and_the_others_counted() -> None:
    crowd = Members({"S0ENG": frozenset(f"U{n:03}" for n in range(200)) | {REQUESTER}})
    large = Standing(parse('[groups.e]\nslack = "S0ENG"\n[rules.all]\ndecide = ["3 of e"]\n'), 1, crowd)
    story = stories.confirming()
    story.happens(deciding.request_approval(story.request, large, REQUESTER, 1, story.now))
    (awaited,) = story.request.awaited
    assert (awaited.count, len(awaited.people), awaited.more) == (3, 20, 180)
    assert REQUESTER not in awaited.people
