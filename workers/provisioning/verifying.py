"""Whether every host sees an SR; where one does not, its own error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.request.model import HostPbd, Outcome, Plan, SrEntry, Trouble
from bot.storage import xe_host
from workers.troubles import host_trouble
from workers.xen.errors import SessionLostError, XenError
from workers.xen.records import Contents, Host, Hosts, Pbd, Sr
from workers.xen.session import PoolSession
from workers.xen.tasks import Waiting, run_task


@dataclass(frozen=True, slots=True)
class Verifier:
    """Checks the PBDs of an SR. `facts` and `reference` go into the troubles found."""

    session: PoolSession
    waiting: Waiting
    hosts: Hosts
    facts: Mapping[str, str]
    reference: str

    def outcome(self, sr: Sr, contents: Contents) -> Outcome:
        """Say what stands on the pool; each PBD that is not plugged is plugged, for its real error."""
        pbds = contents.pbds_of(sr)
        seen = tuple(self._see(host, pbds) for host in self.hosts.all)
        return Outcome(self._entry(sr, pbds), seen)

    def _see(self, host: Host, pbds: tuple[Pbd, ...]) -> HostPbd:
        pbd = next((pbd for pbd in pbds if pbd.host == host.ref), None)
        if pbd is None:
            trouble = Trouble("pbd_missing", "", (("host", host.name),), self.reference)
            return HostPbd(host.name, attached=False, iqn=host.iqn, trouble=trouble)
        refused = None if pbd.attached else self._plug(host, pbd)
        return HostPbd(host.name, refused is None, host.iqn, refused)

    def _plug(self, host: Host, pbd: Pbd) -> Trouble | None:
        # SR.create succeeds although a host could not attach, and keeps that host's error to itself.
        try:
            self._plugged(pbd)
        except XenError as error:
            return host_trouble(error, self.facts, host.name, host.iqn, self.reference)
        return None

    def _plugged(self, pbd: Pbd) -> None:
        """Plug; a session that was lost before is one host's bad luck and not all the others' after it."""
        try:
            run_task(self.session, self.waiting, "PBD.plug", pbd.ref)
        except SessionLostError:
            self.session.renew()
            run_task(self.session, self.waiting, "PBD.plug", pbd.ref)

    def _entry(self, sr: Sr, pbds: tuple[Pbd, ...]) -> SrEntry:
        column = xe_host([self.hosts.name_of(pbd.host) for pbd in pbds])
        return SrEntry(sr.uuid, sr.name, sr.description, column, sr.type, sr.content_type)


def facts_of_sr(plan: Plan, sr: Sr) -> dict[str, str]:
    """What the sentence of a host's trouble may name."""
    named = {"sr_name": sr.name, "sr_uuid": sr.uuid, "address": plan.portal.address, "pool": plan.pool}
    return {**named, "credential": plan.credential or ""}
