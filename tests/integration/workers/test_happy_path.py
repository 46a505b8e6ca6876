from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from redis import Redis

from bot.ledger.store import LedgerUnavailable
from bot.request.model import State
from bot.settings import SettingsError
from tests.integration.workers.world import CLEAN, OLDEST_AND_NEWEST, SCSI_ID, World, a_world
from tests.servers import shared_server
from workers import jobs
from workers.workplace import from_environment


@pytest.fixture(params=OLDEST_AND_NEWEST)
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        yield world


def test_the_equallogic_goes_from_its_address_to_an_sr_that_every_host_sees(world: World) -> None:
    request_id = world.approved()
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    outcome = request.outcome
    assert outcome is not None
    assert [(host.host, host.attached) for host in outcome.hosts] == [("xenct-xen1", True), ("xenct-xen2", True)]
    assert outcome.sr.name_label == "iSCSI virtual disk storage"
    assert (outcome.sr.host, outcome.sr.name_description) == ("<shared>", "")
    made = next(sr for sr in world.pool.report()["srs"] if sr["uuid"] == outcome.sr.uuid)
    assert made["other_config"]["srbot"] == request_id
    assert "auto-scan" not in made["other_config"]
    assert world.overwritten() == [SCSI_ID]
    assert world.leftovers() == CLEAN


def test_no_password_is_written_into_the_ledger(world: World) -> None:
    world.create(world.approved())
    world.targets(world.ask(credential="wrong"))
    written = b"".join(file.read_bytes() for file in shared_server().folder.rglob("*.aof"))
    assert b"approvals" in written
    for password in (world.pool.password, world.pool.chap_password("tecmint"), "canary-wrong-chap"):
        assert password.encode() not in written


def test_the_only_target_is_picked_in_the_same_step(world: World) -> None:
    request = world.targets(world.ask())
    assert request.state is State.DISCOVERING_LUNS
    assert request.target_was_only_one
    assert request.target is not None
    assert request.target.iqn.endswith("-xenct-xen2")
    assert world.leftovers() == CLEAN


def test_the_entry_points_find_their_place_in_the_environment(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in world.environ.items():
        monkeypatch.setenv(name, value)
    world.clock.now = time.time()
    request_id = world.ask()
    jobs.discover_targets(request_id, 1)
    jobs.discover_luns(request_id, 2)
    world.pick(request_id)
    jobs.inspect(request_id, 3)
    assert world.look(request_id).state is State.CONFIRMING
    jobs.run_plan(request_id, 4)
    jobs.repair(request_id, 4)
    assert world.look(request_id).state is State.CONFIRMING
    jobs.discover_places(request_id, 4)
    jobs.answer_question("nobody", 1)


def test_a_worker_without_a_ledger_says_so(world: World) -> None:
    environ = {name: value for name, value in world.environ.items() if name != "SRBOT_REDIS_URL"}
    with pytest.raises(SettingsError, match="SRBOT_REDIS_URL: is not set"):
        from_environment(environ)


def test_a_ledger_that_is_gone_leaves_the_job_to_rq(world: World) -> None:
    request_id = world.ask()
    world.pool.fault("SR.probe", "delay", seconds=0.2)

    def lose_the_ledger(seconds: float) -> None:
        del seconds
        world.workplace.ledger.redis.connection_pool.disconnect()
        world.workplace.ledger._redis = Redis.from_url("unix:///nowhere/at/all.sock")

    world.workplace = replace(world.workplace, pause=lose_the_ledger)
    with pytest.raises(LedgerUnavailable):
        world.targets(request_id)
