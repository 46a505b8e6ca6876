"""Whether every host sees an SR; where one does not, its own error."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from bot.request.found import Trouble
from bot.request.model import HostPbd, Outcome, SrEntry
from bot.request.plan import Plan
from bot.storage import xe_host
from workers.troubles import host_trouble
from workers.xen.errors import RefusedError, SessionLostError, XenError
from workers.xen.records import Contents, Host, Hosts, Pbd, Sr, concerned
from workers.xen.session import PoolSession
from workers.xen.tasks import PLUG, Waiting, started_task, wait_for

PBD_EXISTS: Final = "PBD_EXISTS"
"""xapi makes the PBDs of a host that starts (xapi: create_storage.ml)."""


@contextlib.contextmanager
def told_by(host: Host, refused: dict[str, XenError]) -> Iterator[None]:
    """Keep what one host is refused for its own trouble. A PBD that xapi was faster to make is none."""
    try:
        yield
    except SessionLostError:
        raise
    except RefusedError as error:
        if error.code != PBD_EXISTS:
            refused[host.ref] = error


@dataclass(frozen=True, slots=True)
class Verifier:
    """Checks the PBDs of an SR. `facts` and `reference` go into the troubles found.

    `refused` is what a host was refused before, by its reference: why it has no PBD.
    """

    session: PoolSession
    waiting: Waiting
    hosts: Hosts
    facts: Mapping[str, str]
    reference: str
    refused: Mapping[str, XenError] = field(default_factory=dict)

    def outcome(self, sr: Sr, contents: Contents) -> Outcome:
        """Say what stands on the pool; each PBD that is not plugged is plugged, for its real error."""
        pbds = contents.pbds_of(sr)
        errors = self._plug_all(pbd for pbd in pbds if not pbd.attached)
        by_host = {pbd.host: pbd for pbd in pbds}
        seen = tuple(self._see(host, by_host.get(host.ref), errors) for host in concerned(self.hosts.all, sr, pbds))
        return Outcome(self._entry(sr, pbds), seen)

    def _plug_all(self, pbds: Iterable[Pbd]) -> dict[str, XenError]:
        """Plug all at the same time, since each may take minutes to fail; gives what went wrong, by PBD.

        SR.create succeeds although a host could not attach, and keeps that host's error to itself.
        """
        errors: dict[str, XenError] = {}
        until = self.waiting.clock() + self.waiting.patience
        with contextlib.ExitStack() as stack:
            begun: dict[str, str] = {}
            for pbd in pbds:
                try:
                    begun[pbd.ref] = self._begun(stack, pbd)
                except XenError as error:
                    errors[pbd.ref] = error
            for ref, task in begun.items():
                try:
                    wait_for(self.session, self._left(until), task)
                except XenError as error:
                    errors[ref] = error
        return errors

    def _begun(self, stack: contextlib.ExitStack, pbd: Pbd) -> str:
        """Begin to plug; a session that was lost before is one host's bad luck and not all the others' after it."""
        try:
            return stack.enter_context(started_task(self.session, PLUG, pbd.ref))
        except SessionLostError:
            self.session.renew()
            return stack.enter_context(started_task(self.session, PLUG, pbd.ref))

    def _left(self, until: float) -> Waiting:
        return replace(self.waiting, patience=max(until - self.waiting.clock(), 0.0))

    def _see(self, host: Host, pbd: Pbd | None, errors: Mapping[str, XenError]) -> HostPbd:
        error = errors.get(pbd.ref) if pbd else self.refused.get(host.ref)
        trouble = None
        if error is not None:
            trouble = host_trouble(error, self.facts, host.name, host.iqn, self.reference)
        elif pbd is None:
            trouble = Trouble("pbd_missing", "", (("host", host.name),), self.reference)
        return HostPbd(host.name, trouble is None, host.iqn, trouble)

    def _entry(self, sr: Sr, pbds: tuple[Pbd, ...]) -> SrEntry:
        column = xe_host([self.hosts.name_of(pbd.host) for pbd in pbds])
        return SrEntry(sr.uuid, sr.name, sr.description, column, sr.type, sr.content_type)


def _address(plan: Plan) -> str:
    config = dict(plan.config)
    if plan.way is not None and plan.way.portal is not None:
        return plan.way.portal.address
    return config.get("server") or config.get("location") or ""


def facts_of_sr(plan: Plan, sr: Sr) -> dict[str, str]:
    """What the sentence of a host's trouble may name."""
    named = {"sr_name": sr.name, "sr_uuid": sr.uuid, "address": _address(plan), "pool": plan.pool}
    return {**named, "credential": plan.credential or ""}
