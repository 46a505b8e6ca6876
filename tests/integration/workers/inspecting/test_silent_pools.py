"""Pools that give no answer: what they use is not known, and somebody has to take that on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot import deciding
from bot.request.model import Request, State
from tests.integration.workers.world import (
    APPROVER,
    CLEAN,
    NETAPP,
    OVERRIDER,
    POOL,
    REQUESTER,
    SILENT,
    World,
    a_world,
    trouble_of,
)

FREE_LUN = 3
MAY_OVERRIDE = 'may_override = ["UAPPROVER2"]'


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


def silence(world: World) -> None:
    """Another pool is configured, and nobody listens there."""
    world.narrow("[channels.C0STORAGE]", f"{SILENT}[channels.C0STORAGE]")


def inspected(world: World, lun_id: int = FREE_LUN) -> Request:
    request_id = world.choosing_lun(NETAPP, None)
    world.pick(request_id, lun_id)
    return world.inspect(request_id)


@contextmanager
def answering(world: World, folder: Path) -> Iterator[World]:
    """The pool that was silent answers."""
    with a_world(folder) as other:
        (world.folder / "xenct2").write_text(other.pool.password, encoding="utf-8")
        speaking = POOL.format(name="silent", url=other.pool.url, file="xenct2", read=30)
        world.narrow(SILENT, speaking)
        yield other


def test_a_silent_pool_stands_in_the_plan_by_name(world: World) -> None:
    silence(world)
    request = inspected(world)
    assert request.state is State.CONFIRMING
    assert request.plan is not None
    assert (request.plan.not_asked, request.plan.needs_override) == (("silent",), True)
    assert world.leftovers() == CLEAN


@pytest.mark.parametrize("overriders", ["[]", f'["{REQUESTER}"]'])
def test_a_silent_pool_uses_every_lun_where_nobody_else_may_override(world: World, overriders: str) -> None:
    silence(world)
    world.narrow('"UAPPROVER2"]', f'"UAPPROVER2", "{REQUESTER}"]')
    world.narrow('may_override = ["UAPPROVER2", "UREQUESTER"]', f"may_override = {overriders}")
    request = inspected(world)
    trouble = trouble_of(request)
    assert (trouble.reason, trouble.fact("pool")) == ("pool_not_asked", "silent")
    assert request.plan is None
    assert world.leftovers() == CLEAN


def test_it_takes_one_who_may_override_to_go_on_without_a_pool(world: World) -> None:
    silence(world)
    request_id = world.approve(inspected(world).id, APPROVER)
    waiting, standing = world.look(request_id), world.workplace.standing()
    assert waiting.state is State.AWAITING_APPROVAL
    world.happens(request_id, *deciding.approve(waiting, standing, OVERRIDER, 1, world.clock()))
    assert world.create(request_id).state is State.SUCCEEDED


def test_nothing_runs_whose_overrider_may_no_longer_override(world: World) -> None:
    silence(world)
    request_id = world.approve(inspected(world).id, OVERRIDER)
    world.narrow(MAY_OVERRIDE, 'may_override = ["UAPPROVER1"]')
    assert world.create(request_id).state is State.AWAITING_APPROVAL
    assert world.overwritten() == []


def test_a_pool_that_answers_later_and_does_not_use_the_lun_stops_nothing(world: World, tmp_path: Path) -> None:
    silence(world)
    request_id = world.approve(inspected(world).id, OVERRIDER)
    with answering(world, tmp_path / "other"):
        assert world.create(request_id).state is State.SUCCEEDED


def test_a_pool_that_answers_later_and_uses_the_lun_makes_it_stale(world: World, tmp_path: Path) -> None:
    silence(world)
    request_id = world.approve(inspected(world).id, OVERRIDER)
    with answering(world, tmp_path / "other") as other:
        assert other.create(other.approved(NETAPP, None, FREE_LUN)).state is State.SUCCEEDED
        request = world.create(request_id)
        assert request.state is State.STALE
        assert "of silent" in request.changes[0]
    assert world.overwritten() == []


def test_a_pool_that_is_silent_only_at_the_run_pauses_it(world: World) -> None:
    request_id = world.approve(inspected(world).id, OVERRIDER)
    silence(world)
    trouble = trouble_of(world.create(request_id))
    assert (trouble.reason, trouble.fact("pool")) == ("pool_not_asked", "silent")
    assert world.overwritten() == []
    assert world.leftovers() == CLEAN
