"""What is done to virtual disks: destroying and naming them.

Source: xapi: xapi_vdi.ml (check_operation_error).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy.sandbox.pool.classes import pbd
from deploy.sandbox.pool.classes.method import VOID, Call, Method, params
from deploy.sandbox.pool.storage import scanning
from deploy.sandbox.pool.storage.drivers import drivers_of

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.state.objects import Record
    from deploy.sandbox.pool.wire import Wire

_DRIVES = "udev"
_IMAGES = "iso"
_DELETE = "VDI_DELETE"


def methods() -> list[Method]:
    text = params("self:ref:VDI value:string")
    return [
        Method("VDI.destroy", params("self:ref:VDI"), _destroy, "vm-admin", asynchronous=True),
        Method("VDI.set_name_label", text, _set_name_label, "vm-admin", asynchronous=True),
        Method("VDI.set_name_description", text, _set_name_description, "vm-admin", asynchronous=True),
    ]


async def _destroy(call: Call, ref: str) -> Wire:
    """The disk goes from the storage too."""
    model, record = call.model, call.model.objects.get("VDI", ref)
    sr = model.objects.get("SR", record["SR"])
    _may_destroy(call, ref, record, sr)
    pbd.must_be_up(model, pbd.chosen(model, record["SR"])["host"])
    await model.delays.spend(model.delays.scan)
    scanning.remove(model, ref)
    kept = tuple(one for one in model.stored.get(sr["uuid"], ()) if one.location != record["location"])
    model.put_stored(sr["uuid"], kept if any(one.managed for one in kept) else ())
    used = sr["physical_utilisation"] - record["physical_utilisation"]
    model.objects.set("SR", record["SR"], physical_utilisation=used)
    return VOID


def _may_destroy(call: Call, ref: str, record: Record, sr: Record) -> None:
    model = call.model
    if any(vbd["VDI"] == ref and vbd["currently_attached"] for vbd in model.objects.tables["VBD"].values()):
        raise call.fail("VDI_IN_USE", ref, "destroy")
    if sr["type"] == _DRIVES:
        raise call.fail("VDI_IS_A_PHYSICAL_DEVICE", ref)
    driver = drivers_of(model.flavour)[sr["type"]]
    # A driver of images would take the file from the share; that nobody lets it is a guess.
    if _DELETE not in driver.features or driver.type == _IMAGES:
        raise call.fail("SR_OPERATION_NOT_SUPPORTED", record["SR"])


async def _set_name_label(call: Call, ref: str, value: str) -> Wire:
    return _retitle(call.model, ref, name_label=value)


async def _set_name_description(call: Call, ref: str, value: str) -> Wire:
    return _retitle(call.model, ref, name_description=value)


def _retitle(model: Model, ref: str, **fields: str) -> Wire:
    """The storage keeps the names of its disks, so that they come back with them."""
    model.objects.set("VDI", ref, **fields)
    vdi = model.objects.get("VDI", ref)
    uuid = model.objects.get("SR", vdi["SR"])["uuid"]
    texts = {"name": vdi["name_label"], "description": vdi["name_description"]}
    stored = (replace(one, **texts) if one.uuid == vdi["uuid"] else one for one in model.stored.get(uuid, ()))
    model.put_stored(uuid, tuple(stored))
    return VOID
