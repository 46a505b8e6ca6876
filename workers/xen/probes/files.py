"""The probes of an SR of files: what an NFS server exports, and which SRs are on a share. None changes anything.

The first answers by failing, 101 with the exports, or with nothing where showmount failed. The second lists the
folders of the share that are named by a UUID (SM: NFSSR.py, SMBSR.py, nfs.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.storage import Export, FoundSr, Reading, read_exports, read_failure, read_nfs_versions, read_srs
from workers.xen.errors import BadAnswerError, RefusedError
from workers.xen.session import PoolSession
from workers.xen.tasks import Waiting, run_task

_EXPORTS_FOLLOW: Final = 101
VERSIONS_TOO: Final = {"probeversion": ""}
"""The key of device_config that has the NFS versions listed which the server speaks (SM: NFSSR.py, PROBEVERSION)."""


@dataclass(frozen=True, slots=True)
class OnShare:
    """The SRs on a share, and the versions of NFS that its server speaks, as far as that was said."""

    srs: Reading[FoundSr]
    versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileProber:
    """Probes from one host of a pool, with a device_config of a type."""

    session: PoolSession
    waiting: Waiting
    host: str
    sr_type: str
    config: Mapping[str, str]

    def exports(self) -> Reading[Export]:
        """Ask which exports there are. Raises XenError."""
        try:
            self._probe({})
        except RefusedError as error:
            failure = read_failure(error.details)
            if failure.number == _EXPORTS_FOLLOW:
                return read_exports(failure.document)
            raise
        raise BadAnswerError(self.session.host, "SR.probe succeeded where it can't")

    def look(self, *, versions: bool = False) -> OnShare:
        """Mount the share for a moment and look which SRs are on it. Raises XenError.

        With `versions` the server is asked which it speaks, and the share is mounted with one of them.
        """
        said = self._probe(VERSIONS_TOO if versions else {})
        return OnShare(read_srs(said), read_nfs_versions(said))

    def _probe(self, more: Mapping[str, str]) -> str:
        config = {**self.config, **more}
        return run_task(self.session, self.waiting, "SR.probe", self.host, config, self.sr_type, {})
