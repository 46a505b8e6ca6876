"""Where the pool's own record of an SR leads.

A copy of a LUN holds the same SR: a PBD may name another LUN than the one that was picked, and would be plugged there.
"""

from __future__ import annotations

from bot.request.plan import Way
from workers.xen.records import Contents, Hosts, Pbd, Sr

ISCSI_PORT = "3260"
"""What the storage manager takes where a PBD names no port (SM: BaseISCSI.py)."""

SERIAL_KEY = "devserial"
"""The key of sm_config that names the LUN of an SR, "scsi-" before its SCSIid (SM: LVHDoHBASR.py, LVHDoISCSISR.py)."""


def leading_elsewhere(contents: Contents, hosts: Hosts, uuid: str, way: Way) -> list[str]:
    """Name who leads to another LUN than the one at the end of the way."""
    srs = [sr for sr in contents.srs if sr.uuid == uuid]
    wrong = [pbd for sr in srs for pbd in contents.pbds_of(sr) if not _leads(pbd, way)]
    told = [f"the PBD of {hosts.name_of(pbd.host)}" for pbd in wrong]
    return told + ["the SR's own record" for sr in srs if not _names(sr, way.lun.scsi_id or "")]


def _leads(pbd: Pbd, way: Way) -> bool:
    config, portal = pbd.device_config, way.portal
    place = (config.get("target"), config.get("port", ISCSI_PORT))
    same_lun = (config.get("targetIQN"), config.get("SCSIid")) == (way.iqn, way.lun.scsi_id)
    return same_lun and portal is not None and place == (portal.address, str(portal.port))


def _names(sr: Sr, scsi_id: str) -> bool:
    named = sr.sm_config.get(SERIAL_KEY, "")
    return not named or scsi_id in [part.removeprefix("scsi-") for part in named.split(",")]
