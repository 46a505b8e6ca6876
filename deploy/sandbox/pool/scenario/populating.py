"""The disks and VMs of a pool at its first start."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from deploy.sandbox.pool.classes import pbd
from deploy.sandbox.pool.storage import scanning
from deploy.sandbox.pool.wire import NULL, ApiFailureError

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.scenario.shape import Scenario, VbdSpec, VmSpec

_DEVICES = ("xvda", "xvdb", "xvdc", "xvdd", "xvde", "xvdf")
_READ_ONLY = "CD"


def populate(model: Model, scenario: Scenario, hosts: dict[str, str]) -> None:
    """Put disks on the storage, find those of attached SRs, and give them to VMs; hosts are references by name."""
    for uuid, vdis in (*scenario.stored, *((spec.uuid, spec.vdis) for spec in scenario.srs if spec.vdis)):
        model.put_stored(uuid, vdis)
    for sr in model.objects.tables["SR"]:
        with contextlib.suppress(ApiFailureError):
            scanning.scan(model, sr, pbd.chosen(model, sr))
    for spec in scenario.vms:
        add_vm(model, spec, hosts)


def add_vm(model: Model, spec: VmSpec, hosts: dict[str, str]) -> str:
    """The VM's reference; it runs if the spec names a host, and is suspended if it names where its memory is."""
    resident = hosts[spec.host] if spec.host else NULL
    state = "Running" if spec.host else "Suspended" if spec.memory else "Halted"
    memory = _disk(model, spec.memory)
    record = {"name_label": spec.name, "power_state": state, "resident_on": resident, "suspend_VDI": memory}
    ref = model.objects.add("VM", {**record, "name_description": spec.description})
    for number, vbd in enumerate(spec.vbds):
        _add_vbd(model, ref, number, vbd)
    return ref


def _disk(model: Model, uuid: str) -> str:
    found = model.objects.find("VDI", uuid) if uuid else NULL
    if found is None:
        code = "UUID_INVALID"
        raise ApiFailureError(code, "VDI", uuid)
    return found


def _add_vbd(model: Model, vm: str, number: int, spec: VbdSpec) -> None:
    record = {
        "VM": vm,
        "VDI": _disk(model, spec.vdi),
        "device": _DEVICES[number] if spec.attached else "",
        "userdevice": str(number),
        "bootable": number == 0,
        "mode": "RO" if spec.type == _READ_ONLY else "RW",
        "type": spec.type,
        "empty": not spec.vdi,
        "currently_attached": spec.attached,
    }
    model.objects.add("VBD", record)
