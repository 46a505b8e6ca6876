"""Which driver answers for a type.

`iscsi` has lvmoiscsi, `disks` lvmohba, lvm, ext, xfs and largeblock, `files` nfs, smb, iso, zfs and the clusters;
the others have nothing behind them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from deploy.sandbox.pool.network import driving
from deploy.sandbox.pool.network.files import looking
from deploy.sandbox.pool.storage import errors
from deploy.sandbox.pool.storage.disks import hba
from deploy.sandbox.pool.storage.disks.local import LocalDriver
from deploy.sandbox.pool.storage.drivers import ALIASES, drivers_of
from deploy.sandbox.pool.storage.errors import StorageError
from deploy.sandbox.pool.storage.files import iso, nfs, smb, zfs
from deploy.sandbox.pool.storage.files.clusters import ClusterDriver
from deploy.sandbox.pool.storage.iscsi import create as iscsi
from deploy.sandbox.pool.storage.iscsi import probe as iscsi_probe
from deploy.sandbox.pool.wire import ApiFailureError

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.state.objects import Record
    from deploy.sandbox.pool.storage.srs import Created, NewSr
    from deploy.sandbox.pool.storage.vdis import StoredVdi

Config: TypeAlias = dict[str, str]


@dataclass(frozen=True, slots=True)
class Operations:
    """What a driver does, on a host with a device_config; a StorageError says why it can't."""

    create: Callable[[Model, str, Config, NewSr], Awaitable[Created]]
    attach: Callable[[Model, str, Config, NewSr], Awaitable[Created]]
    destroy: Callable[[Model, str, Config, NewSr], Awaitable[None]]
    is_there: Callable[[Model, str, Config], bool]
    """Whether what the config names is described at all."""
    probe: Callable[[Model, str, Config, Config], Awaitable[str]] | None = None
    """By device_config and sm_config."""


_IMAGES = "iso"
_LVM, _EXT, _LARGE = LocalDriver("sr"), LocalDriver("local-ext"), LocalDriver("local-largeblock")
_CEPH, _GLUSTER = ClusterDriver("cephfs", "CephFS"), ClusterDriver("glusterfs", "GlusterFS")
_MOOSE = ClusterDriver("moosefs", "MooseFS")
_OPERATIONS: Mapping[str, Operations] = MappingProxyType(
    {
        "lvmoiscsi": Operations(iscsi.create, iscsi.attach, iscsi.destroy, iscsi.is_there, iscsi_probe.probe),
        "lvmohba": Operations(hba.create, hba.attach, hba.destroy, hba.is_there, hba.probe),
        "lvm": Operations(_LVM.create, _LVM.attach, _LVM.destroy, _LVM.is_there, _LVM.probe),
        "ext": Operations(_EXT.create, _EXT.attach, _EXT.destroy, _EXT.is_there, _EXT.probe),
        "xfs": Operations(_EXT.create, _EXT.attach, _EXT.destroy, _EXT.is_there, _EXT.probe),
        "largeblock": Operations(_LARGE.create, _LARGE.attach, _LARGE.destroy, _LARGE.is_there, _LARGE.probe),
        "zfs": Operations(zfs.create, zfs.attach, zfs.destroy, zfs.is_there),
        "cephfs": Operations(_CEPH.create, _CEPH.attach, _CEPH.destroy, _CEPH.is_there, _CEPH.probe),
        "glusterfs": Operations(_GLUSTER.create, _GLUSTER.attach, _GLUSTER.destroy, _GLUSTER.is_there, _GLUSTER.probe),
        "moosefs": Operations(_MOOSE.create, _MOOSE.attach, _MOOSE.destroy, _MOOSE.is_there, _MOOSE.probe),
        "nfs": Operations(nfs.create, nfs.attach, nfs.destroy, nfs.is_there, nfs.probe),
        "smb": Operations(smb.create, smb.attach, smb.destroy, smb.is_there, smb.probe),
        "iso": Operations(iso.create, iso.attach, iso.destroy, iso.is_there),
    }
)


def driver_type(model: Model, sr_type: str) -> str:
    """The driver's own name; SR_UNKNOWN_DRIVER where the pool has none."""
    if sr_type not in drivers_of(model.flavour):
        code = "SR_UNKNOWN_DRIVER"
        raise ApiFailureError(code, sr_type)
    return ALIASES.get(sr_type, sr_type)


def operations_of(sr_type: str) -> Operations | None:
    """The driver's operations, if it has anything behind it."""
    return _OPERATIONS.get(ALIASES.get(sr_type, sr_type))


async def probe_any(model: Model, host: str, config: Config, kind: tuple[str, Config]) -> str:
    """A probe by (type, sm_config)."""
    name, sm_config = driver_type(model, kind[0]), kind[1]
    probe = _known(name).probe if "SR_PROBE" in drivers_of(model.flavour)[name].features else None
    if probe is None:
        code, text = "SR_BACKEND_FAILURE", "Operation 'sr_probe' not supported by this SR type"
        raise ApiFailureError(code, text, "", "")
    if model.network is not None:
        return await driving.probe(model.network, model, host, config, name)
    return await probe(model, host, config, sm_config)


async def create_any(model: Model, host: str, config: Config, sr: NewSr, sr_type: str) -> Created:
    _must_be_simulated(model)
    return await _known(driver_type(model, sr_type)).create(model, host, config, sr)


async def attach_any(model: Model, host: str, config: Config, sr: NewSr, sr_type: str) -> Created | None:
    """None for what was there from the start and whose storage nobody has described: it is taken to be there."""
    _must_be_simulated(model)
    name = driver_type(model, sr_type)
    if sr.uuid in model.assumed:
        await model.delays.spend(model.delays.plug)
        return None
    return await _known(name).attach(model, host, config, sr)


async def looked_at(model: Model, config: Config, sr: Record) -> tuple[StoredVdi, ...] | None:
    """The images that really are in a library; None where the storage is simulated, or holds none."""
    if model.network is None or sr["type"] != _IMAGES:
        return None
    return await looking.images(model.network, model, config)


def scan_any(model: Model, host: str, config: Config, sr: Record) -> tuple[StoredVdi, ...]:
    """The disks on an SR's storage; of a library its images, as the host sees them."""
    if sr["type"] == _IMAGES and sr["uuid"] not in model.assumed:
        return iso.images(model, host, config)
    return model.stored.get(sr["uuid"], ())


async def destroy_any(model: Model, host: str, config: Config, sr: NewSr, sr_type: str) -> None:
    """Take down what is on the storage; SR_NOT_EMPTY while disks are, even those of which the pool has no record."""
    _must_be_simulated(model)
    operations = operations_of(driver_type(model, sr_type))
    if any(one.managed for one in model.stored.get(sr.uuid, ())):
        raise StorageError(errors.NOT_EMPTY)
    if operations is not None and sr.uuid not in model.assumed:
        await operations.destroy(model, host, config, sr)


def _must_be_simulated(model: Model) -> None:
    """Real storage is only looked at."""
    if model.network is not None:
        raise driving.refusal()


def _known(name: str) -> Operations:
    operations = operations_of(name)
    if operations is None:
        raise StorageError(errors.UNIMPLEMENTED)
    return operations
