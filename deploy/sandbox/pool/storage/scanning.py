"""The pool's records of virtual disks: they follow from what a scan finds on the storage.

Source: xapi: xapi_sr.ml (update_vdis), xapi_pbd.ml (get_active_vdis_by_pbd), db_gc_util.ml (gc_VBDs).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deploy.sandbox.pool.storage.dispatching import looked_at, scan_any
from deploy.sandbox.pool.storage.errors import StorageError, as_failure
from deploy.sandbox.pool.wire import NULL

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.state.objects import Record
    from deploy.sandbox.pool.storage.vdis import StoredVdi


def scan(model: Model, sr: str, own_pbd: Record) -> None:
    """The pool's records of the SR's disks become what lies on its storage."""
    record = model.objects.get("SR", sr)
    try:
        note(model, sr, scan_any(model, own_pbd["host"], own_pbd["device_config"], record))
    except StorageError as error:
        raise as_failure(error, model.flavour.texts) from error


async def look(model: Model, sr: str, own_pbd: Record) -> None:
    """As `scan`; of real storage it takes its time."""
    try:
        images = await looked_at(model, own_pbd["device_config"], model.objects.get("SR", sr))
    except StorageError as error:
        raise as_failure(error, model.flavour.texts) from error
    if images is None:
        scan(model, sr, own_pbd)
    else:
        note(model, sr, images)


def note(model: Model, sr: str, disks: tuple[StoredVdi, ...]) -> None:
    """Disks are told apart by their location."""
    found = {one.location: one for one in disks}
    known = {vdi["location"]: ref for ref, vdi in of_sr(model, sr).items()}
    for location in known.keys() - found.keys():
        remove(model, known[location])
    for location, one in found.items():
        _note(model, sr, one, known.get(location))


def of_sr(model: Model, sr: str) -> dict[str, Record]:
    return {ref: vdi for ref, vdi in model.objects.tables["VDI"].items() if vdi["SR"] == sr}


def remove(model: Model, ref: str) -> None:
    """The record goes; the drives in which the disk was are empty, other VBDs of it go too."""
    model.objects.remove("VDI", ref)
    for vbd, record in list(model.objects.tables["VBD"].items()):
        if record["VDI"] == ref and record["type"] == "CD":
            model.objects.set("VBD", vbd, VDI=NULL, empty=True)
        elif record["VDI"] == ref:
            model.objects.remove("VBD", vbd)


def open_on(model: Model, sr: str, host: str) -> list[str]:
    """The disks of an SR that VMs on this host have open."""
    vms, disks = model.objects.tables["VM"], of_sr(model, sr)
    vbds = [vbd for vbd in model.objects.tables["VBD"].values() if vbd["currently_attached"] and vbd["VDI"] in disks]
    return [vbd["VDI"] for vbd in vbds if vms.get(vbd["VM"], {}).get("resident_on") == host]


def _note(model: Model, sr: str, one: StoredVdi, ref: str | None) -> None:
    """A new record, or the fields that changed in one that is there."""
    seen = _fields(model, one)
    if ref is None:
        model.objects.add("VDI", {**seen, "uuid": one.uuid, "SR": sr, "location": one.location})
        return
    record = model.objects.get("VDI", ref)
    if changed := {name: value for name, value in seen.items() if record.get(name) != value}:
        model.objects.set("VDI", ref, **changed)


def _fields(model: Model, one: StoredVdi) -> dict[str, Any]:
    return {
        "name_label": one.name,
        "name_description": one.description,
        "virtual_size": one.size,
        "physical_utilisation": one.used,
        "type": one.type,
        "managed": one.managed,
        "read_only": one.read_only,
        "is_a_snapshot": bool(one.snapshot_of),
        "snapshot_of": (one.snapshot_of and model.objects.find("VDI", one.snapshot_of)) or NULL,
    }
