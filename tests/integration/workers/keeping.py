"""An SR that the pool itself has a record of, though it is detached; as an administrator leaves it behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deploy.sandbox.pool.model import Model
from tests.integration.workers.world import DETACHED, DETACHED_LUN, World

NAME = "kept"
DESCRIPTION = "ours since 2019"
BY_HAND = {"by": "hand"}


def keep_a_record(
    world: World, hosts: Sequence[str] = (), config: Mapping[str, str] | None = None, *, attached: bool = False
) -> None:
    """Introduce the SR on the NetApp's LUN, with PBDs for some hosts."""

    def add(model: Model) -> None:
        sr = model.objects.add("SR", _record())
        for host in hosts:
            pbd = {
                "host": model.host_named(host),
                "SR": sr,
                "device_config": dict(config or {}),
                "other_config": BY_HAND,
            }
            model.objects.add("PBD", {**pbd, "currently_attached": attached})

    world.pool.do(add)


def config_of(world: World) -> dict[str, str]:
    """Give the device_config of the SR on the NetApp's LUN, as the pool's other SRs there have theirs."""
    gold = next(pbd for pbd in world.pool.report()["pbds"] if "SCSIid" in pbd["device_config"])["device_config"]
    return {**gold, "SCSIid": gold["SCSIid"][:-1] + str(DETACHED_LUN)}


def _record() -> dict[str, object]:
    texts = {"uuid": DETACHED, "name_label": NAME, "name_description": DESCRIPTION}
    kind = {"type": "lvmoiscsi", "content_type": "user", "shared": True}
    sizes = {"physical_size": -1, "physical_utilisation": -1, "virtual_allocation": 0}
    return {**texts, **kind, **sizes, "other_config": {}, "sm_config": {}}
