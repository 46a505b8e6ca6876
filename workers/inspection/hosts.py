"""What each host of a pool sees of a LUN: from its initiator IQN to what is on the LUN.

One probe runs on each host, on all of them at the same time; xapi lets the probes of one host wait for each other.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.request.found import HostSight, Trouble
from bot.storage import FoundSr, Reading
from workers.troubles import CannotDoError, host_trouble
from workers.xen.errors import RefusedError, StillRunsError, XenError
from workers.xen.probes.iscsi import IscsiProber
from workers.xen.probes.probing import Begun, LunProber
from workers.xen.records import Host, Hosts

IN_USE: Final = "SR_DEVICE_IN_USE"
"""The host has the LUN open already, as a multipath map for instance (SM: LVHDoISCSISR.py, probe)."""

Content = Reading[FoundSr]


@dataclass(frozen=True, slots=True)
class Look:
    """What the master found on the LUN, and which hosts see it."""

    content: Content
    sights: tuple[HostSight, ...]


def refuse_initiators(hosts: Hosts) -> None:
    """Raise CannotDoError where a host has no initiator IQN, or two have the same: arrays tell hosts apart by it."""
    names: dict[str, list[str]] = defaultdict(list)
    for host in hosts.all:
        names[host.iqn].append(host.name)
    if "" in names:
        raise CannotDoError("host_iqn_missing", host=", ".join(names[""]))
    for iqn, same in names.items():
        if len(same) > 1:
            raise CannotDoError("host_iqn_duplicate", hosts=", ".join(same), iqn=iqn)


@dataclass(frozen=True, slots=True)
class Looking:
    """A look at one LUN. `probing` is on the master; `facts` and `reference` go into the troubles found."""

    probing: LunProber
    hosts: Hosts
    scsi_id: str
    facts: Mapping[str, str]
    reference: str

    def look(self) -> Look:
        """Look from every host that is enabled. Raises XenError, CannotDoError."""
        master = self.hosts.master
        others = [host for host in self.hosts.all if host.enabled and host != master]
        waiting = self.probing.waiting
        until = waiting.clock() + waiting.patience
        with contextlib.ExitStack() as stack:
            first = stack.enter_context(self.probing.looking(self.scsi_id, names=True))
            begun = [(host, stack.enter_context(self._begun(host))) for host in others]
            content = self._masters(first)
            seen = {host: self._others(host, its, content, until) for host, its in begun}
        disabled = Trouble("host_disabled", reference=self.reference)
        seen[master] = self._sight(master, None)
        return Look(content, tuple(seen.get(host) or self._sight(host, disabled) for host in self.hosts.all))

    def _begun(self, host: Host) -> contextlib.AbstractContextManager[Begun]:
        return replace(self.probing, host=host.ref).looking(self.scsi_id)

    def _masters(self, begun: Begun) -> Content:
        try:
            content = self.probing.seen(begun)
        except RefusedError as error:
            _refuse_busy(error, self.hosts.master)
            raise
        if content is None:
            raise CannotDoError("lun_gone")
        return content

    def _others(self, host: Host, begun: Begun, content: Content, until: float) -> HostSight:
        """Wait for one of the others; all of them began at the same time, and have until the same time."""
        waiting = self.probing.waiting
        left = replace(waiting, patience=max(until - waiting.clock(), 0.0))
        try:
            seen = replace(self.probing, waiting=left).seen(begun)
        except RefusedError as error:
            _refuse_busy(error, host)
            return self._blind(host, error)
        except StillRunsError as error:  # the pool answers, that host does not
            return self._blind(host, error)
        if seen is None:
            reason = "lun_not_seen" if isinstance(self.probing, IscsiProber) else "lun_not_shown"
            return self._sight(host, Trouble(reason, facts=(("host", host.name),), reference=self.reference))
        if _uuids(seen) != _uuids(content) or seen.complete != content.complete:
            raise CannotDoError("hosts_disagree", host=host.name)
        return self._sight(host, None)

    def _blind(self, host: Host, error: XenError) -> HostSight:
        return self._sight(host, host_trouble(error, self.facts, host.name, self._iqn(host), self.reference))

    def _sight(self, host: Host, why: Trouble | None) -> HostSight:
        return HostSight(host.name, self._iqn(host), host.multipathing, why is None, why, host.uuid)

    def _iqn(self, host: Host) -> str:
        """Give the name by which an array knows the host; adapters have others."""
        return host.iqn if isinstance(self.probing, IscsiProber) else ""


def _refuse_busy(error: RefusedError, host: Host) -> None:
    if error.code == IN_USE:
        raise CannotDoError("host_busy", host=host.name) from None


def _uuids(content: Content) -> Sequence[str]:
    return sorted(found.uuid for found in content.items)
