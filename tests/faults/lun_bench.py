"""Two pools that share a LUN, put back to the beginning for each walk, and the walk itself with the real workers."""

from __future__ import annotations

import contextlib
import functools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pytest

from bot.ledger import codec, keys
from bot.request import acting
from bot.request import events as e
from bot.request.model import HeldSr, Lun, Plan, Purpose, Request, State, digest, to_type
from deploy.sandbox.pool.serving import RunningPool, running_pool
from deploy.sandbox.pool.storage import documents
from tests.faults.lun_cases import Approval, Case, Change, Content, Known, Race
from tests.faults.lun_oracle import End
from tests.faults.lun_pools import (
    ELSEWHERE,
    HELD,
    IQNS,
    MOVED,
    NEIGHBOUR,
    PICKED,
    REPLACED,
    TARGET,
    WANTED,
    Saved,
    add_sr,
    other_scenario,
    own_scenario,
    restore,
    save,
    silence,
    use,
)
from tests.integration.workers.world import (
    APPROVER,
    CHANNEL,
    EQUALLOGIC,
    OVERRIDER,
    REQUESTER,
    SCSI_ID,
    START,
    World,
    make_world,
)
from workers import jobs

LATER: Final = START + 10_000
CUT: Final = -5
"""Where a document ends too early."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a walk went: each request's end, what was written over, and what is left of ours on either pool."""

    ends: list[End]
    overwritten: list[str]
    left: list[int]


@dataclass(frozen=True, slots=True)
class Bench:
    world: World
    other: RunningPool
    saved: tuple[Saved, Saved]

    def reset(self) -> None:
        """Put both pools, the ledger and the clock back to the beginning."""
        for pool, saved in zip((self.world.pool, self.other), self.saved, strict=True):
            pool.do(functools.partial(restore, saved=saved))
        self.world.ledger.redis.flushdb()
        self.world.clock.now = START
        self.world.reload()

    def walk(self, case: Case) -> Ended:
        """Go from the picked LUN to the end, whatever it is."""
        self.reset()
        self._lay_out(case)
        if case.approval is Approval.NOBODY_MAY:
            self._let_nobody_override()
        requests = [self._approved(case) for _ in range(1 if case.race is Race.ALONE else 2)]
        with pytest.MonkeyPatch.context() as patch:
            self._change(case, patch)
            self._run(case, requests)
        self.world.pool.do(lambda model: model.faults.scripted.clear())
        ends = [_end(self.world.look(request)) for request in requests]
        return Ended(ends, self.world.overwritten(), self._left())

    def _lay_out(self, case: Case) -> None:
        self._write(str(case.content), HELD)
        held = HELD if case.content is Content.SR else ELSEWHERE
        if case.known in {Known.OWN_ATTACHED, Known.OWN_DETACHED}:
            self._use(self.world.pool, held, attached=case.known is Known.OWN_ATTACHED)
        elif case.known in {Known.OTHER_ATTACHED, Known.OTHER_DETACHED}:
            self._use(self.other, held, attached=case.known is Known.OTHER_ATTACHED)
        elif case.known is Known.OTHER_BY_SERIAL:
            self.other.do(lambda model: add_sr(model, ELSEWHERE, {"devserial": f"scsi-{SCSI_ID}"}))
        elif case.known is Known.OTHER_BY_UUID:
            self.other.do(lambda model: add_sr(model, held, {}))
        elif case.known is Known.OTHER_SILENT:
            self.other.do(silence)

    def _let_nobody_override(self) -> None:
        place = self.world.workplace
        channel = replace(place.settings.channels[CHANNEL], may_override=frozenset())
        self.world.workplace = replace(place, settings=replace(place.settings, channels={CHANNEL: channel}))

    def _write(self, kind: str, uuid: str) -> None:
        """Somebody else writes to the LUN."""
        names = {"sr_uuid": uuid, "sr_name": "theirs"} if kind == "sr" else {}
        self.world.array(op="content", scsi_id=SCSI_ID, content={"kind": kind, **names})

    @staticmethod
    def _use(pool: RunningPool, uuid: str, *, attached: bool) -> None:
        """A pool has an SR on the LUN, or attaches the one that it has."""
        pool.do(lambda model: use(model, uuid, attached=attached))

    def _approved(self, case: Case) -> str:
        """A request, inspected and, where that has led to a plan, approved as the case has it."""
        wanted: dict[str, Any] = {"purpose": case.purpose, "target": PICKED, "lun": WANTED}
        if case.purpose is Purpose.FORMAT:
            wanted |= {"dies": HeldSr(HELD), "typed": to_type(WANTED)}
        request_id = self.world.ask(EQUALLOGIC, **wanted)
        request = self.world.inspect(request_id)
        if request.state is State.CONFIRMING:
            self._agree(case, request)
        return request_id

    def _agree(self, case: Case, request: Request) -> None:
        world, policy = self.world, self.world.workplace.policy(CHANNEL)
        assert request.plan is not None
        if case.approval in FORGED:
            world.happens(request.id, *_forged(case.approval, request.plan, world.clock()))
            return
        asked = acting.request_approval(request, policy, REQUESTER, request.plan_number, world.clock())
        request = world.happens(request.id, *asked)
        who = OVERRIDER if request.plan and request.plan.needs_override else APPROVER
        number, typed = request.plan_number, to_type(WANTED)
        world.happens(request.id, *acting.approve(request, policy, who, number, world.clock(), typed))
        if case.approval is Approval.TAMPERED:
            _tamper(world, request.id)

    def _change(self, case: Case, patch: pytest.MonkeyPatch) -> None:
        """What happens meanwhile: to the disk, to what is on it, or to the pools."""
        for body in DISKS.get(case.change, ()):
            self.world.array(**{"array": "shared", "iqn": TARGET, **body})
        if case.change in WRITINGS:
            self._write(*WRITINGS[case.change])
        if case.approval is Approval.EXPIRED:
            self.world.clock.now = LATER
        self._change_pools(case)
        self._spoil_answers(case, patch)

    def _change_pools(self, case: Case) -> None:
        if case.change is Change.OWN_USES:
            held = case.known is Known.OWN_DETACHED and case.content is Content.SR
            self._use(self.world.pool, HELD if held else REPLACED, attached=True)
        elif case.change is Change.OTHER_USES:
            self._use(self.other, REPLACED, attached=True)
        elif case.change is Change.OTHER_SILENT:
            self.other.do(silence)
        elif case.change is Change.IQN:
            self.world.host(host="xenct-xen2", iqn="iqn.2026-01.com.example:reinstalled")

    def _spoil_answers(self, case: Case, patch: pytest.MonkeyPatch) -> None:
        if case.change is Change.JUNK:
            self.world.pool.fault("task.get_record", "junk", times=0)
        elif case.change is Change.TRUNCATED:
            whole = documents.srs
            patch.setattr(documents, "srs", lambda *given: whole(*given)[:CUT])

    def _run(self, case: Case, requests: list[str]) -> None:
        """Run the plan, whether there is one that may run or not; two of them as much together as they can."""
        if case.race is Race.ALONE:
            self._job(requests[0])
            return
        self.world.pool.fault("SR.probe", "delay", seconds=0.02, times=2)
        ready = threading.Barrier(len(requests))
        threads = [threading.Thread(target=self._job, args=(request, ready)) for request in requests]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _job(self, request_id: str, ready: threading.Barrier | None = None) -> None:
        step = self.world.look(request_id).work.step
        if ready is not None:
            ready.wait()
        jobs.running(self.world.workplace, request_id, step)

    def _left(self) -> list[int]:
        """Count what is left of ours on both pools; a task that was given up goes when it ends."""
        _until(lambda: not self.world.leftovers()["tasks"])
        report = self.other.report()
        return [*self.world.leftovers().values(), len(report["tasks"]), len(report["sessions"])]


@contextlib.contextmanager
def a_bench(folder: Path, flavour: str, read: float = 30) -> Iterator[Bench]:
    """Two pools of a flavour; `folder` is theirs alone, `read` the seconds that an answer may take."""
    folder.mkdir()
    own = running_pool(folder / "pool", flavour=flavour, scenario=own_scenario)
    second = running_pool(folder / "second", flavour=flavour, scenario=other_scenario)
    with own as pool, second as other:
        world = make_world(folder, pool, (("other", other.url, other.password),), read)
        world.workplace = replace(world.workplace, pause=lambda _: time.sleep(0.002))
        try:
            yield Bench(world, other, (pool.do(save), other.do(save)))
        finally:
            world.ledger.redis.close()


FORGED: Final = {
    Approval.NO_OVERRIDE: (APPROVER, to_type(WANTED)),
    Approval.NOBODY_MAY: (OVERRIDER, to_type(WANTED)),
    Approval.WRONG_TYPING: (OVERRIDER, "000000"),
    Approval.REQUESTER: (REQUESTER, to_type(WANTED)),
    Approval.STRANGER: ("USTRANGER", to_type(WANTED)),
    Approval.OTHER_PLAN: (OVERRIDER, to_type(WANTED)),
    Approval.NOBODY: ("", ""),
}
"""What the bot would not let through stands in the ledger all the same: who said yes, and what they typed."""

DISKS: Final[dict[Change, tuple[dict[str, object], ...]]] = {
    Change.SIZE: ({"op": "put_lun", "lun": {"lun_id": 0, "size": 50 * 1024**3}},),
    Change.SERIAL: ({"op": "put_lun", "lun": {"lun_id": 0, "serial": "S9"}},),
    Change.UNMAPPED_MASTER: ({"op": "put_lun", "lun": {"lun_id": 0, "initiators": [IQNS[1]]}},),
    Change.UNMAPPED_SLAVE: ({"op": "put_lun", "lun": {"lun_id": 0, "initiators": [IQNS[0]]}},),
    Change.RENUMBERED: (
        {"op": "remove_lun", "lun_id": 0},
        {"op": "put_lun", "lun": {"lun_id": 5, "scsi_id": SCSI_ID, "size": 100 * 1024**3, "serial": "S0"}},
    ),
    Change.OTHER_DISK: (
        {"op": "put_lun", "lun": {"lun_id": 0, "scsi_id": MOVED}},
        {"op": "put_lun", "lun": {"lun_id": 5, "scsi_id": SCSI_ID, "size": 100 * 1024**3, "serial": "S5"}},
    ),
}
WRITINGS: Final = {
    Change.BECAME_SR: ("sr", HELD),
    Change.SR_REPLACED: ("sr", REPLACED),
    Change.SR_VANISHED: ("blank", ""),
}


def _forged(approval: Approval, plan: Plan, now: float) -> list[e.Event]:
    who, typed = FORGED[approval]
    what = digest(replace(plan, number=plan.number + 1)) if approval is Approval.OTHER_PLAN else digest(plan)
    yes = e.Approved(at=now, actor=who, plan_number=plan.number, plan_digest=what, typed=typed)
    asked = e.ApprovalRequested(at=now, actor=REQUESTER, plan_number=plan.number)
    return [asked, *([yes] if who else []), e.Queued(at=now)]


def _tamper(world: World, request_id: str) -> None:
    """Somebody writes another LUN into the plan that was approved."""
    request = world.look(request_id)
    assert request.plan is not None
    plan = replace(request.plan, lun=Lun(1, "EQLOGIC", "S1", 200 * 1024**3, NEIGHBOUR))
    world.ledger.redis.hset(keys.request(request_id), "doc", codec.encode(replace(request, plan=plan)))


def _end(request: Request) -> End:
    paused = request.state is State.PAUSED and request.trouble is not None
    return End(request.state, request.trouble.reason if paused and request.trouble else "")


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not true() and time.monotonic() < deadline:
        time.sleep(0.005)
