"""Storage of a type without a command of its own: the keys that were typed, checked against the pool's own driver."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bot.request.plan import Plan
from bot.request.sr_types import erases, is_shared
from workers.inspection.planning import unique_name
from workers.inspection.sited import Ground, conclude, read_ground
from workers.inspection.sites import DEVICE, host_named, refuse_out_of_bounds, sights_of
from workers.inspection.supported import Driver, read_driver
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.xen.records import Host, Hosts

CONTENT_TYPE = "user"


def inspect_other(step: Step) -> None:
    """Check the keys, look at what they lead to, and make the plan. Raises XenError, CannotDoError, SupersededError."""
    request = step.request
    refuse_out_of_bounds(step.workplace.settings, request.given)
    _refuse_luns(request.given)
    step.progress("looking at the pool's driver and at the storage")
    with step.workplace.log_in(request.pool) as session:
        driver = read_driver(session, request.pool, request.sr_type)
        config = driver.spelled(request.given)
        if erases(driver.type) and not driver.probes:
            raise CannotDoError("storage_unreadable")
        ground = read_ground(step, session, on_device=DEVICE in dict(config))
        conclude(step, session, ground, _plan(step, ground, driver, config))


_OF_LUNS: Final = frozenset({"scsiid", "lunid", "targetiqn"})
"""Keys by which a driver finds a LUN (SM: LVMoFCoESR.py, LVMoISCSISR.py): nobody would have looked who uses it."""


def _refuse_luns(given: Iterable[tuple[str, str]]) -> None:
    for key, _ in given:
        if key.lower() in _OF_LUNS:
            raise CannotDoError("key_names_lun", key=key)


def _plan(step: Step, ground: Ground, driver: Driver, config: tuple[tuple[str, str], ...]) -> Plan:
    request, host = step.request, _host(step, ground.hosts)
    return Plan(
        number=request.plan_number + 1,
        pool=request.pool,
        master=ground.hosts.master.name,
        hosts=sights_of(host),
        name=unique_name(request.name or driver.name, {sr.name for sr in ground.contents.srs}),
        description="",
        sr_type=driver.type,
        content_type=CONTENT_TYPE,
        shared=host is None,
        credential=None,
        config=config,
        host=host.uuid if host else "",
        looked=driver.probes,
        not_asked=ground.used.not_asked,
    )


def _host(step: Step, hosts: Hosts) -> Host | None:
    """Give the host of storage that only one has; a pool of one host has no other."""
    request = step.request
    if is_shared(request.sr_type):
        if request.host:
            raise CannotDoError("host_not_wanted", type=request.sr_type)
        return None
    if request.host:
        return host_named(hosts, request.host)
    if len(hosts.all) > 1:
        raise CannotDoError("host_wanted", type=request.sr_type)
    return host_named(hosts, hosts.master.uuid)
