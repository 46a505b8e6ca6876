"""Nothing of ours is left on a pool, whoever was killed; and nothing of others is touched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from redis import Redis
from structlog.testing import capture_logs

from bot.ledger.pools import Pools
from bot.ledger.store import LedgerUnavailable
from bot.request import events as e
from bot.request.model import State
from tests.integration.workers.tidying.leaving import Killed, held, somebody_comes
from tests.integration.workers.world import CLEAN, NETAPP, REQUESTER, World, a_world
from workers import jobs
from workers.xen.errors import UnreachableError
from workers.xen.secrets import stored_secret

CREATE_FAILED = ["SR_BACKEND_FAILURE_77", "", "Logical Volume group creation failed", ""]
READS_A_VALUE = {"secret.get_record", "secret.get_all_records", "secret.get_value", "secret.get_all_records_where"}


class Known:
    def reveal(self) -> str:
        return "canary-password"


@pytest.fixture(params=["8", "6.5"])
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path / "world", flavour=request.param) as made:
        yield made


def test_the_session_the_tasks_and_the_secrets_of_a_killed_attempt_go_with_the_next_login(world: World) -> None:
    killed = Killed(world)
    killed.leave_a_secret()
    killed.leave_a_task()
    assert world.leftovers() == {"secrets": 1, "tasks": 1, "sessions": 1}
    somebody_comes(world)
    assert world.leftovers() == CLEAN
    assert held(world) == {}


def test_an_attempt_of_this_very_process_is_left_alone(world: World) -> None:
    with world.workplace.log_in("xenct") as session:
        somebody_comes(world)
        assert session.call("SR.get_all_records")
    assert world.leftovers() == CLEAN


def test_a_session_that_could_not_be_ended_is_ended_by_the_next_one(world: World) -> None:
    world.pool.fault("session.logout", "cut_before")
    somebody_comes(world)
    assert world.leftovers()["sessions"] == 1
    somebody_comes(world)
    assert world.leftovers() == CLEAN
    assert held(world) == {}


def test_a_secret_that_could_not_be_destroyed_is_destroyed_by_the_next_one(world: World) -> None:
    world.pool.fault("secret.destroy", "error", details=["INTERNAL_ERROR", "x"])
    with world.workplace.log_in("xenct") as session, stored_secret(session, Known()):
        pass
    assert world.leftovers()["secrets"] == 1
    somebody_comes(world)
    assert world.leftovers() == CLEAN


def test_what_a_restart_of_xapi_has_taken_already_is_fine(world: World) -> None:
    killed = Killed(world)
    killed.leave_a_secret()
    world.restart("lost")
    somebody_comes(world)
    assert world.leftovers() == CLEAN
    assert held(world) == {}


def test_a_task_that_has_gone_meanwhile_is_fine(world: World) -> None:
    killed = Killed(world)
    killed.leave_a_task()
    world.pool.fault("task.destroy", "error", details=["HANDLE_INVALID", "task", "x"])
    somebody_comes(world)
    assert held(world) == {}


def test_trouble_with_tidying_stops_nobody_and_the_note_stays(world: World) -> None:
    killed = Killed(world)
    killed.leave_a_secret()
    world.pool.fault("session.get_tasks", "error", details=["INTERNAL_ERROR", "x"], times=0)
    with capture_logs() as lines:
        request_id = world.choosing_lun()
    assert world.look(request_id).state is State.CHOOSING_LUN
    assert any(line["event"] == "not_tidied" for line in lines)
    assert len(held(world)) == 1


def test_a_note_that_another_password_sealed_is_dropped_with_its_secrets(world: World) -> None:
    killed = Killed(world)
    killed.leave_a_secret()
    world.workplace.pools.hold("xenct", killed.session.attempt, b"sealed otherwise")
    somebody_comes(world)
    assert world.leftovers() == {"secrets": 0, "tasks": 0, "sessions": 1}
    assert held(world) == {}


def test_a_note_shows_no_session(world: World) -> None:
    with world.workplace.log_in("xenct"):
        (session,) = world.pool.report()["sessions"]
        (note,) = held(world).values()
        assert session["ref"].encode() not in note
        assert session["ref"].removeprefix("OpaqueRef:").encode() not in note


def test_a_step_that_comes_too_late_tidies_up_all_the_same(world: World) -> None:
    request_id = world.ask()
    killed = Killed(world)
    killed.leave_a_secret()
    world.happens(request_id, e.Cancelled(at=world.clock(), actor=REQUESTER))
    assert world.targets(request_id).state is State.CANCELLED
    assert world.leftovers() == CLEAN


def test_a_step_that_comes_too_late_and_finds_its_pool_away_just_leaves(world: World) -> None:
    request_id = world.ask()
    killed = Killed(world)
    world.happens(request_id, e.Cancelled(at=world.clock(), actor=REQUESTER))
    world.pool.fault("session.login_with_password", "error", details=["HOST_STILL_BOOTING"])
    assert world.targets(request_id).state is State.CANCELLED
    assert list(held(world)) == [killed.session.attempt]
    jobs.looking(world.workplace, "nobody", 1, jobs.FINDING_TARGETS, _never)


def _never(step: object) -> None:
    raise AssertionError(step)


def test_nothing_is_done_in_a_session_that_could_not_be_noted(world: World) -> None:
    away = Pools(Redis.from_url("unix:///nowhere/at/all.sock"))
    with _replaced(world, away), pytest.raises(LedgerUnavailable):
        somebody_comes(world)
    assert world.leftovers() == CLEAN
    assert "SR.get_all_records" not in world.calls()


@contextmanager
def _replaced(world: World, pools: Pools) -> Iterator[None]:
    before = world.workplace
    world.workplace = replace(before, pools=pools)
    yield
    world.workplace = before


def test_another_session_is_ended_once_and_a_second_time_is_fine(world: World) -> None:
    killed = Killed(world)
    with world.workplace.log_in("xenct") as session:
        session.end_other(killed.session._session.handle)
        session.end_other("OpaqueRef:gone")
    assert world.leftovers()["sessions"] == 0


def test_a_session_that_somebody_else_has_ended_leaves_no_note(world: World) -> None:
    with world.workplace.log_in("xenct") as session, world.workplace.log_in("xenct") as other:
        other.end_other(session._session.handle)
    assert world.leftovers() == CLEAN
    assert held(world) == {}


def test_a_login_without_an_answer_leaves_no_note(world: World) -> None:
    world.narrow("http://127.0.0.1", "http://127.0.0.3")
    with pytest.raises(UnreachableError):
        somebody_comes(world)
    assert held(world) == {}


def test_every_end_of_a_request_leaves_the_pool_clean(world: World) -> None:
    ends: list[State] = []
    for fault in (None, "error", "cut_after", "junk"):
        request_id = world.approved(NETAPP, None, lun_id=3 + len(ends))
        if fault is not None:
            world.pool.fault("Async.SR.create", fault, details=CREATE_FAILED)
        ends.append(world.create(request_id).state)
        assert world.leftovers() == CLEAN, ends
    assert ends == [State.SUCCEEDED, State.FAILED, State.SUCCEEDED, State.SUCCEEDED]
