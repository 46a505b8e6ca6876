"""A host's multipath maps, and the path by which it knows a LUN.

Source: sm: mpath_dmp.py, mpath_cli.py; the storage manager looks at the host's other_config in every release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model


def multipathing(model: Model, host: str) -> bool:
    return bool(model.objects.get("host", host)["other_config"].get("multipathing") == "true")


def device_path(model: Model, host: str, scsi_id: str) -> str:
    if multipathing(model, host):
        return f"/dev/mapper/{scsi_id}"
    return f"/dev/disk/by-id/scsi-{scsi_id}"


def map_exists(model: Model, host: str, scsi_id: str) -> bool:
    """Whether a map is on the LUN already, be it one of an SR that the host has plugged."""
    if scsi_id in model.conditions[host].maps:
        return True
    pbds = model.pbds_of(host=host).values()
    attached = any(pbd["currently_attached"] and pbd["device_config"].get("SCSIid") == scsi_id for pbd in pbds)
    return attached and multipathing(model, host)
