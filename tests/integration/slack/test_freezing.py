"""The one switch that stops what has not started, as people meet it."""

from __future__ import annotations

import pytest

from bot import deciding
from bot.deciding import Standing
from bot.ledger.freezes import Freezes
from bot.ledger.policies import Policies, fallback_of
from bot.request.freezing import Freeze
from bot.request.model import State
from bot.slack.rules import Rules
from tests.integration.slack.stage import Stage
from tests.stories import START

POLICY = """
[rules.all]
decide = ["1 of U0APPROVE1 or U0APPROVE2"]

[may]
freeze = ["U0APPROVE1", "U0APPROVE2"]
thaw = ["U0APPROVE1"]
"""


@pytest.fixture
def ready(stage: Stage) -> Stage:
    Policies(stage.redis, fallback_of(stage.settings)).apply(POLICY, "somebody", START)
    stage.redis.delete("srbot:freezes")
    return stage


def standing(stage: Stage) -> Standing:
    """What a worker goes by."""
    in_force = Policies(stage.redis, fallback_of(stage.settings)).in_force()
    return Standing(in_force.policy, in_force.number, frozen=Freezes(stage.redis).all())


def test_what_is_approved_waits_while_the_pool_is_frozen_and_goes_on_at_once_when_it_is_thawed(ready: Stage) -> None:
    stage = ready
    name = stage.awaiting()
    card = stage.card("Waiting for approval", name)
    first = stage.person("approver-1")
    first.types(stage.channel, "/sr freeze xenct the array is moved")
    told = stage.person("outsider").sees(stage.channel, "froze `xenct`", "`the array is moved`", seconds=10)
    assert not told.private
    first.presses(card, "Approve")
    stage.wait("queued", lambda: stage.now(name).state is State.QUEUED)
    request = stage.now(name)
    stage.happens(name, *deciding.held_back(request, standing(stage), stage.clock()))
    stage.wait("the card", lambda: any(s.says("Approved, and held", name) for s in first.reads(stage.channel)))
    held = next(s for s in first.reads(stage.channel) if s.says("Approved, and held", name))
    assert held.says(f"<@{first.id}> froze the pool: `the array is moved`. It goes on by itself once that is lifted.")
    stage.thread(held, "It is approved, and held", "froze the pool")
    first.types(stage.channel, "/sr thaw xenct")
    first.sees(stage.channel, "thawed `xenct`", seconds=10)
    stage.wait("released", lambda: stage.now(name).work.step == request.work.step + 1)
    assert (stage.now(name).state, stage.now(name).held_until) == (State.QUEUED, None)


def test_what_is_held_is_looked_at_again_without_a_word_until_it_is_thawed(ready: Stage) -> None:
    stage = ready
    name = stage.awaiting()
    stage.person("approver-1").presses(stage.card("Waiting for approval", name), "Approve")
    stage.wait("queued", lambda: stage.now(name).state is State.QUEUED)
    Freezes(stage.redis).freeze(Freeze("", "U0APPROVE1", stage.clock(), "a storm"))
    held = stage.happens(name, *deciding.held_back(stage.now(name), standing(stage), stage.clock()))
    assert held.held_because == "frozen"
    stage.clock.offset += 31
    stage.wait("put off", lambda: (stage.redis.zscore("srbot:due", f"release:{name}") or 0) > stage.clock())
    assert stage.now(name) == held
    stage.clock.offset -= 31


@pytest.mark.parametrize(
    ("who", "typed", "said"),
    [
        ("outsider", "/sr freeze a storm", "The policy does not let you freeze or thaw"),
        ("approver-2", "/sr thaw", "The policy does not let you freeze or thaw"),
        ("approver-1", "/sr thaw xenct", "`xenct` is not frozen"),
        ("approver-1", "/sr thaw", "`every pool` is not frozen"),
        ("approver-1", "/sr freeze", "Say why, for all who wait meanwhile"),
        ("approver-1", "/sr freeze pool=nowhere a storm", "In this channel the pool is one of: xenct."),
        ("approver-1", "/sr thaw one two", "One pool is thawed at a time"),
        ("approver-1", f"/sr freeze {'x' * 501}", "The reason has 501 characters; it may have 500"),
        ("approver-1", "/sr thaw reason=x", "reason"),
    ],
)
def test_what_can_not_be_frozen_or_thawed_is_told_privately(ready: Stage, who: str, typed: str, said: str) -> None:
    ready.person(who).types(ready.channel, typed)
    ready.private(who, said)
    assert Freezes(ready.redis).all() == ()


def test_a_second_freeze_names_the_first(ready: Stage) -> None:
    first, second = ready.person("approver-1"), ready.person("approver-2")
    first.types(ready.channel, "/sr freeze xenct")
    first.sees(ready.channel, "froze every pool", "`xenct`", seconds=10)
    second.types(ready.channel, "/sr freeze reason=storm")
    ready.private("approver-2", "`every pool` is frozen already, by `U0APPROVE1`: `xenct`")


def test_without_a_policy_nobody_may_freeze(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    fallback = Standing(fallback_of(stage.settings))
    monkeypatch.setattr(Rules, "standing", lambda *_: fallback)
    stage.person("approver-1").types(stage.channel, "/sr freeze a storm")
    stage.private("approver-1", "The policy does not let you freeze or thaw")


def test_hosts_are_not_tried_again_while_the_pool_is_frozen(ready: Stage) -> None:
    stage = ready
    name = stage.partial()
    card = stage.card("Retry", name)
    Freezes(stage.redis).freeze(Freeze("xenct", "U0APPROVE1", stage.clock(), "a storm"))
    stage.person("requester").presses(card, "Retry")
    stage.private("requester", "The pool is frozen, so nothing is started there")
    assert stage.now(name).state is State.PARTIAL
    stage.redis.delete("srbot:freezes")
