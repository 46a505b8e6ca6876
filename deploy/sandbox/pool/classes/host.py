"""What hosts do beyond their fields.

Source: xapi: xapi_host.ml (set_iscsi_iqn and set_multipathing mirror into other_config).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.sandbox.pool.classes.method import VOID, Call, Method, params

if TYPE_CHECKING:
    from deploy.sandbox.pool.flavours import Flavour
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.wire import Wire

_NEWER = "kolkata"


def methods(flavour: Flavour) -> list[Method]:
    iqn, multipathing = params("host:ref:host value:string"), params("host:ref:host value:bool")
    newer = [
        Method("host.set_iscsi_iqn", iqn, _set_iqn, asynchronous=True),
        Method("host.set_multipathing", multipathing, _set_multipathing, asynchronous=True),
    ]
    return [
        Method("host.enable", params("host:ref:host"), _enable, "client-cert", asynchronous=True),
        Method("host.disable", params("host:ref:host auto_enable:bool?"), _disable, "client-cert", asynchronous=True),
        *(newer if flavour.has(_NEWER) else ()),
    ]


def set_iqn(model: Model, host: str, iqn: str) -> None:
    config = {**model.objects.get("host", host)["other_config"], "iscsi_iqn": iqn}
    model.objects.set("host", host, iscsi_iqn=iqn, other_config=config)


def set_multipathing(model: Model, host: str, *, on: bool) -> None:
    config = {**model.objects.get("host", host)["other_config"], "multipathing": "true" if on else "false"}
    model.objects.set("host", host, multipathing=on, other_config={**config, "multipathhandle": "dmp"})


async def _set_iqn(call: Call, host: str, value: str) -> Wire:
    set_iqn(call.model, host, value)
    return VOID


async def _set_multipathing(call: Call, host: str, value: object) -> Wire:
    set_multipathing(call.model, host, on=bool(value))
    return VOID


async def _enable(call: Call, host: str) -> Wire:
    call.model.objects.set("host", host, enabled=True)
    return VOID


async def _disable(call: Call, host: str, *_auto_enable: object) -> Wire:
    call.model.objects.set("host", host, enabled=False)
    return VOID
