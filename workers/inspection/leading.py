"""Where the pool's own record of an SR leads.

A copy of a LUN holds the same SR: a PBD may name another LUN than the one that was picked, and would be plugged there.
"""

from __future__ import annotations

from typing import Final

from bot.request.plan import Way
from workers.xen.probes import adapters, iscsi
from workers.xen.records import Contents, Hosts, Pbd, Sr

ISCSI_PORT: Final = "3260"
"""What the storage manager takes where a PBD names no port (SM: BaseISCSI.py)."""

SERIAL_KEY: Final = "devserial"
"""The key of sm_config that names the LUN of an SR, "scsi-" before its SCSIid (SM: LVHDoHBASR.py, LVHDoISCSISR.py)."""

_SAME_TYPES: Final = {"lvhdoiscsi": iscsi.SR_TYPE, "lvhdohba": adapters.SR_TYPE}
"""By these names the same drivers go too."""


def type_of(way: Way) -> str:
    """Give the type of an SR on a LUN that is reached so."""
    return adapters.SR_TYPE if way.portal is None else iscsi.SR_TYPE


def leading_elsewhere(contents: Contents, hosts: Hosts, uuid: str, way: Way) -> list[str]:
    """Name who leads to another LUN than the one at the end of the way."""
    srs = [sr for sr in contents.srs if sr.uuid == uuid]
    wrong = [pbd for sr in srs for pbd in contents.pbds_of(sr) if not _leads(pbd, way)]
    told = [f"the PBD of {hosts.name_of(pbd.host)}" for pbd in wrong]
    return told + ["the SR's own record" for sr in srs if not _names(sr, way)]


def _leads(pbd: Pbd, way: Way) -> bool:
    config, portal = pbd.device_config, way.portal
    if portal is None:
        return config.get("SCSIid") == way.lun.scsi_id and "targetIQN" not in config
    place = (config.get("target"), config.get("port", ISCSI_PORT))
    same_lun = (config.get("targetIQN"), config.get("SCSIid")) == (way.iqn, way.lun.scsi_id)
    same_switch = way.multihomed is None or config.get("multihomed") == str(way.multihomed).lower()
    return same_lun and same_switch and place == (portal.address, str(portal.port))


def _names(sr: Sr, way: Way) -> bool:
    """An array can show the same LUN by Fibre Channel and by iSCSI: then the type tells the ways apart."""
    if _SAME_TYPES.get(sr.type, sr.type) != type_of(way):
        return False
    named = sr.sm_config.get(SERIAL_KEY, "")
    return not named or way.lun.scsi_id in [part.removeprefix("scsi-") for part in named.split(",")]
