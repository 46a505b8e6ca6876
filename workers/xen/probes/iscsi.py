"""The three probes of an iSCSI SR: which targets, which LUNs, what is on a LUN.

The first two answer by failing, with a document in the failure: 96 with the targets, 107 (87 in old releases) with
the LUNs (SM: drivers/LVHDoISCSISR.py, BaseISCSI.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from bot.request.found import Lun, Portal, Target
from bot.storage import FoundSr, Reading, read_failure, read_luns, read_srs, read_targets
from workers.xen.errors import RefusedError
from workers.xen.probes.probing import NAMES_TOO, Begun, LunProber
from workers.xen.tasks import wait_for

SR_TYPE: Final = "lvmoiscsi"

ONE_PORTAL: Final = {"multihomed": "false"}
"""A host with multipathing would log in to every portal that the target has (SM: BaseISCSI.py, multihomed)."""

_TARGETS_FOLLOW: Final = frozenset({96})
_LUNS_FOLLOW: Final = frozenset({107, 87})


@dataclass(frozen=True, slots=True)
class Chap:
    """A CHAP user, and the UUID of the XenAPI secret that holds the password; with mutual CHAP those of the array."""

    user: str
    secret: str
    incoming: Chap | None = None

    def config(self, *, of_session: bool) -> dict[str, str]:
        """Give the keys of device_config; in a discovery the array shows itself to nobody (SM: BaseISCSI.py)."""
        config = {"chapuser": self.user, "chappassword_secret": self.secret}
        if of_session and self.incoming is not None:
            config |= {
                "incoming_chapuser": self.incoming.user,
                "incoming_chappassword_secret": self.incoming.secret,
            }
        return config


@dataclass(frozen=True, slots=True)
class IscsiProber(LunProber):
    """Probes at one portal; for LUNs at one target of it.

    `multihomed` is for the SR alone: no probe goes to another portal.
    """

    portal: Portal
    chap: Chap | None = None
    iqn: str = ""
    multihomed: bool | None = None

    sr_type: ClassVar[str] = SR_TYPE

    def config(self, scsi_id: str = "") -> dict[str, str]:
        """Give the device_config, down to what is known."""
        switch = "" if self.multihomed is None or not scsi_id else str(self.multihomed).lower()
        named = {"targetIQN": self.iqn, "SCSIid": scsi_id, "multihomed": switch}
        config = {"target": self.portal.address, "port": str(self.portal.port)}
        config |= {key: value for key, value in named.items() if value}
        if self.chap is not None:
            config |= self.chap.config(of_session=bool(self.iqn))
        return config

    def targets(self) -> Reading[Target]:
        """Ask which targets the portal offers. Raises XenError."""
        with self.probing(replace(self, iqn="").config()) as task:
            return read_targets(self.failure(task, _TARGETS_FOLLOW).document)

    def luns(self) -> Reading[Lun]:
        """Log in to the target and ask for its LUNs. Raises XenError."""
        with self.probing(self.config() | ONE_PORTAL) as task:
            return read_luns(self.failure(task, _LUNS_FOLLOW).document)

    def content(self, scsi_id: str, *, names: bool = False) -> Reading[FoundSr] | None:
        with self.looking(scsi_id, names=names) as begun:
            return self.seen(begun)

    @contextmanager
    def looking(self, scsi_id: str, *, names: bool = False) -> Iterator[Begun]:
        with self.probing(self.config(scsi_id) | ONE_PORTAL, NAMES_TOO if names else None) as task:
            yield Begun(scsi_id, task)

    def seen(self, begun: Begun) -> Reading[FoundSr] | None:
        try:
            return read_srs(wait_for(self.session, self.waiting, begun.look))
        except RefusedError as error:
            if read_failure(error.details).number in _LUNS_FOLLOW:
                return None
            raise
