"""SR.create, step by step: records first, then the storage manager wipes the LUN, then every host's plug, unseen.

Source: xapi: xapi_sr.ml create, message_forwarding.ml.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy.sandbox.pool.classes import pbd, secret
from deploy.sandbox.pool.storage.dispatching import create_any, driver_type
from deploy.sandbox.pool.storage.errors import StorageError, as_failure
from deploy.sandbox.pool.storage.srs import Created, NewSr
from deploy.sandbox.pool.wire import ApiFailureError

if TYPE_CHECKING:
    from deploy.sandbox.pool.classes.method import Call
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.state.objects import Record


@dataclass(frozen=True, slots=True)
class Wanted:
    """SR.create's arguments in their order."""

    host: str
    device_config: dict[str, str] = field(repr=False)
    physical_size: int
    label: str
    description: str
    type: str
    content_type: str
    shared: bool
    sm_config: dict[str, str] = field(default_factory=dict)


async def create_sr(call: Call, wanted: Wanted) -> str:
    """The new SR's reference; success says nothing about its PBDs."""
    model = call.model
    sr_type = wanted.type.lower()
    driver_type(model, sr_type)
    host = model.master() if wanted.shared else wanted.host
    pbd.must_be_up(model, host)
    config = secret.passwords_to_secrets(model, wanted.device_config)
    ref = _add_sr(model, wanted, sr_type)
    others = [other for other in model.objects.tables["host"] if other != host] if wanted.shared else []
    pbds = [pbd.add(model, one, ref, config) for one in (host, *others)]
    try:
        done = await _overwrite(call, host, ref, pbds[0])
    except ApiFailureError:
        _take_back(model, ref, pbds)
        raise
    _note(model, ref, pbds, done)
    await _plug_all(model, pbds)
    return ref


def _add_sr(model: Model, wanted: Wanted, sr_type: str) -> str:
    texts = (wanted.label, wanted.description)
    record = sr_record(texts, sr_type, wanted.content_type, shared=wanted.shared)
    return model.objects.add("SR", {**record, "sm_config": dict(wanted.sm_config)})


def sr_record(texts: tuple[str, str], sr_type: str, content_type: str, *, shared: bool) -> Record:
    """An SR whose sizes are unknown until the first plug; texts are its label and description."""
    return {
        "name_label": texts[0],
        "name_description": texts[1],
        "type": sr_type,
        "content_type": content_type,
        "shared": shared,
        "physical_size": -1,
        "physical_utilisation": -1,
        "virtual_allocation": 0,
        "other_config": {},
        "sm_config": {},
    }


def as_new(call: Call, ref: str) -> NewSr:
    """The SR as the driver is told of it, with who asked."""
    record = call.model.objects.get("SR", ref)
    texts = (record["name_label"], record["name_description"])
    return NewSr(ref, record["uuid"], *texts, call.method, call.originator, record["sm_config"])


async def _overwrite(call: Call, host: str, ref: str, own_pbd: str) -> Created:
    """The storage manager's part, with the master's own PBD; this is where data is destroyed."""
    model, record = call.model, call.model.objects.get("SR", ref)
    config = model.objects.get("PBD", own_pbd)["device_config"]
    try:
        return await create_any(model, host, config, as_new(call, ref), record["type"])
    except StorageError as error:
        raise as_failure(error, model.flavour.texts) from error


def _take_back(model: Model, ref: str, pbds: list[str]) -> None:
    """The records go; the secrets that were copied for the PBDs stay behind, as they do in xapi."""
    for one in pbds:
        model.objects.remove("PBD", one)
    model.objects.remove("SR", ref)


def _note(model: Model, ref: str, pbds: list[str], done: Created) -> None:
    """Every PBD gets the keys that the driver added; its copies of secrets stay its own."""
    added = {key: value for key, value in done.device_config.items() if not key.endswith("_secret")}
    for one in pbds:
        own = model.objects.get("PBD", one)["device_config"]
        model.objects.set("PBD", one, device_config={**own, **added})
    sm_config = {**model.objects.get("SR", ref)["sm_config"], **done.sm_config}
    model.objects.set("SR", ref, physical_size=done.size, physical_utilisation=done.used, sm_config=sm_config)


async def _plug_all(model: Model, pbds: list[str]) -> None:
    """Whether a host could plug is not told: that is what PBD.currently_attached is for."""
    if model.flavour.parallel_plugs:
        await asyncio.gather(*(_plug_quietly(model, one) for one in pbds))
        return
    for one in pbds:
        await _plug_quietly(model, one)


async def _plug_quietly(model: Model, ref: str) -> None:
    with contextlib.suppress(ApiFailureError):
        await pbd.plug(model, ref)
