"""Fifty people at once, and three bots that know nothing of each other but what the ledger holds."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import deciding
from bot.ledger.policies import Policies, fallback_of
from bot.request import acting
from bot.request import events as e
from bot.request.model import State
from bot.slack.cards.sentences import MAYBE_CHANGED, NOTHING_CHANGED, refusal
from tests.integration.slack.answers import answers
from tests.integration.slack.newcomers import joins
from tests.integration.slack.stage import Stage, opened
from tests.integration.slack.test_accidents import approved_jobs
from tests.integration.workers.world import NETAPP, World, a_world
from tests.servers import empty_url
from tests.stories import START
from workers import jobs
from workers.workplace import from_environment

pytestmark = pytest.mark.no_cover
"""What they run is covered by the tests beside; counting it here too would double their time."""

BOTS = 3
CROWD = [f"voter-{number:02}" for number in range(50)]
POLICY = """
[groups.crowd]
slack = "S0STORADM1"

[rules.all]
decide = ["{} of crowd"]
"""
NO_TIME = {
    NOTHING_CHANGED,
    MAYBE_CHANGED,
    refusal("members_unreadable"),
    refusal("people_unreachable"),
    refusal("channel_unreachable"),
}
"""What those are told who are to press again: the ledger or Slack had no time for them."""

ROUNDS = 10


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with opened(tmp_path_factory.mktemp("stage"), empty_url()) as stage:
        people = [joins(stage, name) for name in CROWD]
        stage.control("usergroup", {"usergroup": "S0STORADM1", "users": people})
        for _ in range(BOTS):
            stage.bot_starts()
        yield stage


def decrees(stage: Stage, needed: str) -> None:
    """Let so many of the crowd have to approve."""
    text = POLICY.format(needed)
    Policies(stage.redis, fallback_of(stage.settings)).apply(text, "somebody", START)
    for bot in stage.bots:
        stage.wait("the policy", lambda bot=bot: bot.context.rules.policies.remembered.text == text)  # type: ignore[misc]  # bound now


def awaiting(stage: Stage, needed: str) -> str:
    """A request that so many of the crowd have to approve."""
    decrees(stage, needed)
    return stage.awaiting()


def approvers(stage: Stage, name: str) -> list[str]:
    """Whose approvals were recorded, each time that one was."""
    return [str(event.actor) for event in stage.ledger.trail(name) if isinstance(event, e.Approved)]


def press(stage: Stage, people: Sequence[str], name: str) -> dict[str, list[str]]:
    """Let all press Approve at the same moment; gives what each of them was told, nothing where it counted.

    Whether a hundred acks at once are in time is the machine's: who isn't acked is told all the same.
    """
    start, before, asked = threading.Barrier(len(people)), approvers(stage, name), list[tuple[str, str]]()

    def pressed(person: str) -> None:
        url = stage.slack.slack.hooks.issue(stage.slack.users[person], stage.channel)
        asked.append((person, url))
        start.wait()
        action = {"action_id": "approve", "value": f"{name}:1"}
        stage.clicks(person, action, response_url=stage.slack.url + url)

    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(pressed, people))
    counted = set(approvers(stage, name)) - set(before)
    told: dict[str, list[str]] = {person: [] for person in people}
    for person, url in asked:
        if stage.slack.users[person] not in counted:
            stage.wait(f"an answer to {person}", lambda url=url: bool(answers(stage, url)))  # type: ignore[misc]  # bound now
        told[person] += answers(stage, url)
    return told


def until_all_are_heard(stage: Stage, people: Sequence[str], name: str) -> dict[str, list[str]]:
    """Let those press again, a minute later, who were told to; gives what each was told last."""
    told = press(stage, people, name)
    for _ in range(ROUNDS):
        again = [person for person in told if told[person] and set(told[person]) <= NO_TIME]
        if not again:
            return told
        stage.control("clock", {"advance": 61})
        told |= press(stage, again, name)
    message = f"{len(again)} were never heard"
    raise AssertionError(message)


def test_where_one_is_enough_one_of_fifty_counts_and_the_others_are_told(crowded: Stage) -> None:
    name = awaiting(crowded, "1")
    told = until_all_are_heard(crowded, CROWD, name)
    (first,) = approvers(crowded, name)
    late = refusal("not_awaiting_approval")
    assert all(late in told[person] for person in CROWD if crowded.slack.users[person] != first)
    assert crowded.now(name).state is State.QUEUED
    assert len(approved_jobs(crowded, name)) == 1


def test_where_all_fifty_are_needed_each_counts_once_however_often_they_press(crowded: Stage) -> None:
    name = awaiting(crowded, "all")
    until_all_are_heard(crowded, [*CROWD, *CROWD], name)
    counted = approvers(crowded, name)
    assert sorted(counted) == sorted(crowded.slack.users[person] for person in CROWD)
    request = crowded.now(name)
    assert [yes.actor for yes in request.approvals] == counted
    assert request.state is State.QUEUED
    assert len(approved_jobs(crowded, name)) == 1


def at_the_pool(stage: Stage, world: World) -> World:
    """Let the worker of a simulated pool work for the requests of the stage."""
    environ = world.environ | {"SRBOT_REDIS_URL": stage.redis_url}
    clock: Any = stage.clock
    place = replace(from_environment(environ), clock=clock, task_seconds=20.0)
    return replace(world, workplace=place, environ=environ, clock=clock)


def planned(stage: Stage, world: World) -> str:
    """A request whose plan the worker has made, with its approval requested."""
    name = stage.asked(f"/sr add iscsi {NETAPP.host}").id
    world.targets(name)
    free = next(row for row in world.offered_luns(world.luns(name)) if row.used_by is None)
    world.pick(name, free.lun.lun_id or 0)
    request = world.inspect(name)
    if request.plan is not None and request.plan.blind:
        request = world.happens(name, *acting.accept_hosts(request, request.requester, 1, stage.clock()))
    asked = deciding.request_approval(
        request, world.workplace.standing(), request.requester, request.plan_number, stage.clock()
    )
    world.happens(name, *asked)
    return name


def test_fifty_who_approve_at_once_make_one_sr(crowded: Stage, tmp_path: Path) -> None:
    decrees(crowded, "all")
    with a_world(tmp_path / "world") as pool:
        world = at_the_pool(crowded, pool)
        name = planned(crowded, world)
        until_all_are_heard(crowded, CROWD, name)
        (job,) = approved_jobs(crowded, name)
        for _ in range(3):
            jobs.running(world.workplace, name, int(job.rpartition("-")[2]))
        request = crowded.now(name)
        assert (request.state, len(request.approvals)) == (State.SUCCEEDED, len(CROWD))
        assert request.outcome is not None
        assert request.lun is not None
        assert pool.overwritten() == [request.lun.scsi_id]
        assert len(pool.srs(request.outcome.sr.uuid)) == 1
