"""How often each job calls XenServer, beside the polls of its tasks. No look is ever dropped for a lower count."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from bot.request.model import State
from bot.request.plan import Purpose
from bot.request.question import Question
from deploy.sandbox.pool.serving import RunningPool, running_pool
from tests.integration.workers.world import CHANNEL, NETAPP, ONE_HOST_REFUSED, REQUESTER, World, a_world
from workers import jobs

pytestmark = pytest.mark.no_cover
"""What they run is covered by the tests beside; counting it here too would double their time."""

PROBE = 2
"""The call that begins it, and the one that lets its task go."""

PLUG = 2
"""The call that begins it, and the one that lets its task go."""

OTHER_POOL = 4
"""Log in, read SRs and PBDs, log out."""


@pytest.fixture(params=["8", "6.5"])
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path / "world", flavour=request.param) as made:
        yield made


def counted(world: World) -> int:
    """The calls since the last look, without polls."""
    calls = world.calls()
    world.pool.do(lambda model: model.calls.reset())
    return sum(count for name, count in calls.items() if name != "task.get_record")


def warm(world: World) -> None:
    """A job on this pool was done before: the worker knows which host is the master."""
    world.targets(world.ask())
    counted(world)


def test_each_step_of_the_main_job_with_chap(world: World) -> None:
    warm(world)
    request_id = world.ask()
    world.targets(request_id)
    assert counted(world) == 7
    world.luns(request_id)
    assert counted(world) == 9
    world.pick(request_id)
    assert world.inspect(request_id).state is State.CONFIRMING
    assert counted(world) == 10 + PROBE  # the pool has a second host
    world.approve(request_id)
    assert world.create(request_id).state is State.SUCCEEDED
    assert counted(world) == 18


def test_attaching_costs_what_creating_does_and_a_call_for_each_pbd(world: World) -> None:
    warm(world)
    request_id = world.attaching()
    counted(world)
    assert world.create(request_id).state is State.SUCCEEDED
    chap, pbds = 3, 2
    assert counted(world) == 18 - chap + pbds + pbds * PLUG


def test_the_first_job_on_a_pool_asks_once_who_its_master_is(world: World) -> None:
    world.targets(world.ask())
    assert counted(world) == 7 + 1


def test_a_master_that_changed_is_asked_for_once_more(world: World) -> None:
    warm(world)
    world.master("xenct-xen2")
    world.host(host="xenct-xen1", up=True)
    world.targets(world.ask())
    world.targets(world.ask())
    calls = world.calls()
    assert calls["pool.get_all_records"] == 1


def test_a_host_in_maintenance_is_not_probed(world: World) -> None:
    warm(world)
    request_id = world.choosing_lun()
    world.pick(request_id)
    counted(world)
    world.host(host="xenct-xen2", enabled=False)
    assert world.inspect(request_id).state is State.CONFIRMING
    assert counted(world) == 10


def test_each_pbd_that_is_not_plugged_is_plugged_once(world: World) -> None:
    warm(world)
    request_id = world.approved(ONE_HOST_REFUSED, None)
    counted(world)
    assert world.create(request_id).state is State.PARTIAL
    assert counted(world) == 18 - 3 + PROBE  # no CHAP, and one plug with its task


def test_a_list_takes_three_calls_beside_the_session(world: World) -> None:
    question = Question(
        id="question1",
        team="T0TEAM",
        channel=CHANNEL,
        actor=REQUESTER,
        pool="xenct",
        asked_at=world.clock(),
        keep_seconds=60.0,
    )
    world.workplace.questions.ask(question, 10.0)
    jobs.answering(world.workplace, question.id)
    assert counted(world) == 3 + 2


def test_every_other_pool_is_asked_what_it_uses(tmp_path: Path) -> None:
    with running_pool(tmp_path / "other") as other, beside(tmp_path, other) as world:
        request_id = world.choosing_lun(NETAPP, None, purpose=Purpose.CREATE)
        world.pick(request_id, 3)
        other.do(lambda model: model.calls.reset())
        world.inspect(request_id)
        assert sum(other.calls()["methods"].values()) == OTHER_POOL
        world.approve(request_id)
        other.do(lambda model: model.calls.reset())
        assert world.create(request_id).state is State.SUCCEEDED
        assert sum(other.calls()["methods"].values()) == OTHER_POOL


def beside(folder: Path, other: RunningPool) -> AbstractContextManager[World]:
    return a_world(folder / "world", others=[("other", other.url, other.password)])
