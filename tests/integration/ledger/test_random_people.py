"""People, policies, workers and time at random against the real ledger, and what always holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot import deciding
from bot.deciding import Standing
from bot.ledger import codec, keys
from bot.ledger.auditing import Audit
from bot.ledger.queueing import queue_for
from bot.request import acting
from bot.request import events as e
from bot.request.lifecycle import apply, begin
from bot.request.model import Request, State
from bot.request.plan import Purpose, digest
from tests.integration.ledger.town import LAWS, PEOPLE, Law, Town
from tests.servers import empty_url

pytestmark = pytest.mark.no_cover
"""What they run is covered by the tests beside; counting it here too would double their time."""

MOST_REQUESTS: Final = 3
BY_PEOPLE: Final = (
    e.ApprovalRequested,
    e.Approved,
    e.Rejected,
    e.Claimed,
    e.QuestionAsked,
    e.TargetPicked,
    e.LunPicked,
)
"""What happens in time, or not at all."""

Press = Callable[[Request, Standing, str, int, float], Sequence[e.Event]]


def approve(request: Request, standing: Standing, actor: str, number: int, now: float) -> Sequence[e.Event]:
    """Say yes, with what the plan wants typed."""
    typed = request.plan.to_type if request.plan else ""
    return deciding.approve(request, standing, actor, number, now, typed)


PRESSES: Final[dict[str, Press]] = {
    "approve": approve,
    "reject": deciding.reject,
    "claim": deciding.claim,
    "ask": lambda it, standing, actor, number, now: deciding.ask_question(it, standing, actor, number, now, "Why?"),
    "withdraw": deciding.withdraw,
    "request approval": deciding.request_approval,
    "accept hosts": lambda it, _, actor, number, now: acting.accept_hosts(it, actor, number, now),
    "cancel": lambda it, _, actor, _number, now: acting.cancel(it, actor, now),
    "try again": lambda it, _, actor, _number, now: acting.try_again(it, actor, now),
    "retry": lambda it, standing, actor, _, now: deciding.retry(it, standing, actor, now),
}
DECIDING: Final = ("approve", "approve", "approve", *PRESSES)
"""What is pressed most is pressed most."""

people, whichever = st.sampled_from(PEOPLE), st.integers(0, MOST_REQUESTS - 1)
crowds = st.lists(people, min_size=2, max_size=5, unique=True)
laws = st.sampled_from([LAWS[0], *LAWS])
purposes = st.sampled_from([Purpose.CREATE, Purpose.SCAN, Purpose.DESTROY])
SECONDS: Final = [1.0] * 16 + [61.0, 61.0, 600.0, 600.0, 1800.0, 7300.0]


class RandomPeople(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.town = Town(empty_url())
        self.stepped: dict[str, int] = {}

    def teardown(self) -> None:
        self.town.redis.close()

    def _one(self, number: int) -> str:
        return self.town.requests[number % len(self.town.requests)]

    @initialize(law=laws, asking=st.lists(st.tuples(people, purposes, crowds), min_size=2, max_size=MOST_REQUESTS))
    def some_have_asked(self, law: Law, asking: list[tuple[str, Purpose, list[str]]]) -> None:
        """What they asked for waits for approvals, or for its plan to be confirmed; some have been given already."""
        self.town.decrees(law)
        for which, (person, purpose, several) in enumerate(asking):
            self.town.asks(person, purpose)
            assert len(self.town.requests) == which + 1
            self._goes_on(which, 4, 5)
            for approver in several:
                self.somebody_presses(which, approver, "approve", 0)

    @precondition(lambda self: len(self.town.requests) < MOST_REQUESTS)
    @rule(person=people, purpose=purposes)
    def somebody_asks(self, person: str, purpose: Purpose) -> None:
        self.town.asks(person, purpose)

    @precondition(lambda self: self.town.requests)
    @rule(which=whichever, steps=st.integers(1, 4), outcome=st.integers(0, 5))
    def it_goes_on(self, which: int, steps: int, outcome: int) -> None:
        self._goes_on(which, steps, outcome)

    def _goes_on(self, which: int, steps: int, outcome: int) -> None:
        """Let who asked and the worker do what comes next, one after the other."""
        for _ in range(steps):
            self.town.works(self._one(which), outcome)
            self.town.goes_on(self._one(which))

    @precondition(lambda self: self.town.requests)
    @rule(which=whichever, person=people, press=st.sampled_from(DECIDING), off=st.sampled_from([0, 0, 0, -1, 1]))
    def somebody_presses(self, which: int, person: str, press: str, off: int) -> None:
        town = self.town
        number = town.load(self._one(which)).plan_number + off
        town.tries(self._one(which), lambda request: PRESSES[press](request, town.standing(), person, number, town.now))

    @precondition(lambda self: self.town.requests)
    @rule(which=whichever, person=people, press=st.sampled_from(DECIDING))
    def somebody_presses_before_it_is_noticed_that_its_time_is_over(self, which: int, person: str, press: str) -> None:
        until = self.town.load(self._one(which)).expires_at
        if until is not None:
            now, self.town.now = self.town.now, max(until, self.town.now)
            self.somebody_presses(which, person, press, 0)
            self.town.now = now  # nothing came of it: the others have their time

    @precondition(lambda self: self.town.requests)
    @rule(which=whichever, several=crowds, outcome=st.integers(0, 5))
    def several_approve_and_a_worker_works(self, which: int, several: list[str], outcome: int) -> None:
        for person in several:
            self.somebody_presses(which, person, "approve", 0)
        self.town.works(self._one(which), outcome)

    @rule(seconds=st.sampled_from(SECONDS), noticed=st.booleans())
    def time_passes(self, seconds: float, *, noticed: bool) -> None:
        self.town.time_passes(seconds, noticed=noticed)

    @rule(law=laws)
    def a_policy_is_applied(self, law: Law) -> None:
        self.town.decrees(law)

    @rule(person=people, seldom=st.integers(0, 3))
    def somebody_freezes_or_thaws(self, person: str, seldom: int) -> None:
        if self.town.frozen or not seldom:
            self.town.freezes(person)

    @rule(members=st.frozensets(people, max_size=3), silent=st.booleans())
    def the_group_changes(self, members: frozenset[str], *, silent: bool) -> None:
        self.town.ops, self.town.silent = members, silent

    @invariant()
    def what_is_stored_is_what_happened(self) -> None:
        for name in self.town.requests:
            trail, request = self.town.ledger.trail(name), self.town.load(name)
            assert self._replayed(trail) == request
            assert request.version == len(trail) >= self.stepped.get(name, 0), "nothing is taken back"
            self.stepped[name] = request.version

    @staticmethod
    def _replayed(trail: list[e.Event]) -> Request:
        """Replay a trail, and look at each step on the way."""
        request = begin(trail[0])
        for event in trail[1:]:
            if isinstance(event, BY_PEOPLE):
                assert request.expires_at is not None
                assert event.at < request.expires_at, "what came too late changed something"
            if isinstance(event, e.Approved):
                assert event.actor not in {request.requester, *(yes.actor for yes in request.approvals)}
                assert request.plan is not None
                assert event.plan_digest == digest(request.plan)
            request = apply(request, event)
        return request

    @invariant()
    def approvals_are_a_set_of_others(self) -> None:
        for request in map(self.town.load, self.town.requests):
            approved = [yes.actor for yes in request.approvals]
            assert request.requester not in approved
            assert len(set(approved)) == len(approved)

    @invariant()
    def each_step_has_one_job(self) -> None:
        queued = queue_for(self.town.redis, "xenct").job_ids
        steps = {name: self.town.load(name).work.step for name in self.town.requests}
        assert sorted(queued) == sorted(f"{name}-{step + 1}" for name, last in steps.items() for step in range(last))

    @invariant()
    def what_has_ended_is_due_for_nothing(self) -> None:
        redis: Any = self.town.redis
        due = {member.decode().partition(":")[2] for member in redis.zrange(keys.DUE, 0, -1)}
        still_open = {name for name in self.town.requests if not self.town.load(name).ended}
        assert due <= still_open
        assert set(self.town.ledger.open_requests()) == still_open

    @invariant()
    def all_that_belongs_to_a_step_is_written(self) -> None:
        redis: Any = self.town.redis
        rows = [row for name in self.town.requests for row in redis.lrange(keys.trail(name), 0, -1)]
        audit = [fields[b"record"] for _, fields in redis.xrange(keys.AUDIT)]
        assert sorted(row for row in audit if codec.request_of(row)) == sorted(rows)
        assert len(audit) - len(rows) == self.town.noted
        assert redis.xlen(keys.OUTBOX) == len({codec.commit_of(row) for row in rows})
        assert list(Audit(redis).findings()) == []

    @invariant()
    def one_plan_runs_on_a_lun(self) -> None:
        running = [request for request in map(self.town.load, self.town.requests) if request.state is State.RUNNING]
        assert max(Counter(it.plan.runs_on for it in running if it.plan).values(), default=0) <= 1

    @invariant()
    def no_more_passes_by_itself_than_the_policy_says(self) -> None:
        trails = [self.town.ledger.trail(name) for name in self.town.requests]
        charged = [event.at for trail in trails for event in trail if isinstance(event, e.Queued) and event.charges]
        days = Counter(datetime.fromtimestamp(at, UTC).date() for at in charged)
        assert max(days.values(), default=0) <= 2


TestRandomPeople = RandomPeople.TestCase
TestRandomPeople.settings = settings(
    max_examples=20,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.reuse, Phase.generate],  # to shrink what fails takes minutes, and it is short enough to read
)
