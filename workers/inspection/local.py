"""Storage of one host: a device that becomes an SR, or a folder that becomes an ISO library. Or that is one already."""

from __future__ import annotations

from typing import Final

from bot.request.model import Kind, Request
from bot.request.plan import Plan, Purpose
from workers.inspection.holding import conclude_attaching
from workers.inspection.planning import unique_name
from workers.inspection.sited import Ground, conclude, read_ground
from workers.inspection.sites import host_named, refuse_out_of_bounds, sights_of
from workers.inspection.supported import refuse_undriven
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.xen.records import Host

NAMES: Final = {Kind.LOCAL: "Local storage on {host}", Kind.ISO: "Local ISO library on {host}: {path}"}
CONTENT_TYPES: Final = {Kind.LOCAL: "user", Kind.ISO: "iso"}
ISO: Final = "iso"

Config = tuple[tuple[str, str], ...]


def inspect_local(step: Step) -> None:
    """Look at the host and its device or folder, and make the plan. Raises XenError, CannotDoError, SupersededError."""
    request = step.request
    config = config_of(request)
    refuse_out_of_bounds(step.workplace.settings, config)
    step.progress("looking at the storage of the host")
    with step.workplace.log_in(request.pool) as session:
        refuse_undriven(session, request.pool, type_of(request))
        ground = read_ground(step, session, on_device=request.kind is Kind.LOCAL)
        plan = _plan(step, ground, host_named(ground.hosts, request.host), config)
        ending = conclude_attaching if request.purpose is Purpose.ATTACH else conclude
        ending(step, session, ground, plan)


def type_of(request: Request) -> str:
    """Give XenAPI's type of the SR that is asked for; empty where that is left to what is on the device."""
    return ISO if request.kind is Kind.ISO else request.sr_type


def config_of(request: Request) -> Config:
    """Give the device_config (SM: EXTSR.py, LVHDSR.py, ISOSR.py). Raises CannotDoError where a part is missing."""
    if not (request.host and request.device):
        raise CannotDoError("host_unknown", host=request.host)
    if request.kind is Kind.ISO:
        return (("legacy_mode", "true"), ("location", request.device))
    return (("device", request.device),)


def _plan(step: Step, ground: Ground, host: Host, config: Config) -> Plan:
    request = step.request
    wanted = request.name or NAMES[request.kind].format(host=host.name, path=request.device)
    return Plan(
        number=request.plan_number + 1,
        pool=request.pool,
        master=ground.hosts.master.name,
        hosts=sights_of(host),
        name=unique_name(wanted, {sr.name for sr in ground.contents.srs}),
        description="",
        sr_type=type_of(request),
        content_type=CONTENT_TYPES[request.kind],
        shared=False,
        credential=None,
        config=config,
        host=host.uuid,
        looked=request.kind is Kind.LOCAL,
        not_asked=ground.used.not_asked,
    )
