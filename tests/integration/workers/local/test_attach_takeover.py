"""An attach at a device whose worker died: the next one goes on where it stopped, and makes nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.request.model import State
from deploy.sandbox.pool.model import Model
from tests.integration.workers.local.asking import (
    ELSEWHERE,
    HELD,
    HELD_SR,
    ONE,
    OTHER,
    approved,
    holding,
    keep_a_pbd,
    keep_a_record,
    put_on_disk,
)
from tests.integration.workers.recording import killed
from tests.integration.workers.world import POOL, World, a_world, reason_of, until

THEIRS = "7b2f1d90-5a3c-4e88-9c41-0d6e2f7a8b15"
POINTS = ["SR.introduce", "PBD.create", "Async.PBD.plug", "SR.add_to_other_config", "SR.set_name_description"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


def settled(world: World) -> None:
    """Whatever the dead worker has begun on the pool has ended."""
    until(lambda: not any(task["status"] == "pending" for task in world.pool.report()["tasks"]))


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("method", POINTS)
@pytest.mark.parametrize("host", [ONE, OTHER])
def test_a_worker_that_dies_at_any_call_leaves_one_record_and_one_pbd(
    world: World, method: str, host: str, *, before: bool
) -> None:
    device, uuid = (HELD, HELD_SR) if host == ONE else (ELSEWHERE, THEIRS)
    put_on_disk(world, device, "local-ext", uuid, "theirs")
    request_id, overwritten = approved(world, holding(world, device, host)), world.overwritten()
    with killed(method, before=before):
        world.create(request_id)
    settled(world)
    assert world.look(request_id).work.changing
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    (sr,) = world.srs(uuid)
    assert (sr["pbds"], sr["pbds_attached"], sr["shared"]) == (1, 1, False)
    assert (sr["other_config"]["srbot"], sr["name_description"]) == (request_id, "")
    assert list(world.pbds(uuid)) == [host]
    assert world.overwritten() == overwritten


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("method", ["PBD.create", "Async.PBD.plug"])
def test_a_record_that_the_pool_has_kept_survives_a_dead_worker(world: World, method: str, *, before: bool) -> None:
    keep_a_record(world)
    request_id = approved(world, holding(world))
    with killed(method, before=before):
        world.create(request_id)
    settled(world)
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    (sr,) = world.srs(HELD_SR)
    assert (sr["pbds"], sr["pbds_attached"], sr["name_description"]) == (1, 1, "ours since 2019")


def test_a_host_that_left_or_rests_keeps_the_second_worker_from_it(world: World) -> None:
    request_id = approved(world, holding(world))
    with killed("PBD.create"):
        world.create(request_id)
    world.host(host=ONE, enabled=False)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "host_disabled")
    assert (world.srs(HELD_SR), world.pbds(HELD_SR)) == ([], {})


def test_a_host_that_rests_once_it_has_plugged_it_is_done(world: World) -> None:
    request_id = approved(world, holding(world))
    with killed("SR.add_to_other_config", before=True):
        world.create(request_id)
    world.host(host=ONE, enabled=False)
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble


def eject(model: Model) -> None:
    host = model.host_named(OTHER)
    for ref in model.pbds_of(host=host):
        model.objects.remove("PBD", ref)
    model.objects.remove("host", host)


def test_a_host_that_is_gone_gets_no_pbd_on_another(world: World) -> None:
    put_on_disk(world, ELSEWHERE, "local-ext", THEIRS, "theirs")
    request_id = approved(world, holding(world, ELSEWHERE, OTHER))
    with killed("SR.introduce"):
        world.create(request_id)
    world.pool.do(eject)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "host_unknown")
    assert world.srs(THEIRS) == []


def test_a_device_that_changed_after_the_worker_died_is_not_plugged(world: World) -> None:
    request_id = approved(world, holding(world))
    with killed("PBD.create"):
        world.create(request_id)
    put_on_disk(world, HELD, "local-ext", THEIRS, "theirs")
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "outcome_unknown")
    assert "Async.PBD.plug" not in world.calls()
    assert world.srs(HELD_SR) == []


def test_an_sr_that_somebody_attached_by_hand_after_the_worker_died_stays_theirs(world: World) -> None:
    request_id = approved(world, holding(world))
    with killed("SR.introduce", before=True):
        world.create(request_id)
    keep_a_record(world)
    keep_a_pbd(world, ONE, {"device": HELD}, attached=True)
    before, pbds = world.srs(HELD_SR), world.pbds(HELD_SR)
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "outcome_unknown")
    assert (world.srs(HELD_SR), world.pbds(HELD_SR)) == (before, pbds)


def test_a_pool_that_took_the_sr_while_the_worker_was_dead_ends_in_doubt(world: World, tmp_path: Path) -> None:
    request_id = approved(world, holding(world))
    with killed("SR.add_to_other_config", before=True):
        world.create(request_id)
    settled(world)
    (tmp_path / "other").mkdir()
    with a_world(tmp_path / "other") as other:
        assert other.create(approved(other, holding(other))).state is State.SUCCEEDED
        (world.folder / "xenct2").write_text(other.pool.password, encoding="utf-8")
        speaking = POOL.format(name="other", url=other.pool.url, file="xenct2", read=30)
        world.narrow("[channels.C0STORAGE]", f"{speaking}[channels.C0STORAGE]")
        request = world.create(request_id)
    assert request.state is State.UNKNOWN
    assert request.trouble is not None
    told = f'the storage now serves the SR "Local storage on {ONE}" of other ({HELD_SR})'
    assert request.trouble.fact("detail") == told
