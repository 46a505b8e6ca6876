"""PBDs: what attaches an SR to a host.

Source: xapi: xapi_pbd.ml.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from deploy.sandbox.pool.classes import secret
from deploy.sandbox.pool.classes.arguments import check_fields
from deploy.sandbox.pool.classes.method import VOID, Call, Method, params
from deploy.sandbox.pool.storage import scanning
from deploy.sandbox.pool.storage.dispatching import attach_any
from deploy.sandbox.pool.storage.errors import StorageError, as_failure
from deploy.sandbox.pool.storage.multipath import multipathing
from deploy.sandbox.pool.storage.srs import NewSr
from deploy.sandbox.pool.wire import ApiFailureError, Wire

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.state.objects import Record
    from deploy.sandbox.pool.storage.srs import Created

# Keys of a PBD's other_config. Source: sm: BaseISCSI.py, mpathcount.py.
_SESSIONS = "iscsi_sessions"
_MULTIPATHED = "multipathed"
_PATHS = "mpath-"
# A key of device_config that is between xapi and the storage manager.
_INTERNAL = "SRmaster"


def methods() -> list[Method]:
    this = params("self:ref:PBD")
    config = params("self:ref:PBD value:map")
    return [
        Method("PBD.create", params("args:record"), _create, asynchronous=True),
        Method("PBD.destroy", this, _destroy, asynchronous=True),
        Method("PBD.plug", this, _plug, asynchronous=True),
        Method("PBD.unplug", this, _unplug, asynchronous=True),
        Method("PBD.set_device_config", config, _set_device_config, asynchronous=True),
    ]


def add(model: Model, host: str, sr: str, config: dict[str, str]) -> str:
    """A PBD that owns copies of the secrets in its config."""
    record = {
        "host": host,
        "SR": sr,
        "device_config": secret.duplicated(model, config),
        "currently_attached": False,
        "other_config": {},
    }
    return model.objects.add("PBD", record)


async def plug(model: Model, ref: str) -> None:
    """Attach on the PBD's host; raises what the storage manager says there."""
    pbd = model.objects.get("PBD", ref)
    if pbd["currently_attached"]:
        return
    sr = model.objects.get("SR", pbd["SR"])
    _may_plug(model, pbd, sr)
    done = await _attached(model, pbd, sr)
    model.objects.set("PBD", ref, currently_attached=True)
    if done is not None:
        _note(model, ref, done)
    if _leads(model, pbd, sr):
        model.entitle(sr["uuid"], sr["name_label"], sr["name_description"])
        _scan_soon(model, ref)


def remove(model: Model, ref: str) -> None:
    """The PBD and the secrets that it owns."""
    record = model.objects.remove("PBD", ref)
    secret.destroy_owned(model, record["device_config"])


def must_be_up(model: Model, host: str) -> None:
    if not model.conditions[host].up:
        code = "HOST_OFFLINE"
        raise ApiFailureError(code, host)


def chosen(model: Model, sr: str, *, unplugged: bool = False) -> Record:
    """The PBD through which xapi does something to an SR: of a shared one the master's.

    SR_HAS_NO_PBDS where that isn't there, or isn't plugged. Source: xapi: message_forwarding.ml choose_pbd_for_sr.
    """
    host = model.master() if model.objects.get("SR", sr)["shared"] else ""
    pbds = model.pbds_of(sr=sr, host=host).values()
    found = next((pbd for pbd in pbds if unplugged or pbd["currently_attached"]), None)
    if found is None:
        code = "SR_HAS_NO_PBDS"
        raise ApiFailureError(code, sr)
    return found


def _scan_soon(model: Model, ref: str) -> None:
    """The plug on the host that leads an SR makes xapi scan it, while the caller goes on."""
    running = asyncio.get_running_loop().create_task(_first_scan(model, ref))
    model.running.add(running)
    running.add_done_callback(model.running.discard)


async def _first_scan(model: Model, ref: str) -> None:
    await model.delays.spend(model.delays.scan)
    pbd = model.objects.tables["PBD"].get(ref)
    if pbd is None or not pbd["currently_attached"]:
        return
    with contextlib.suppress(ApiFailureError):
        scanning.scan(model, pbd["SR"], pbd)


def _may_plug(model: Model, pbd: Record, sr: Record) -> None:
    must_be_up(model, pbd["host"])
    others = [other["host"] for other in model.pbds_of(sr=pbd["SR"]).values() if other["currently_attached"]]
    if not sr["shared"] and others:
        code = "SR_NOT_SHARABLE"
        raise ApiFailureError(code, pbd["SR"], others[0])


def _leads(model: Model, pbd: Record, sr: Record) -> bool:
    """Whether its host leads the SR: of a shared one the master does. Source: xapi: helpers.ml i_am_srmaster."""
    return not sr["shared"] or bool(pbd["host"] == model.master())


def _note(model: Model, ref: str, done: Created) -> None:
    """Sizes and sessions; the host that leads the SR also remembers on which device it is."""
    pbd = model.objects.get("PBD", ref)
    sr = model.objects.get("SR", pbd["SR"])
    remembered = done.sm_config if _leads(model, pbd, sr) else {}
    used = max(done.used, sr["physical_utilisation"])
    sm_config = {**sr["sm_config"], **remembered}
    model.objects.set("SR", pbd["SR"], physical_size=done.size, physical_utilisation=used, sm_config=sm_config)
    if done.portals:
        model.conditions[pbd["host"]].sessions[ref] = done.portals
    other_config = {**pbd["other_config"], **_paths(model, pbd, done)}
    config = {**done.device_config, **pbd["device_config"]}
    model.objects.set("PBD", ref, other_config=other_config, device_config=config)


def _paths(model: Model, pbd: Record, done: Created) -> dict[str, str]:
    """What the storage manager tells of the paths to a device."""
    told = {_SESSIONS: str(len(done.portals))} if done.portals else {}
    if done.numpaths and multipathing(model, pbd["host"]):
        told |= {_MULTIPATHED: "true", _PATHS + pbd["device_config"]["SCSIid"]: f"[{done.numpaths}, {done.numpaths}]"}
    return told


async def _attached(model: Model, pbd: Record, sr: Record) -> Created | None:
    """What the driver tells, if it has anything behind it."""
    texts = (sr["name_label"], sr["name_description"])
    told = NewSr(pbd["SR"], sr["uuid"], *texts, "PBD.plug", "", sr["sm_config"])
    try:
        return await attach_any(model, pbd["host"], pbd["device_config"], told, sr["type"])
    except StorageError as error:
        raise as_failure(error, model.flavour.texts) from error


async def _create(call: Call, args: dict[str, Any]) -> Wire:
    host, sr, config = (secret.constructor_field(args, name) for name in ("host", "SR", "device_config"))
    other_config = args.get("other_config", {})
    check_fields(
        host=(host, "string"), SR=(sr, "string"), device_config=(config, "map"), other_config=(other_config, "map")
    )
    call.model.objects.get("host", host)
    call.model.objects.get("SR", sr)
    there = next(iter(call.model.pbds_of(sr=sr, host=host)), None)
    if there is not None:
        raise call.fail("PBD_EXISTS", sr, host, there)
    _check_keys(config)
    ref = add(call.model, host, sr, secret.passwords_to_secrets(call.model, config))
    call.model.objects.set("PBD", ref, other_config=other_config)
    return ref


def _check_keys(config: dict[str, str]) -> None:
    if _INTERNAL in config:
        code = "VALUE_NOT_SUPPORTED"
        raise ApiFailureError(code, _INTERNAL, config[_INTERNAL], "This key is for internal use only")


async def _destroy(call: Call, ref: str) -> Wire:
    if call.model.objects.get("PBD", ref)["currently_attached"]:
        raise call.fail("OPERATION_NOT_ALLOWED", "PBD is currently attached")
    remove(call.model, ref)
    return VOID


async def _plug(call: Call, ref: str) -> Wire:
    await plug(call.model, ref)
    return VOID


async def _unplug(call: Call, ref: str) -> Wire:
    pbd = call.model.objects.get("PBD", ref)
    must_be_up(call.model, pbd["host"])
    if pbd["currently_attached"]:
        if used := scanning.open_on(call.model, pbd["SR"], pbd["host"]):
            raise call.fail("VDI_IN_USE", *used)
        await call.model.delays.spend(call.model.delays.plug)
        call.model.conditions[pbd["host"]].sessions.pop(ref, None)
        kept = {key: value for key, value in pbd["other_config"].items() if not _tells_of_paths(key)}
        call.model.objects.set("PBD", ref, currently_attached=False, other_config=kept)
    return VOID


def _tells_of_paths(key: str) -> bool:
    return key in {_SESSIONS, _MULTIPATHED} or key.startswith(_PATHS)


async def _set_device_config(call: Call, ref: str, value: dict[str, str]) -> Wire:
    _check_keys(value)
    before = call.model.objects.get("PBD", ref)["device_config"]
    config = secret.passwords_to_secrets(call.model, value)
    kept = {key: config[key] for key in config if before.get(key) == config[key]}
    fresh = secret.duplicated(call.model, {key: config[key] for key in config if key not in kept})
    secret.destroy_owned(call.model, {key: before[key] for key in before if key not in kept})
    call.model.objects.set("PBD", ref, device_config={**kept, **fresh})
    return VOID
