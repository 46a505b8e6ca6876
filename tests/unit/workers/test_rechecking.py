"""What changed between the approval and the run, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.request.found import Lun, Usage
from bot.request.plan import Plan, Purpose, Way
from bot.storage import FoundSr, Reading
from tests import stories
from workers.provisioning.rechecking import GONE, content_changed, hosts_changed, luns_changed, use_changed
from workers.provisioning.running import _sr_of
from workers.troubles import CannotDoError
from workers.usage import Used
from workers.xen.records import Contents, Host, Hosts

PLAN, LUN = stories.plan(), stories.LUN
ATTACH, FORMAT = stories.attach_plan(), stories.format_plan()
HELD = FoundSr(stories.HELD.uuid, None, (), stories.HELD.name)
OTHER = FoundSr("uuid-1", None, (), "old projects")
NOTHING = Used("xenct")


def hosts(*changed: Host) -> Hosts:
    """The plan's hosts, those that changed in the place of the others."""
    planned = {one.host: Host(one.host, one.uuid, one.host, one.iqn, one.multipathing) for one in PLAN.hosts}
    now = tuple({**planned, **{host.name: host for host in changed}}.values())
    return Hosts(now, now[0])


def reading(*items: FoundSr, complete: bool = True) -> Reading[FoundSr]:
    return Reading(items, complete)


def known_to(pool: str, uuid: str, *, attached: bool = False) -> Used:
    return Used("xenct", srs={uuid: [Usage(pool, uuid, "gold", attached)]})


def test_a_lun_that_is_as_it_was_is_no_change() -> None:
    assert luns_changed(PLAN, Reading((LUN,), complete=False)) == []
    assert hosts_changed(PLAN, hosts()) == []
    assert use_changed(PLAN, NOTHING) == []
    assert content_changed(PLAN, reading()) == []


def test_a_lun_that_is_gone_or_has_lost_its_size_is_named() -> None:
    assert luns_changed(PLAN, Reading((), complete=True)) == [GONE]
    lun = LUN
    unsized = Lun(lun.lun_id, lun.vendor, lun.serial, None, lun.scsi_id)
    (words,) = luns_changed(PLAN, Reading((unsized,), complete=True))
    assert words.endswith("is unknown size now")


def test_a_serial_that_is_not_given_any_more_is_named() -> None:
    plan = replace(PLAN, way=Way(replace(LUN, serial="A1"), stories.PORTAL, stories.TARGET.iqn))
    assert luns_changed(plan, Reading((LUN,), complete=True)) == [
        "the LUN's serial was A1 and is not given now",
    ]


def test_multipathing_that_was_switched_off_is_named() -> None:
    name, iqn = "xenct-xen2", PLAN.hosts[1].iqn
    assert hosts_changed(PLAN, hosts(Host(name, PLAN.hosts[1].uuid, name, iqn))) == [
        f"{name}'s multipathing was on and is off now"
    ]


def test_a_host_is_known_by_its_uuid_whatever_it_is_called() -> None:
    first, second = PLAN.hosts
    other = Host("other", "uuid-other", second.host, second.iqn, second.multipathing)
    assert hosts_changed(PLAN, hosts(other)) == [f"{second.host} left the pool", f"{second.host} joined the pool"]
    renamed = Host(second.host, second.uuid, "new", second.iqn, second.multipathing)
    planned = hosts().all
    assert hosts_changed(PLAN, Hosts((planned[0], renamed), planned[0])) == [f"{second.host} is called new now"]
    assert first.uuid != second.uuid


def test_a_host_that_sees_nothing_may_be_in_maintenance() -> None:
    blind = replace(PLAN, hosts=stories.ONE_SEES)
    seen = stories.BLIND
    resting = Host(seen.host, seen.uuid, seen.host, seen.iqn, seen.multipathing, enabled=False)
    assert hosts_changed(blind, hosts(resting)) == []


@pytest.mark.parametrize("purpose", [Purpose.CREATE, Purpose.ATTACH, Purpose.FORMAT])
def test_a_lun_that_cannot_be_looked_at_is_never_as_it_was(purpose: Purpose) -> None:
    plan = replace(PLAN, purpose=purpose, held=stories.HELD)
    assert content_changed(plan, None) == [GONE]
    with pytest.raises(CannotDoError, match="unreadable"):
        content_changed(plan, reading(HELD, complete=False))
    with pytest.raises(CannotDoError, match="unreadable"):
        luns_changed(plan, Reading((), complete=False))


def test_an_sr_on_a_lun_that_was_free_is_named() -> None:
    assert content_changed(PLAN, reading(OTHER)) == ["the LUN now holds an SR (uuid-1)"]


@pytest.mark.parametrize("plan", [ATTACH, FORMAT])
def test_only_the_sr_of_the_plan_may_be_on_the_lun(plan: Plan) -> None:
    assert content_changed(plan, reading(HELD)) == []
    assert content_changed(plan, reading(HELD, OTHER)) == ["the LUN now holds an SR (uuid-1)"]
    gone = f"the LUN no longer holds the SR {HELD.uuid}"
    assert content_changed(plan, reading()) == [gone]
    assert content_changed(plan, reading(OTHER)) == ["the LUN now holds an SR (uuid-1)", gone]


@pytest.mark.parametrize("plan", [ATTACH, FORMAT])
@pytest.mark.parametrize("pool", ["xenct", "elsewhere"])
def test_a_pool_that_came_to_know_the_sr_is_named(plan: Plan, pool: str) -> None:
    assert use_changed(plan, known_to(pool, HELD.uuid)) == [
        f'the LUN now serves the SR "gold" of {pool} ({HELD.uuid})',
    ]


def test_a_record_that_the_plan_names_is_no_change_until_it_goes_or_is_attached() -> None:
    plan = replace(ATTACH, known=True)
    assert use_changed(plan, known_to("xenct", HELD.uuid)) == []
    assert "now serves" in use_changed(plan, known_to("xenct", HELD.uuid, attached=True))[0]
    assert use_changed(plan, NOTHING) == [f"xenct no longer has a record of the SR {HELD.uuid}"]
    elsewhere = known_to("elsewhere", HELD.uuid)
    assert "of elsewhere" in use_changed(plan, elsewhere)[0]


def test_another_sr_at_the_lun_is_no_record_of_the_plans() -> None:
    other = [Usage("xenct", "uuid-1", "gold", attached=False)]
    used = Used("xenct", luns={LUN.scsi_id or "": other}, srs=known_to("xenct", HELD.uuid).srs)
    assert use_changed(replace(ATTACH, known=True), used) == [
        'the LUN now serves the SR "gold" of xenct (uuid-1)',
    ]


def test_an_sr_that_vanished_after_its_creation_is_not_reported() -> None:
    with pytest.raises(CannotDoError, match="outcome_unknown"):
        _sr_of(Contents((), ()), "ref")
