"""What somebody does to the storage network from outside: `op` names one of the functions below, by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from deploy.sandbox.pool.model import CONTROL
from deploy.sandbox.pool.storage import altering
from deploy.sandbox.pool.storage.arrays import Content, array_from_json
from deploy.sandbox.pool.storage.vdis import stored_from_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.storage.disks.volumes import Medium

_MediumT = TypeVar("_MediumT", bound="Medium")


class OrderError(ValueError):
    """There is nothing of that name."""


def carry_out(model: Model, body: dict[str, Any]) -> None:
    operations = {
        "chap": chap,
        "portal": portal,
        "put_target": put_target,
        "remove_target": remove_target,
        "put_lun": put_lun,
        "remove_lun": remove_lun,
        "put_array": put_array,
        "content": content,
        "lun": lun,
        "name": name,
        "put_nfs": put_nfs,
        "put_smb": put_smb,
        "put_disk": put_disk,
        "put_vdis": put_vdis,
    }
    operations[body["op"]](model, body)


def chap(model: Model, body: dict[str, Any]) -> None:
    """`user` has `password` from now on."""
    model.files.set_chap(body["user"], body["password"])


def portal(model: Model, body: dict[str, Any]) -> None:
    """Fields of the portal at `address` of `array`: `up`, `unreachable_from`, `groups`."""
    fields = {key: value for key, value in body.items() if key not in {"op", "array"}}
    model.put_array(altering.with_portal(model.arrays[body["array"]], fields))


def put_target(model: Model, body: dict[str, Any]) -> None:
    model.put_array(altering.with_target(model.arrays[body["array"]], body["target"]))


def remove_target(model: Model, body: dict[str, Any]) -> None:
    model.put_array(altering.without_target(model.arrays[body["array"]], body["iqn"]))


def put_lun(model: Model, body: dict[str, Any]) -> None:
    model.put_array(altering.with_lun(model.arrays[body["array"]], body["iqn"], body["lun"]))


def remove_lun(model: Model, body: dict[str, Any]) -> None:
    model.put_array(altering.without_lun(model.arrays[body["array"]], body["iqn"], body["lun_id"]))


def put_array(model: Model, body: dict[str, Any]) -> None:
    model.put_array(array_from_json(body["array"]))


def content(model: Model, body: dict[str, Any]) -> None:
    """Somebody else wrote to the LUN of `scsi_id`: its `content` is another."""
    model.overwrite(_of(model.media(), body["scsi_id"]), Content(**body["content"]), CONTROL, CONTROL)


def lun(model: Model, body: dict[str, Any]) -> None:
    """`change` fields of the LUN of `scsi_id` wherever it is mapped.

    With another `scsi_id` the same disk has another identity, as after a failover of DRBD under LIO.
    """
    before, change = body["scsi_id"], body["change"]
    model.rename_content(_of(model.luns(), before), change.get("scsi_id", before))
    for array in list(model.arrays.values()):
        model.put_array(altering.with_changed_luns(array, before, change))


def name(model: Model, body: dict[str, Any]) -> None:
    model.put_name(body["name"], body["address"])


def put_nfs(model: Model, body: dict[str, Any]) -> None:
    """`server`: a new NFS server, or the fields to change in the one of that name."""
    server = body["server"]
    model.put_nfs(altering.changed_nfs(model.nfs.get(server["name"]), server))


def put_smb(model: Model, body: dict[str, Any]) -> None:
    server = body["server"]
    model.put_smb(altering.changed_smb(model.smb.get(server["name"]), server))


def put_disk(model: Model, body: dict[str, Any]) -> None:
    """`disk`: a new disk, or the fields to change in the one of that SCSIid."""
    disk = body["disk"]
    model.put_disk(altering.changed_disk(model.disks.get(disk["scsi_id"]), disk))


def put_vdis(model: Model, body: dict[str, Any]) -> None:
    """`vdis`: all that lies on the storage of the SR of `sr_uuid`; a pool learns of it at the next scan."""
    model.put_stored(body["sr_uuid"], stored_from_json(body["vdis"]))


def _of(media: Iterator[_MediumT], scsi_id: str) -> _MediumT:
    found = next((one for one in media if one.scsi_id == scsi_id), None)
    if found is None:
        message = "no LUN has that SCSIid"
        raise OrderError(message)
    return found
