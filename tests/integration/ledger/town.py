"""People, policies and a worker, to play with at random: what may run is said here once more, by hand."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Final, cast

from redis import Redis

from bot import deciding
from bot.deciding import Standing
from bot.ledger.connection import for_work
from bot.ledger.freezes import Freezes
from bot.ledger.policies import Policies
from bot.ledger.pools import Pools
from bot.ledger.questions import Questions
from bot.ledger.store import Ledger, LunTaken, new_id
from bot.policy import Members, Policy, parse
from bot.request import acting
from bot.request import events as e
from bot.request.found import Finding, Trouble
from bot.request.freezing import EVERY_POOL, Freeze
from bot.request.lifecycle import Impossible, begin
from bot.request.model import Request, State
from bot.request.plan import MANAGING, Plan, Purpose
from bot.request.refused import Refused
from bot.settings import Settings
from bot.slack.groups import UNREAD, Groups
from bot.slack.rules import Rules
from bot.slack.timekeeping import Timekeeper
from tests import stories
from tests.stories import START
from workers.steps import Step, SupersededError, take_up
from workers.troubles import CannotDoError
from workers.workplace import Workplace

ANN, BEN, CEM, DAN, EVE = PEOPLE = ("UANN", "UBEN", "UCEM", "UDAN", "UEVE")
OPS: Final = "S0OPS"
OVERRIDING: Final = '[rules.overriding]\nwhen = { dangers = ["overrides"] }\ndecide = ["1 of UCEM"]\n'

Enough = Callable[[frozenset[str], frozenset[str], Request], bool]
"""Whether these people are enough, given who was in the group when it was decided: written by hand."""


@dataclass(frozen=True, slots=True)
class Law:
    """A policy's text, and what it means."""

    text: str
    enough: Enough
    quiet: bool = False


def one(people: frozenset[str], _ops: frozenset[str], request: Request) -> bool:
    return bool(people & {ANN, BEN, CEM}) and (not overrides(request) or CEM in people)


def two(people: frozenset[str], _ops: frozenset[str], request: Request) -> bool:
    return len(people & {ANN, BEN, CEM, DAN}) >= 2 and not overrides(request)


def of_both(people: frozenset[str], ops: frozenset[str], request: Request) -> bool:
    return CEM in people and bool(people & ops - {CEM}) and not overrides(request)


def by_itself(people: frozenset[str], _ops: frozenset[str], request: Request) -> bool:
    harmless = request.purpose is Purpose.SCAN
    return (harmless or bool(people & {ANN, BEN})) and not overrides(request)


def overrides(request: Request) -> bool:
    return bool(request.plan and request.plan.not_asked)


LAWS: Final = (
    Law(f'[rules.all]\ndecide = ["1 of UANN or UBEN or UCEM"]\n{OVERRIDING}', one),
    Law('[rules.all]\ndecide = ["2 of UANN or UBEN or UCEM or UDAN"]\n', two),
    Law(f'[groups.ops]\nslack = "{OPS}"\n[rules.all]\ndecide = ["1 of ops", "1 of UCEM"]\n', of_both),
    Law(
        '[rules.scans]\nwhen = { actions = ["scan"], harmless = true }\nautomatic = { per_day = 2 }\n'
        '[rules.rest]\nwhen = { actions = ["add iscsi", "destroy"] }\ndecide = ["1 of UANN or UBEN"]\n'
        'pauses = ["1 min", "10 min"]\nescalate = [{ after = "15 min", to = ["UBEN"] }]\n',
        by_itself,
    ),
    Law(
        '[quiet.always]\nzone = "UTC"\nfrom = "00:00"\nto = "23:59"\nstops = ["runs"]\n'
        f'[rules.all]\ndecide = ["1 of UANN or UBEN or UCEM"]\nquiet = "always"\n{OVERRIDING}',
        one,
        quiet=True,
    ),
)
NOBODY: Final = Policy(text="", rules=())


@dataclass(slots=True)
class Town:
    """Where it all happens: one ledger, and one time."""

    url: str
    redis: Redis = field(init=False)
    ledger: Ledger = field(init=False)
    policies: Policies = field(init=False)
    rules: Rules = field(init=False)
    now: float = START
    law: Law = LAWS[0]
    frozen: bool = False
    noted: int = 0
    """How many policies and freezes stand in the audit beside what happened to requests."""

    ops: frozenset[str] = frozenset({ANN, DAN})
    silent: bool = False
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.redis = for_work(self.url)
        self.ledger = Ledger(self.redis, patience=20.0)
        self.policies = Policies(self.redis, NOBODY)
        self.rules = Rules(self.policies, Freezes(self.redis), cast("Groups", self), self.clock)
        self.decrees(self.law)

    def clock(self) -> float:
        return self.now

    def decrees(self, law: Law) -> None:
        """Put a policy in force."""
        before = self.policies.applied()
        after = self.policies.apply(parse(law.text).text, "somebody", self.now)
        self.law, self.noted = law, self.noted + (after != before)

    def begin(self) -> Callable[[float], Members]:
        """Read the groups, as Slack would give them."""
        members = UNREAD if self.silent else Members({OPS: self.ops})
        return lambda _: members

    def standing(self) -> Standing:
        """Give what the bot decides by."""
        return self.rules.standing(self.rules.members())

    def freezes(self, person: str) -> None:
        """Let somebody stop everything, or let it go on."""
        freezes = self.rules.freezes
        if self.frozen:
            assert freezes.thaw(EVERY_POOL, person, self.now)
        else:
            assert freezes.freeze(Freeze(EVERY_POOL, person, self.now, "the array is being moved"))
        self.frozen, self.noted = not self.frozen, self.noted + 1

    def load(self, name: str) -> Request:
        request = self.ledger.load(name)
        assert request is not None
        return request

    def asks(self, person: str, purpose: Purpose) -> None:
        """Let somebody ask, where the policy lets them."""
        changes: dict[str, Any] = {} if purpose is Purpose.CREATE else {"sr": stories.SR.name, "address": None}
        asked = stories.asked(
            at=self.now, actor=person, requester=person, request=new_id(), purpose=purpose, credential=None, **changes
        )
        try:
            deciding.may_ask(begin(asked), self.standing())
        except Refused:
            return
        self.requests.append(self.ledger.open(asked).id)

    def tries(self, name: str, decide: Callable[[Request], Sequence[e.Event]]) -> None:
        """Commit what somebody wants, if it may be."""
        with contextlib.suppress(Refused, Impossible):
            self.ledger.commit(name, decide)

    def goes_on(self, name: str) -> None:
        """Let who asked do what comes next."""
        request = self.load(name)
        who, number, now = request.requester, request.plan_number, self.now
        steps: dict[State, Callable[[Request], Sequence[e.Event]]] = {
            State.CHOOSING_TARGET: lambda it: acting.pick_target(it, who, "targets1", stories.TARGET, now),
            State.CHOOSING_LUN: lambda it: acting.pick_lun(it, who, "luns1", stories.FREE, now),
            State.PAUSED: lambda it: acting.try_again(it, who, now),
            State.CONFIRMING: lambda it: deciding.request_approval(it, self.standing(), who, number, now),
            State.PARTIAL: lambda it: deciding.retry(it, self.standing(), who, now),
        }
        step = steps.get(request.state)
        if step is not None:
            self.tries(name, step)

    def time_passes(self, seconds: float, *, noticed: bool) -> None:
        """Turn the clock, and let a bot do what is due, where one has noticed yet."""
        self.now += seconds
        if noticed:
            Timekeeper(self.ledger, Questions(self.redis), self.rules, self.clock).turn()

    def works(self, name: str, outcome: int) -> None:
        """Let a worker take up what is asked of it, and end it in one of several ways."""
        request = self.load(name)
        states = {State.QUEUED, State.RUNNING} if request.state is State.QUEUED else {request.state}
        try:
            step = take_up(self._workplace(), name, request.work.step, states)
            if step.request.state is State.RUNNING:
                if request.state is State.QUEUED:
                    self.may_run(step.request)
                self._runs(step, outcome)
            else:
                assert not (self.frozen and step.request.state is State.REPAIRING)
                step.commit([_report(step, outcome)])
        except (SupersededError, CannotDoError, LunTaken, Impossible):
            pass

    def _runs(self, step: Step, outcome: int) -> None:
        """Run a plan, as far as it comes: the worker may be killed on the way."""
        if outcome == 0:
            return
        if outcome == 1:
            trouble = Trouble("host_unreachable")
            step.commit([e.StepFailed(at=self.now, step=step.number, trouble=trouble)])
            return
        changed_before = step.request.work.changing
        try:
            step.start_changing("changing the pool")
        except deciding.NotNow as later:
            step.commit([later.event])
            return
        self.may_run(step.request, goes_on=changed_before)
        if outcome > 2:
            step.commit([_end(step, outcome)])

    def may_run(self, request: Request, *, goes_on: bool = False) -> None:
        """Look with other eyes at what runs; what `goes_on` has changed the pool before, which no quiet hour stops."""
        assert goes_on or not self.frozen
        plan, people = request.plan, frozenset(yes.actor for yes in request.approvals)
        assert plan is not None
        ops = next((frozenset(it.people) for it in request.readings if it.group == OPS), frozenset[str]())
        assert request.requester not in people
        assert self.law.enough(people, ops, request), (people, ops, self.law.text)
        assert goes_on or not self.law.quiet or f"{datetime.fromtimestamp(self.now, UTC):%H:%M}" == "23:59"
        if plan.purpose in {Purpose.DESTROY, Purpose.CREATE}:
            assert people

    def _workplace(self) -> Workplace:
        settings = cast("Settings", SimpleNamespace(channels={}))
        return Workplace(
            settings, self.ledger, Questions(self.redis), Pools(self.redis), {}, clock=self.clock, worker="worker-1"
        )


def _report(step: Step, outcome: int) -> e.Event:
    """Say what a look has found."""
    at, number, request = step.now, step.number, step.request
    if outcome == 0:
        return e.StepFailed(at=at, step=number, trouble=Trouble("target_unreachable"))
    if request.state is State.DISCOVERING_TARGETS:
        return e.TargetsFound(at=at, step=number, finding=Finding("targets1", 1))
    if request.state is State.DISCOVERING_LUNS:
        return e.LunsFound(at=at, step=number, finding=Finding("luns1", 1))
    if request.state is State.REPAIRING:
        return e.Created(at=at, step=number, outcome=stories.outcome())
    return e.PlanMade(at=at, step=number, plan=_plan(request, outcome))


def _plan(request: Request, outcome: int) -> Plan:
    number = request.plan_number + 1
    if request.purpose in MANAGING:
        return stories.managing_plan(request.purpose, number)
    if outcome == 1:
        return replace(stories.plan(number), not_asked=("other",))
    return replace(stories.plan(number), hosts=stories.ONE_SEES) if outcome == 2 else stories.plan(number)


def _end(step: Step, outcome: int) -> e.Event:
    at, number, managed = step.now, step.number, step.request.purpose in MANAGING
    if outcome == 3:
        return e.LostTrack(at=at, step=number, trouble=Trouble("outcome_unknown"))
    if managed:
        return e.Done(at=at, step=number, outcome=stories.managed_outcome(step.request.purpose))
    if outcome == 4:
        return e.CreatedPartly(at=at, step=number, outcome=stories.outcome(second_host=False))
    return e.Created(at=at, step=number, outcome=stories.outcome())
