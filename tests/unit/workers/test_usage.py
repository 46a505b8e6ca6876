from __future__ import annotations

import pytest

from bot.request.model import Lun, Plan, Usage
from bot.storage import FoundSr, Reading
from tests import stories
from workers.discovery import picked_target
from workers.inspection import refuse_content, unique_name
from workers.provisioning.creating import _sr_of
from workers.provisioning.rechecking import GONE, content_changed, luns_changed, use_changed
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.usage import Used, _gather
from workers.workplace import Workplace
from workers.xen.records import Contents, Pbd, Sr

SCSI_ID = "36090a028b04a9a0def60353420006046"
FOUND = FoundSr("uuid-1", None, (), "old projects")
NOTHING = Used({}, {})


def sr(**sm_config: str) -> Sr:
    return Sr("ref", "uuid-1", "gold", "", "lvmoiscsi", "user", None, None, {}, sm_config)


def pbd(**device_config: str) -> Pbd:
    return Pbd("pbd", "host", "ref", attached=False, device_config=device_config)


@pytest.mark.parametrize(
    "contents",
    [
        Contents((sr(),), (pbd(SCSIid=SCSI_ID),)),
        Contents((sr(),), (pbd(SCSIid=f"other, {SCSI_ID}"),)),
        Contents((sr(),), (pbd(device=f"/dev/disk/by-id/scsi-{SCSI_ID}-part3"),)),
        Contents((sr(devserial=f"scsi-{SCSI_ID}"),), ()),
        Contents((sr(SCSIid=SCSI_ID),), ()),
    ],
)
def test_a_lun_is_used_wherever_the_pool_names_its_scsi_id(contents: Contents) -> None:
    used = Used({}, {})
    _gather(used, "xenct", contents)
    assert used.by(SCSI_ID) == Usage("xenct", "uuid-1", "gold")
    assert used.by("3600") is None
    assert used.by(None) is None


@pytest.mark.parametrize("items", [(), (FOUND,)])
def test_a_content_that_cannot_be_read_whole_is_never_free(items: tuple[FoundSr, ...]) -> None:
    with pytest.raises(CannotDoError) as caught:
        refuse_content(Reading(items, complete=False), NOTHING)
    assert caught.value.reason == ("holds_sr" if items else "unreadable")


def test_only_a_complete_reading_without_an_sr_is_free() -> None:
    refuse_content(Reading((), complete=True), NOTHING)
    with pytest.raises(CannotDoError, match="lun_gone"):
        refuse_content(None, NOTHING)
    with pytest.raises(CannotDoError) as caught:
        refuse_content(Reading((FOUND,), complete=True), NOTHING)
    assert caught.value.facts == {"sr_uuid": "uuid-1", "sr_name": "old projects"}


def test_a_name_is_counted_up_until_it_is_free() -> None:
    assert unique_name("SR", set()) == "SR"
    assert unique_name("SR", {"SR", "SR 2"}) == "SR 3"


def test_an_sr_that_vanished_after_its_creation_is_not_reported() -> None:
    with pytest.raises(CannotDoError, match="outcome_unknown"):
        _sr_of(Contents((), ()), "ref")


def test_a_step_without_a_pick_goes_nowhere() -> None:
    step = Step(Workplace.__new__(Workplace), stories.Story().request, 1, changed_before=False)
    with pytest.raises(CannotDoError, match="iqn_missing"):
        picked_target(step)


def plan() -> Plan:
    return stories.plan()


def test_what_changed_is_said_in_words() -> None:
    lun = plan().lun
    assert luns_changed(plan(), Reading((lun,), complete=False)) == []
    assert luns_changed(plan(), Reading((), complete=True)) == [GONE]
    unsized = Lun(lun.lun_id, lun.vendor, lun.serial, None, lun.scsi_id)
    (words,) = luns_changed(plan(), Reading((unsized,), complete=True))
    assert words.endswith("is unknown size now")
    assert content_changed(None) == [GONE]
    assert content_changed(Reading((FOUND,), complete=True)) == ["the LUN now holds an SR (uuid-1)"]
    assert use_changed(plan(), NOTHING) == []


def test_a_recheck_that_cannot_be_read_is_no_consent() -> None:
    with pytest.raises(CannotDoError, match="unreadable"):
        luns_changed(plan(), Reading((), complete=False))
    with pytest.raises(CannotDoError, match="unreadable"):
        content_changed(Reading((), complete=False))
