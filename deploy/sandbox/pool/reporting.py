"""The whole model as JSON for assertions; no password and no value of a secret is in it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from deploy.sandbox.pool.state.accounts import Client

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.state.objects import Record

_PASSWORD = "password"  # noqa: S105 - the ending of keys, no password


def report(model: Model) -> dict[str, Any]:
    return {
        "flavour": model.flavour.name,
        "pool": model.pool()[1]["name_label"],
        "master": model.objects.get("host", model.master())["name_label"],
        "hosts": [_host(model, ref, record) for ref, record in model.objects.tables["host"].items()],
        "srs": [_sr(model, ref, record) for ref, record in model.objects.tables["SR"].items()],
        "pbds": [_pbd(model, ref, record) for ref, record in model.objects.tables["PBD"].items()],
        "vdis": [_vdi(model, ref, record) for ref, record in model.objects.tables["VDI"].items()],
        "vms": [_vm(model, ref, record) for ref, record in model.objects.tables["VM"].items()],
        "stored": {uuid: [asdict(vdi) for vdi in vdis] for uuid, vdis in model.stored.items() if vdis},
        "secrets": [_secret(model, ref, record) for ref, record in model.objects.tables["secret"].items()],
        "tasks": [{"ref": ref, **record} for ref, record in model.objects.tables["task"].items()],
        "sessions": [_session(ref, record) for ref, record in model.objects.tables["session"].items()],
        "arrays": [_array(model, name) for name in model.arrays],
        "contents": {scsi_id: asdict(content) for scsi_id, content in model.written().items()},
        "folders": {where: list(uuids) for where, uuids in model.folders.items()},
        "overwrites": [asdict(overwrite) for overwrite in model.overwrites],
        "corruptions": [asdict(corruption) for corruption in model.corruptions],
        "objects": model.objects.lives.told(model.objects.tables),
    }


def calls(model: Model) -> dict[str, Any]:
    return {
        "methods": dict(model.calls.by_method),
        "originators": {name: dict(counts) for name, counts in model.calls.by_originator.items()},
        "sessions": {ref: dict(counts) for ref, counts in model.calls.by_session.items()},
        "objects": model.objects.lives.told(model.objects.tables),
    }


def _host(model: Model, ref: str, record: Record) -> dict[str, Any]:
    kept = {name: record[name] for name in ("uuid", "name_label", "address", "enabled")}
    condition = model.conditions[ref]
    logins = [{"portal": at, "iqn": iqn, "count": count} for (at, iqn), count in condition.logins.items()]
    state = {"up": condition.up, "answers": list(condition.answers), "maps": sorted(condition.maps)}
    went = {"contacts": dict(condition.contacts), "logins": logins}
    return {"ref": ref, **kept, "iqn": model.initiator(ref), **state, **went}


def _sr(model: Model, ref: str, record: Record) -> dict[str, Any]:
    pbds = model.pbds_of(sr=ref).values()
    attached = sum(pbd["currently_attached"] for pbd in pbds)
    return {"ref": ref, **record, "pbds": len(pbds), "pbds_attached": attached}


def _pbd(model: Model, ref: str, record: Record) -> dict[str, Any]:
    return {
        "ref": ref,
        **record,
        "device_config": _masked(record["device_config"]),
        "host_name": model.objects.get("host", record["host"])["name_label"],
        "sr_uuid": model.objects.get("SR", record["SR"])["uuid"],
        "portals": list(model.conditions[record["host"]].sessions.get(ref, ())),
    }


def _vdi(model: Model, ref: str, record: Record) -> dict[str, Any]:
    """With the names of the VMs that it belongs to, and whether one has it open."""
    vbds = [vbd for vbd in model.objects.tables["VBD"].values() if vbd["VDI"] == ref]
    vms = sorted(model.objects.get("VM", vbd["VM"])["name_label"] for vbd in vbds)
    attached = any(vbd["currently_attached"] for vbd in vbds)
    sr = model.objects.tables["SR"].get(record["SR"], {})
    return {"ref": ref, **record, "sr_uuid": sr.get("uuid", ""), "vms": vms, "attached": attached}


def _vm(model: Model, ref: str, record: Record) -> dict[str, Any]:
    host = model.objects.tables["host"].get(record["resident_on"], {})
    return {"ref": ref, **record, "host_name": host.get("name_label", "")}


def _masked(config: dict[str, str]) -> dict[str, str]:
    return {key: "***" if key.endswith(_PASSWORD) else value for key, value in config.items()}


def _secret(model: Model, ref: str, record: Record) -> dict[str, Any]:
    users = [
        pbd["uuid"] for pbd in model.objects.tables["PBD"].values() if record["uuid"] in pbd["device_config"].values()
    ]
    owner = model.objects.lives.owners.get(ref, Client())
    made_by = {"originator": owner.originator, "session": owner.session}
    return {"ref": ref, "uuid": record["uuid"], "other_config": record["other_config"], "pbds": users, **made_by}


def _session(ref: str, record: Record) -> dict[str, Any]:
    names = ("uuid", "auth_user_name", "originator", "role", "last_active")
    return {"ref": ref, **{name: record[name] for name in names}}


def _array(model: Model, name: str) -> dict[str, Any]:
    array = model.arrays[name]
    portals = [asdict(portal) for portal in array.portals]
    return {"name": name, "portals": portals, "targets": len(array.targets), "luns": array.lun_count}
