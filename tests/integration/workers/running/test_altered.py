"""What is recorded was altered behind the back of those who approved: it never runs, and nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.ledger import codec, keys
from bot.request.model import Request, State
from bot.request.plan import Plan, digest
from tests.integration.workers.world import CLEAN, REQUESTER, World, a_world, reason_of

Alter = Callable[[Request], Request]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


def planned(request: Request) -> Plan:
    assert request.plan is not None
    return request.plan


def another_plan(request: Request) -> Request:
    return replace(request, plan=replace(planned(request), name="Somebody else's"))


def another_lun(request: Request) -> Request:
    way = planned(request).way
    assert way is not None
    return replace(request, plan=replace(planned(request), way=replace(way, lun=replace(way.lun, lun_id=1))))


def nobody_approved(request: Request) -> Request:
    return replace(request, approvals=())


def of_another_plan(request: Request) -> Request:
    return replace(request, approvals=tuple(replace(yes, plan_digest="0" * 64) for yes in request.approvals))


def of_who_asked(request: Request) -> Request:
    return replace(request, approvals=tuple(replace(yes, actor=REQUESTER) for yes in request.approvals))


def another_plan_that_who_asked_approved(request: Request) -> Request:
    altered = another_plan(request)
    yes = replace(request.approvals[0], actor=REQUESTER, plan_digest=digest(planned(altered)))
    return replace(altered, approvals=(yes,))


@pytest.mark.parametrize(
    "alter",
    [another_plan, another_lun, nobody_approved, of_another_plan, of_who_asked, another_plan_that_who_asked_approved],
)
def test_what_was_altered_after_its_approval_is_never_run(world: World, alter: Alter) -> None:
    name = world.approved()
    altered = alter(world.look(name))
    world.ledger.redis.hset(keys.request(name), "doc", codec.encode(altered))
    after = world.create(name)
    assert (after.state, reason_of(after)) == (State.PAUSED, "not_approved")
    assert "Async.SR.create" not in world.calls()
    assert world.overwritten() == []
    assert world.leftovers() == CLEAN
