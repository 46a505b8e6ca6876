"""What is asked of storage that it is not about is refused, not guessed."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from bot.request.found import Usage
from tests import stories
from workers.inspection import shares
from workers.inspection.supported import refuse_unsupported
from workers.managing import disks, looking
from workers.provisioning import lun
from workers.reach import typed_portal
from workers.troubles import CannotDoError
from workers.xen.records import Contents

STEP: Any = SimpleNamespace(request=SimpleNamespace(share=None))
REQUEST: Any = SimpleNamespace(address=None)
NOTHING: Any = None
SR: Any = SimpleNamespace(ref="sr", uuid="u1")


def session(**answers: object) -> Any:  # noqa: ANN401 - as much of a session as is asked
    return SimpleNamespace(call=lambda method, *_: answers[method.replace(".", "_")])


def test_a_request_without_a_share_has_none_to_look_at() -> None:
    with pytest.raises(CannotDoError, match="not_approved"):
        shares.share_of(STEP)


def test_a_plan_about_no_lun_has_no_way_to_one() -> None:
    with pytest.raises(CannotDoError, match="not_approved"):
        lun.way_of(replace(stories.plan(), way=None))


def test_a_request_without_an_address_is_sent_nowhere() -> None:
    with pytest.raises(CannotDoError, match="address_not_allowed"):
        typed_portal(NOTHING, REQUEST)


def test_a_pool_without_a_driver_for_libraries_is_told_apart() -> None:
    with pytest.raises(CannotDoError, match="type_not_supported"):
        refuse_unsupported(session(SR_get_supported_types=["lvm", "nfs"]), "xenct", "iso")


def test_an_sr_that_another_pool_knows_is_in_use() -> None:
    used: Any = SimpleNamespace(own="xenct", sr=lambda _: [Usage("other", "u1", "Theirs")], by=lambda _: [])
    with pytest.raises(CannotDoError, match="lun_in_use"):
        looking.refuse_known(used, Contents((), ()), SR)


def test_a_vm_with_two_disks_is_asked_for_its_name_once() -> None:
    vdi = {"uuid": "d", "name_label": "disk", "virtual_size": "1", "managed": True}
    vbds = {name: {"VDI": name, "VM": "vm", "currently_attached": False} for name in ("one", "two")}
    answers = {
        "VM_get_all_records_where": {"other": {"suspend_VDI": "elsewhere", "name_label": "sleeper"}},
        "VDI_get_all_records_where": {"one": vdi, "two": vdi},
        "VBD_get_all_records": vbds,
        "VM_get_name_label": "web",
    }
    found = disks.read_disks(session(**answers), SR)
    assert [disk.vms for disk in found.values()] == [("web",), ("web",)]
