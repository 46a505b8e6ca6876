"""What happens while a run still looks, and how old its looks may be when it changes the pool."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.request.model import State
from bot.request.plan import to_type
from tests.integration.workers.recording import during
from tests.integration.workers.world import (
    CLEAN,
    CONFIG,
    DETACHED,
    ONE_HOST_REFUSED,
    OVERRIDER,
    World,
    a_world,
    reason_of,
)
from workers.provisioning import attempt

Run = Callable[[World], str]
NETWORKS = next(line for line in CONFIG.splitlines() if line.startswith("networks = "))


@contextmanager
def two_pools(folder: Path) -> Iterator[tuple[World, World]]:
    """A world, and another one whose pool is at the same arrays and known to the first."""
    with a_world(folder / "other") as other:
        others = [("elsewhere", other.pool.url, other.pool.password)]
        with a_world(folder / "own", others=others, storage=other.pool) as world:
            yield world, other


def formatting(world: World) -> str:
    request_id = world.formatting(world.found())
    plan = world.inspect(request_id).plan
    assert plan is not None
    return world.approve(request_id, OVERRIDER, to_type(plan.lun))


def attaching(world: World) -> str:
    return world.attaching()


@pytest.mark.parametrize("probe", [1, 2], ids=["of the LUNs", "of the content"])
@pytest.mark.parametrize("approved", [formatting, attaching])
def test_an_sr_that_another_pool_attaches_during_the_last_looks_is_left_alone(
    tmp_path: Path, approved: Run, probe: int
) -> None:
    with two_pools(tmp_path) as (world, other):
        request_id, theirs = approved(world), attaching(other)
        with during("Async.SR.probe", lambda: other.create(theirs), nth=probe):
            request = world.create(request_id)
        assert other.look(theirs).state is State.SUCCEEDED
        assert request.state is State.STALE, request.trouble
        assert [change for change in request.changes if DETACHED in change]
        assert world.overwritten() == []
        assert world.pbds(DETACHED) == {}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


@pytest.mark.parametrize("approved", [World.approved, attaching])
def test_nothing_is_changed_on_looks_that_a_slow_ledger_has_made_old(
    world: World, approved: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = approved(world)
    monkeypatch.setattr(attempt, "LONGEST_LOOK", -1.0)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.FAILED, "looked_too_long_ago")
    assert world.overwritten() == []
    assert world.srs(DETACHED) == []
    assert world.leftovers() == CLEAN


def hide(world: World) -> None:
    world.narrow(NETWORKS, 'networks = ["203.0.113.0/24"]')


def share_an_iqn(world: World) -> None:
    world.host(host="xenct-xen2", iqn="iqn.2026-01.com.example:xenct-xen1")


@pytest.mark.parametrize(("change", "reason"), [(hide, "address_not_allowed"), (share_an_iqn, "host_iqn_duplicate")])
def test_a_retry_asks_anew_where_its_hosts_may_log_in(
    world: World, change: Callable[[World], None], reason: str
) -> None:
    request_id = world.approved(ONE_HOST_REFUSED, None)
    assert world.create(request_id).state is State.PARTIAL
    plugged = world.calls()["Async.PBD.plug"]
    change(world)
    request = world.repair(request_id)
    assert (request.state, reason_of(request)) == (State.PARTIAL, reason)
    assert world.calls()["Async.PBD.plug"] == plugged
