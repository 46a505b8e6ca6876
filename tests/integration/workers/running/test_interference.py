"""Others are at work on the same pool and the same LUN while a run goes on: what is theirs stays as they have it."""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.request.model import State
from bot.request.plan import Plan
from deploy.sandbox.pool.classes import pbd
from deploy.sandbox.pool.model import Model
from tests.integration.workers.keeping import config_of, keep_a_record
from tests.integration.workers.recording import during, killed, recorded
from tests.integration.workers.world import CLEAN, DETACHED, NETAPP, SCSI_ID, World, a_world, reason_of, until
from workers.provisioning import attempt

MASTER, SLAVE = "xenct-xen1", "xenct-xen2"
THEIRS = "5d1c3f0e-0000-4000-8000-000000000001"
REFUSED = ["OTHER_OPERATION_IN_PROGRESS", "SR", "x"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


def settled(world: World) -> None:
    until(lambda: not any(task["status"] == "pending" for task in world.pool.report()["tasks"]))


def test_an_sr_that_appears_while_a_slow_pool_is_asked_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_world(tmp_path / "other") as other:
        others = [("elsewhere", other.pool.url, other.pool.password)]
        with a_world(tmp_path / "own", others=others, storage=other.pool) as world:
            request_id = world.approved()
            monkeypatch.setattr(attempt, "LONGEST_LOOK", -1.0)  # any pool is slow
            appears = {"kind": "sr", "sr_uuid": THEIRS, "sr_name": "theirs"}
            with during("SR.get_all_records", lambda: world.array(op="content", scsi_id=SCSI_ID, content=appears)):
                request = world.create(request_id)
            assert (request.state, request.changes) == (State.STALE, (f"the LUN now holds an SR ({THEIRS})",))
            assert world.overwritten() == []


@pytest.mark.parametrize("where", ["PBD.plug", "Async.PBD.plug"])
def test_a_pbd_that_somebody_else_plugged_meanwhile_stays_plugged(world: World, where: str) -> None:
    keep_a_record(world, [MASTER], config_of(world))
    request_id = world.attaching()
    ref = world.pbds(DETACHED)[MASTER]["ref"]
    world.pool.fault(where, "error", details=REFUSED)
    plugged = {"currently_attached": True}
    with during("Async.PBD.plug", lambda: world.pool.do(lambda model: model.objects.set("PBD", ref, **plugged))):
        assert world.create(request_id).state is State.FAILED
    assert world.pbds(DETACHED)[MASTER]["currently_attached"]


def test_a_takeover_trusts_no_pbd_that_leads_to_another_lun(world: World) -> None:
    config = config_of(world)
    keep_a_record(world, [MASTER], config)
    request_id = world.attaching()
    world.begin(request_id)
    ref = world.pbds(DETACHED)[MASTER]["ref"]
    other = {**config, "SCSIid": config["SCSIid"][:-1] + "5"}
    world.pool.do(lambda model: model.objects.set("PBD", ref, device_config=other, currently_attached=True))
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "outcome_unknown")
    assert list(world.pbds(DETACHED)) == [MASTER]


def test_a_takeover_of_an_sr_that_another_pool_came_to_use_stops(tmp_path: Path) -> None:
    with a_world(tmp_path / "other") as other:
        others = [("elsewhere", other.pool.url, other.pool.password)]
        with a_world(tmp_path / "own", others=others, storage=other.pool) as world:
            request_id, theirs = world.attaching(), other.attaching()
            with killed("SR.add_to_other_config", before=True):
                world.create(request_id)
            settled(world)
            known = world.srs(DETACHED)[0]
            other.pool.do(lambda model: _introduce(model, known))
            request = world.create(request_id)
            assert (request.state, reason_of(request)) == (State.UNKNOWN, "outcome_unknown")
            assert request.trouble is not None
            assert "elsewhere" in request.trouble.fact("detail")
            assert other.look(theirs).state is State.QUEUED


def _introduce(model: Model, known: dict[str, Any]) -> None:
    kept = ("uuid", "name_label", "type", "content_type", "shared", "physical_size", "physical_utilisation")
    record = {key: known[key] for key in kept} | {"name_description": "", "other_config": {}, "sm_config": {}}
    model.objects.add("SR", record)


def test_an_attach_that_the_first_worker_got_done_is_not_taken_back_for_an_accident_of_the_second(
    world: World,
) -> None:
    request_id = world.attaching()
    with killed("SR.add_to_other_config", before=True):
        world.create(request_id)
    settled(world)
    before = world.pbds(DETACHED)
    assert before[MASTER]["currently_attached"]
    world.pool.fault("SR.get_all_records", "error", details=["INTERNAL_ERROR", "x"], after=1)
    assert world.create(request_id).state in {State.UNKNOWN, State.SUCCEEDED}
    assert {host: one["currently_attached"] for host, one in world.pbds(DETACHED).items()}[MASTER]
    assert world.srs(DETACHED) != []


def test_a_create_that_xapi_takes_up_late_is_waited_for_and_never_sent_again(world: World) -> None:
    request_id = world.approved(NETAPP, None, 3)
    plan = world.look(request_id).plan
    assert plan is not None
    world.begin(request_id)
    with during("Async.SR.probe", lambda: _send_late(world, plan, request_id)), recorded() as record:
        request = world.create(request_id)
    settled(world)
    assert request.state is State.SUCCEEDED, request.trouble
    assert record.of("Async.SR.create") == []
    assert len(world.overwritten()) == 1


def test_a_create_that_xapi_takes_up_after_the_second_was_refused_is_taken_over(world: World) -> None:
    request_id = world.approved(NETAPP, None, 3)
    plan = world.look(request_id).plan
    assert plan is not None
    world.begin(request_id)
    world.pool.fault("Async.SR.create", "error", details=["HOST_STILL_BOOTING"])
    send_late = during("task.get_all_records", lambda: _send_late(world, plan, request_id), nth=3)
    with send_late, recorded() as record:
        request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    assert len(record.of("Async.SR.create")) == 1
    assert len(world.overwritten()) == 1


def _send_late(world: World, plan: Plan, request_id: str) -> None:
    """What the dead worker had sent, and xapi read only now."""
    with xmlrpc.client.ServerProxy(world.pool.url) as proxy:
        server: Any = proxy
        session = server.session.login_with_password("root", world.pool.password, "1.0", "srbot")["Value"]
        host = world.pool.do(lambda model: model.master())
        assert plan.way is not None
        assert plan.way.portal is not None
        place = {"target": plan.way.portal.address, "port": str(plan.way.portal.port)}
        config = {**place, "targetIQN": plan.way.iqn, "SCSIid": plan.scsi_id}
        labels = (plan.name, f"srbot:{request_id}", plan.sr_type, plan.content_type)
        create = getattr(server, "Async.SR.create")
        assert create(session, host, config, "0", *labels, True, {})["Status"] == "Success"  # noqa: FBT003 - xapi's `shared`
        server.session.logout(session)


def test_an_sr_that_somebody_removes_right_after_its_create_is_left_to_a_person(world: World) -> None:
    request_id = world.approved()

    def remove(model: Model) -> None:
        ref = next(ref for ref, sr in model.objects.tables["SR"].items() if sr["other_config"].get("srbot"))
        for one in list(model.pbds_of(sr=ref)):
            pbd.remove(model, one)
        model.objects.remove("SR", ref)

    with during("SR.get_all_records", lambda: world.pool.do(remove), nth=2):
        request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.UNKNOWN, "outcome_unknown")


def test_a_pbd_that_xapi_was_faster_to_make_is_no_trouble(world: World) -> None:
    request_id = world.attaching()

    def start(model: Model) -> None:
        """Let the other host start: its xapi makes its PBD from the master's."""
        sr = model.objects.find("SR", DETACHED)
        assert sr is not None
        config = next(iter(model.pbds_of(sr=sr).values()))["device_config"]
        pbd.add(model, model.host_named(SLAVE), sr, dict(config))

    with during("PBD.create", lambda: world.pool.do(start), nth=2):
        request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble


def test_a_pbd_that_another_host_is_refused_is_that_hosts_own_trouble(world: World) -> None:
    request_id = world.attaching()
    world.pool.fault("PBD.create", "error", details=["HOST_OFFLINE", "x"], after=1)
    request = world.create(request_id)
    assert request.state is State.PARTIAL, request.trouble
    assert request.outcome is not None
    (blind,) = [host for host in request.outcome.hosts if not host.attached]
    assert blind.trouble is not None
    assert (blind.host, blind.trouble.code) == (SLAVE, "HOST_OFFLINE")


def test_an_sr_whose_description_somebody_edits_is_taken_back_all_the_same(world: World) -> None:
    request_id = world.attaching()

    def edit(model: Model) -> None:
        ref = model.objects.find("SR", DETACHED)
        assert ref is not None
        model.objects.set("SR", ref, name_description="mine now")

    world.pool.fault("PBD.plug", "error", details=["SR_BACKEND_FAILURE_67", "", "ISCSI device failed to appear", ""])
    with during("Async.PBD.plug", lambda: world.pool.do(edit)):
        assert world.create(request_id).state is State.FAILED
    assert world.srs(DETACHED) == []
    assert world.leftovers() == CLEAN


@pytest.mark.parametrize("fails", [False, True])
def test_the_pbd_of_a_master_that_moved_during_the_looks_is_plugged_first(world: World, *, fails: bool) -> None:
    request_id = world.attaching()
    if fails:
        world.pool.fault(
            "PBD.plug", "error", details=["SR_BACKEND_FAILURE_67", "", "ISCSI device failed to appear", ""]
        )
    with during("Async.SR.probe", lambda: _move_records(world)), recorded() as record:
        request = world.create(request_id)
    first = record.of("Async.PBD.plug")[0][1][0]
    slave = {pbd["ref"] for pbd in world.pbds(DETACHED).values() if pbd["host_name"] == SLAVE}
    assert request.state is (State.FAILED if fails else State.SUCCEEDED)
    assert fails or first in slave


def _move_records(world: World) -> None:
    """The pool has another master; the address that we talk to goes on answering as it."""
    pool = world.pool.do(lambda model: next(iter(model.objects.tables["pool"])))
    world.pool.do(lambda model: model.objects.set("pool", pool, master=model.host_named(SLAVE)))
