"""Storage repositories: probing, creating, introducing, forgetting, destroying.

Source: xapi: xapi_sr.ml, message_forwarding.ml, storage_access.ml.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from deploy.sandbox.pool.classes import pbd, secret
from deploy.sandbox.pool.classes.creating import Wanted, as_new, create_sr, sr_record
from deploy.sandbox.pool.classes.method import VOID, Call, Method, params
from deploy.sandbox.pool.storage import scanning
from deploy.sandbox.pool.storage.dispatching import destroy_any, driver_type, probe_any
from deploy.sandbox.pool.storage.drivers import drivers_of
from deploy.sandbox.pool.storage.errors import StorageError, as_failure
from deploy.sandbox.pool.wire import ApiFailureError, Wire

if TYPE_CHECKING:
    from deploy.sandbox.pool.flavours import Flavour
    from deploy.sandbox.pool.state.objects import Record

# The type of the disk in which xapi keeps an SR's statistics.
_STATISTICS = "rrd"
_TEXTS = "name_label:string name_description:string type:string content_type:string shared:bool sm_config:map?"
_CREATE = f"host:ref:host device_config:map physical_size:int {_TEXTS}"
_PROBE = "host:ref:host device_config:map type:string sm_config:map?"


def methods(flavour: Flavour) -> list[Method]:
    sr = params("sr:ref:SR")
    extended = Method("SR.probe_ext", params(_PROBE), _probe_ext, asynchronous=True)
    return [
        Method("SR.probe", params(_PROBE), _probe, asynchronous=True),
        *((extended,) if flavour.extended_probe else ()),
        Method("SR.create", params(_CREATE), _create, asynchronous=True),
        Method("SR.introduce", params(f"uuid:string {_TEXTS}"), _introduce, asynchronous=True),
        Method("SR.forget", sr, _forget, asynchronous=True),
        Method("SR.destroy", sr, _destroy, asynchronous=True),
        Method("SR.scan", sr, _scan, "vm-power-admin", asynchronous=True),
        Method("SR.update", sr, _update, asynchronous=True),
        Method("SR.set_name_label", params("sr:ref:SR value:string"), _set_name_label, asynchronous=True),
        Method("SR.set_name_description", params("sr:ref:SR value:string"), _set_name_description, asynchronous=True),
        Method("SR.set_shared", params("sr:ref:SR value:bool"), _set_shared, asynchronous=True),
        Method("SR.get_supported_types", (), _supported_types, "read-only"),
    ]


async def _probe(call: Call, *args: Any) -> Wire:  # noqa: ANN401 - checked against the method's parameters
    host, config, sr_type, sm_config = (*args, {})[:4]
    model = call.model
    driver_type(model, sr_type)
    pbd.must_be_up(model, host)
    config = secret.passwords_to_secrets(model, config)
    async with model.conditions[host].probing:
        try:
            return await probe_any(model, host, config, (sr_type, sm_config))
        except StorageError as error:
            raise _with_noise(call, error) from error


def _with_noise(call: Call, error: StorageError) -> Exception:
    """A scripted fault may put words of others before what the driver printed."""
    fault = call.model.faults.strike(call.method, "noise") if error.printed else None
    if fault is not None:
        error.printed = "".join(fault.details) + error.printed
    return as_failure(error, call.model.flavour.texts)


async def _probe_ext(call: Call, *args: Any) -> Wire:  # noqa: ANN401 - checked against the method's parameters
    driver_type(call.model, args[2])
    raise call.fail("SR_OPERATION_NOT_SUPPORTED", "")


async def _create(call: Call, *args: Any) -> Wire:  # noqa: ANN401 - checked against the method's parameters
    return await create_sr(call, Wanted(*args))


async def _introduce(call: Call, *args: Any) -> Wire:  # noqa: ANN401 - checked against the method's parameters
    uuid, label, description, sr_type, content_type, shared, sm_config = (*args, {})[:7]
    sr_type = sr_type.lower()
    driver_type(call.model, sr_type)
    if uuid and call.model.objects.find("SR", uuid) is not None:
        raise call.fail("SR_UUID_EXISTS", uuid)
    record = sr_record((label, description), sr_type, content_type, shared=shared)
    return call.model.objects.add("SR", {**record, "uuid": uuid, "sm_config": sm_config})


async def _forget(call: Call, ref: str) -> Wire:
    _must_be_unplugged(call, ref)
    for one in call.model.pbds_of(sr=ref):
        pbd.remove(call.model, one)
    for one in scanning.of_sr(call.model, ref):
        scanning.remove(call.model, one)
    call.model.objects.remove("SR", ref)
    return VOID


async def _destroy(call: Call, ref: str) -> Wire:
    """Refused while the pool has records of disks in it, whether anything uses these or not."""
    _must_be_unplugged(call, ref)
    if not call.model.pbds_of(sr=ref):
        raise call.fail("SR_HAS_NO_PBDS", ref)
    if any(vdi["managed"] and vdi["type"] != _STATISTICS for vdi in scanning.of_sr(call.model, ref).values()):
        raise call.fail("SR_NOT_EMPTY")
    own_pbd = pbd.chosen(call.model, ref, unplugged=True)
    pbd.must_be_up(call.model, own_pbd["host"])
    _may_be_destroyed(call, ref)
    await _wipe(call, own_pbd, ref)
    return await _forget(call, ref)


def _may_be_destroyed(call: Call, ref: str) -> None:
    if call.model.objects.get("SR", ref)["other_config"].get("indestructible") == "true":
        raise call.fail("SR_INDESTRUCTIBLE", ref)
    for host, record in call.model.objects.tables["host"].items():
        if record.get("local_cache_sr") == ref:
            raise call.fail("SR_IS_CACHE_SR", host)


async def _wipe(call: Call, own_pbd: Record, ref: str) -> None:
    """The driver takes down what is on the storage."""
    host, config, sr_type = own_pbd["host"], own_pbd["device_config"], call.model.objects.get("SR", ref)["type"]
    try:
        await destroy_any(call.model, host, config, as_new(call, ref), sr_type)
    except StorageError as error:
        raise as_failure(error, call.model.flavour.texts) from error


async def _scan(call: Call, ref: str) -> Wire:
    own_pbd = pbd.chosen(call.model, ref)
    pbd.must_be_up(call.model, own_pbd["host"])
    await call.model.delays.spend(call.model.delays.scan)
    await scanning.look(call.model, ref, own_pbd)
    return VOID


async def _update(call: Call, ref: str) -> Wire:
    """The SR's names are written to its storage."""
    pbd.must_be_up(call.model, pbd.chosen(call.model, ref)["host"])
    record = call.model.objects.get("SR", ref)
    call.model.entitle(record["uuid"], record["name_label"], record["name_description"])
    return VOID


async def _set_name_label(call: Call, ref: str, value: str) -> Wire:
    return await _entitle(call, ref, name_label=value)


async def _set_name_description(call: Call, ref: str, value: str) -> Wire:
    return await _entitle(call, ref, name_description=value)


async def _entitle(call: Call, ref: str, **fields: str) -> Wire:
    """That a name can't be written to the storage stops nobody: it is written when the SR is plugged."""
    call.model.objects.set("SR", ref, **fields)
    with contextlib.suppress(ApiFailureError):
        await _update(call, ref)
    return VOID


async def _set_shared(call: Call, ref: str, value: object) -> Wire:
    pbds = call.model.pbds_of(sr=ref)
    if not value and len(pbds) > 1:
        raise call.fail("SR_HAS_MULTIPLE_PBDS", *pbds)
    call.model.objects.set("SR", ref, shared=value)
    return VOID


async def _supported_types(call: Call) -> Wire:
    return [*sorted(drivers_of(call.model.flavour))]


def _must_be_unplugged(call: Call, ref: str) -> None:
    if any(one["currently_attached"] for one in call.model.pbds_of(sr=ref).values()):
        raise call.fail("SR_HAS_PBD", ref)
