"""Two requests for one LUN: never both at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.request import acting
from bot.request import events as e
from bot.request.model import State
from tests.integration.workers.world import NETAPP, REQUESTER, SCSI_ID, World, a_world, reason_of, trouble_of


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


def take_up(world: World, request_id: str) -> None:
    """A worker runs the plan."""
    step = world.look(request_id).work.step
    world.happens(request_id, e.StepStarted(at=world.clock(), step=step, worker="another"))


def test_the_second_of_two_approved_requests_pauses_while_the_first_runs(world: World) -> None:
    first, second = world.approved(), world.approved()
    take_up(world, first)
    request = world.create(second)
    trouble = trouble_of(request)
    assert (trouble.reason, trouble.fact("request")) == ("lun_taken", first)
    assert (request.approvals, world.overwritten()) == ((), [])


def test_the_second_has_to_be_inspected_and_approved_anew_afterwards(world: World) -> None:
    first, second = world.approved(), world.approved()
    take_up(world, first)
    paused = world.create(second)
    assert world.create(first).state is State.SUCCEEDED
    world.happens(second, *acting.try_again(paused, REQUESTER, world.clock()))
    assert trouble_of(world.inspect(second)).reason == "lun_in_use"
    assert world.overwritten() == [SCSI_ID]


def test_a_run_in_the_middle_of_its_create_lets_no_other_one_begin(world: World) -> None:
    first, second = world.approved(), world.approved()
    others: list[State] = []

    def run_the_other(_seconds: float) -> None:
        if "Async.SR.create" in world.calls() and not others:
            others.append(world.create(second).state)

    world.pool.fault("SR.create", "delay", seconds=0.2)
    world.workplace = replace(world.workplace, pause=run_the_other)
    assert world.create(first).state is State.SUCCEEDED
    assert others == [State.PAUSED]
    assert world.calls()["Async.SR.create"] == 1


def test_an_attach_and_a_format_of_one_lun_never_run_together(world: World) -> None:
    attaching = world.attaching()
    formatting = world.formatting(world.found())
    world.inspect(formatting)
    lun = world.look(formatting).lun
    assert lun is not None
    world.approve(formatting, "UAPPROVER2", (lun.scsi_id or "")[-6:])
    take_up(world, formatting)
    assert trouble_of(world.create(attaching)).reason == "lun_taken"
    assert world.create(formatting).state is State.SUCCEEDED


def test_another_lun_is_not_taken(world: World) -> None:
    first, second = world.approved(), world.approved(NETAPP, None, 3)
    take_up(world, first)
    assert world.create(second).state is State.SUCCEEDED


def test_a_lun_of_which_nobody_knows_what_became_stays_taken(world: World) -> None:
    first, second = world.approved(), world.approved()
    world.pool.fault("Async.SR.create", "cut_before")
    assert world.create(first).state is State.UNKNOWN
    trouble = trouble_of(world.create(second))
    assert (trouble.reason, trouble.fact("request")) == ("lun_taken", first)


@pytest.mark.parametrize("fault", ["expired", "stale", "failed"])
def test_a_run_that_ended_leaves_the_lun_to_others(world: World, fault: str) -> None:
    first, second = world.approved(), world.approved()
    if fault == "failed":
        details = ["SR_BACKEND_FAILURE_77", "", "Logical Volume group creation failed", ""]
        world.pool.fault("SR.create", "error", details=details)
    if fault == "stale":
        world.host(host="xenct-xen2", enabled=False)
    if fault == "expired":
        world.happens(first, e.Cancelled(at=world.clock(), actor=REQUESTER))
    world.create(first)
    assert world.look(first).ended
    world.host(host="xenct-xen2", enabled=True)
    assert world.create(second).state is State.SUCCEEDED


def test_the_queues_of_two_pools_do_not_run_on_one_lun_either(tmp_path: Path) -> None:
    with a_world(tmp_path / "one") as other:
        others = [("elsewhere", other.pool.url, other.pool.password)]
        with a_world(tmp_path / "two", others=others, storage=other.pool) as world:
            here = world.approved(NETAPP, None, 3)
            there = world.choosing_lun(NETAPP, None, pool="elsewhere")
            world.pick(there, 3)
            rivals = world.inspect(there).rivals
            assert [rival.request for rival in rivals] == [here]
            world.approve(there)
            take_up(world, here)
            paused = world.create(there)
            assert (paused.state, reason_of(paused)) == (State.PAUSED, "lun_taken")
            assert other.overwritten() == []
