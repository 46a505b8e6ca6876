"""A model from its folder: what the store holds, or the scenario at the first start."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy.sandbox.pool import tasks
from deploy.sandbox.pool.faults import Faults
from deploy.sandbox.pool.model import Condition, Delays, Model
from deploy.sandbox.pool.network.settings import NetworkSettingsError, checked
from deploy.sandbox.pool.scenario.populating import populate
from deploy.sandbox.pool.state.accounts import Calls
from deploy.sandbox.pool.state.objects import CLASSES, Objects
from deploy.sandbox.pool.state.passwords import PasswordFiles
from deploy.sandbox.pool.state.storing import Store
from deploy.sandbox.pool.storage.dispatching import operations_of
from deploy.sandbox.pool.storage.drivers import ALIASES, drivers_of, sm_record

if TYPE_CHECKING:
    from pathlib import Path

    from deploy.sandbox.pool.flavours import Flavour
    from deploy.sandbox.pool.scenario.shape import HostSpec, Scenario, SrSpec

_OWNER_ONLY = 0o700
_STORAGE, _KIND = "storage", "kind"
_SIMULATED, _REAL = "simulated", "real"


def open_model(
    folder: Path, flavour: Flavour, scenario: Scenario, root_file: Path | None = None, beside: Model | None = None
) -> Model:
    """The pool as it was left, or as the scenario says when the folder is new; passwords are made where missing.

    Of the arrays only those that were changed are stored; the others are the scenario's. A pool beside another shares
    the whole storage network with it, and the scenario's own arrays are not looked at.
    """
    folder.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
    store = Store(folder / "pool.sqlite")
    files = PasswordFiles(folder, root_file)
    model = Model(flavour, store, Objects(store), files, Faults(), Calls(), Delays())
    model.load()
    try:
        _settle_storage(model, scenario)
    except BaseException:
        store.close()
        raise
    _describe_storage(model, scenario)
    if not model.objects.tables["pool"]:
        _furnish_whole(model, scenario)
    if beside is not None:
        _join(model, beside)
    model.users = {name: (role, files.of_user(name)) for name, role in scenario.users}
    for user in _chap_users(model):
        files.of_chap(user)
    for share in (share for server in model.smb.values() for share in server.shares if share.user):
        model.files.of_share(share.user)
    tasks.end_all(model, "failed")
    return model


def _settle_storage(model: Model, scenario: Scenario) -> None:
    """Real or simulated: what the pool was at its first start. NetworkSettingsError where the scenario says another."""
    kind = _REAL if scenario.network else _SIMULATED
    before = model.store.load(_STORAGE).get(_KIND, _SIMULATED if model.objects.tables["pool"] else kind)
    if before != kind:
        message = f"this folder's pool has {before} storage; start with a fresh one for {kind} storage"
        raise NetworkSettingsError(message)
    if scenario.network is not None:
        stored = [model.initiator(host) for host in model.objects.tables["host"]]
        model.network = checked(scenario.network, [*stored, *(host.iqn for host in scenario.hosts)])
        model.store.put(_STORAGE, _KIND, kind)


def _describe_storage(model: Model, scenario: Scenario) -> None:
    """What was changed goes before what the scenario says."""
    model.arrays = {**{array.name: array for array in scenario.arrays}, **model.arrays}
    model.nfs = {**{server.name: server for server in scenario.nfs}, **model.nfs}
    model.smb = {**{server.name: server for server in scenario.smb}, **model.smb}
    model.disks = {**{disk.scsi_id: disk for disk in scenario.disks}, **model.disks}
    model.adapters, model.iso_folders, model.zfs_folders = scenario.adapters, scenario.iso_folders, scenario.zfs_folders
    model.clusters = scenario.clusters
    model.smb_licensed = scenario.smb_licensed


def _join(model: Model, beside: Model) -> None:
    """What one pool writes the other finds; neither notices the other. The adapters of a host are its own."""
    model.arrays, model.names = beside.arrays, beside.names
    model.nfs, model.smb, model.disks, model.folders = beside.nfs, beside.smb, beside.disks, beside.folders
    model.clusters = beside.clusters
    model.contents, model.overwrites, model.corruptions = beside.contents, beside.overwrites, beside.corruptions
    beside.stored.update(model.stored)
    model.stored = beside.stored
    model.files = replace(model.files, chap_folder=beside.files.folder)
    for pool in (beside, *beside.neighbours):
        pool.neighbours.append(model)
        model.neighbours.append(pool)


def _furnish_whole(model: Model, scenario: Scenario) -> None:
    try:
        with model.store.all_or_nothing():
            _furnish(model, scenario)
    except BaseException:
        model.store.close()
        raise


def _furnish(model: Model, scenario: Scenario) -> None:
    for cls in CLASSES:
        model.objects.tables[cls] = {}
    hosts = {spec.name: _add_host(model, spec) for spec in scenario.hosts}
    pool = {"name_label": scenario.pool, "master": hosts[scenario.hosts[0].name]}
    model.objects.add("pool", pool)
    for name, address in scenario.names.items():
        model.put_name(name, address)
    for spec in scenario.srs:
        _add_sr(model, spec, hosts)
        if scenario.network or not _is_described(model, spec, hosts):
            model.assume(spec.uuid)
    populate(model, scenario, hosts)
    for name, driver in drivers_of(model.flavour).items():
        if name not in ALIASES:
            model.objects.add("SM", sm_record(driver))


def _add_host(model: Model, spec: HostSpec) -> str:
    config = {"iscsi_iqn": spec.iqn, "multipathing": "true" if spec.multipathing else "false"}
    version = {"product_brand": model.flavour.product, "product_version": model.flavour.version}
    record = {
        "name_label": spec.name,
        "hostname": spec.name,
        "address": spec.address,
        "enabled": True,
        "iscsi_iqn": spec.iqn,
        "multipathing": spec.multipathing,
        "other_config": config,
        "software_version": version,
        "API_version_major": 2,
        "API_version_minor": 21,
        "API_version_vendor": "XenSource",
    }
    ref = model.objects.add("host", record)
    model.conditions[ref] = Condition(daemon_iqn=spec.iqn)
    return ref


def _add_sr(model: Model, spec: SrSpec, hosts: dict[str, str]) -> None:
    record = {
        "uuid": spec.uuid,
        "name_label": spec.name,
        "name_description": spec.description,
        "type": spec.type,
        "content_type": spec.content_type,
        "shared": spec.shared,
        "physical_size": spec.size,
        "physical_utilisation": spec.used,
        "virtual_allocation": spec.used,
        "other_config": dict(spec.other_config),
        "sm_config": dict(spec.sm_config),
    }
    sr = model.objects.add("SR", record)
    for name in spec.hosts:
        config, attached = dict(spec.device_config), spec.attached and name not in spec.unplugged
        pbd = {"host": hosts[name], "SR": sr, "device_config": config, "currently_attached": attached}
        model.objects.add("PBD", {**pbd, "other_config": {}})


def _is_described(model: Model, spec: SrSpec, hosts: dict[str, str]) -> bool:
    """Whether the scenario says what is behind an SR of it."""
    operations = operations_of(spec.type)
    if operations is None or not spec.hosts:
        return False
    return all(operations.is_there(model, hosts[name], spec.device_config) for name in spec.hosts)


def _chap_users(model: Model) -> set[str]:
    return {user for array in model.arrays.values() for user in array.users}
