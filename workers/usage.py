"""Which LUNs serve SRs already, in the pools that we know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import structlog

from bot.request.model import Usage
from workers.troubles import CannotDoError
from workers.workplace import Workplace
from workers.xen.errors import XenError
from workers.xen.records import Contents, Pbd, Sr, read_contents

LOG = structlog.get_logger(__name__)

_LUN_KEYS = ("SCSIid", "device")
_BY_ID = "scsi-"
"""How udev names a disk by its SCSIid, as device_config and sm_config keep it."""

_PARTITION = re.compile(r"-part[0-9]+\Z")


@dataclass(frozen=True, slots=True)
class Used:
    """What is used by whom: by SCSIid, and by the UUID of the SR."""

    luns: dict[str, Usage]
    srs: dict[str, Usage]
    not_asked: tuple[str, ...] = ()
    """The pools that gave no answer: what they use is not known."""

    def by(self, scsi_id: str | None) -> Usage | None:
        """Give the SR that a LUN serves."""
        return self.luns.get(scsi_id) if scsi_id else None


def used_in(workplace: Workplace, own: str, contents: Contents) -> Used:
    """Gather what this pool uses and, where they answer, the other configured ones."""
    others = {name: _contents_of(workplace, name) for name in workplace.settings.pools if name != own}
    used = Used({}, {}, tuple(name for name, answer in others.items() if answer is None))
    for name, answer in others.items():
        if answer is not None:
            _gather(used, name, answer)
    _gather(used, own, contents)
    return used


def refuse_not_asked(used: Used) -> None:
    """Raise CannotDoError unless every configured pool has answered: one that didn't may use any LUN."""
    if used.not_asked:
        raise CannotDoError("pool_not_asked", pool=", ".join(used.not_asked))


def _contents_of(workplace: Workplace, pool: str) -> Contents | None:
    try:
        with workplace.log_in(pool) as session:
            return read_contents(session)
    except (XenError, CannotDoError) as error:
        LOG.warning("pool_not_asked", pool=pool, error=str(error))
        return None


def _gather(used: Used, pool: str, contents: Contents) -> None:
    for sr in contents.srs:
        usage = Usage(pool, sr.uuid, sr.name)
        used.srs[sr.uuid] = usage
        for scsi_id in _scsi_ids(sr, contents.pbds_of(sr)):
            used.luns[scsi_id] = usage


def _scsi_ids(sr: Sr, pbds: Iterable[Pbd]) -> Iterator[str]:
    for pbd in pbds:
        for key in _LUN_KEYS:
            yield from _names(pbd.device_config.get(key, ""))
    for value in sr.sm_config.values():
        yield from _names(value)


def _names(value: str) -> Iterator[str]:
    """Split a list of devices, and give each by its last part without what udev puts around it."""
    for part in value.split(","):
        name = _PARTITION.sub("", part.strip().rpartition("/")[2].removeprefix(_BY_ID))
        if name:
            yield name
