"""What a policy that was put in force says, as people meet it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.ledger.policies import Policies, fallback_of
from bot.ledger.store import LedgerUnavailable
from bot.request import events as e
from bot.request.model import State
from bot.slack.rules import Rules
from tests.integration.slack.stage import Stage
from tests.stories import START

POLICY = """
[groups.storage-admins]
slack = "S0STORADM1"

[quiet.always]
zone = "UTC"
from = "00:00"
to = "23:59"
stops = ["runs"]

[rules.block]
when = { actions = ["add iscsi"] }
decide = ["1 of storage-admins"]
reason_required = true
approval_waits = "2 h"

[rules.renames]
when = { actions = ["rename"] }
decide = ["2 of storage-admins"]

[rules.scans]
when = { actions = ["scan"] }
automatic = { per_day = 1 }

[deny.forget]
when = { actions = ["forget"] }
because = "SRs are forgotten by hand."
"""

Apply = Callable[[str], None]


@pytest.fixture
def apply(own_stage: Stage) -> Apply:
    """Puts a policy in force, and waits until the bot has noticed."""
    policies = Policies(own_stage.redis, fallback_of(own_stage.settings))
    (bot,) = own_stage.bots

    def put(text: str) -> None:
        policies.apply(text, "somebody", START)
        own_stage.wait("the policy", lambda: bot.context.rules.policies.remembered.text == text)

    put(POLICY)
    return put


def test_the_members_of_a_group_decide_and_nobody_else(own_stage: Stage, apply: Apply) -> None:
    del apply
    stage = own_stage
    stage.control("usergroup", {"usergroup": "S0STORADM1", "users": [stage.slack.users["approver-2"]]})
    name = stage.confirming()
    stage.person("requester").presses(stage.card("Ready: is this what you want?", name), "Request approval")
    card = stage.card("Still missing: 1 approval by `1 of storage-admins`", name)
    line = stage.thread(card, "requested the approval of", stage.slack.users["approver-2"])
    assert not line.says(stage.slack.users["approver-1"])
    stage.person("approver-1").presses(card, "Approve")
    stage.private("approver-1", "You are not among those who decide about this")
    stage.person("approver-2").presses(card, "Approve")
    stage.wait("queued", lambda: stage.now(name).state is State.QUEUED)
    request = stage.now(name)
    assert request.ruled is not None
    assert (request.ruled.number, request.ruled.rules) == (1, ("block",))
    assert [reading.group for reading in request.readings] == ["S0STORADM1"]


def test_who_has_left_the_group_since_the_card_was_drawn_approves_nothing(own_stage: Stage, apply: Apply) -> None:
    del apply
    stage = own_stage
    name = stage.confirming()
    stage.person("requester").presses(stage.card("Ready: is this what you want?", name), "Request approval")
    card = stage.card("Waiting for approval", name)
    stage.thread(card, "requested the approval of", stage.slack.users["approver-1"])
    stage.control("usergroup", {"usergroup": "S0STORADM1", "users": [stage.slack.users["approver-2"]]})
    for bot in stage.bots:
        bot.context.rules.groups._reading = None  # what was read is too old by now
    stage.person("approver-1").presses(card, "Approve")
    stage.private("approver-1", "You are not among those who decide about this")
    assert stage.now(name).approvals == ()


def test_while_slack_does_not_say_who_is_in_a_group_the_answer_is_no_and_said_in_time(
    own_stage: Stage, apply: Apply
) -> None:
    del apply
    stage = own_stage
    name = stage.confirming()
    stage.person("requester").presses(stage.card("Ready: is this what you want?", name), "Request approval")
    card = stage.card("Waiting for approval", name)
    for bot in stage.bots:
        bot.context.rules.groups._reading = None
    stage.control("fault", {"method": "usergroups.list", "delay": 1.9, "times": 1})
    stage.person("approver-1").presses(card, "Approve")
    stage.private("approver-1", "Slack didn't say in time who is in the groups", "press again in a moment")
    assert stage.now(name).state is State.AWAITING_APPROVAL
    stage.person("approver-1").presses(card, "Approve")
    stage.wait("queued", lambda: stage.now(name).state is State.QUEUED)


def test_what_the_policy_never_lets_pass_is_refused_at_once_and_the_typing_stays(
    own_stage: Stage, apply: Apply
) -> None:
    del apply
    stage = own_stage
    person = stage.person("requester")
    person.types(stage.channel, "/sr forget Builds")
    stage.private("requester", "The policy lets nobody do this: `SRs are forgotten by hand.`", "/sr forget Builds")
    person.types(stage.channel, "/sr add iscsi 10.0.0.5")
    stage.private("requester", "The policy wants a reason for this", "/sr add iscsi 10.0.0.5")
    person.types(stage.channel, "/sr detach Builds")
    stage.private("requester", "No rule of the policy is about this")
    assert stage.ledger.open_requests() == []


def test_what_the_policy_lets_pass_goes_on_at_once_until_the_budget_is_used_up(own_stage: Stage, apply: Apply) -> None:
    del apply
    stage = own_stage
    names = []
    for _ in range(2):
        names.append(stage.asked("/sr scan Builds").id)
        stage.managing_plan_is_made(names[-1])
        card = stage.card("Ready: is this what you want?", names[-1])
        stage.person("requester").presses(card, "Request approval")
        if len(names) == 1:
            stage.wait("queued", lambda: stage.now(names[0]).state is State.QUEUED)
            stage.thread(stage.card(names[0]), "The policy lets this pass without an approval.")
    stage.private("requester", "Today's automatic approvals are used up")
    assert stage.now(names[1]).state is State.CONFIRMING


def test_two_people_of_a_group_are_two_people(own_stage: Stage, apply: Apply) -> None:
    del apply
    stage = own_stage
    name = stage.asked("/sr rename Builds name=Weekly").id
    stage.managing_plan_is_made(name)
    stage.person("requester").presses(stage.card("Ready: is this what you want?", name), "Request approval")
    card = stage.card("Still missing: 2 approvals by `2 of storage-admins`", name)
    stage.person("approver-1").presses(card, "Approve")
    card = stage.card("Still missing: 1 approval by `2 of storage-admins`", "Approved by", name)
    stage.person("approver-1").presses(card, "Approve")
    stage.private("approver-1", "You have approved this already")
    stage.person("approver-2").presses(card, "Approve")
    stage.wait("queued", lambda: stage.now(name).state is State.QUEUED)


def test_a_policy_that_changes_while_a_request_waits_decides_about_it(own_stage: Stage, apply: Apply) -> None:
    stage = own_stage
    name = stage.asked("/sr rename Builds name=Weekly").id
    stage.managing_plan_is_made(name)
    stage.person("requester").presses(stage.card("Ready: is this what you want?", name), "Request approval")
    card = stage.card("Still missing: 2 approvals", name)
    apply(POLICY.replace("2 of storage-admins", "1 of storage-admins"))
    stage.person("approver-1").presses(card, "Approve")
    stage.wait("queued", lambda: stage.now(name).state is State.QUEUED)
    ruled = stage.now(name).ruled
    assert ruled is not None
    assert ruled.number == 2


def test_what_is_held_by_quiet_hours_goes_on_when_they_are_over(own_stage: Stage, apply: Apply) -> None:
    stage = own_stage
    apply(POLICY.replace('approval_waits = "2 h"\n', 'quiet = "always"\nruns_within = "10 days"\n'))
    name = stage.awaiting()
    stage.person("approver-1").presses(stage.card("Waiting for approval", name), "Approve")
    stage.wait("queued", lambda: stage.now(name).state is State.QUEUED)
    before = stage.now(name).work.step
    stage.happens(name, e.Held(at=stage.clock(), until=stage.clock() + 60, because="quiet_hours"))
    card = stage.card("Approved, and held", "the policy lets nothing run in its quiet hours", name)
    stage.thread(card, "It is approved, and held")
    apply(POLICY)
    stage.clock.offset += 61
    stage.wait("released", lambda: stage.now(name).work.step == before + 1)
    assert (stage.now(name).state, stage.now(name).held_until) == (State.QUEUED, None)
    stage.thread(card, "What held it is over: it goes on.")


def test_why_says_rule_by_rule_what_is_missing_and_from_whom_to_the_one_who_asks_alone(
    own_stage: Stage, apply: Apply
) -> None:
    del apply
    stage = own_stage
    name = stage.asked("/sr rename Builds name=Weekly").id
    stage.managing_plan_is_made(name)
    stage.person("requester").types(stage.channel, f"/sr why {name}")
    stage.private("requester", "Why: Ready: is this what you want?", "this is what it would take now")
    stage.person("requester").presses(stage.card("Ready: is this what you want?", name), "Request approval")
    card = stage.card("Still missing: 2 approvals", name)
    stage.person("approver-1").presses(card, "Approve")
    stage.card("Still missing: 1 approval", name)
    stage.person("outsider").types(stage.channel, f"/sr why {name}")
    first, second = stage.slack.users["approver-1"], stage.slack.users["approver-2"]
    told = stage.private("outsider", "Why: Waiting for approval", "not yet: Approvals are missing.")
    assert told.says(f"renames counts: <@{first}>.")
    assert told.says(f"renames misses 1 (2 of storage-admins). Now it could be: <@{second}>.")
    assert told.says("block is about another action.")
    stage.happens(name, e.Cancelled(at=stage.clock(), actor=stage.slack.users["requester"]))
    stage.person("outsider").types(stage.channel, f"/sr why {name}")
    stage.private("outsider", "Why: ", "It has ended; this is what the policy in force would say of it now.")


def test_why_of_what_one_may_not_see_or_that_cannot_be_looked_up_is_refused(
    own_stage: Stage, apply: Apply, monkeypatch: pytest.MonkeyPatch
) -> None:
    del apply
    stage = own_stage
    stage.person("requester").types(stage.channel, "/sr why abc234xyz")
    stage.private("requester", "/sr why abc234xyz")
    (bot,) = stage.bots

    def silent(*_: object) -> None:
        raise LedgerUnavailable("TimeoutError")

    monkeypatch.setattr(bot.context.ledger, "load", silent)
    stage.person("outsider").types(stage.channel, "/sr why abc234xyz")
    stage.private("outsider", "/sr why abc234xyz")
    monkeypatch.setattr(Rules, "standing", silent)
    stage.person("approver-1").types(stage.channel, "/sr help")
    assert not stage.private("approver-1", "What srbot understands").says("Not for you here")


def test_the_help_says_what_is_not_for_who_asks_by_the_code_that_decides(own_stage: Stage, apply: Apply) -> None:
    del apply
    stage = own_stage
    stage.person("requester").types(stage.channel, "/sr help")
    told = stage.private("requester", "What srbot understands")
    blocks = {str(block["text"]["text"]) for block in told.body["blocks"][1:]}
    refused = {text.splitlines()[0].split("`")[1].split()[1] for text in blocks if "Not for you here" in text}
    assert "forget" in refused
    assert {"freeze", "thaw", "detach", "destroy"} <= refused
    assert not {"scan", "rename", "list", "requests", "help"} & refused
    assert any("add iscsi" in text and "Not for you here" not in text for text in blocks)
    assert any("SRs are forgotten by hand." in text for text in blocks)


def test_those_who_are_missing_are_called_again_and_then_the_next_group(own_stage: Stage, apply: Apply) -> None:
    stage = own_stage
    first, second = stage.slack.users["approver-1"], stage.slack.users["approver-2"]
    apply(f"""
[rules.all]
decide = ["1 of {first} or {second}"]
pauses = ["10 min"]
escalate = [{{ after = "20 min", to = ["{second}"] }}]
""")
    name = stage.confirming()
    stage.person("requester").presses(stage.card("Ready: is this what you want?", name), "Request approval")
    card = stage.card("Waiting for approval", name)
    line = stage.thread(card, "requested the approval of", first)
    assert not line.says(f"of <@{first}>, <@{second}>")
    stage.clock.offset += 601
    stage.thread(card, f"This waits for a decision still: <@{first}>.")
    stage.clock.offset += 600
    stage.thread(card, f"Nobody has decided it yet, so these are called too: <@{second}>.")
    assert stage.now(name).call_at is None


def test_where_there_is_nobody_to_call_nothing_is_said(own_stage: Stage, apply: Apply) -> None:
    stage = own_stage
    first, second = stage.slack.users["approver-1"], stage.slack.users["approver-2"]
    apply(f"""
[rules.one]
decide = ["1 of {first}"]
pauses = ["10 min", "20 min"]

[rules.other]
decide = ["1 of {second}"]
""")
    name = stage.confirming()
    stage.person("requester").presses(stage.card("Ready: is this what you want?", name), "Request approval")
    stage.person("approver-1").presses(stage.card("Waiting for approval", name), "Approve")
    stage.card("Approved by", name)
    before = stage.now(name)
    stage.clock.offset += 601
    stage.wait("put off", lambda: (stage.redis.zscore("srbot:due", f"call:{name}") or 0) > stage.clock())
    stage.clock.offset += 1801
    stage.wait("forgotten", lambda: stage.redis.zscore("srbot:due", f"call:{name}") is None)
    assert stage.now(name) == before
