"""People at random, the real worker and a simulated pool: what is on the pool is what was approved, and once."""

from __future__ import annotations

import contextlib
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot import deciding
from bot.deciding import Standing
from bot.ledger.freezes import Freezes
from bot.ledger.store import LunTaken
from bot.request import acting
from bot.request import events as e
from bot.request.found import OfferedLun
from bot.request.freezing import EVERY_POOL, Freeze
from bot.request.lifecycle import Impossible
from bot.request.model import Request, State
from bot.request.refused import Refused
from tests.integration.workers.world import (
    APPROVER,
    CLEAN,
    NETAPP,
    OVERRIDER,
    REQUESTER,
    World,
    a_world,
)
from tests.stories import OUTSIDER

pytestmark = pytest.mark.no_cover
"""What they run is covered by the tests beside; counting it here too would double their time."""

WHO_MAY: Final = frozenset({APPROVER, OVERRIDER})
PEOPLE: Final = (REQUESTER, APPROVER, OVERRIDER, OUTSIDER)
PRESSES: Final[dict[str, Callable[[Request, Standing, str, int, float], Sequence[e.Event]]]] = {
    "request approval": deciding.request_approval,
    "approve": lambda it, standing, who, number, now: deciding.approve(it, standing, who, number, now, ""),
    "withdraw": deciding.withdraw,
    "reject": deciding.reject,
    "cancel": lambda it, _, who, _number, now: acting.cancel(it, who, now),
    "accept hosts": lambda it, _, who, number, now: acting.accept_hosts(it, who, number, now),
}
RUNS: Final = frozenset({State.QUEUED, State.RUNNING})

MOST: Final = 4

whichever, people = st.integers(0, 3), st.sampled_from([APPROVER, OVERRIDER, *PEOPLE])
presses = st.sampled_from(["request approval", "approve", "approve", *PRESSES])


class RandomPeopleAndAPool(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.stack = contextlib.ExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.world: World = self.stack.enter_context(a_world(folder / "world"))
        self.requests: list[str] = []
        self.frozen = False

    def teardown(self) -> None:
        self.stack.close()

    def _one(self, which: int) -> Request:
        return self.world.look(self.requests[which % len(self.requests)])

    @initialize(luns=st.lists(st.integers(0, 20), min_size=1, max_size=3), who=people, at_once=st.booleans())
    def some_wait_for_an_approval(self, luns: list[int], who: str, *, at_once: bool) -> None:
        for lun in luns:
            self.somebody_asks_and_picks(lun, asked=True)
        self.somebody_approves_and_a_worker_works(0, who, at_once=at_once)

    @precondition(lambda self: len(self.requests) < MOST)
    @rule(lun=st.integers(0, 20), asked=st.booleans())
    def somebody_asks_and_picks(self, lun: int, *, asked: bool) -> None:
        world = self.world
        name = world.choosing_lun(NETAPP, None)
        free = [row for row in world.offered_luns(world.look(name)) if row.used_by is None]
        world.happens(name, *self._picked(name, free[lun % len(free)]))
        world.inspect(name)
        self.requests.append(name)
        for press in ("accept hosts", "request approval") if asked else ():
            self.somebody_presses(len(self.requests) - 1, REQUESTER, press, 0)

    def _picked(self, name: str, offered: OfferedLun) -> Sequence[e.Event]:
        request = self.world.look(name)
        assert request.luns is not None
        return acting.pick_lun(request, REQUESTER, request.luns.id, offered, self.world.clock())

    @rule(which=whichever, who=people, press=presses, off=st.sampled_from([0, 0, 0, 1]))
    def somebody_presses(self, which: int, who: str, press: str, off: int) -> None:
        world, request = self.world, self._one(which)
        number = request.plan_number + off

        def decide(now_is: Request) -> Sequence[e.Event]:
            return PRESSES[press](now_is, world.workplace.standing(), who, number, world.clock())

        with contextlib.suppress(Refused, Impossible):
            world.ledger.commit(request.id, decide)

    @rule(which=whichever)
    def a_worker_works(self, which: int) -> None:
        before, overwritten = self._one(which), self.world.overwritten()
        self.world.create(before.id)
        new = self.world.overwritten()[len(overwritten) :]
        if not new:
            return
        approved = {yes.actor for yes in before.approvals}
        assert before.state in RUNS
        assert approved & WHO_MAY, "nobody who may had approved it"
        assert not self.frozen or before.work.changing
        assert new == [before.lun.scsi_id if before.lun else ""]

    @rule(which=whichever, who=people, at_once=st.booleans())
    def somebody_approves_and_a_worker_works(self, which: int, who: str, *, at_once: bool) -> None:
        self.somebody_presses(which, who, "approve", 0)
        if not at_once:
            self.a_worker_dies(which)
        self.a_worker_works(which)

    @rule(which=whichever)
    def a_worker_dies(self, which: int) -> None:
        if self._one(which).state is State.QUEUED and not self.frozen:
            with contextlib.suppress(LunTaken, Impossible):
                self.world.begin(self._one(which).id)

    @rule(seldom=st.integers(0, 3))
    def somebody_freezes_or_thaws(self, seldom: int) -> None:
        freezes, now = Freezes(self.world.ledger.redis), self.world.clock()
        if self.frozen:
            freezes.thaw(EVERY_POOL, APPROVER, now)
        elif not seldom:
            freezes.freeze(Freeze(EVERY_POOL, APPROVER, now, "the array is being moved"))
        else:
            return
        self.frozen = not self.frozen

    @invariant()
    def no_lun_is_written_over_twice_and_each_sr_is_that_of_one_request(self) -> None:
        assert max(Counter(self.world.overwritten()).values(), default=0) <= 1
        made = [it.outcome.sr.uuid for it in map(self.world.look, self.requests) if it.outcome is not None]
        assert all(len(self.world.srs(uuid)) == 1 for uuid in made)
        assert len(set(made)) == len(made) == len(self.world.overwritten())

    @invariant()
    def nothing_of_ours_is_left_on_the_pool(self) -> None:
        assert self.world.leftovers() == CLEAN


TestRandomPeopleAndAPool = RandomPeopleAndAPool.TestCase
TestRandomPeopleAndAPool.settings = settings(
    max_examples=8,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.reuse, Phase.generate],  # to shrink what fails takes minutes, and it is short enough to read
)
