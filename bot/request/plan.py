"""What will be done, exactly: frozen data, approved by its digest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from bot.request.devices import scsi_ids
from bot.request.found import HeldSr, HostSight, Losses, Lun, Portal, Target, Usage
from bot.request.spelling import one_spelling


class Purpose(StrEnum):
    """What is to be done about storage. The last ones are about an SR that a pool knows."""

    CREATE = "create"  # a new SR, on a LUN that holds none
    ATTACH = "attach"  # the SR that the LUN holds, as it is
    FORMAT = "format"  # a new SR over the one that the LUN holds
    SCAN = "scan"
    REPAIR = "repair"  # a PBD for each host, and each of them plugged
    RENAME = "rename"
    DEFAULT = "default"  # where the pool puts new disks
    DETACH = "detach"  # every PBD unplugged
    FORGET = "forget"  # the pool's records go, what is on the storage stays
    DESTROY = "destroy"  # what is on the storage goes too


class Service(StrEnum):
    """What a pool uses an SR for by itself (XenAPI: the pool's default_SR, suspend_image_SR and crash_dump_SR)."""

    NEW_DISKS = "new disks"
    SUSPENDED_VMS = "the memory of VMs that are suspended"
    CRASH_DUMPS = "crash dumps"


MANAGING: Final = frozenset(
    {
        Purpose.SCAN,
        Purpose.REPAIR,
        Purpose.RENAME,
        Purpose.DEFAULT,
        Purpose.DETACH,
        Purpose.FORGET,
        Purpose.DESTROY,
    }
)
"""What is done to an SR that a pool knows."""

REMOVING: Final = frozenset({Purpose.DETACH, Purpose.FORGET, Purpose.DESTROY})
"""What takes an SR away from the VMs."""


@dataclass(frozen=True, slots=True)
class Way:
    """How the hosts get to a LUN: they log in at a portal of its target. By Fibre Channel there is neither.

    `multihomed`: whether they log in at all portals; None leaves that to the multipathing of each host. `mutual`: the
    array has to show itself too (mutual CHAP). `targets`: they log in to all of these, wherever they are offered.
    """

    lun: Lun
    portal: Portal | None = None
    iqn: str = ""
    multihomed: bool | None = None
    mutual: bool = False
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Exactly what will be done. What is approved is this, by its digest.

    `held` is the SR that the LUN holds: it is attached, or it dies; or the one that is managed, under the name that it
    has now, `attached` to these hosts, with `losses` for what goes with it. `known`: the pool has a record of it
    already. `config` is the device_config of storage that is no LUN, without passwords. `host` is the UUID of the only
    host that has an SR which is not shared, `beside` are the other SRs on the same share. `not_asked` names the pools
    that could not say whether they use it, `accepted` the hosts that don't see the LUN and shall be left behind.
    `looked`: SRs on it would have been seen, where its driver can look before. `serves`: what the pool uses the SR for
    that goes with it. `disks` are those of a host that a managed SR is on, by their SCSIids.
    `listed`: its host lists the device that it is on, as far as XenAPI tells.
    """

    number: int
    pool: str
    master: str
    hosts: tuple[HostSight, ...]
    name: str
    description: str
    sr_type: str
    content_type: str
    shared: bool
    credential: str | None
    way: Way | None = None
    purpose: Purpose = Purpose.CREATE
    held: HeldSr | None = None
    known: bool = False
    not_asked: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    config: tuple[tuple[str, str], ...] = ()
    attached: tuple[str, ...] = ()
    losses: Losses | None = None
    host: str = ""
    beside: tuple[Usage, ...] = ()
    looked: bool = True
    serves: tuple[Service, ...] = ()
    disks: tuple[str, ...] = ()
    listed: bool = True

    @property
    def lun(self) -> Lun | None:
        """The LUN that it is about, if it is about one."""
        return self.way.lun if self.way else None

    @property
    def scsi_id(self) -> str:
        """The SCSIid of that LUN; empty where there is none."""
        return (self.way.lun.scsi_id or "") if self.way else ""

    @property
    def dies(self) -> HeldSr | None:
        """The SR that is lost when the plan runs."""
        return self.held if self.purpose in {Purpose.FORMAT, Purpose.DESTROY} else None

    @property
    def blind(self) -> tuple[str, ...]:
        """The hosts that don't see the LUN."""
        return tuple(sight.host for sight in self.hosts if not sight.sees)

    @property
    def needs_override(self) -> bool:
        """Whether somebody has to approve it who may override."""
        return self.purpose is Purpose.FORMAT or bool(self.not_asked)

    @property
    def runs_on(self) -> str:
        """What no two plans may run on at the same time: a LUN, an SR without one, a share, a device of a host."""
        if self.scsi_id or self.held:
            return self.scsi_id or (self.held.uuid if self.held else "")
        return " ".join(sorted(self._devices)) or self._place

    @property
    def _devices(self) -> frozenset[str]:
        """The disks that become an SR, or are one, by their SCSIids: other hosts and other names lead to the same."""
        config = dict(self.config)
        return scsi_ids(config["device"]) if "device" in config else frozenset()

    @property
    def _place(self) -> str:
        config = dict(self.config)
        places = [one_spelling(key, config[key]) for key in _PLACES if key in config] or list(config.values())
        return " ".join(filter(None, [self.host, *places]))

    @property
    def occupies(self) -> frozenset[str]:
        """Everything of which no two plans may have any in common while they run: each disk of a list counts.

        An SR counts by its UUID beside what it is on: a pool may have a record of it that leads nowhere.
        """
        held = self.held.uuid if self.held else ""
        place = "" if self._devices else self._place
        return frozenset(filter(None, [self.scsi_id, held, place, *self._devices, *self.disks]))

    @property
    def to_type(self) -> str:
        """What people type to show that they mean it: the end of the LUN's SCSIid, or the SR's name; often nothing.

        Of an SR whose name can't be typed it is the UUID.
        """
        if self.purpose is Purpose.FORMAT:
            return to_type(self.lun)
        if self.purpose is not Purpose.DESTROY or self.held is None:
            return ""
        return self.held.name if _typeable(self.held.name) else self.held.uuid


_PLACES: Final = ("server", "serverpath", "location")
"""The keys of device_config that say where the storage is."""

_LONGEST_TYPED: Final = 150

TYPED_CHARACTERS: Final = 6
"""How much of a SCSIid is typed by those who let an SR die."""


def _typeable(name: str) -> bool:
    """Whether people can type what they see."""
    return 0 < len(name) <= _LONGEST_TYPED and name.isprintable() and name == " ".join(name.split())


def to_type(lun: Lun | None) -> str:
    """Give the end of the SCSIid, which people type to show that they mean this LUN."""
    return ((lun.scsi_id if lun else None) or "")[-TYPED_CHARACTERS:]


def digest(plan: Plan) -> str:
    """SHA-256 in hex over the plan's canonical JSON."""
    canonical = json.dumps(asdict(plan), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
