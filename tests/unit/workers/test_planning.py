"""What a plan may be made of, and what it may not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.request.found import Lun, Usage
from bot.request.model import Request
from bot.request.plan import Purpose, Way
from bot.storage import FoundSr, Reading
from tests import stories
from workers.discovery.arrays import picked_target
from workers.inspection.hosts import Look
from workers.inspection.planning import (
    Ground,
    held_sr,
    may_be_attached,
    picked_lun,
    purpose_of,
    refuse_used,
    unique_name,
)
from workers.provisioning.lun import way_of
from workers.provisioning.repairing import repair
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.usage import Used
from workers.workplace import Workplace
from workers.xen.records import Contents, Host, Hosts

FOUND = FoundSr(stories.HELD.uuid, None, (), stories.HELD.name)
OTHER = FoundSr("uuid-1", None, (), None)
SCSI_ID = stories.LUN.scsi_id or ""
PURPOSES = list(Purpose)


def step(request: Request | None = None, purpose: Purpose = Purpose.CREATE) -> Step:
    """A step whose worker never gets as far as its workplace."""
    asked = replace(request or stories.Story().request, purpose=purpose)
    return Step(Workplace.__new__(Workplace), asked, 1, changed_before=False)


def inspecting(purpose: Purpose) -> Step:
    """A step whose request has a LUN."""
    return step(replace(stories.Story().request, lun=stories.LUN), purpose)


def ground(*found: FoundSr, complete: bool = True, used: Used | None = None) -> Ground:
    host = Host("a", "uuid-a", "a", "iqn.a")
    look = Look(Reading(found, complete), ())
    way = Way(stories.LUN, stories.PORTAL, stories.TARGET.iqn)
    return Ground(Hosts((host,), host), Contents((), ()), used or Used("xenct"), way, look)


def reason(purpose: Purpose, on_the_lun: Ground) -> str:
    with pytest.raises(CannotDoError) as caught:
        held_sr(inspecting(purpose), on_the_lun)
    return caught.value.reason


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("items", [(), (FOUND,)])
def test_a_content_that_cannot_be_read_whole_is_never_free(purpose: Purpose, items: tuple[FoundSr, ...]) -> None:
    assert reason(purpose, ground(*items, complete=False)) == "unreadable"


@pytest.mark.parametrize("purpose", PURPOSES)
def test_two_srs_on_one_lun_are_nobodys_plan(purpose: Purpose) -> None:
    with pytest.raises(CannotDoError) as caught:
        held_sr(inspecting(purpose), ground(FOUND, OTHER))
    assert (caught.value.reason, caught.value.facts["sr_uuid"]) == ("several_srs", f"{FOUND.uuid}, uuid-1")


@pytest.mark.parametrize("purpose", PURPOSES)
def test_only_a_complete_reading_tells_what_a_lun_holds(purpose: Purpose) -> None:
    assert held_sr(inspecting(purpose), ground()) is None
    assert held_sr(inspecting(purpose), ground(FOUND)) == FOUND


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("pool", ["xenct", "elsewhere"])
@pytest.mark.parametrize("attached", [True, False])
def test_an_sr_that_is_known_is_attached_by_its_own_pool_or_not_at_all(
    purpose: Purpose, pool: str, *, attached: bool
) -> None:
    usage = Usage(pool, FOUND.uuid, "gold", attached)
    allowed = purpose is Purpose.ATTACH and pool == "xenct" and not attached
    assert may_be_attached(purpose, usage, "xenct") is allowed
    used = Used("xenct", luns={SCSI_ID: [usage]}, srs={FOUND.uuid: [usage]})
    if allowed:
        refuse_used(step(purpose=purpose), used, SCSI_ID)
        assert held_sr(inspecting(purpose), ground(FOUND, used=used)) == FOUND
        return
    with pytest.raises(CannotDoError) as caught:
        refuse_used(step(purpose=purpose), used, SCSI_ID)
    named = {"sr_name": "gold", "sr_uuid": FOUND.uuid, "pool": pool}
    assert (caught.value.reason, caught.value.facts) == ("lun_in_use", named)
    assert reason(purpose, ground(FOUND, used=used)) == "lun_in_use"


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("found", [(), (FOUND,)])
def test_a_lun_that_serves_another_sr_than_the_one_on_it_is_nobodys_plan(
    purpose: Purpose, found: tuple[FoundSr, ...]
) -> None:
    """Whatever stands first: of a LUN that several records name each has its say."""
    usages = [Usage("xenct", FOUND.uuid, "gold", attached=False), Usage("xenct", "uuid-9", "lead", attached=False)]
    assert reason(purpose, ground(*found, used=Used("xenct", luns={SCSI_ID: usages}))) == "lun_in_use"
    with pytest.raises(CannotDoError, match="lun_in_use"):
        refuse_used(
            step(purpose=purpose), Used("xenct", luns={SCSI_ID: [usages[0], replace(usages[1], pool="b")]}), SCSI_ID
        )


def test_what_is_wanted_and_what_is_there_make_the_purpose() -> None:
    formatting = step(stories.formatting().request, Purpose.FORMAT)
    assert purpose_of(formatting, FOUND) is Purpose.FORMAT
    assert purpose_of(step(), None) is Purpose.CREATE
    assert purpose_of(step(), FOUND) is Purpose.ATTACH
    assert purpose_of(step(purpose=Purpose.ATTACH), FOUND) is Purpose.ATTACH
    for wrong, found in ((formatting, None), (formatting, OTHER), (step(purpose=Purpose.FORMAT), FOUND)):
        with pytest.raises(CannotDoError, match="sr_gone"):
            purpose_of(wrong, found)
    with pytest.raises(CannotDoError, match="no_sr_on_lun"):
        purpose_of(step(purpose=Purpose.ATTACH), None)


def test_a_name_is_counted_up_until_it_is_free() -> None:
    assert unique_name("SR", set()) == "SR"
    assert unique_name("SR", {"SR", "SR 2"}) == "SR 3"


def test_a_step_without_what_it_needs_goes_nowhere() -> None:
    with pytest.raises(CannotDoError, match="iqn_missing"):
        picked_target(step())
    with pytest.raises(CannotDoError, match="lun_gone"):
        picked_lun(step())
    nameless = replace(stories.Story().request, lun=Lun(0, None, None, None, None))
    with pytest.raises(CannotDoError, match="lun_gone"):
        picked_lun(step(nameless))
    for request in (stories.Story().request, stories.running().request):
        with pytest.raises(CannotDoError, match="not_approved"):
            repair(step(request))


def test_a_plan_that_is_about_no_lun_has_no_way_to_one() -> None:
    assert way_of(stories.plan()) == stories.plan().way
    assert way_of(stories.adapter_plan()) == Way(stories.ADAPTER_LUN)
    nameless = Way(replace(stories.LUN, scsi_id=None))
    for plan in (replace(stories.plan(), way=None), replace(stories.plan(), way=nameless)):
        with pytest.raises(CannotDoError, match="not_approved"):
            way_of(plan)
