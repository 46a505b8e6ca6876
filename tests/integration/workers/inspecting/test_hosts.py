"""What each host of the pool sees of a LUN, and what its differences stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import deciding
from bot.request.found import HostSight
from bot.request.model import Address, Request, State
from bot.request.refused import Refused
from tests.integration.workers.recording import recorded
from tests.integration.workers.world import (
    CLEAN,
    NETAPP,
    OLDEST_AND_NEWEST,
    REQUESTER,
    World,
    a_world,
    trouble_of,
)

IQN = "iqn.2026-01.com.example:xenct-xen{}"
FREE_LUN = 3
CREDENTIAL = 'addresses = ["10.0.0.5"]\npassword_file = "chap"'


@pytest.fixture(params=OLDEST_AND_NEWEST)
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        yield world


def picked(world: World, address: Address = NETAPP, credential: str | None = None) -> str:
    request_id = world.choosing_lun(address, credential)
    world.pick(request_id, FREE_LUN)
    return request_id


def sights(request: Request) -> tuple[HostSight, ...]:
    assert request.plan is not None, request.trouble
    return request.plan.hosts


def uuid_of(world: World, host: str) -> str:
    return world.pool.do(lambda model: str(model.objects.get("host", model.host_named(host))["uuid"]))


def mask_the_lun(world: World, *initiators: str) -> None:
    target = world.pool.do(lambda model: model.arrays["netapp"].targets[0].iqn)
    world.array(op="put_lun", array="netapp", iqn=target, lun={"lun_id": FREE_LUN, "initiators": initiators})


def refuse_the_second(world: World) -> None:
    target = world.pool.do(lambda model: model.arrays["netapp"].targets[0].iqn)
    world.array(op="put_target", array="netapp", target={"iqn": target, "refused": [IQN.format(2)]})


def cut_the_second_off(world: World) -> None:
    world.array(op="portal", array="netapp", address="10.0.1.11", unreachable_from=["xenct-xen2"])


def test_every_host_is_listed_with_its_iqn_its_multipathing_and_its_sight(world: World) -> None:
    world.multipath("xenct-xen2")
    request_id = picked(world)
    with recorded() as record:
        request = world.inspect(request_id)
    first, second = (uuid_of(world, name) for name in ("xenct-xen1", "xenct-xen2"))
    assert sights(request) == (
        HostSight("xenct-xen1", IQN.format(1), multipathing=False, sees=True, uuid=first),
        HostSight("xenct-xen2", IQN.format(2), multipathing=True, sees=True, uuid=second),
    )
    assert len(record.configs()) == 2
    assert world.leftovers() == CLEAN


@pytest.mark.parametrize(
    ("blind", "reason"),
    [
        (lambda world: mask_the_lun(world, IQN.format(1)), "lun_not_seen"),
        (refuse_the_second, "login_refused"),
        (cut_the_second_off, "login_refused"),
        (lambda world: world.host(host="xenct-xen2", enabled=False), "host_disabled"),
        (lambda world: world.host(host="xenct-xen2", up=False), "host_unreachable"),
    ],
    ids=["masked", "refused", "unreachable", "maintenance", "offline"],
)
def test_a_host_that_does_not_see_the_lun_is_listed_with_what_keeps_it(
    world: World, blind: Callable[[World], None], reason: str
) -> None:
    request_id = picked(world)
    blind(world)
    request = world.inspect(request_id)
    assert request.state is State.CONFIRMING
    first, second = sights(request)
    assert (first.sees, first.why, second.sees, second.iqn) == (True, None, False, IQN.format(2))
    assert second.why is not None
    assert second.why.reason == reason
    assert second.why.reference == f"{request_id}-{request.work.step}"
    assert request.plan is not None
    assert request.plan.blind == ("xenct-xen2",)
    assert world.leftovers() == CLEAN


def test_hosts_of_the_same_name_are_told_apart_by_their_uuids(world: World) -> None:
    second = uuid_of(world, "xenct-xen2")
    request_id = picked(world)
    mask_the_lun(world, IQN.format(1))
    world.pool.do(lambda model: model.objects.set("host", model.host_named("xenct-xen2"), name_label="xenct-xen1"))
    request = world.inspect(request_id)
    assert request.plan is not None
    assert request.plan.blind == (f"xenct-xen1 ({second})",)
    assert {sight.sees for sight in sights(request) if sight.uuid == second} == {False}
    world.approve(request_id)
    assert world.create(request_id).state is State.PARTIAL


def test_a_host_whose_probe_hangs_sees_nothing_and_stops_nobody(world: World) -> None:
    request_id = picked(world)
    world.pool.fault("SR.probe", "hang", after=1)
    world.workplace = replace(world.workplace, task_seconds=0.5)
    request = world.inspect(request_id)
    assert request.state is State.CONFIRMING, request.trouble
    (blind,) = [sight for sight in sights(request) if not sight.sees]
    assert blind.why is not None
    assert (blind.host, blind.why.reason) == ("xenct-xen2", "xen_timeout")
    assert dict(blind.why.facts)["host"] == "xenct-xen2"
    assert world.leftovers()["sessions"] == 0


def test_a_host_in_maintenance_is_not_probed(world: World) -> None:
    request_id = picked(world)
    world.host(host="xenct-xen2", enabled=False)
    with recorded() as record:
        world.inspect(request_id)
    assert len(record.configs()) == 1


def test_a_blind_host_has_to_be_accepted_by_name_before_anybody_is_asked(world: World) -> None:
    request_id = picked(world)
    mask_the_lun(world, IQN.format(1))
    request, standing = world.inspect(request_id), world.workplace.standing()
    with pytest.raises(Refused, match="hosts_not_accepted"):
        deciding.request_approval(request, standing, REQUESTER, request.plan_number, world.clock())
    world.approve(request_id)
    accepted = world.look(request_id).plan
    assert accepted is not None
    assert (accepted.number, accepted.accepted) == (2, ("xenct-xen2",))
    done = world.create(request_id)
    assert done.state is State.PARTIAL
    assert done.outcome is not None
    assert [(host.host, host.attached) for host in done.outcome.hosts] == [("xenct-xen1", True), ("xenct-xen2", False)]


def test_a_lun_that_the_master_does_not_see_is_gone(world: World) -> None:
    request_id = picked(world)
    mask_the_lun(world, IQN.format(2))
    assert trouble_of(world.inspect(request_id)).reason == "lun_gone"


def test_a_host_without_an_iqn_stops_the_inspection_by_name(world: World) -> None:
    request_id = picked(world)
    world.host(host="xenct-xen2", iqn="")
    trouble = trouble_of(world.inspect(request_id))
    assert (trouble.reason, trouble.fact("host")) == ("host_iqn_missing", "xenct-xen2")


def test_two_hosts_with_one_iqn_stop_the_inspection_by_name(world: World) -> None:
    request_id = picked(world)
    world.host(host="xenct-xen2", iqn=IQN.format(1))
    trouble = trouble_of(world.inspect(request_id))
    assert trouble.reason == "host_iqn_duplicate"
    assert (trouble.fact("hosts"), trouble.fact("iqn")) == ("xenct-xen1, xenct-xen2", IQN.format(1))


@pytest.mark.parametrize("host", ["xenct-xen1", "xenct-xen2"])
def test_a_lun_that_any_host_holds_open_is_not_free(world: World, host: str) -> None:
    request_id = picked(world)
    lun = world.look(request_id).lun
    assert lun is not None
    world.host(host=host, multipathing=True, maps=[lun.scsi_id])
    trouble = trouble_of(world.inspect(request_id))
    assert (trouble.reason, trouble.fact("host")) == ("host_busy", host)
    assert world.leftovers() == CLEAN


def test_hosts_that_find_different_things_on_one_lun_stop_it(world: World) -> None:
    request_id = picked(world)
    mask_the_lun(world, IQN.format(1))
    lun = world.look(request_id).lun
    assert lun is not None
    target = world.pool.do(lambda model: model.arrays["netapp"].targets[0].iqn)
    held = {"kind": "sr", "sr_uuid": "5d1c3f0e-0000-4000-8000-000000000001", "sr_name": "theirs"}
    other = {"lun_id": 200, "scsi_id": lun.scsi_id, "size": lun.size, "initiators": [IQN.format(2)], "content": held}
    world.array(op="put_lun", array="netapp", iqn=target, lun=other)
    trouble = trouble_of(world.inspect(request_id))
    assert (trouble.reason, trouble.fact("host")) == ("hosts_disagree", "xenct-xen2")


def test_a_host_with_multipathing_would_log_in_at_hidden_portals_too(world: World) -> None:
    world.narrow("10.0.1.0/28", "10.0.1.11")
    request_id = picked(world)
    world.multipath("xenct-xen2")
    trouble = trouble_of(world.inspect(request_id))
    assert trouble.reason == "multihomed_elsewhere"
    assert (trouble.fact("hosts"), trouble.fact("count")) == ("xenct-xen2", "3")


def test_hidden_portals_stop_nobody_without_multipathing(world: World) -> None:
    world.narrow("10.0.1.0/28", "10.0.1.11")
    assert world.inspect(picked(world)).state is State.CONFIRMING


def test_a_credential_that_is_not_for_every_portal_stops_a_host_with_multipathing(world: World) -> None:
    world.narrow(CREDENTIAL, CREDENTIAL.replace('"10.0.0.5"', '"10.0.1.11", "10.0.1.12"'))
    request_id = picked(world, NETAPP, "tecmint")
    world.multipath("xenct-xen1")
    trouble = trouble_of(world.inspect(request_id))
    assert (trouble.reason, trouble.fact("count")) == ("multihomed_elsewhere", "2")


def test_portals_that_were_hidden_after_the_approval_stop_the_run(world: World) -> None:
    world.multipath("xenct-xen2")
    request_id = picked(world)
    world.inspect(request_id)
    world.approve(request_id)
    world.narrow("10.0.1.0/28", "10.0.1.11")
    assert trouble_of(world.create(request_id)).reason == "multihomed_elsewhere"
    assert world.overwritten() == []


def test_no_probe_logs_in_at_another_portal_than_the_chosen_one(world: World) -> None:
    for host in ("xenct-xen1", "xenct-xen2"):
        world.multipath(host)
    with recorded() as record:
        request_id = picked(world, Address("10.0.1.13", 3260))
        world.inspect(request_id)
    assert {(config["target"], config["port"]) for config in record.configs()} == {("10.0.1.13", "3260")}
    logged_in = [config for config in record.configs() if "targetIQN" in config]
    assert all(config["multihomed"] == "false" for config in logged_in)
    hosts = world.pool.report()["hosts"]
    assert [{login["portal"] for login in host["logins"]} for host in hosts] == [{"10.0.1.13:3260"}] * 2
    world.approve(request_id)
    assert world.create(request_id).state is State.SUCCEEDED
