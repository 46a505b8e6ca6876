"""An attempt at a plan for storage that keys name: a device or folder of one host, or what a driver's keys lead to."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from bot.request.found import Usage
from bot.request.plan import Purpose
from workers.inspection.holding import leading_elsewhere
from workers.inspection.shares import sr_changed
from workers.inspection.sites import host_of, is_on_device, known_pools, refuse_out_of_bounds, srs_on, taken_by
from workers.provisioning import ownership
from workers.provisioning.attempt import Attempt, ChangedError
from workers.provisioning.listing import listed_files
from workers.usage import Others, Used, ask_others, refuse_not_asked, used_in
from workers.xen.records import Sr

Config = dict[str, str]
LIBRARY = "iso"


class SitedAttempt(Attempt[Config]):
    """One attempt at such a plan."""

    @contextlib.contextmanager
    def ready(self) -> Iterator[Config]:
        """Give the device_config; what may be used is asked anew, as the approval may be long ago."""
        refuse_out_of_bounds(self.step.workplace.settings, self.plan.config)
        yield dict(self.plan.config)

    def config(self, ready: Config) -> Config:
        return ready

    def recheck(self, ready: Config) -> None:
        """Compare what is there with what was approved. Raises ChangedError, CannotDoError, XenError, BegunError.

        The pools are read last, this one at the very end: no probe shows who has a record of the storage.
        """
        del ready
        seen = self._looked()
        others = self._others()
        if self.is_old():
            seen = self._looked()
        self.read_again()
        self.refuse_begun()
        used, taken = self._taken(others)
        changes = [*self._host_changed(), *self._leads_elsewhere(), *(taken or seen)]
        if changes:
            raise ChangedError(changes)
        refuse_not_asked(used, self.plan.not_asked)

    def recheck_records(self) -> None:
        """Compare what the pools say, where an earlier attempt has plugged it. Raises ChangedError, XenError."""
        others = self._others()
        self.read_again()
        used = used_in(self.plan.pool, ownership.of_others(self.before, self.step.request.id), others)
        elsewhere = [usage for usage in used.sr(self._approved()) if usage.pool != self.plan.pool]
        if elsewhere:
            raise ChangedError([_serves(elsewhere[0])])

    def _others(self) -> Others:
        """A device may be a LUN that other pools see, and they may have an SR that is to be attached."""
        asked = is_on_device(self.plan) or self.plan.purpose is Purpose.ATTACH
        return ask_others(self.step.workplace, self.plan.pool) if asked else {}

    def _taken(self, others: Others) -> tuple[Used, Sequence[str]]:
        """Say who uses what, and which SR the storage serves now, or who has the one that is on it."""
        before = ownership.of_others(self.before, self.step.request.id)
        used = used_in(self.plan.pool, before, others)
        usage = taken_by(self.plan, self.hosts, used, known_pools(self.plan.pool, before, others))
        attaches = self.plan.purpose is Purpose.ATTACH
        return used, [_serves(usage)] if usage else sr_changed(self.plan, used) if attaches else []

    def _leads_elsewhere(self) -> Sequence[str]:
        if self.plan.purpose is not Purpose.ATTACH:
            return []
        before = ownership.of_others(self.before, self.step.request.id)
        return [f"{what} leads elsewhere now" for what in leading_elsewhere((self.hosts, before), self.plan)]

    def _approved(self) -> str:
        """Give the UUID of the SR that is to be attached; a new one has none."""
        held = self.plan.held
        return held.uuid if held is not None and self.plan.purpose is Purpose.ATTACH else ""

    def is_there(self, ready: Config, sr: Sr) -> bool:
        """What a host has plugged is there; else it is where a look finds it. Raises XenError, CannotDoError."""
        del ready
        self.read_again()
        plugged = {pbd.host for pbd in self.before.pbds_of(sr) if pbd.attached}
        return self.maker.ref in plugged or sr.uuid in self._found()

    def settle_in(self, reference: str) -> tuple[str, ...]:
        return listed_files(self, reference) if self.plan.content_type == LIBRARY else ()

    def _looked(self) -> Sequence[str]:
        now, approved = set(self._found()), {self._approved()} - {""}
        self.looked_at = self.step.workplace.waiting.clock()
        appeared = [f"the storage now holds the SR {uuid}" for uuid in sorted(now - approved)]
        gone = sorted(approved - now) if self.plan.looked else []
        return appeared + [f"the storage no longer holds the SR {uuid}" for uuid in gone]

    def _found(self) -> Sequence[str]:
        host = host_of(self.plan, self.hosts)
        return srs_on(self.session, self.step.workplace.waiting, self.plan, host)

    def _host_changed(self) -> Sequence[str]:
        named = {sight.uuid: sight.host for sight in self.plan.hosts}
        now = {host.uuid: host.name for host in self.hosts.all}
        return [f"{name} is called {now[uuid]} now" for uuid, name in named.items() if now[uuid] != name]


def _serves(usage: Usage) -> str:
    return f'the storage now serves the SR "{usage.sr_name}" of {usage.pool} ({usage.sr_uuid})'
