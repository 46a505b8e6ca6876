"""Which LUNs and SRs are in use, and whose use counts most."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.request.found import Usage
from workers.troubles import CannotDoError
from workers.usage import Used, _gather, refuse_not_asked
from workers.xen.records import Contents, Pbd, Sr

SCSI_ID = "36090a028b04a9a0def60353420006046"


def sr(**sm_config: str) -> Sr:
    return Sr("ref", "uuid-1", "gold", "", "lvmoiscsi", "user", None, None, {}, sm_config)


def pbd(*, attached: bool = False, **device_config: str) -> Pbd:
    return Pbd("pbd", "host", "ref", attached, device_config, {})


@pytest.mark.parametrize(
    "contents",
    [
        Contents((sr(),), (pbd(SCSIid=SCSI_ID),)),
        Contents((sr(),), (pbd(SCSIid=f"other, {SCSI_ID}"),)),
        Contents((sr(),), (pbd(device=f"/dev/disk/by-id/scsi-{SCSI_ID}-part3"),)),
        Contents((sr(),), (pbd(device=f"/dev/disk/by-scsid/{SCSI_ID}/sdb"),)),
        Contents((sr(),), (pbd(path=f"/dev/disk/by-id/scsi-{SCSI_ID}"),)),
        Contents((sr(),), (replace(pbd(), other_config={f"mpath-{SCSI_ID}": "[2, 2]"}),)),
        Contents((sr(devserial=f"scsi-{SCSI_ID}"),), ()),
        Contents((sr(SCSIid=SCSI_ID),), ()),
    ],
)
def test_a_lun_is_used_wherever_the_pool_names_its_scsi_id(contents: Contents) -> None:
    used = Used("xenct")
    _gather(used, "xenct", contents)
    assert used.by(SCSI_ID) == [Usage("xenct", "uuid-1", "gold", attached=False)]
    assert used.sr("uuid-1") == used.by(SCSI_ID)
    assert (used.by("3600"), used.by(None), used.by("")) == ([], [], [])


@pytest.mark.parametrize(
    ("own", "other", "counts"),
    [(True, True, "elsewhere"), (True, False, "xenct"), (False, True, "elsewhere"), (False, False, "elsewhere")],
)
def test_of_several_pools_the_one_comes_first_that_has_it_attached_then_the_other_one(
    *, own: bool, other: bool, counts: str
) -> None:
    used = Used("xenct")
    _gather(used, "xenct", Contents((sr(),), (pbd(attached=own, SCSIid=SCSI_ID),)))
    _gather(used, "elsewhere", Contents((sr(),), (pbd(attached=other, SCSIid=SCSI_ID),)))
    for usages in (used.by(SCSI_ID), used.sr("uuid-1")):
        assert [usage.pool for usage in usages] == sorted(["xenct", "elsewhere"], key=lambda pool: pool != counts)
        assert usages[0].attached is (own or other)


def test_only_the_silent_pools_that_a_plan_names_may_be_silent() -> None:
    used = Used("xenct", not_asked=("one", "two"))
    refuse_not_asked(used, ("two", "one", "three"))
    with pytest.raises(CannotDoError) as caught:
        refuse_not_asked(used, ("one",))
    assert (caught.value.reason, caught.value.facts) == ("pool_not_asked", {"pool": "two"})
