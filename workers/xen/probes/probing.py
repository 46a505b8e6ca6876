"""A look at LUNs from one host of a pool: which there are, and what is on one. No probe changes anything.

Which LUNs there are is answered by failing, with a document in the failure (SM: drivers/LVHDoISCSISR.py,
LVHDoHBASR.py).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import ClassVar, Final

from bot.request.found import Lun
from bot.storage import FoundSr, Reading, StorageFailure, read_failure
from workers.xen.errors import BadAnswerError, RefusedError
from workers.xen.session import PoolSession
from workers.xen.tasks import Waiting, started_task, wait_for

NAMES_TOO: Final = {"metadata": "true"}
"""The sm_config that has the names of SRs read as well (SM: lvutil.py, srlist_toxml)."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A look at a LUN that was begun: its task, and where that tells too little, the one that lists the LUNs."""

    scsi_id: str
    look: str
    listing: str = ""


@dataclass(frozen=True, slots=True)
class LunProber(ABC):
    """Probes on one host of a pool."""

    session: PoolSession
    waiting: Waiting
    host: str

    sr_type: ClassVar[str]

    @abstractmethod
    def config(self, scsi_id: str = "") -> dict[str, str]:
        """Give the device_config: texts only, and no key that is not known (unknown ones are silently ignored)."""

    @abstractmethod
    def luns(self) -> Reading[Lun]:
        """Ask which LUNs there are. Raises XenError."""

    @abstractmethod
    def looking(self, scsi_id: str, *, names: bool = False) -> AbstractContextManager[Begun]:
        """Begin to look for SRs on a LUN; the tasks are destroyed at the end. Raises XenError."""

    @abstractmethod
    def seen(self, begun: Begun) -> Reading[FoundSr] | None:
        """Wait for a look that was begun; None where the host doesn't see the LUN. Raises XenError.

        Only a complete reading without items means that there is no SR; data of others is not seen at all.
        """

    @abstractmethod
    def content(self, scsi_id: str, *, names: bool = False) -> Reading[FoundSr] | None:
        """Look for SRs on a LUN of which it is known that the host sees it; None where it doesn't any more."""

    @contextmanager
    def probing(self, config: dict[str, str], sm_config: dict[str, str] | None = None) -> Iterator[str]:
        """Begin a probe, and give its task. Raises XenError."""
        with started_task(self.session, "SR.probe", self.host, config, self.sr_type, sm_config or {}) as task:
            yield task

    def failure(self, task: str, wanted: frozenset[int]) -> StorageFailure:
        """Wait for a probe that answers by failing. Raises XenError."""
        try:
            wait_for(self.session, self.waiting, task)
        except RefusedError as error:
            failure = read_failure(error.details)
            if failure.number in wanted:
                return failure
            raise
        raise BadAnswerError(self.session.host, "SR.probe succeeded where it can't")
