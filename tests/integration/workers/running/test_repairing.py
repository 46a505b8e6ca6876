"""An SR that some host does not see: its hosts are tried again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.ledger.freezes import Freezes
from bot.request import events as e
from bot.request.freezing import Freeze
from bot.request.model import Request, State
from deploy.sandbox.pool.classes import pbd
from deploy.sandbox.pool.control import change_array
from deploy.sandbox.pool.model import Model
from tests.integration.workers.recording import recorded
from tests.integration.workers.world import CLEAN, OLDEST_AND_NEWEST, ONE_HOST_REFUSED, World, a_world, reason_of
from workers import jobs


@pytest.fixture(params=OLDEST_AND_NEWEST)
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        yield world


def partial(world: World) -> str:
    request_id = world.approved(ONE_HOST_REFUSED, None)
    assert world.create(request_id).state is State.PARTIAL
    return request_id


def half_seen(world: World) -> str:
    """An SR with CHAP that its second host could not attach when it was made."""
    request_id = world.approved()
    world.pool.do(_refuse_the_second)
    assert world.create(request_id).state is State.PARTIAL
    world.pool.do(_admit_everybody)
    return request_id


def _refuse_the_second(model: Model) -> None:
    _set_refused(model, [model.initiator(model.host_named("xenct-xen2"))])


def _admit_everybody(model: Model) -> None:
    _set_refused(model, [])


def _set_refused(model: Model, refused: list[str]) -> None:
    for name in ("equallogic", "one-host-refused"):
        iqn = model.arrays[name].targets[0].iqn
        change_array(model, {"op": "put_target", "array": name, "target": {"iqn": iqn, "refused": refused}})


def uuid_of(request: Request) -> str:
    assert request.outcome is not None
    return request.outcome.sr.uuid


def remove_pbd(world: World, uuid: str, host: str) -> None:
    ref = world.pbds(uuid)[host]["ref"]
    world.pool.do(lambda model: pbd.remove(model, ref))


def test_a_host_that_was_mended_sees_the_sr(world: World) -> None:
    request_id = partial(world)
    world.pool.do(_admit_everybody)
    with recorded() as record:
        request = world.repair(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    assert request.outcome is not None
    assert all(host.attached and host.trouble is None for host in request.outcome.hosts)
    assert record.changing() == ["Async.PBD.plug"]
    assert world.leftovers() == CLEAN


def test_a_pbd_that_leads_to_another_lun_by_now_is_not_plugged(world: World) -> None:
    request_id = partial(world)
    world.pool.do(_admit_everybody)
    ref = world.pbds(uuid_of(world.look(request_id)))["xenct-xen2"]["ref"]

    def bend(model: Model) -> None:
        config = model.objects.get("PBD", ref)["device_config"]
        model.objects.set("PBD", ref, device_config={**config, "SCSIid": "3600a098000000000000000000000dead"})

    world.pool.do(bend)
    with recorded() as record:
        request = world.repair(request_id)
    assert (request.state, reason_of(request)) == (State.PARTIAL, "leads_elsewhere")
    assert record.changing() == []


def test_a_session_that_is_lost_at_one_host_is_renewed_for_it(world: World) -> None:
    request_id = partial(world)
    world.pool.do(_admit_everybody)
    world.pool.fault("Async.PBD.plug", "error", details=["SESSION_INVALID", "OpaqueRef:x"])
    assert world.repair(request_id).state is State.SUCCEEDED
    assert world.leftovers() == CLEAN


def test_a_plug_that_xapi_does_not_even_begin_is_that_hosts_own_trouble(world: World) -> None:
    request_id = partial(world)
    world.pool.fault("Async.PBD.plug", "error", details=["RBAC_PERMISSION_DENIED", "PBD.plug", "no"])
    request = world.repair(request_id)
    assert request.state is State.PARTIAL
    assert request.outcome is not None
    assert [host.trouble.reason for host in request.outcome.hosts if host.trouble] == ["permission_missing"]


def test_a_host_that_was_not_mended_keeps_it_partial_with_its_new_error(world: World) -> None:
    request_id = partial(world)
    world.host(host="xenct-xen2", up=False)
    request = world.repair(request_id)
    assert request.state is State.PARTIAL
    assert request.outcome is not None
    second = request.outcome.hosts[1]
    assert second.trouble is not None
    assert (second.attached, second.trouble.reason) == (False, "host_unreachable")
    assert second.trouble.reference == f"{request_id}-{request.work.step}"
    world.host(host="xenct-xen2", up=True)
    world.pool.do(_admit_everybody)
    assert world.repair(request_id).state is State.SUCCEEDED


def test_a_host_without_a_pbd_gets_one_like_the_masters(world: World) -> None:
    request_id = half_seen(world)
    uuid = uuid_of(world.look(request_id))
    remove_pbd(world, uuid, "xenct-xen2")
    request = world.repair(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    pbds = world.pbds(uuid)
    first, second = (pbds[host]["device_config"] for host in ("xenct-xen1", "xenct-xen2"))
    assert first.keys() == second.keys()
    assert first["chappassword_secret"] != second["chappassword_secret"]
    assert world.leftovers() == CLEAN


def test_without_a_pbd_of_the_master_none_is_made_up(world: World) -> None:
    request_id = partial(world)
    uuid = uuid_of(world.look(request_id))
    remove_pbd(world, uuid, "xenct-xen1")
    request = world.repair(request_id)
    assert request.state is State.PARTIAL
    assert request.outcome is not None
    first = request.outcome.hosts[0]
    assert first.trouble is not None
    assert first.trouble.reason == "pbd_missing"
    assert "PBD.create" not in world.calls()


def test_an_sr_that_is_gone_keeps_it_partial_and_says_so(world: World) -> None:
    request_id = partial(world)
    before = world.look(request_id)
    uuid = uuid_of(before)
    world.pool.do(lambda model: model.objects.remove("SR", model.objects.find("SR", uuid) or ""))
    request = world.repair(request_id)
    assert (request.state, reason_of(request)) == (State.PARTIAL, "object_gone")
    assert (request.outcome, request.approvals) == (before.outcome, before.approvals)


def test_a_pool_that_cannot_be_asked_keeps_it_partial(world: World) -> None:
    request_id = partial(world)
    world.pool.fault("session.login_with_password", "error", details=["HOST_STILL_BOOTING"])
    request = world.repair(request_id)
    assert (request.state, reason_of(request)) == (State.PARTIAL, "host_starting")
    world.pool.do(_admit_everybody)
    assert world.repair(request_id).state is State.SUCCEEDED


@pytest.mark.parametrize(
    ("details", "reason"), [(["SESSION_INVALID", "OpaqueRef:x"], "session_lost"), (["PBD_EXISTS", "a", "b", "c"], "")]
)
def test_a_pbd_that_is_there_already_is_none_of_the_hosts_troubles(
    world: World, details: list[str], reason: str
) -> None:
    request_id = partial(world)
    remove_pbd(world, uuid_of(world.look(request_id)), "xenct-xen2")
    world.pool.fault("PBD.create", "error", details=details)
    request = world.repair(request_id)
    assert request.state is State.PARTIAL
    assert request.outcome is not None
    assert (request.trouble.reason if request.trouble else "") == reason


def test_a_pbd_that_cannot_be_made_keeps_it_partial(world: World) -> None:
    request_id = partial(world)
    remove_pbd(world, uuid_of(world.look(request_id)), "xenct-xen2")
    world.pool.fault("PBD.create", "error", details=["RBAC_PERMISSION_DENIED", "pbd.create", "no"])
    request = world.repair(request_id)
    assert request.state is State.PARTIAL
    assert request.outcome is not None
    troubles = {host.host: host.trouble for host in request.outcome.hosts if host.trouble is not None}
    assert {host: trouble.reason for host, trouble in troubles.items()} == {"xenct-xen2": "permission_missing"}


def test_hosts_are_not_tried_again_on_a_pool_that_is_frozen(world: World) -> None:
    request_id = partial(world)
    step = world.happens(request_id, e.RetryWanted(at=world.clock(), actor="UREQUESTER")).work.step
    Freezes(world.ledger.redis).freeze(Freeze("xenct", "UANNA", world.clock(), "a storm"))
    before = world.calls()
    jobs.repairing(world.workplace, request_id, step)
    request = world.look(request_id)
    assert (request.state, reason_of(request)) == (State.PARTIAL, "frozen")
    assert world.calls() == before


@pytest.mark.parametrize("times", [2, 3])
def test_a_tag_that_the_run_could_not_move_is_moved_with_a_retry_and_keeps_nothing_from_it(
    world: World, times: int
) -> None:
    request_id = world.approved(ONE_HOST_REFUSED, None)
    world.pool.fault("SR.set_name_description", "error", details=["INTERNAL_ERROR", "x"], times=times)
    request = world.create(request_id)
    (before,) = world.srs(uuid_of(request))
    assert (request.state, before["name_description"]) == (State.PARTIAL, f"srbot:{request_id}")
    world.pool.do(_admit_everybody)
    request = world.repair(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    assert request.outcome is not None
    (after,) = world.srs(uuid_of(request))
    wanted = "" if times == 2 else f"srbot:{request_id}"
    assert (after["name_description"], request.outcome.sr.name_description) == (wanted, wanted)
