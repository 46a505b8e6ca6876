"""Which driver answers for a type, and what those say that have nothing behind them yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.sandbox.pool.storage import create as lvmoiscsi
from deploy.sandbox.pool.storage import documents, errors, probe
from deploy.sandbox.pool.storage.drivers import ALIASES, drivers_of
from deploy.sandbox.pool.storage.errors import StorageError
from deploy.sandbox.pool.wire import ApiFailureError

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.storage.create import Created, NewSr

_ISCSI = "lvmoiscsi"


def driver_type(model: Model, sr_type: str) -> str:
    """The driver's own name; SR_UNKNOWN_DRIVER where the pool has none."""
    if sr_type not in drivers_of(model.flavour):
        code = "SR_UNKNOWN_DRIVER"
        raise ApiFailureError(code, sr_type)
    return ALIASES.get(sr_type, sr_type)


async def probe_any(model: Model, host: str, config: dict[str, str], kind: tuple[str, dict[str, str]]) -> str:
    """A probe by (type, sm_config)."""
    name, sm_config = driver_type(model, kind[0]), kind[1]
    if "SR_PROBE" not in drivers_of(model.flavour)[name].features:
        code, text = "SR_BACKEND_FAILURE", "Operation 'sr_probe' not supported by this SR type"
        raise ApiFailureError(code, text, "", "")
    if name == _ISCSI:
        return await probe.probe(model, host, config, sm_config)
    raise nothing_there(model, name, config)


async def create_any(model: Model, host: str, config: dict[str, str], sr: NewSr, sr_type: str) -> Created:
    name = driver_type(model, sr_type)
    if name == _ISCSI:
        return await lvmoiscsi.create(model, host, config, sr)
    raise nothing_there(model, name, config)


def nothing_there(model: Model, name: str, config: dict[str, str]) -> StorageError:
    """What a driver says of storage that doesn't exist."""
    if name == "nfs":
        return StorageError(errors.NFS_TARGET if config.get("server") else errors.SERVER_MISSING)
    if name == "lvmohba":
        document = documents.Layout(model.flavour.padded_xml).document("Devlist", [])
        return StorageError(model.flavour.unnamed_hba, printed=document + "\n")
    if name in {"lvm", "ext"}:
        return StorageError(errors.DEVICE_INVALID if config.get("device") else errors.DEVICE_MISSING)
    if name == "iso":
        opterr = "mount failed with return code 32"
        return (
            StorageError(errors.ISO_MOUNT, opterr) if config.get("location") else StorageError(errors.LOCATION_MISSING)
        )
    if name == "smb":
        return _no_share(model, config)
    return StorageError(errors.UNIMPLEMENTED)


def _no_share(model: Model, config: dict[str, str]) -> StorageError:
    """Without the licence nothing else is looked at."""
    if model.flavour.smb_needs_licence:
        return StorageError(errors.NO_SMB_LICENSE)
    return StorageError(errors.SMB_MOUNT if config.get("server") else errors.SERVER_MISSING)
