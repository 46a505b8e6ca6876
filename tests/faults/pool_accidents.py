"""What may happen to a pool while a worker is at it: how each accident begins, and how it is mended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

from deploy.sandbox.pool.control import change_master, restart
from deploy.sandbox.pool.faults import Fault
from deploy.sandbox.pool.model import Model
from deploy.sandbox.pool.serving import RunningPool
from tests.faults.lun_pools import silence
from tests.integration.workers.world import World

UPGRADE: Final = ("NOT_SUPPORTED_DURING_UPGRADE",)
BOOTING: Final = ("HOST_STILL_BOOTING",)
FORBIDDEN: Final = ("RBAC_PERMISSION_DENIED", "sr.create", "No permission in user session.")
NOBODY: Final = "http://127.0.0.1:9"
"""Where nobody listens."""

PINNED: Final = "sha256:" + "0" * 64
"""The fingerprint of no certificate."""

POLL: Final = "task.get_record"
MASTER: Final = "xenct-xen1"
SLAVE: Final = "xenct-xen2"


Ready = Callable[[Model], bool]


class Happening(Fault):
    """Something that happens to a pool when a call comes and the time is ripe; once."""

    def __init__(self, method: str, model: Model, happen: Callable[[Model], None], ready: Ready) -> None:
        super().__init__(method, "error")
        self._model, self._happen, self._ready = model, happen, ready

    def strikes(self, method: str) -> bool:
        """Never strike the call itself."""
        if method == self.method and not self.struck and self._ready(self._model):
            self.struck = 1
            self._happen(self._model)
        return False


def _at_once(_: Model) -> bool:
    return True


def _is_pending(model: Model, call: str) -> bool:
    tasks = model.objects.tables["task"].values()
    return any(task["status"] == "pending" and task["name_label"] == f"Async.{call}" for task in tasks)


def _is_wiped(model: Model) -> bool:
    return any(row.method != "control" for row in model.overwrites)


@dataclass(frozen=True, slots=True)
class Scene:
    """Where accidents happen; `secure` is the address of a host whose certificate nobody has pinned."""

    world: World
    secure: str

    @property
    def pool(self) -> RunningPool:
        return self.world.pool

    def happen(self, method: str, happen: Callable[[Model], None], ready: Ready = _at_once) -> None:
        self.pool.do(lambda model: model.faults.scripted.append(Happening(method, model, happen, ready)))

    def login(self, url: str, more: str) -> None:
        """Change how the pool's own settings say that one logs in there."""
        before = f'url = "{self.pool.url}"\nuser = "root"\npassword_file = "xenct"'
        self.world.narrow(before, f'url = "{url}"\n{more}')


Begin = Callable[[Scene, str], None]
"""Gets the name of the call for which the job is done."""


def _silent(scene: Scene, _: str) -> None:
    scene.pool.do(silence)


def _falls_silent(scene: Scene, call: str) -> None:
    """The call is the last thing that the master hears."""
    scene.happen(f"Async.{call}", silence)


def _unreachable(scene: Scene, _: str) -> None:
    scene.login(NOBODY, 'user = "root"\npassword_file = "xenct"')


def _moved(scene: Scene, _: str) -> None:
    scene.world.master(SLAVE)


def _moves(scene: Scene, call: str, *, fate: str) -> None:
    """The master changes while the call's task is pending; the old one is a slave now."""
    scene.pool.fault(call, "hang")
    host = {"host": SLAVE, "tasks": fate}
    scene.happen(POLL, lambda model: change_master(model, host), partial(_is_pending, call=call))


def _slave_down(scene: Scene, _: str) -> None:
    scene.world.host(host=SLAVE, up=False)


def _refused(scene: Scene, call: str, *, details: tuple[str, ...], at: str) -> None:
    scene.pool.fault(at.format(call=call), "error", details=details, times=0)


def _booting(scene: Scene, _: str) -> None:
    scene.world.host(host=MASTER, answers=list(BOOTING))


def _session_ended(scene: Scene, call: str) -> None:
    scene.happen(f"Async.{call}", _end_sessions)


def _end_sessions(model: Model) -> None:
    for ref in list(model.objects.tables["session"]):
        model.objects.remove("session", ref)


def _read_only(scene: Scene, _: str) -> None:
    Path(scene.world.folder, "auditor").write_text(scene.pool.user_password("auditor"), encoding="utf-8")
    scene.login(scene.pool.url, 'user = "auditor"\npassword_file = "auditor"')


def _other_certificate(scene: Scene, _: str) -> None:
    scene.login(scene.secure, f'user = "root"\npassword_file = "xenct"\nfingerprint = "{PINNED}"')


def _struck(scene: Scene, call: str, *, kind: str, at: str = "Async.{call}") -> None:
    scene.pool.fault(at.format(call=call), kind)


def _restarted(scene: Scene, call: str, *, fate: str) -> None:
    """The toolstack restarts while the call's task is pending."""
    scene.pool.fault(call, "hang")
    scene.happen(POLL, lambda model: restart(model, {"tasks": fate}), partial(_is_pending, call=call))


def _restarted_after_the_wipe(scene: Scene, _: str, *, fate: str) -> None:
    """The toolstack restarts when the storage manager is done, and the hosts' plugs are still to come."""
    scene.pool.do(_slow_plugs)
    scene.happen(POLL, partial(_restart_fast, fate=fate), _is_wiped)


def _slow_plugs(model: Model) -> None:
    model.delays = replace(model.delays, factor=1.0, discovery=0.0, login=0.0, create=0.0, plug=30.0)


def _restart_fast(model: Model, fate: str) -> None:
    model.delays.factor = 0.0
    restart(model, {"tasks": fate})


ACCIDENTS: Final[Mapping[str, Begin]] = MappingProxyType(
    {
        "master silent": _silent,
        "master falls silent": _falls_silent,
        "master unreachable": _unreachable,
        "master changed": _moved,
        "master changes, tasks failed": partial(_moves, fate="failed"),
        "master changes, tasks lost": partial(_moves, fate="lost"),
        "slave down": _slave_down,
        "upgrade": partial(_refused, details=UPGRADE, at="Async.{call}"),
        "booting": _booting,
        "booting at the call": partial(_refused, details=BOOTING, at="Async.{call}"),
        "session ended": _session_ended,
        "read-only user": _read_only,
        "call forbidden": partial(_refused, details=FORBIDDEN, at="{call}"),
        "other certificate": _other_certificate,
        "call hung": partial(_struck, kind="hang"),
        "task hung": partial(_struck, kind="hang", at="{call}"),
        "answer lost": partial(_struck, kind="cut_after"),
        "answer cut": partial(_struck, kind="cut_within"),
        "answer to login lost": partial(_struck, kind="cut_after", at="session.login_with_password"),
        "answer to secret lost": partial(_struck, kind="cut_after", at="secret.create"),
        "request cut": partial(_struck, kind="cut_before"),
        "junk": partial(_struck, kind="junk"),
        "toolstack restarts, tasks failed": partial(_restarted, fate="failed"),
        "toolstack restarts, tasks lost": partial(_restarted, fate="lost"),
        "restart after the wipe, tasks failed": partial(_restarted_after_the_wipe, fate="failed"),
        "restart after the wipe, tasks lost": partial(_restarted_after_the_wipe, fate="lost"),
    }
)


def mend(scene: Scene) -> None:
    """All is well again; what hung has ended with the toolstack."""
    scene.pool.do(lambda model: model.faults.scripted.clear())
    for host in (MASTER, SLAVE):
        scene.world.host(host=host, up=True, answers=[])
    scene.pool.do(_end_hung_tasks)


def _end_hung_tasks(model: Model) -> None:
    if any(row["status"] == "pending" for row in model.objects.tables["task"].values()):
        restart(model, {})
