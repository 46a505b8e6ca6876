"""Which LUNs serve SRs already, in the pools that we know."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from bot.request.devices import scsi_ids
from bot.request.found import Usage
from workers.troubles import CannotDoError
from workers.workplace import Workplace
from workers.xen.errors import XenError
from workers.xen.records import Contents, Pbd, Sr, read_contents

LOG = structlog.get_logger(__name__)

Others = Mapping[str, Contents | None]
"""The SRs and PBDs of pools, by name."""

_MULTIPATHED = "mpath-"
"""How the keys of a PBD's other_config begin that name its multipathed LUNs (SM: mpath_dmp.py)."""


@dataclass(frozen=True, slots=True)
class Used:
    """What is used by whom: by SCSIid, and by the UUID of the SR. `own` is the pool that a request is for."""

    own: str
    luns: dict[str, list[Usage]] = field(default_factory=dict)
    srs: dict[str, list[Usage]] = field(default_factory=dict)
    not_asked: tuple[str, ...] = ()
    """The pools that gave no answer: what they use is not known."""

    def by(self, scsi_id: str | None) -> Sequence[Usage]:
        """Give the SRs that a LUN serves."""
        return self._by_weight(self.luns.get(scsi_id, []) if scsi_id else [])

    def sr(self, uuid: str) -> Sequence[Usage]:
        """Give the pools that know an SR."""
        return self._by_weight(self.srs.get(uuid, []))

    def _by_weight(self, found: Sequence[Usage]) -> Sequence[Usage]:
        """Put first what counts most: attached anywhere, then known elsewhere."""
        return sorted(found, key=lambda usage: (usage.attached, usage.pool != self.own), reverse=True)


def ask_others(workplace: Workplace, own: str) -> Others:
    """Read what the other configured pools hold; None for one that gives no answer."""
    return {name: _contents_of(workplace, name) for name in workplace.settings.pools if name != own}


def used_in(own: str, contents: Contents, others: Others) -> Used:
    """Gather what this pool uses, and the other ones as far as they answered."""
    used = Used(own, not_asked=tuple(name for name, answer in others.items() if answer is None))
    _gather(used, own, contents)
    for name, answer in others.items():
        if answer is not None:
            _gather(used, name, answer)
    return used


def refuse_not_asked(used: Used, known: Collection[str] = ()) -> None:
    """Raise CannotDoError unless every configured pool has answered: one that didn't may use any LUN.

    `known` names those of which the approved plan says that they could not be asked.
    """
    silent = [pool for pool in used.not_asked if pool not in known]
    if silent:
        raise CannotDoError("pool_not_asked", pool=", ".join(silent))


def _contents_of(workplace: Workplace, pool: str) -> Contents | None:
    try:
        with workplace.log_in(pool) as session:
            return read_contents(session)
    except (XenError, CannotDoError) as error:
        LOG.warning("pool_not_asked", pool=pool, error=str(error))
        return None


def _gather(used: Used, pool: str, contents: Contents) -> None:
    for sr in contents.srs:
        pbds = contents.pbds_of(sr)
        usage = Usage(pool, sr.uuid, sr.name, any(pbd.attached for pbd in pbds))
        used.srs.setdefault(sr.uuid, []).append(usage)
        for scsi_id in _scsi_ids(sr, pbds):
            used.luns.setdefault(scsi_id, []).append(usage)


def _scsi_ids(sr: Sr, pbds: Iterable[Pbd]) -> Iterator[str]:
    for pbd in pbds:
        for value in pbd.device_config.values():
            yield from _names(value)
        yield from (key.removeprefix(_MULTIPATHED) for key in pbd.other_config if key.startswith(_MULTIPATHED))
    for value in sr.sm_config.values():
        yield from _names(value)


def _names(value: str) -> Iterator[str]:
    """Split a list of devices, and give each part of their paths without what udev puts around a SCSIid."""
    for part in re.split(r"[,/]", value):
        yield from scsi_ids(part) - {""}
