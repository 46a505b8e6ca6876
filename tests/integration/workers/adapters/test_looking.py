"""What the hosts' adapters show: each LUN once, with its paths, and seen by each host for itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.request import acting
from bot.request.found import Lun, Usage
from bot.request.model import State
from bot.request.plan import Purpose, Way
from tests.integration.workers.adapters.lookers import (
    ARCHIVE,
    ARCHIVED,
    ARCHIVED_DESCRIPTION,
    BLANK,
    GIB,
    ONE_HOST,
    asked,
    attaching,
    disk,
    looked_at,
    offered,
    picked,
    write,
)
from tests.integration.workers.keeping import config_of, keep_a_record
from tests.integration.workers.recording import recorded
from tests.integration.workers.world import (
    CLEAN,
    DETACHED,
    OLDEST_AND_NEWEST,
    REQUESTER,
    SILENT,
    World,
    a_world,
    reason_of,
    trouble_of,
)
from workers.xen.session import PoolSession


@pytest.fixture(params=OLDEST_AND_NEWEST)
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        yield world


@pytest.fixture
def newest(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


def test_each_lun_is_offered_once_with_what_tells_it_from_the_others(world: World) -> None:
    with recorded() as record:
        request_id = asked(world)
    rows = offered(world, request_id)
    assert list(rows) == [BLANK, ARCHIVE, ONE_HOST]
    told = rows[BLANK].lun
    assert (told.lun_id, told.vendor, told.serial, told.size) == (0, "HITACHI", "500C3A01000", 500 * GIB)
    assert record.configs() == [{}]
    assert world.leftovers() == CLEAN


def test_paths_are_counted_where_the_release_tells(newest: World) -> None:
    rows = offered(newest, asked(newest))
    assert [rows[scsi_id].lun.paths for scsi_id in (BLANK, ARCHIVE, ONE_HOST)] == [2, 2, 1]


def test_the_plan_is_a_shared_sr_on_the_lun_without_portal_or_initiators(world: World) -> None:
    request = looked_at(world, reason="room")
    plan = request.plan
    assert plan is not None, request.trouble
    assert (plan.name, plan.sr_type, plan.content_type) == ("Hardware HBA virtual disk storage", "lvmohba", "user")
    assert (plan.shared, plan.credential, plan.purpose) == (True, None, Purpose.CREATE)
    assert plan.way == Way(request.lun or Lun(None, None, None, None, None))
    assert [(sight.host, sight.iqn, sight.sees) for sight in plan.hosts] == [
        ("xenct-xen1", "", True),
        ("xenct-xen2", "", True),
    ]
    assert world.leftovers() == CLEAN
    assert world.overwritten() == []


def test_every_host_is_asked_what_it_sees_itself(world: World) -> None:
    request_id = picked(world)
    with recorded() as record:
        world.inspect(request_id)
    hosts = {args[0] for _, args in record.of("Async.SR.probe")}
    assert len(hosts) == 2
    assert sorted(map(str, record.configs())) == sorted(map(str, [{}, {}, {"SCSIid": BLANK}, {"SCSIid": BLANK}]))
    assert {args[2] for _, args in record.of("Async.SR.probe")} == {"lvmohba"}


def test_a_host_whose_adapters_do_not_show_the_lun_is_told(world: World) -> None:
    """The list of SRs on it is empty there too: that alone would look as if the host saw it."""
    plan = looked_at(world, 2).plan
    assert plan is not None
    assert [(sight.host, sight.sees) for sight in plan.hosts] == [("xenct-xen1", True), ("xenct-xen2", False)]
    why = plan.hosts[1].why
    assert why is not None
    assert (why.reason, why.fact("host")) == ("lun_not_shown", "xenct-xen2")


def test_initiator_iqns_mean_nothing_to_adapters(newest: World) -> None:
    for host in ("xenct-xen1", "xenct-xen2"):
        newest.host(host=host, iqn="")
    assert looked_at(newest).state is State.CONFIRMING


def test_the_sr_on_a_lun_is_found_and_offered(world: World) -> None:
    request = looked_at(world, 1)
    assert request.state is State.FOUND_SR, request.trouble
    plan = request.plan
    assert plan is not None
    assert plan.held is not None
    assert (plan.held.uuid, plan.held.name, plan.description) == (ARCHIVED, "fc-archive", ARCHIVED_DESCRIPTION)
    assert plan.known is False


def test_nothing_to_be_picked_is_told(newest: World) -> None:
    for scsi_id in (BLANK, ARCHIVE, ONE_HOST):
        disk(newest, scsi_id=scsi_id, hosts=["elsewhere"])
    request_id = asked(newest)
    assert trouble_of(newest.look(request_id)).reason == "no_adapter_luns"
    disk(newest, scsi_id=BLANK, hosts=[])
    request = newest.look(request_id)
    newest.happens(request_id, *acting.try_again(request, REQUESTER, newest.clock()))
    assert newest.luns(request_id).state is State.CHOOSING_LUN


def test_an_answer_that_cannot_be_read_is_told(newest: World) -> None:
    cut = ["SR_BACKEND_FAILURE_107", "", "The SCSIid parameter is missing or incorrect", "<Devlist><Blo"]
    newest.pool.fault("SR.probe", "error", details=cut)
    assert trouble_of(newest.look(asked(newest))).reason == "unreadable_answer"


def test_a_pool_without_the_driver_is_told_before_anything(newest: World) -> None:
    with recorded() as record, without_driver("lvmohba"):
        request_id = asked(newest)
    trouble = trouble_of(newest.look(request_id))
    assert (trouble.reason, trouble.fact("type")) == ("type_not_supported", "lvmohba")
    assert record.configs() == []


@contextmanager
def without_driver(sr_type: str) -> Iterator[None]:
    """Let the pool have one driver less."""
    send = PoolSession.call

    def call(self: PoolSession, method: str, *args: object) -> object:
        answer = send(self, method, *args)
        if method != "SR.get_supported_types":
            return answer
        assert isinstance(answer, list)
        return [one for one in answer if one != sr_type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PoolSession, "call", call)
        yield


def test_a_lun_that_is_not_shown_any_more_is_gone(newest: World) -> None:
    request_id = picked(newest)
    disk(newest, scsi_id=BLANK, hosts=["xenct-xen2"])
    assert trouble_of(newest.inspect(request_id)).reason == "lun_gone"


def test_a_list_that_is_cut_counts_as_unreadable(newest: World) -> None:
    request_id = picked(newest)
    cut = ["SR_BACKEND_FAILURE_107", "", "The SCSIid parameter is missing or incorrect", "<Devlist><Blo"]
    newest.pool.fault("SR.probe", "error", details=cut)
    assert trouble_of(newest.inspect(request_id)).reason in {"unreadable", "hosts_disagree"}


def test_a_lun_with_a_multipath_map_on_a_host_is_busy(newest: World) -> None:
    request_id = picked(newest)
    newest.host(host="xenct-xen2", multipathing=True, maps=[BLANK])
    trouble = trouble_of(newest.inspect(request_id))
    assert (trouble.reason, trouble.fact("host")) == ("host_busy", "xenct-xen2")


def test_a_lun_that_the_pool_came_to_know_since_the_pick_is_not_gone_but_known(newest: World) -> None:
    request_id = picked(newest, 1, Purpose.ATTACH)
    keep_a_record(newest, ["xenct-xen1"], {"SCSIid": ARCHIVE})
    trouble = trouble_of(newest.inspect(request_id))
    assert (trouble.reason, trouble.fact("sr_name"), trouble.fact("sr_uuid")) == ("lun_known_here", "kept", DETACHED)


def test_a_lun_that_another_pool_has_by_iscsi_is_marked_and_refused(tmp_path: Path) -> None:
    with a_world(tmp_path / "one") as other:
        others = [("elsewhere", other.pool.url, other.pool.password)]
        with a_world(tmp_path / "two", others=others, storage=other.pool) as world:
            request_id = picked(world)
            config = {**config_of(other), "SCSIid": BLANK}
            keep_a_record(other, ["xenct-xen1"], config, attached=True)
            trouble = trouble_of(world.inspect(request_id))
            assert (trouble.reason, trouble.fact("pool")) == ("lun_in_use", "elsewhere")
            row = offered(world, asked(world))[BLANK]
            assert row.used_by == Usage("elsewhere", DETACHED, "kept", attached=True)


def test_a_pool_that_does_not_answer_is_for_those_who_may_override(newest: World) -> None:
    newest.narrow("[channels.C0STORAGE]", SILENT + "\n[channels.C0STORAGE]")
    request = looked_at(newest)
    assert request.plan is not None
    assert request.plan.not_asked == ("silent",)
    newest.narrow('may_override = ["UAPPROVER2"]', "may_override = []")
    assert trouble_of(looked_at(newest)).reason == "pool_not_asked"


def test_a_record_of_an_iscsi_sr_is_not_attached_by_fibre_channel(newest: World) -> None:
    """An array may show the same LUN both ways."""
    write(newest, ARCHIVE, kind="sr", sr_uuid=DETACHED, sr_name="old-projects")
    keep_a_record(newest)
    trouble = trouble_of(looked_at(newest, 1, Purpose.ATTACH))
    assert (trouble.reason, trouble.fact("what")) == ("leads_elsewhere", "the SR's own record")


def test_a_lun_without_an_sr_can_not_be_attached(newest: World) -> None:
    assert reason_of(looked_at(newest, 0, Purpose.ATTACH)) == "no_sr_on_lun"


def test_a_request_to_attach_goes_straight_to_the_plan(newest: World) -> None:
    request = newest.look(attaching(newest))
    assert request.plan is not None
    assert (request.plan.purpose, request.plan.sr_type) == (Purpose.ATTACH, "lvmohba")
