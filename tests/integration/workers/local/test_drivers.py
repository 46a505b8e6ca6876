"""SRs of types that have no command: their keys are checked against the pool's own driver."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.request.model import Request, State
from tests.integration.workers.local.asking import (
    BLANK,
    HELD,
    LARGE,
    ONE,
    OTHER,
    approved,
    one_host,
    put_in_folder,
    with_keys,
)
from tests.integration.workers.recording import recorded
from tests.integration.workers.world import CLEAN, World, a_world, reason_of, trouble_of

CEPH = {"server": "ceph1.example", "serverpath": "/", "options": "name=admin"}
MOOSE = {"masterhost": "mfsmaster.example", "rootpath": "/"}
OLD = "7d2cb603-9e74-4b21-8faf-5b8e3a4f7c22"
ZFS = "/tank/vms"


@pytest.fixture(params=["xcpng-8.2", "xcpng-8.3"])
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        yield world


@pytest.fixture
def newest(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path, flavour="xcpng-8.3") as world:
        yield world


def made(world: World, request: Request) -> Request:
    done = world.create(approved(world, request))
    assert done.outcome is not None, done.trouble
    assert world.leftovers() == CLEAN
    return done


@pytest.mark.parametrize(("sr_type", "given"), [("cephfs", CEPH), ("moosefs", MOOSE)])
def test_what_all_hosts_share_is_plugged_on_all_of_them(world: World, sr_type: str, given: dict[str, str]) -> None:
    request = with_keys(world, sr_type, **given)
    assert request.plan is not None, request.trouble
    assert (request.plan.shared, request.plan.host, request.plan.looked) == (True, "", True)
    assert dict(request.plan.config) == given
    done = made(world, request)
    assert done.state is State.SUCCEEDED
    assert done.outcome is not None
    assert sorted(world.pbds(done.outcome.sr.uuid)) == [ONE, OTHER]
    assert (done.outcome.sr.host, done.outcome.sr.type) == ("<shared>", sr_type)


def test_a_host_that_cannot_mount_it_is_named_and_tried_again(newest: World) -> None:
    done = made(newest, with_keys(newest, "glusterfs", server="gluster1.example:/gv0"))
    assert done.state is State.PARTIAL
    assert done.outcome is not None
    assert [(host.host, host.attached) for host in done.outcome.hosts] == [(ONE, True), (OTHER, False)]
    assert newest.repair(done.id).state is State.PARTIAL
    newest.narrow('"gluster1.example", ', "")
    assert newest.repair(done.id).trouble is not None


@pytest.mark.parametrize(
    ("sr_type", "given"),
    [("zfs", {"location": ZFS}), ("xfs", {"device": BLANK}), ("largeblock", {"device": LARGE})],
)
def test_what_one_host_has_is_on_that_host_alone(newest: World, sr_type: str, given: dict[str, str]) -> None:
    request = with_keys(newest, sr_type, ONE, **given)
    assert request.plan is not None, request.trouble
    assert (request.plan.shared, request.plan.looked) == (False, sr_type != "zfs")
    done = made(newest, request)
    assert done.state is State.SUCCEEDED
    assert done.outcome is not None
    assert list(newest.pbds(done.outcome.sr.uuid)) == [ONE]


def test_a_pool_of_one_host_needs_no_name_of_it(tmp_path: Path) -> None:
    with one_host(tmp_path) as world:
        done = made(world, with_keys(world, "xfs", device=BLANK))
        assert done.state is State.SUCCEEDED


def test_a_type_of_one_host_wants_its_name_and_a_shared_one_none(newest: World) -> None:
    assert trouble_of(with_keys(newest, "zfs", location=ZFS)).reason == "host_wanted"
    assert trouble_of(with_keys(newest, "cephfs", ONE, **CEPH)).reason == "host_not_wanted"
    assert trouble_of(with_keys(newest, "zfs", "nobody", location=ZFS)).reason == "host_unknown"


def test_a_key_that_the_driver_does_not_have_is_refused_with_those_it_has(newest: World) -> None:
    trouble = trouble_of(with_keys(newest, "cephfs", servr="ceph1.example", serverpath="/"))
    assert (trouble.reason, trouble.fact("key")) == ("key_unknown", "servr")
    assert trouble.fact("near").split(", ")[0] == "server"
    assert trouble.fact("known") == "server, serverpath, serverport, options"
    assert trouble_of(with_keys(newest, "zfs", ONE, zzz="1")).fact("near") == ""


def test_a_key_that_the_driver_needs_is_asked_for(newest: World) -> None:
    trouble = trouble_of(with_keys(newest, "cephfs", server="ceph1.example", options="name=admin"))
    assert (trouble.reason, trouble.fact("key")) == ("key_missing", "serverpath")


@pytest.mark.parametrize(
    ("sr_type", "given", "reason"),
    [
        ("cephfs", {**CEPH, "server": "ceph1.example,10.66.0.1"}, "address_not_allowed"),
        ("glusterfs", {"server": "gluster1.example:/gv0", "backupservers": "evil.example"}, "address_not_allowed"),
        ("moosefs", {**MOOSE, "options": "mfsmaster=evil"}, "address_not_allowed"),
        ("cephfs", {**CEPH, "serverport": "6789,evil"}, "address_not_allowed"),
        ("cephfs", {**CEPH, "options": "name=admin,secretfile=/etc/ceph/admin.secret"}, "path_not_allowed"),
        ("zfs", {"location": "/etc"}, "path_not_allowed"),
        ("xfs", {"device": "/dev/sdb"}, "path_not_allowed"),
        ("xfs", {"device": "/tank/vms"}, "device_not_by_id"),
        ("linstor", {"group-name": "linstor_group"}, "path_not_allowed"),
    ],
)
def test_what_is_not_allowed_is_never_asked_about(
    newest: World, sr_type: str, given: dict[str, str], reason: str
) -> None:
    with recorded() as record:
        request = with_keys(newest, sr_type, **given)
    assert reason_of(request) == reason
    assert record.calls == []


def test_nothing_is_made_over_srs_that_are_there(newest: World) -> None:
    trouble = trouble_of(with_keys(newest, "cephfs", **{**CEPH, "serverpath": "/old"}))
    assert (trouble.reason, trouble.fact("sr_uuid")) == ("storage_holds_sr", OLD)
    assert trouble_of(with_keys(newest, "largeblock", ONE, device=HELD)).reason == "storage_holds_sr"


def test_what_cannot_be_read_is_not_free(newest: World) -> None:
    put_in_folder(newest, "ceph:/", "")
    assert trouble_of(with_keys(newest, "cephfs", **CEPH)).reason == "storage_unreadable"
    request = with_keys(newest, "cephfs", **{**CEPH, "serverpath": "/nowhere"})
    assert (request.state, request.plan) == (State.PAUSED, None)


def test_storage_that_an_sr_of_the_pool_is_on_is_refused(newest: World) -> None:
    made(newest, with_keys(newest, "zfs", ONE, location=ZFS))
    trouble = trouble_of(with_keys(newest, "zfs", ONE, location=ZFS))
    assert (trouble.reason, trouble.fact("sr_name")) == ("place_taken", "Local ZFS VHD")
    assert with_keys(newest, "zfs", OTHER, location=ZFS).state is State.CONFIRMING


def test_a_folder_that_zfs_is_not_mounted_on_leaves_nothing(newest: World) -> None:
    request = newest.create(approved(newest, with_keys(newest, "zfs", ONE, location="/tank/none")))
    assert request.state is State.FAILED
    assert reason_of(request) == "zfs_create_failed"
    assert newest.leftovers() == CLEAN


@pytest.mark.parametrize("flavour", ["6.5", "8"])
def test_a_pool_without_the_driver_is_told(tmp_path: Path, flavour: str) -> None:
    with a_world(tmp_path, flavour=flavour) as world:
        trouble = trouble_of(with_keys(world, "zfs", ONE, location=ZFS))
        assert (trouble.reason, trouble.fact("type")) == ("type_not_supported", "zfs")


def test_a_type_that_erases_and_cannot_look_before_is_refused(newest: World) -> None:
    trouble = trouble_of(with_keys(newest, "udev", ONE, location="/tank/vms"))
    assert trouble.reason == "storage_unreadable"


def test_records_of_drivers_that_make_no_sense_are_told(newest: World) -> None:
    newest.pool.fault("SM.get_all_records", "error", details=["INTERNAL_ERROR", "x"])
    assert with_keys(newest, "zfs", ONE, location=ZFS).state is State.PAUSED


def test_a_key_that_names_a_lun_is_refused_since_nobody_would_look_who_uses_it(tmp_path: Path) -> None:
    with a_world(tmp_path, flavour="8.2") as world:
        trouble = trouble_of(with_keys(world, "lvmofcoe", SCSIid="3600a098038303053453f463045727654"))
        assert (trouble.reason, trouble.fact("key")) == ("key_names_lun", "SCSIid")


@pytest.mark.parametrize(
    ("sr_type", "location"),
    [("zfs", "/tank/a,b/../../etc"), ("zfs", "/tank/a b/../../etc"), ("zfs", "/tank/x;/../../etc")],
)
def test_no_path_leads_out_of_what_is_allowed_by_way_of_a_blank_or_a_comma(
    newest: World, sr_type: str, location: str
) -> None:
    assert trouble_of(with_keys(newest, sr_type, ONE, location=location)).reason == "path_not_allowed"


@pytest.mark.parametrize("server", ["10.66.6.6:/gv0=x", "10.66.6.6=/gv0"])
def test_no_address_hides_before_an_equals_sign(newest: World, server: str) -> None:
    assert trouble_of(with_keys(newest, "glusterfs", server=server)).reason == "address_not_allowed"
