"""The three probes of an iSCSI SR: which targets, which LUNs, what is on a LUN. None of them changes anything.

The first two answer by failing, with a document in the failure: 96 with the targets, 107 (87 in old releases) with
the LUNs (SM: drivers/LVHDoISCSISR.py, BaseISCSI.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from bot.request.found import Lun, Portal, Target
from bot.storage import FoundSr, Reading, StorageFailure, read_failure, read_luns, read_srs, read_targets
from workers.xen.errors import BadAnswerError, RefusedError
from workers.xen.session import PoolSession
from workers.xen.tasks import Waiting, started_task, wait_for

SR_TYPE: Final = "lvmoiscsi"

ONE_PORTAL: Final = {"multihomed": "false"}
"""A host with multipathing would log in to every portal that the target has (SM: BaseISCSI.py, multihomed)."""

NAMES_TOO: Final = {"metadata": "true"}
"""The sm_config that has the names of SRs read as well (SM: lvutil.py, srlist_toxml)."""

_TARGETS_FOLLOW: Final = 96
_LUNS_FOLLOW: Final = frozenset({107, 87})


@dataclass(frozen=True, slots=True)
class Chap:
    """A CHAP user, and the UUID of the XenAPI secret that holds the password."""

    user: str
    secret: str


@dataclass(frozen=True, slots=True)
class Prober:
    """Probes on one host of a pool, at one portal."""

    session: PoolSession
    waiting: Waiting
    host: str
    portal: Portal
    chap: Chap | None

    def config(self, iqn: str | None = None, scsi_id: str | None = None) -> dict[str, str]:
        """Give the device_config: texts only, and no key that is not known (unknown ones are silently ignored)."""
        config = {"target": self.portal.address, "port": str(self.portal.port)}
        if iqn is not None:
            config["targetIQN"] = iqn
        if scsi_id is not None:
            config["SCSIid"] = scsi_id
        if self.chap is not None:
            config |= {"chapuser": self.chap.user, "chappassword_secret": self.chap.secret}
        return config

    def targets(self) -> Reading[Target]:
        """Ask which targets the portal offers. Raises XenError."""
        failure = self._failing(self.config(), frozenset({_TARGETS_FOLLOW}))
        return read_targets(failure.document)

    def luns(self, iqn: str) -> Reading[Lun]:
        """Log in to a target and ask for its LUNs. Raises XenError."""
        failure = self._failing(self.config(iqn) | ONE_PORTAL, _LUNS_FOLLOW)
        return read_luns(failure.document)

    def content(self, iqn: str, scsi_id: str, *, names: bool = False) -> Reading[FoundSr] | None:
        """Look for SRs on a LUN; None where the LUN can't be seen. Raises XenError.

        Only a complete reading without items means that there is none; data of others is not seen at all.
        """
        with self.looking(iqn, scsi_id, names=names) as task:
            return self.seen(task)

    @contextmanager
    def looking(self, iqn: str, scsi_id: str, *, names: bool = False) -> Iterator[str]:
        """Begin to look for SRs on a LUN, and give the task; it is destroyed at the end. Raises XenError."""
        config = self.config(iqn, scsi_id) | ONE_PORTAL
        with started_task(self.session, "SR.probe", self.host, config, SR_TYPE, NAMES_TOO if names else {}) as task:
            yield task

    def seen(self, task: str) -> Reading[FoundSr] | None:
        """Wait for a look that was begun; as `content`."""
        try:
            return read_srs(wait_for(self.session, self.waiting, task))
        except RefusedError as error:
            if read_failure(error.details).number in _LUNS_FOLLOW:
                return None
            raise

    def _failing(self, config: dict[str, str], wanted: frozenset[int]) -> StorageFailure:
        try:
            with started_task(self.session, "SR.probe", self.host, config, SR_TYPE, {}) as task:
                wait_for(self.session, self.waiting, task)
        except RefusedError as error:
            failure = read_failure(error.details)
            if failure.number in wanted:
                return failure
            raise
        raise BadAnswerError(self.session.host, "SR.probe succeeded where it can't")
