"""A device of one host that becomes an SR: found, looked at, made on that host alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.request.found import Lun
from bot.request.model import Kind, State
from bot.slack.cards.sited import warning
from bot.slack.cards.troubles import told
from bot.storage import Reading, human_size
from deploy.sandbox.pool.serving import running_pool
from tests.integration.workers.local.asking import (
    BLANK,
    ELSEWHERE,
    FIBRE,
    HELD,
    HELD_SR,
    ONE,
    OTHER,
    ROOT,
    approved,
    asks,
    looked_for,
    offered,
    on_device,
    one_host,
    picks,
    put_on_disk,
)
from tests.integration.workers.recording import recorded
from tests.integration.workers.world import CLEAN, OLDEST_AND_NEWEST, World, a_world, reason_of, trouble_of
from workers.xen.probes.adapters import AdapterProber

OF_ONE = "/dev/disk/by-id/scsi-360060e8007c3a0000030c3a000001002"
"""A LUN that the adapters of xenct-xen1 alone show."""
REFUSAL = ["INTERNAL_ERROR", "x"]
NO_PATHS = ('paths = ["/dev/disk/by-id", "/srv/isos", "/tank"]', "paths = []")


@pytest.fixture(params=OLDEST_AND_NEWEST)
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        yield world


@pytest.fixture
def newest(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


def test_the_host_and_its_device_are_picked_and_the_sr_is_on_that_host_alone(world: World) -> None:
    request = looked_for(world, asks(world))
    assert [(place.text, place.detail) for place in offered(world, request)] == [(ONE, "pool master"), (OTHER, "")]
    request = looked_for(world, picks(world, request, OTHER).id)
    assert request.state is State.CHOOSING_PLACE
    rows = {place.value: place for place in offered(world, request)}
    assert FIBRE in rows
    assert "HITACHI" in rows[FIBRE].detail
    request = world.inspect(picks(world, request, FIBRE).id)
    assert request.plan is not None, request.trouble
    assert (request.plan.sr_type, request.plan.shared, dict(request.plan.config)) == ("ext", False, {"device": FIBRE})
    assert [sight.host for sight in request.plan.hosts] == [OTHER]
    assert request.plan.host == request.plan.hosts[0].uuid
    done = world.create(world.approve(request.id))
    assert done.state is State.SUCCEEDED, done.trouble
    assert done.outcome is not None
    assert [(host.host, host.attached) for host in done.outcome.hosts] == [(OTHER, True)]
    assert list(world.pbds(done.outcome.sr.uuid)) == [OTHER]
    assert (done.outcome.sr.host, done.outcome.sr.type, done.outcome.sr.content_type) == (OTHER, "ext", "user")
    assert world.leftovers() == CLEAN


@pytest.mark.parametrize("sr_type", ["ext", "lvm"])
def test_a_device_that_was_typed_becomes_an_sr_of_the_type_that_was_typed(world: World, sr_type: str) -> None:
    request = on_device(world, sr_type=sr_type)
    assert request.plan is not None, request.trouble
    assert request.plan.name == f"Local storage on {ONE}"
    done = world.create(approved(world, request))
    assert done.outcome is not None, done.trouble
    (sr,) = world.srs(done.outcome.sr.uuid)
    assert (sr["type"], sr["shared"], sr["name_description"]) == (sr_type, False, "")
    assert sr["other_config"] == {"srbot": request.id}
    assert world.overwritten() == [BLANK.removeprefix("/dev/disk/by-id/scsi-")]


def test_a_device_that_was_typed_waits_for_its_host(newest: World) -> None:
    request = looked_for(newest, asks(newest, device=BLANK))
    request = picks(newest, request, ONE)
    assert (request.state, request.device) == (State.INSPECTING, BLANK)
    assert newest.inspect(request.id).state is State.CONFIRMING


def test_the_only_host_is_picked_by_itself(tmp_path: Path) -> None:
    with one_host(tmp_path) as world:
        request = looked_for(world, asks(world))
        assert (request.state, bool(request.host)) == (State.DISCOVERING_PLACES, True)
        request = looked_for(world, asks(world, device=BLANK))
        assert request.state is State.INSPECTING
        done = world.create(approved(world, world.inspect(request.id)))
        assert done.state is State.SUCCEEDED, done.trouble
        assert done.outcome is not None
        assert done.outcome.sr.host == ONE


def test_devices_that_a_pbd_names_are_shown_as_used(newest: World) -> None:
    assert newest.create(approved(newest, on_device(newest))).state is State.SUCCEEDED
    request = looked_for(newest, asks(newest, host=ONE))
    used = {place.value: place.used_by for place in offered(newest, request) if place.used_by is not None}
    assert used[BLANK] is not None
    assert used[BLANK].sr_name == f"Local storage on {ONE}"
    assert f"{ROOT}-part3" in used


@pytest.mark.parametrize("device", [BLANK, BLANK.replace("scsi-3", "wwn-0x"), f"{BLANK}-part1", f"{ELSEWHERE},{BLANK}"])
def test_a_disk_is_one_disk_by_whatever_name(newest: World, device: str) -> None:
    assert newest.create(approved(newest, on_device(newest))).state is State.SUCCEEDED
    trouble = trouble_of(on_device(newest, device))
    assert (trouble.reason, trouble.fact("sr_name")) == ("place_taken", f"Local storage on {ONE}")


def test_a_device_that_another_host_lists_and_this_one_does_not_gets_no_plan(world: World) -> None:
    trouble = trouble_of(on_device(world, OF_ONE, OTHER))
    assert (trouble.reason, trouble.fact("host"), trouble.fact("hosts")) == ("device_elsewhere", OTHER, ONE)
    said = told(trouble)
    assert said.sentence == f"The device `{OF_ONE}` is listed by `{ONE}`, and not by the host `{OTHER}`."
    assert world.leftovers() == CLEAN
    plan = on_device(world, OF_ONE, ONE).plan
    assert plan is not None
    assert plan.listed


@pytest.mark.parametrize("device", [BLANK, ELSEWHERE])
def test_a_device_that_no_host_lists_is_planned_as_one_that_may_not_be_there(world: World, device: str) -> None:
    plan = on_device(world, device).plan
    assert plan is not None
    assert not plan.listed
    assert f"XenServer doesn't list `{device}` on that host" in warning(plan)


def test_a_host_that_does_not_tell_may_have_what_others_list(newest: World) -> None:
    newest.pool.fault("SR.probe", "error", details=REFUSAL, after=2, times=1)  # behind those of lvm and ext
    request = on_device(newest, OF_ONE, OTHER)
    assert request.plan is not None, request.trouble
    assert not request.plan.listed


def test_the_disk_that_the_hosts_own_sr_is_on_is_refused(world: World) -> None:
    assert reason_of(on_device(world, ROOT)) == "place_taken"


def test_a_device_with_an_sr_on_it_is_never_made_over(world: World) -> None:
    trouble = trouble_of(on_device(world, HELD, sr_type="lvm"))
    assert (trouble.reason, trouble.fact("sr_uuid")) == ("storage_holds_sr", HELD_SR)
    assert world.overwritten() == []


def test_a_device_that_cannot_be_looked_at_is_not_free(newest: World) -> None:
    newest.pool.fault("Async.SR.probe", "error", details=["SR_BACKEND_FAILURE_202", "", "General backend error", ""])
    request = on_device(newest)
    assert (request.state, request.plan) == (State.PAUSED, None)


def test_an_answer_that_cannot_be_read_is_not_free(newest: World) -> None:
    put_on_disk(newest, BLANK, "local-ext", "")
    assert trouble_of(on_device(newest)).reason == "storage_unreadable"


@pytest.mark.parametrize(
    ("device", "reason"),
    [
        ("/dev/sdb", "path_not_allowed"),
        ("/dev/disk/by-id/../../sda", "path_not_allowed"),
        ("/srv/isos", "device_not_by_id"),
    ],
)
def test_a_path_that_is_not_allowed_is_never_asked_about(newest: World, device: str, reason: str) -> None:
    with recorded() as record:
        request = on_device(newest, device)
    assert reason_of(request) == reason
    assert record.calls == []


def test_without_any_path_in_the_configuration_nothing_is_allowed(newest: World) -> None:
    newest.narrow(*NO_PATHS)
    assert reason_of(on_device(newest)) == "path_not_allowed"
    request = looked_for(newest, asks(newest, host=ONE))
    assert reason_of(request) == "no_devices"


def test_a_host_that_the_pool_does_not_have_is_told(newest: World) -> None:
    assert trouble_of(on_device(newest, host="nobody")).reason == "host_unknown"


def test_a_host_in_maintenance_is_told_at_the_pick_and_refused_after_it(newest: World) -> None:
    newest.host(host=OTHER, enabled=False)
    request = looked_for(newest, asks(newest))
    assert offered(newest, request)[1].detail == "in maintenance, or not up"
    request = looked_for(newest, picks(newest, request, OTHER).id)
    assert (request.state, reason_of(request)) == (State.PAUSED, "host_disabled")


def test_a_pool_without_the_driver_is_told_before_anything(newest: World) -> None:
    for request in (
        looked_for(newest, asks(newest, sr_type="zfs")),
        looked_for(newest, asks(newest, sr_type="zfs", host=ONE)),
        on_device(newest, sr_type="zfs"),
    ):
        assert reason_of(request) == "type_not_supported"


def test_adapters_that_cannot_be_asked_leave_what_the_pbds_say(newest: World) -> None:
    newest.pool.fault("Async.SR.probe", "error", details=REFUSAL)
    request = looked_for(newest, asks(newest, host=ONE))
    assert [place.value for place in offered(newest, request)] == [f"{ROOT}-part3"]
    assert request.places is not None
    assert not request.places.complete


def test_a_disk_without_an_id_is_not_offered(newest: World, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Reading((Lun(0, None, None, None, None), Lun(1, None, None, None, "3600")), complete=True)
    monkeypatch.setattr(AdapterProber, "luns", lambda _: shown)
    rows = offered(newest, looked_for(newest, asks(newest, host=ONE)))
    assert [(row.value, row.detail) for row in rows if row.used_by is None] == [
        ("/dev/disk/by-id/scsi-3600", human_size(None))
    ]


def test_a_folder_is_never_looked_for(newest: World) -> None:
    newest.narrow('"/dev/disk/by-id", ', "")
    request_id = asks(newest, Kind.ISO, host=ONE)
    assert reason_of(looked_for(newest, request_id)) == "no_devices"


def test_a_pool_that_cannot_be_asked_counts_as_one_that_uses_the_device(tmp_path: Path) -> None:
    with a_world(tmp_path, others=[("silent", "http://127.0.0.1:9", "x")]) as world:
        request = on_device(world)
        assert request.plan is not None, request.trouble
        assert request.plan.not_asked == ("silent",)
        world.narrow('may_override = ["UAPPROVER2"]', "may_override = []")
        assert reason_of(on_device(world)) == "pool_not_asked"


def test_a_lun_that_another_pool_uses_is_refused(tmp_path: Path) -> None:
    with running_pool(tmp_path / "theirs") as theirs:
        others = [("theirs", theirs.url, theirs.password)]
        with a_world(tmp_path / "ours", others=others, storage=theirs) as world:
            first = on_device(world)
            assert world.create(approved(world, first)).state is State.SUCCEEDED
            ours = [("ours", world.pool.url, world.pool.password)]
            with a_world(tmp_path / "third", others=ours, storage=theirs) as third:
                trouble = trouble_of(on_device(third))
                assert (trouble.reason, trouble.fact("pool")) == ("place_taken", "ours")
