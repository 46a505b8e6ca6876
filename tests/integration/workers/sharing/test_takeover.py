"""A worker that dies at a share: the next one goes on where it stopped, and makes nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.request.model import State
from bot.request.plan import Purpose
from tests.integration.workers.recording import during, killed
from tests.integration.workers.sharing.shares import EMPTY, OLD, OLD_SR, approved, attaching, looked_at, on
from tests.integration.workers.world import CLEAN, POOL, World, a_world, reason_of, until
from workers.provisioning import attempt

MAKING = [("Async.SR.probe", 1), ("Async.SR.create", 1), ("SR.add_to_other_config", 1), ("SR.set_name_description", 1)]
ATTACHING = [
    ("SR.introduce", 1),
    ("PBD.create", 1),
    ("PBD.create", 2),
    ("Async.PBD.plug", 1),
    ("SR.add_to_other_config", 1),
    ("Async.PBD.plug", 2),
]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


def settled(world: World) -> None:
    """Whatever the dead worker has begun on the pool has ended."""
    until(lambda: not any(task["status"] == "pending" for task in world.pool.report()["tasks"]))


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(("method", "nth"), MAKING)
def test_a_new_sr_is_made_once(world: World, method: str, nth: int, *, before: bool) -> None:
    request_id = approved(world, EMPTY)
    with killed(method, nth=nth, before=before):
        world.create(request_id)
    settled(world)
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    assert request.outcome is not None
    assert on(world, "nas:/export/vms") == (request.outcome.sr.uuid,)
    (sr,) = world.srs(request.outcome.sr.uuid)
    assert (sr["pbds_attached"], sr["other_config"]["srbot"]) == (2, request_id)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(("method", "nth"), ATTACHING)
def test_an_sr_is_attached_with_one_pbd_per_host(world: World, method: str, nth: int, *, before: bool) -> None:
    request_id = attaching(world, OLD, OLD_SR)
    with killed(method, nth=nth, before=before):
        world.create(request_id)
    settled(world)
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    (sr,) = world.srs(OLD_SR)
    assert (sr["pbds"], sr["pbds_attached"], sr["other_config"]["srbot"]) == (2, 2, request_id)


def test_an_sr_that_the_master_cannot_plug_is_taken_back(world: World) -> None:
    request_id = attaching(world, OLD, OLD_SR)
    world.pool.fault("PBD.plug", "error", details=["SR_BACKEND_FAILURE_461", "", "can't be written", ""])
    assert world.create(request_id).state is State.FAILED
    assert world.srs(OLD_SR) == []
    assert world.leftovers() == CLEAN
    assert looked_at(world, OLD, purpose=Purpose.ATTACH).state is State.CONFIRMING


def test_a_pool_that_took_the_sr_while_the_worker_was_dead_ends_in_doubt(world: World, tmp_path: Path) -> None:
    request_id = attaching(world, OLD, OLD_SR)
    with killed("SR.add_to_other_config", before=True):
        world.create(request_id)
    settled(world)
    (tmp_path / "other").mkdir()
    with a_world(tmp_path / "other") as other:
        assert other.create(attaching(other, OLD, OLD_SR)).state is State.SUCCEEDED
        (world.folder / "xenct2").write_text(other.pool.password, encoding="utf-8")
        speaking = POOL.format(name="other", url=other.pool.url, file="xenct2", read=30)
        world.narrow("[channels.C0STORAGE]", f"{speaking}[channels.C0STORAGE]")
        request = world.create(request_id)
    assert request.state is State.UNKNOWN
    assert request.trouble is not None
    assert request.trouble.fact("detail") == f'the SR {OLD_SR} is now the SR "NFS virtual disk storage" of other'


def test_what_slow_pools_have_made_old_is_looked_at_again_and_is_not_enough(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = attaching(world, OLD, OLD_SR)
    before = world.calls()["Async.SR.probe"]
    monkeypatch.setattr(attempt, "LONGEST_LOOK", -1.0)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.FAILED, "looked_too_long_ago")
    assert world.calls()["Async.SR.probe"] == before + 2
    assert world.srs(OLD_SR) == []


def test_an_sr_that_another_pool_attaches_during_the_last_look_is_left_alone(tmp_path: Path) -> None:
    with a_world(tmp_path / "other") as other:
        others = [("elsewhere", other.pool.url, other.pool.password)]
        with a_world(tmp_path / "own", others=others, storage=other.pool) as world:
            request_id, theirs = attaching(world, OLD, OLD_SR), attaching(other, OLD, OLD_SR)
            with during("Async.SR.probe", lambda: other.create(theirs)):
                request = world.create(request_id)
            assert other.look(theirs).state is State.SUCCEEDED
            assert request.state is State.STALE, request.trouble
            assert world.pbds(OLD_SR) == {}
