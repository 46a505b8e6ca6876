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

from bot import deciding
from bot.ledger import codec, keys
from bot.request import acting
from bot.request import events as e
from bot.request.approving import Ruled
from bot.request.found import HeldSr, Lun
from bot.request.model import Request, State
from bot.request.plan import Plan, Purpose, digest, to_type
from deploy.sandbox.pool.serving import RunningPool, running_pool
from deploy.sandbox.pool.storage import documents
from tests.faults.lun_cases import Approval, Case, Change, Content, Known, Race, Sight, When
from tests.faults.lun_changes import Sides, admit, happen, in_settings, write
from tests.faults.lun_moments import at_moment
from tests.faults.lun_oracle import End
from tests.faults.lun_pools import (
    ELSEWHERE,
    HELD,
    IQNS,
    NEIGHBOUR,
    PICKED,
    WANTED,
    Saved,
    add_sr,
    of_ours,
    other_scenario,
    own_scenario,
    plugged,
    restore,
    save,
    silence,
    use,
)
from tests.integration.workers.clock import START
from tests.integration.workers.world import (
    APPROVER,
    CHANNEL,
    EQUALLOGIC,
    OVERRIDER,
    REQUESTER,
    SCSI_ID,
    World,
    make_world,
)
from tests.pool_passwords import with_known_root
from workers import jobs

LATER: Final = START + 100_000
"""More than a day, for which an approval holds."""
CUT: Final = -5
"""Where a document ends too early."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a walk went.

    `overwritten` are the SCSIids of what was written over by XenServer, `made` the SRs that the requests say stand now,
    `plugged` those that the master has attached from the LUN, and `on_lun` the one that the LUN holds. `ours` counts
    the pool's records that carry our tag, `left` what of ours should be gone on either pool; a silent one is left out.
    """

    ends: list[End]
    overwritten: list[str]
    made: set[str]
    plugged: set[str]
    on_lun: str
    ours: int
    left: list[int]
    happened: bool


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
        place = self.world.workplace
        self._lay_out(case)
        with pytest.MonkeyPatch.context() as patch:
            walk = _Walk(self, case, patch)
            requests = walk.to_the_end()
        for pool in (self.world.pool, self.other):
            pool.do(lambda model: model.faults.scripted.clear())
        self.world.workplace = place
        return self._ended(case, requests, happened=walk.happened)

    def _ended(self, case: Case, requests: list[Request], *, happened: bool) -> Ended:
        pool = self.world.pool
        return Ended(
            ends=[_end(request) for request in requests],
            overwritten=self.world.overwritten(),
            made={request.outcome.sr.uuid for request in requests if request.outcome is not None},
            plugged=pool.do(plugged),
            on_lun=pool.do(lambda model: model.contents[SCSI_ID].sr_uuid),
            ours=len(pool.do(of_ours)),
            left=self._left() if case.change is not Change.OWN_SILENT else [],
            happened=happened,
        )

    def _lay_out(self, case: Case) -> None:
        own = self.world.pool
        own.do(functools.partial(write, kind=str(case.content), uuid=HELD))
        if case.sight is Sight.BLIND:
            own.do(lambda model: admit(model, IQNS[0]))
        if case.change is Change.OWN_SILENT:
            self.world.workplace = replace(self.world.workplace, task_seconds=0.1)
        if case.approval is Approval.NOBODY_MAY:
            self._let_nobody_override()
        self._let_know(case)

    def _let_know(self, case: Case) -> None:
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

    @staticmethod
    def _use(pool: RunningPool, uuid: str, *, attached: bool) -> None:
        """A pool has an SR on the LUN, or attaches the one that it has."""
        pool.do(lambda model: use(model, uuid, attached=attached))

    def _left(self) -> list[int]:
        """Count what is left of ours on both pools; a task that was given up goes when it ends."""
        _until(lambda: not self.world.leftovers()["tasks"])
        report = self.other.report()
        return [*self.world.leftovers().values(), len(report["tasks"]), len(report["sessions"])]


class _Walk:
    """The way of one case, on a bench that is laid out for it."""

    def __init__(self, bench: Bench, case: Case, patch: pytest.MonkeyPatch) -> None:
        self._bench = bench
        self._world = bench.world
        self._case = case
        self._patch = patch
        self.happened = False

    def to_the_end(self) -> list[Request]:
        """Go there, and let the change happen when it is time."""
        requests = [self._asked() for _ in range(1 if self._case.race is Race.ALONE else 2)]
        self._pass(When.PICKED)
        inspected = [self._world.inspect(request) for request in requests]
        self._pass(When.INSPECTED)
        for request in inspected:
            if request.state is State.CONFIRMING:
                self._agree(request)
        self._pass(When.APPROVED)
        if self._case.approval is Approval.EXPIRED:
            self._world.clock.now = LATER
        if self._case.when.during_the_run:
            at_moment(self._case, self._world.pool, self._bench.other, self._happen)
        self._run(requests)
        return [self._world.look(request) for request in requests]

    def _asked(self) -> str:
        wanted: dict[str, Any] = {"purpose": self._case.purpose, "target": PICKED, "lun": WANTED}
        if self._case.purpose is Purpose.FORMAT:
            wanted |= {"dies": HeldSr(HELD), "typed": to_type(WANTED)}
        return self._world.ask(EQUALLOGIC, **wanted)

    def _pass(self, moment: When) -> None:
        if self._case.when is moment:
            self._happen(Sides(self._world.pool.do, self._bench.other.do))

    def _happen(self, sides: Sides) -> None:
        self.happened = True
        happen(self._case, sides)
        place = self._world.workplace
        self._world.workplace = replace(place, settings=in_settings(self._case.change, place.settings))
        if self._case.change is Change.TRUNCATED:
            whole = documents.srs
            self._patch.setattr(documents, "srs", lambda *given: whole(*given)[:CUT])

    def _agree(self, request: Request) -> None:
        """Have what the inspection led to approved, as the case has it."""
        request, plan = self._accepted(request)
        who = OVERRIDER if plan.needs_override else APPROVER
        if self._case.approval in FORGED:
            self._forge(request, plan, *FORGED[self._case.approval])
        elif who not in self._world.workplace.settings.channels[CHANNEL].approvers:
            self._forge(request, plan, who, to_type(WANTED))
        else:
            self._approve(request, who)

    def _accepted(self, request: Request) -> tuple[Request, Plan]:
        """Accept by name whoever doesn't see the LUN."""
        if request.plan is not None and request.plan.blind:
            accepted = acting.accept_hosts(request, REQUESTER, request.plan_number, self._world.clock())
            request = self._world.happens(request.id, *accepted)
        assert request.plan is not None
        return request, request.plan

    def _approve(self, request: Request, who: str) -> None:
        world, standing, typed = self._world, self._world.workplace.standing(), to_type(WANTED)
        number = request.plan_number
        asked = deciding.request_approval(request, standing, REQUESTER, number, world.clock())
        request = world.happens(request.id, *asked)
        world.happens(request.id, *deciding.approve(request, standing, who, number, world.clock(), typed))
        if self._case.approval is Approval.TAMPERED:
            _tamper(world, request.id)

    def _forge(self, request: Request, plan: Plan, who: str, typed: str) -> None:
        """Write down that somebody has said yes, whom the bot would not have let."""
        now, other = self._world.clock(), replace(plan, number=plan.number + 1)
        what = digest(other if self._case.approval is Approval.OTHER_PLAN else plan)
        yes = e.Approved(at=now, actor=who, plan_number=plan.number, plan_digest=what, typed=typed)
        asked = e.ApprovalRequested(at=now, actor=REQUESTER, plan_number=plan.number)
        standing = self._world.workplace.standing()
        ruled = Ruled(standing.number, standing.policy.digest)
        self._world.happens(request.id, asked, *([yes] if who else []), e.Queued(at=now, ruled=ruled))

    def _run(self, requests: list[str]) -> None:
        """Run the plan, whether there is one that may run or not; two of them as much together as they can."""
        if self._case.race is Race.ALONE:
            self._job(requests[0])
            return
        self._world.pool.fault("SR.probe", "delay", seconds=0.02, times=2)
        ready = threading.Barrier(len(requests))
        threads = [threading.Thread(target=self._job, args=(request, ready)) for request in requests]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _job(self, request_id: str, ready: threading.Barrier | None = None) -> None:
        step = self._world.look(request_id).work.step
        if ready is not None:
            ready.wait()
        jobs.running(self._world.workplace, request_id, step)


@contextlib.contextmanager
def a_bench(folder: Path, flavour: str, read: float = 30) -> Iterator[Bench]:
    """Two pools of a flavour; `folder` is theirs alone, `read` the seconds that an answer may take."""
    folder.mkdir()
    own = running_pool(with_known_root(folder / "pool"), flavour=flavour, scenario=own_scenario)
    second = running_pool(with_known_root(folder / "second"), flavour=flavour, scenario=other_scenario)
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


def _tamper(world: World, request_id: str) -> None:
    """Somebody writes another LUN into the plan that was approved."""
    request = world.look(request_id)
    assert request.plan is not None
    assert request.plan.way is not None
    other = replace(request.plan.way, lun=Lun(1, "EQLOGIC", "S1", 200 * 1024**3, NEIGHBOUR))
    plan = replace(request.plan, way=other)
    world.ledger.redis.hset(keys.request(request_id), "doc", codec.encode(replace(request, plan=plan)))


def _end(request: Request) -> End:
    paused = request.state is State.PAUSED and request.trouble is not None
    return End(request.state, request.trouble.reason if paused and request.trouble else "")


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not true() and time.monotonic() < deadline:
        time.sleep(0.005)
