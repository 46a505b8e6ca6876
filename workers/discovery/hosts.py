"""The hosts of a pool, one of which has the storage that is asked for."""

from __future__ import annotations

from bot.ledger.store import NewFinding, new_id
from bot.request import events as e
from bot.request.found import Finding, Place
from bot.request.placing import picked
from workers.inspection.local import type_of
from workers.inspection.supported import refuse_undriven
from workers.steps import Step
from workers.xen.records import Host, Hosts, read_hosts


def discover_hosts(step: Step) -> None:
    """Find the hosts of the pool; the only one is picked. Raises XenError, CannotDoError, SupersededError."""
    step.progress("looking at the pool")
    with step.workplace.log_in(step.request.pool) as session:
        refuse_undriven(session, step.request.pool, type_of(step.request))
        hosts = read_hosts(session, step.workplace.master_of(session))
    rows = tuple(_row(hosts, host) for host in hosts.all)
    finding = Finding(new_id(), len(rows))
    found: list[e.Event] = [e.PlacesFound(at=step.now, step=step.number, finding=finding)]
    if len(rows) == 1:
        found.append(picked(step.request, rows[0], step.now))
    step.commit(found, NewFinding(finding, rows))


def _row(hosts: Hosts, host: Host) -> Place:
    told = ["pool master"] if host == hosts.master else []
    return Place(host.uuid, host.name, ", ".join([*told, *([] if host.enabled else ["in maintenance, or not up"])]))
