"""A pool with a LUN that people want and a neighbour that nobody may touch, another pool beside it, and both reset."""

from __future__ import annotations

import copy
from typing import Any, Final, TypeAlias

from bot.request.found import Lun, Portal, Target
from deploy.sandbox.pool.model import Condition, Model
from deploy.sandbox.pool.scenario.shape import HostSpec, Scenario
from deploy.sandbox.pool.state.accounts import Calls, Lives
from deploy.sandbox.pool.storage import arrays
from tests.integration.workers.world import SCSI_ID
from workers.xen.secrets import TAG

HELD: Final = "7d3e0a64-1f9b-4b52-8c17-55aa02f6d404"
REPLACED: Final = "11111111-1f9b-4b52-8c17-55aa02f6d404"
ELSEWHERE: Final = "22222222-1f9b-4b52-8c17-55aa02f6d404"
NEIGHBOUR: Final = "36090a028b04a9a0def60353420009999"
MOVED: Final = "36090a028b04a9a0def60353420007777"
TARGET: Final = "iqn.2001-05.com.equallogic:shared"
SLAVE: Final = "xenct-xen2"
IQN_OF_JOINED: Final = "iqn.2026-01.com.example:three"
IQNS: Final = ("iqn.2026-01.com.example:one", "iqn.2026-01.com.example:two")
WANTED: Final = Lun(0, "EQLOGIC", "S0", 100 * 1024**3, SCSI_ID)
PICKED: Final = Target(TARGET, (Portal("10.0.0.5", 3260),))

Saved: TypeAlias = dict[str, Any]


def own_scenario() -> Scenario:
    hosts = tuple(HostSpec(f"xenct-xen{at}", f"127.0.0.{at}", IQNS[at - 1]) for at in (1, 2))
    luns = (
        arrays.Lun(0, SCSI_ID, 100 * 1024**3, "EQLOGIC", "S0"),
        arrays.Lun(1, NEIGHBOUR, 200 * 1024**3, "EQLOGIC", "S1", arrays.Content("vmfs")),
    )
    target = arrays.Target(TARGET, luns, chap_user="tecmint")
    array = arrays.Array("shared", (arrays.Portal("10.0.0.5"),), (target,), discovery_chap_user="tecmint")
    return Scenario("xenct", hosts, (), (array,), users=(("root", "pool-admin"), ("auditor", "read-only")))


def other_scenario() -> Scenario:
    return Scenario("other", (HostSpec("other-xen1", "127.0.0.1", "iqn.2026-01.com.example:other"),), (), ())


def add_sr(model: Model, uuid: str, sm_config: dict[str, str]) -> str:
    """A pool's record of an SR; the reference of it."""
    record: dict[str, Any] = {"uuid": uuid, "name_label": "theirs", "name_description": "", "type": "lvmoiscsi"}
    sizes = {"physical_size": 1, "physical_utilisation": 0, "virtual_allocation": 0}
    more = {"content_type": "user", "shared": True, "other_config": {}, "sm_config": sm_config}
    return model.objects.add("SR", {**record, **sizes, **more})


def use(model: Model, uuid: str, *, attached: bool) -> None:
    """A pool has an SR on the LUN, or attaches the one that it has."""
    sr = model.objects.find("SR", uuid) or add_sr(model, uuid, {})
    for there in model.pbds_of(sr=sr):
        model.objects.set("PBD", there, currently_attached=attached)
    if not model.pbds_of(sr=sr):
        config = {"target": "10.0.0.5", "targetIQN": TARGET, "SCSIid": SCSI_ID, **_chap(model)}
        pbd: dict[str, Any] = {
            "host": model.master(),
            "SR": sr,
            "device_config": config,
            "currently_attached": attached,
        }
        model.objects.add("PBD", {**pbd, "other_config": {}})


def _chap(model: Model) -> dict[str, str]:
    """What lets a PBD in: its own secret with the array's password."""
    ref = model.objects.add("secret", {"value": model.files.of_chap("tecmint").value, "other_config": {}})
    return {"chapuser": "tecmint", "chappassword_secret": model.objects.get("secret", ref)["uuid"]}


def silence(model: Model) -> None:
    """No host answers any more."""
    for condition in model.conditions.values():
        condition.up = False


def awake(model: Model) -> None:
    """All hosts answer again."""
    for condition in model.conditions.values():
        condition.up = True


def join(model: Model) -> None:
    """A third host joins, which is like the second one but for its names."""
    record, config = model.objects.get("host", model.host_named(SLAVE)), {"iscsi_iqn": IQN_OF_JOINED}
    config = {**record["other_config"], **config}
    names = {"uuid": "", "name_label": "xenct-xen3", "iscsi_iqn": IQN_OF_JOINED, "other_config": config}
    model.conditions[model.objects.add("host", {**record, **names})] = Condition()


def leave(model: Model) -> None:
    """The second host leaves, and its PBDs with it."""
    ref = model.host_named(SLAVE)
    for pbd in list(model.pbds_of(host=ref)):
        model.objects.remove("PBD", pbd)
    model.objects.remove("host", ref)


def forget(model: Model) -> None:
    """The pool forgets the SR that the LUN serves."""
    named = {pbd["SR"] for pbd in model.pbds_of().values() if pbd["device_config"].get("SCSIid") == SCSI_ID}
    for sr in named:
        for pbd in list(model.pbds_of(sr=sr)):
            model.objects.remove("PBD", pbd)
        model.objects.remove("SR", sr)


def of_ours(model: Model) -> list[str]:
    """The UUIDs of what carries our tag: SRs, and the PBDs that one gave to an SR that was there already."""
    srs, pbds = model.objects.tables["SR"].values(), model.objects.tables["PBD"].values()
    told = [sr["uuid"] for sr in srs if sr["name_description"].startswith(f"{TAG}:")]
    return told + [one["uuid"] for one in (*srs, *pbds) if TAG in one["other_config"]]


def plugged(model: Model) -> set[str]:
    """The UUIDs of the SRs that the master has attached from the LUN."""
    pbds = [pbd for pbd in model.pbds_of(host=model.master()).values() if pbd["currently_attached"]]
    here = [pbd for pbd in pbds if pbd["device_config"].get("SCSIid") == SCSI_ID]
    return {model.objects.get("SR", pbd["SR"])["uuid"] for pbd in here}


def save(model: Model) -> Saved:
    """What a walk may change, as it is now."""
    return {
        "tables": copy.deepcopy(model.objects.tables),
        "arrays": dict(model.arrays),
        "delays": copy.copy(model.delays),
        "listening": {host: condition.listening for host, condition in model.conditions.items()},
    }


def restore(model: Model, saved: Saved) -> None:
    """Put back what was saved: without sessions, faults and counts, and with nothing written on any LUN."""
    model.objects.tables = copy.deepcopy(saved["tables"])
    model.arrays, model.delays = dict(saved["arrays"]), copy.copy(saved["delays"])
    model.contents, model.overwrites = {}, []
    model.faults.scripted.clear()
    # Each look at a pool adds up whoever has called it since: without this the last walks take many times as long.
    model.calls, model.objects.lives = Calls(), Lives()
    model.conditions = {host: Condition(listening=listening) for host, listening in saved["listening"].items()}
