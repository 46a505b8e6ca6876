"""An SR that is on a device of one host already: found by its probe, introduced, plugged on that host alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.request.model import State
from bot.request.plan import Purpose
from bot.request.refused import Refused
from deploy.sandbox.pool.model import Model
from tests.integration.workers.local.asking import (
    BLANK,
    ELSEWHERE,
    FIBRE,
    HELD,
    HELD_SR,
    LARGE,
    ONE,
    OTHER,
    ROOT,
    approved,
    asks,
    holding,
    keep_a_pbd,
    keep_a_record,
    looked_for,
    offered,
    on_device,
    picks,
    put_on_disk,
    with_keys,
)
from tests.integration.workers.recording import during, recorded
from tests.integration.workers.world import (
    CLEAN,
    OLDEST_AND_NEWEST,
    OVERRIDER,
    World,
    a_world,
    reason_of,
    trouble_of,
)

THEIRS = "7b2f1d90-5a3c-4e88-9c41-0d6e2f7a8b15"
MOUNT_FAILED = ["SR_BACKEND_FAILURE_116", "", "Failed to mount FS", ""]


@pytest.fixture(params=OLDEST_AND_NEWEST)
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        yield world


@pytest.fixture
def xcpng(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path, flavour="xcpng-8.3") as world:
        yield world


@pytest.fixture
def newest(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


def forget(world: World) -> None:
    world.pool.do(lambda model: model.objects.remove("SR", model.objects.find("SR", HELD_SR) or ""))


def test_the_sr_on_the_device_is_introduced_and_plugged_on_its_host_alone(world: World) -> None:
    request = holding(world)
    plan = request.plan
    assert plan is not None, request.trouble
    assert (plan.purpose, plan.sr_type, plan.shared, plan.known) == (Purpose.ATTACH, "ext", False, False)
    assert plan.held is not None
    assert (plan.held.uuid, plan.held.name, bool(plan.held.size)) == (HELD_SR, "", True)
    assert (plan.name, dict(plan.config), plan.dies) == (f"Local storage on {ONE}", {"device": HELD}, None)
    done = world.create(world.approve(request.id))
    assert done.state is State.SUCCEEDED, done.trouble
    assert done.outcome is not None
    assert [(host.host, host.attached) for host in done.outcome.hosts] == [(ONE, True)]
    (sr,) = world.srs(HELD_SR)
    assert (sr["type"], sr["shared"], sr["content_type"], sr["name_description"]) == ("ext", False, "user", "")
    assert sr["other_config"] == {"srbot": request.id}
    assert {host: pbd["device_config"] for host, pbd in world.pbds(HELD_SR).items()} == {ONE: {"device": HELD}}
    assert world.overwritten() == []
    assert world.leftovers() == CLEAN


def test_the_host_that_has_the_device_is_plugged_and_not_the_master(world: World) -> None:
    put_on_disk(world, ELSEWHERE, "sr", THEIRS, "theirs")
    request = holding(world, ELSEWHERE, OTHER, name="Brought along")
    assert request.plan is not None, request.trouble
    assert (request.plan.sr_type, request.plan.name) == ("lvm", "Brought along")
    assert request.plan.lun is None
    request_id, before = world.approve(request.id), world.overwritten()
    with recorded() as record:
        done = world.create(request_id)
    assert done.state is State.SUCCEEDED, done.trouble
    assert record.changing() == [
        "SR.introduce",
        "PBD.create",
        "Async.PBD.plug",
        "SR.add_to_other_config",
        "SR.set_name_description",
    ]
    assert list(world.pbds(THEIRS)) == [OTHER]
    assert done.outcome is not None
    assert (done.outcome.sr.host, done.outcome.sr.name_label) == (OTHER, "Brought along")
    assert world.overwritten() == before


@pytest.mark.parametrize(
    ("device", "content", "typed", "sr_type"),
    [
        (HELD, "local-ext", "", "ext"),
        (HELD, "local-ext", "ext", "ext"),
        (HELD, "local-ext", "xfs", "xfs"),
        (LARGE, "local-largeblock", "", "largeblock"),
        (LARGE, "sr", "lvm", "lvm"),
    ],
)
def test_the_type_is_that_of_the_probe_that_found_it_or_one_that_was_typed(
    xcpng: World, device: str, content: str, typed: str, sr_type: str
) -> None:
    put_on_disk(xcpng, device, content, THEIRS, "theirs")
    request = holding(xcpng, device, sr_type=typed)
    assert request.plan is not None, request.trouble
    assert request.plan.sr_type == sr_type
    done = xcpng.create(approved(xcpng, request))
    assert done.state is State.SUCCEEDED, done.trouble
    assert xcpng.srs(THEIRS)[0]["type"] == sr_type


def test_an_sr_of_another_type_than_the_one_typed_is_told(newest: World) -> None:
    trouble = trouble_of(holding(newest, sr_type="lvm"))
    assert (trouble.reason, trouble.fact("type")) == ("sr_of_other_type", "ext")
    assert reason_of(holding(newest, sr_type="largeblock")) == "type_not_supported"


def test_a_device_without_an_sr_with_several_or_with_what_cannot_be_read_is_refused(newest: World) -> None:
    assert reason_of(holding(newest, BLANK)) == "no_sr_on_device"
    put_on_disk(newest, BLANK, "sr", THEIRS, "theirs")
    trouble = trouble_of(holding(newest, f"{HELD},{BLANK}"))
    assert (trouble.reason, trouble.fact("sr_uuid")) == ("several_srs_on_device", f"{THEIRS}, {HELD_SR}")
    put_on_disk(newest, BLANK, "local-ext", "")
    assert reason_of(holding(newest, BLANK)) == "storage_unreadable"
    newest.pool.fault("Async.SR.probe", "error", details=["SR_BACKEND_FAILURE_202", "", "General backend error", ""])
    assert holding(newest).plan is None


def test_a_host_that_does_not_have_the_device_finds_no_sr_there(newest: World) -> None:
    assert reason_of(holding(newest, host=OTHER)) == "no_sr_on_device"


def test_an_sr_that_is_plugged_is_in_use(newest: World) -> None:
    assert newest.create(approved(newest, on_device(newest))).state is State.SUCCEEDED
    trouble = trouble_of(holding(newest, BLANK))
    assert (trouble.reason, trouble.fact("sr_name")) == ("sr_in_use", f"Local storage on {ONE}")
    assert reason_of(holding(newest, f"{ROOT}-part3")) in {"sr_in_use", "place_taken"}


def test_a_device_that_a_record_of_another_sr_names_is_taken(newest: World) -> None:
    keep_a_record(newest, uuid=THEIRS)
    keep_a_pbd(newest, ONE, {"device": HELD}, THEIRS)
    keep_a_record(newest, uuid="u-other")
    keep_a_pbd(newest, ONE, {"device": BLANK}, "u-other")
    for device in (HELD, BLANK):
        trouble = trouble_of(holding(newest, device))
        assert (trouble.reason, trouble.fact("sr_name")) == ("place_taken", "kept")


@pytest.mark.parametrize("has_pbd", [True, False])
def test_a_record_that_the_pool_kept_is_used_with_its_name_and_its_pbd(world: World, *, has_pbd: bool) -> None:
    keep_a_record(world)
    if has_pbd:
        keep_a_pbd(world, ONE, {"device": HELD})
    request = holding(world, name="Another")
    assert request.plan is not None, request.trouble
    assert (request.plan.known, request.plan.name) == (True, "kept")
    kept = world.pbds(HELD_SR)
    done = world.create(world.approve(request.id))
    assert done.state is State.SUCCEEDED, done.trouble
    (sr,) = world.srs(HELD_SR)
    assert (sr["name_label"], sr["name_description"], sr["other_config"]) == ("kept", "ours since 2019", {})
    assert list(world.pbds(HELD_SR)) == [ONE]
    assert all(world.pbds(HELD_SR)[host]["ref"] == pbd["ref"] for host, pbd in kept.items())


def test_another_name_of_the_same_disk_leads_to_the_same_disk(newest: World) -> None:
    keep_a_record(newest)
    keep_a_pbd(newest, ONE, {"device": HELD.replace("scsi-3", "wwn-0x")})
    assert holding(newest).state is State.CONFIRMING


@pytest.mark.parametrize(
    ("sr_type", "shared", "host", "device", "what"),
    [
        ("lvm", False, None, "", "the SR's own record"),
        ("ext", True, None, "", "the SR's own record"),
        ("ext", False, OTHER, HELD, f"the PBD of {OTHER}"),
        ("ext", False, ONE, BLANK, f"the PBD of {ONE}"),
    ],
)
def test_a_record_that_leads_elsewhere_stops_it(
    newest: World, sr_type: str, host: str | None, device: str, what: str, *, shared: bool
) -> None:
    keep_a_record(newest, sr_type, shared=shared)
    if host is not None:
        keep_a_pbd(newest, host, {"device": device})
    trouble = trouble_of(holding(newest))
    assert (trouble.reason, trouble.fact("what")) == ("device_leads_elsewhere", what)


def test_a_record_of_xfs_stays_one(xcpng: World) -> None:
    keep_a_record(xcpng, "xfs")
    request = holding(xcpng)
    assert request.plan is not None, request.trouble
    assert request.plan.sr_type == "xfs"
    assert xcpng.create(approved(xcpng, request)).state is State.SUCCEEDED


def test_a_device_that_the_pool_has_detached_can_be_picked(newest: World) -> None:
    keep_a_record(newest)
    keep_a_pbd(newest, ONE, {"device": HELD})
    for purpose in (Purpose.ATTACH, Purpose.CREATE):
        request = looked_for(newest, asks(newest, host=ONE, sr_type="", purpose=purpose))
        row = next(place for place in offered(newest, request) if place.value == HELD)
        assert row.used_by is not None
        if purpose is Purpose.CREATE:
            with pytest.raises(Refused, match="place_in_use"):
                picks(newest, request, HELD)
        else:
            assert newest.inspect(picks(newest, request, HELD).id).state is State.CONFIRMING


def test_a_lun_of_an_adapter_is_offered_too(newest: World) -> None:
    request = looked_for(newest, asks(newest, sr_type="", purpose=Purpose.ATTACH))
    request = looked_for(newest, picks(newest, request, OTHER).id)
    assert FIBRE in [place.value for place in offered(newest, request)]
    assert reason_of(newest.inspect(picks(newest, request, FIBRE).id)) == "no_sr_on_device"


@pytest.mark.parametrize("wanted", [HELD_SR, THEIRS])
def test_what_cannot_be_plugged_is_taken_back(world: World, wanted: str) -> None:
    if wanted == THEIRS:
        put_on_disk(world, ELSEWHERE, "local-ext", THEIRS, "theirs")
    request = holding(world, *((ELSEWHERE, OTHER) if wanted == THEIRS else ()))
    world.pool.fault("PBD.plug", "error", details=MOUNT_FAILED)
    done = world.create(approved(world, request))
    assert done.state is State.FAILED, done.trouble
    assert (world.srs(wanted), world.pbds(wanted)) == ([], {})
    assert world.leftovers() == CLEAN


def test_a_record_that_was_there_outlives_what_cannot_be_plugged(newest: World) -> None:
    keep_a_record(newest)
    keep_a_pbd(newest, ONE, {"device": HELD})
    newest.pool.fault("PBD.plug", "error", details=MOUNT_FAILED)
    assert newest.create(approved(newest, holding(newest))).state is State.FAILED
    assert list(newest.pbds(HELD_SR)) == [ONE]
    assert newest.srs(HELD_SR)[0]["name_label"] == "kept"


def test_what_is_on_the_device_counts_right_before_the_run(newest: World) -> None:
    first, second = approved(newest, holding(newest)), approved(newest, holding(newest))
    put_on_disk(newest, HELD, "local-ext", THEIRS, "theirs")
    request = newest.create(first)
    assert (request.state, request.changes) == (
        State.STALE,
        (f"the storage now holds the SR {THEIRS}", f"the storage no longer holds the SR {HELD_SR}"),
    )
    put_on_disk(newest, HELD)
    assert newest.create(second).changes == (f"the storage no longer holds the SR {HELD_SR}",)
    assert newest.srs(HELD_SR) == []
    assert newest.leftovers() == CLEAN


def test_a_second_attempt_at_the_same_attaching_is_stale(newest: World) -> None:
    first, second = approved(newest, holding(newest)), approved(newest, holding(newest))
    assert [rival.request for rival in newest.look(second).rivals] == [first]
    assert newest.create(first).state is State.SUCCEEDED
    request = newest.create(second)
    told = f'the storage now serves the SR "Local storage on {ONE}" of xenct ({HELD_SR})'
    assert (request.state, request.changes) == (State.STALE, (told,))


def test_no_two_plans_run_on_one_sr(newest: World) -> None:
    first, second = approved(newest, holding(newest)), approved(newest, holding(newest))
    newest.begin(first)
    request = newest.create(second)
    assert (request.state, reason_of(request)) == (State.PAUSED, "lun_taken")


def test_a_record_that_came_or_went_since_the_approval_makes_it_stale(newest: World) -> None:
    first = approved(newest, holding(newest))
    keep_a_record(newest)
    request = newest.create(first)
    assert (request.state, request.changes) == (State.STALE, (f'the SR {HELD_SR} is now the SR "kept" of xenct',))
    second = approved(newest, holding(newest))
    forget(newest)
    request = newest.create(second)
    assert (request.state, request.changes) == (State.STALE, (f"xenct no longer has a record of the SR {HELD_SR}",))


def test_a_pbd_that_leads_elsewhere_since_the_approval_makes_it_stale(newest: World) -> None:
    keep_a_record(newest)
    request_id = approved(newest, holding(newest))
    with during("SR.get_all_records", lambda: keep_a_pbd(newest, OTHER, {"device": BLANK})):
        request = newest.create(request_id)
    assert (request.state, request.changes) == (State.STALE, (f"the PBD of {OTHER} leads elsewhere now",))


def test_a_host_in_maintenance_pauses_it(newest: World) -> None:
    request_id = approved(newest, holding(newest))
    newest.host(host=ONE, enabled=False)
    assert reason_of(newest.create(request_id)) == "host_disabled"
    assert newest.srs(HELD_SR) == []


def test_pools_that_may_have_the_sr_are_asked(tmp_path: Path) -> None:
    with a_world(tmp_path / "one") as other:
        others = [("theirs", other.pool.url, other.pool.password), ("silent", "http://127.0.0.1:9", "x")]
        with a_world(tmp_path / "two", others=others, storage=other.pool) as world:
            request = holding(world)
            assert request.plan is not None, request.trouble
            assert (request.plan.not_asked, request.plan.needs_override) == (("silent",), True)
            first, second = world.approve(request.id, OVERRIDER), world.approve(holding(world).id, OVERRIDER)
            assert world.create(first).state is State.SUCCEEDED
            forget_all(world)
            assert other.create(approved(other, holding(other))).state is State.SUCCEEDED
            told = f'the storage now serves the SR "Local storage on {ONE}" of theirs ({HELD_SR})'
            assert world.create(second).changes == (told,)
            trouble = trouble_of(holding(world))
            assert (trouble.reason, trouble.fact("pool")) == ("sr_in_use", "theirs")
            world.narrow('may_override = ["UAPPROVER2"]', "may_override = []")
            put_on_disk(world, BLANK, "local-ext", THEIRS, "theirs")
            assert reason_of(holding(world, BLANK)) == "pool_not_asked"


def forget_all(world: World) -> None:
    """As if this pool had never had it."""

    def remove(model: Model) -> None:
        sr = model.objects.find("SR", HELD_SR) or ""
        for ref in model.pbds_of(sr=sr):
            model.objects.remove("PBD", ref)
        model.objects.remove("SR", sr)

    world.pool.do(remove)


def test_who_wants_a_new_sr_on_the_device_is_told_how_to_attach_the_one_that_is_there(newest: World) -> None:
    trouble = trouble_of(on_device(newest, HELD))
    assert (trouble.reason, trouble.fact("typed")) == (
        "storage_holds_sr",
        f"/sr attach local {HELD} host={ONE} pool=xenct",
    )
    put_on_disk(newest, BLANK, "sr", THEIRS, "theirs")
    assert trouble_of(on_device(newest, f"{HELD},{BLANK}")).fact("typed") == ""


def test_keys_of_a_driver_are_told_too(xcpng: World) -> None:
    typed = trouble_of(with_keys(xcpng, "largeblock", ONE, device=HELD)).fact("typed")
    assert typed == f"/sr attach local {HELD} host={ONE} pool=xenct"


def test_an_attached_sr_is_detached_and_attached_again(newest: World) -> None:
    assert newest.create(approved(newest, holding(newest))).state is State.SUCCEEDED
    assert newest.create(newest.managing(HELD_SR, Purpose.DETACH)).state is State.SUCCEEDED
    request = holding(newest)
    assert request.plan is not None, request.trouble
    assert request.plan.known
    assert newest.create(approved(newest, request)).state is State.SUCCEEDED
    assert list(newest.pbds(HELD_SR)) == [ONE]


def test_a_look_that_took_too_long_is_made_again(newest: World, monkeypatch: pytest.MonkeyPatch) -> None:
    request_id = approved(newest, holding(newest))
    monkeypatch.setattr("workers.provisioning.attempt.LONGEST_LOOK", -1.0)
    request = newest.create(request_id)
    assert (request.state, reason_of(request)) == (State.FAILED, "looked_too_long_ago")
    assert newest.srs(HELD_SR) == []
