"""How each change comes about, on whichever of the two pools and at whatever moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Final, TypeAlias

from bot.settings import Settings
from deploy.sandbox.pool.control import change_array, change_host
from deploy.sandbox.pool.faults import Fault
from deploy.sandbox.pool.model import Model
from deploy.sandbox.pool.storage.arrays import Lun
from tests.faults.lun_cases import Case, Change, Content, Known
from tests.faults.lun_pools import (
    HELD,
    IQNS,
    MOVED,
    REPLACED,
    SLAVE,
    TARGET,
    awake,
    forget,
    join,
    leave,
    silence,
    use,
)
from tests.integration.workers.world import APPROVER, OVERRIDER, SCSI_ID

Work: TypeAlias = Callable[[Model], object]

GIB: Final = 1024**3
SUCCESSORS: Final = {APPROVER: "UAPPROVER3", OVERRIDER: "UAPPROVER4"}
"""Who may say yes instead."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The two pools, as one gets at them from where one stands: each is changed in its own thread alone."""

    own: Callable[[Work], object]
    other: Callable[[Work], object]


def happen(case: Case, sides: Sides) -> None:
    """Let the change of a case come about, as far as it does in the pools and on the array."""
    change = case.change
    if change in OWN:
        sides.own(OWN[change])
    elif change in OTHER:
        sides.other(OTHER[change])
    elif change is Change.OWN_USES:
        held = case.known is Known.OWN_DETACHED and case.content is Content.SR
        sides.own(partial(use, uuid=HELD if held else REPLACED, attached=True))


def in_settings(change: Change, settings: Settings) -> Settings:
    """Give the settings after a change."""
    if change is Change.NARROWED:
        return replace(settings, targets=replace(settings.targets, networks=()))
    if change is Change.NO_APPROVER:
        channels = {
            name: replace(one, approvers=_successors(one.approvers), may_override=_successors(one.may_override))
            for name, one in settings.channels.items()
        }
        return replace(settings, channels=channels)
    return settings


def write(model: Model, kind: str, uuid: str) -> None:
    """Somebody else writes to the LUN."""
    names = {"sr_uuid": uuid, "sr_name": "theirs"} if kind == "sr" else {}
    change_array(model, {"op": "content", "scsi_id": SCSI_ID, "content": {"kind": kind, **names}})


def admit(model: Model, *initiators: str) -> None:
    """The array shows the LUN to these alone."""
    _put(model, lun_id=0, initiators=list(initiators))


def _successors(people: frozenset[str]) -> frozenset[str]:
    return frozenset(SUCCESSORS[name] for name in people)


def _put(model: Model, **fields: object) -> None:
    change_array(model, {"op": "put_lun", "array": "shared", "iqn": TARGET, "lun": fields})


def _remove(model: Model) -> Lun:
    """The array maps the LUN no longer; gives how it was."""
    (lun,) = [one for one in model.arrays["shared"].targets[0].luns if one.lun_id == 0]
    change_array(model, {"op": "remove_lun", "array": "shared", "iqn": TARGET, "lun_id": 0})
    return lun


def _renumber(model: Model) -> None:
    _put(model, **{**asdict(_remove(model)), "lun_id": 5})


def _move(model: Model) -> None:
    """The disk that has the SCSIid now is another one."""
    lun = _remove(model)
    _put(model, **{**asdict(lun), "scsi_id": MOVED})
    _put(model, **{**asdict(lun), "lun_id": 5, "serial": "S5"})


def _spoil(model: Model) -> None:
    model.faults.scripted.append(Fault("task.get_record", "junk", times=0))


def _awakes(model: Model) -> None:
    awake(model)
    use(model, REPLACED, attached=True)


def _host(model: Model, **fields: object) -> None:
    change_host(model, {"host": SLAVE, **fields})


OWN: Final[Mapping[Change, Work]] = MappingProxyType(
    {
        Change.SIZE: partial(_put, lun_id=0, size=50 * GIB),
        Change.SERIAL: partial(_put, lun_id=0, serial="S9"),
        Change.GONE: _remove,
        Change.RENUMBERED: _renumber,
        Change.OTHER_DISK: _move,
        Change.BECAME_SR: partial(write, kind="sr", uuid=HELD),
        Change.SR_REPLACED: partial(write, kind="sr", uuid=REPLACED),
        Change.SR_VANISHED: partial(write, kind="blank", uuid=""),
        Change.UNMAPPED_MASTER: partial(_put, lun_id=0, initiators=[IQNS[1]]),
        Change.UNMAPPED_SLAVE: partial(_put, lun_id=0, initiators=[IQNS[0]]),
        Change.FORGOTTEN: forget,
        Change.OWN_SILENT: silence,
        Change.IQN: partial(_host, iqn="iqn.2026-01.com.example:reinstalled"),
        Change.HOST_LEFT: leave,
        Change.HOST_JOINED: join,
        Change.MULTIPATHING: partial(_host, multipathing=True),
        Change.MAINTENANCE: partial(_host, enabled=False),
        Change.JUNK: _spoil,
    }
)
OTHER: Final[Mapping[Change, Work]] = MappingProxyType(
    {
        Change.OTHER_USES: partial(use, uuid=REPLACED, attached=True),
        Change.OTHER_AWAKES: _awakes,
        Change.OTHER_SILENT: silence,
    }
)
