"""Nothing of ours is left on a pool, whoever was killed; and nothing of others is touched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from structlog.testing import capture_logs

from bot.ledger import keys
from bot.ledger.pools import Pools
from bot.ledger.store import LedgerUnavailable
from bot.request import events as e
from bot.request.model import State
from deploy.sandbox.pool import tasks
from tests.integration.workers.world import CLEAN, NETAPP, REQUESTER, World, a_world, reason_of
from workers import jobs
from workers.tidying import attempt_id
from workers.xen.errors import UnreachableError
from workers.xen.secrets import TAG, stored_secret
from workers.xen.session import ORIGINATOR, PoolSession

CREATE_FAILED = ["SR_BACKEND_FAILURE_77", "", "Logical Volume group creation failed", ""]
READS_A_VALUE = {"secret.get_record", "secret.get_all_records", "secret.get_value", "secret.get_all_records_where"}


class Known:
    def reveal(self) -> str:
        return "canary-password"


@pytest.fixture(params=["8", "6.5"])
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path / "world", flavour=request.param) as made:
        yield made


class Killed:
    """An attempt that was killed in the middle: what it opened stays open, and nobody of its process runs."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._login: AbstractContextManager[PoolSession] = world.workplace.log_in("xenct")
        self.session = self._login.__enter__()
        world.workplace.running.clear()

    def leave_a_secret(self) -> str:
        record = {"value": "canary", "other_config": {TAG: self.session.attempt}}
        return str(self.session.call("secret.create", record))

    def leave_a_task(self, method: str = "Async.SR.scan") -> str:
        sr = next(sr["ref"] for sr in self._world.pool.report()["srs"] if sr["type"] == "lvmoiscsi")
        return str(self.session.call(method, sr))


def somebody_comes(world: World) -> None:
    with world.workplace.log_in("xenct"):
        pass


def held(world: World) -> dict[str, bytes]:
    return world.workplace.pools.held("xenct")


def test_the_session_the_tasks_and_the_secrets_of_a_killed_attempt_go_with_the_next_login(world: World) -> None:
    killed = Killed(world)
    killed.leave_a_secret()
    killed.leave_a_task()
    assert world.leftovers() == {"secrets": 1, "tasks": 1, "sessions": 1}
    somebody_comes(world)
    assert world.leftovers() == CLEAN
    assert held(world) == {}


class Aged(Redis):
    """A server that runs for as long as the test says."""

    uptime = 1000

    def info(self, section: str | None = None, *args: str, **kwargs: Any) -> Any:  # noqa: ANN401 - as redis-py has it
        return {**super().info(section, *args, **kwargs), "uptime_in_seconds": self.uptime}


OTHER = "other.host.1-abc"


@pytest.fixture
def redis(world: World) -> Iterator[Aged]:
    with Aged.from_url(world.environ["SRBOT_REDIS_URL"]) as redis, _replaced(world, Pools(redis)):
        yield redis


def left_by_another_worker(world: World) -> Killed:
    """An attempt of another worker, at another job. It lasts as long as somebody holds it."""
    killed = Killed(world)
    killed.leave_a_secret()
    (attempt, note) = next(iter(held(world).items()))
    other = attempt_id(OTHER, "other-1", "x")
    world.workplace.pools.let_go("xenct", attempt)
    world.workplace.pools.hold("xenct", other, note)
    return killed


def time_passes(redis: Redis, seconds: int) -> None:
    """What was noted is older by so much."""
    left: Any = redis.pttl(keys.silent(OTHER))
    assert left > 0
    redis.pexpire(keys.silent(OTHER), left - seconds * 1000)


def test_an_attempt_of_another_worker_is_ended_when_that_was_silent_at_two_looks_a_heartbeat_apart(
    world: World, redis: Aged
) -> None:
    killed = left_by_another_worker(world)
    for seconds in (0, 9):
        somebody_comes(world)
        assert world.leftovers()["sessions"] == 1
        time_passes(redis, seconds)
    time_passes(redis, 2)
    somebody_comes(world)
    assert world.leftovers()["sessions"] == 0, killed
    assert held(world) == {}


def test_an_attempt_of_a_worker_that_reports_again_is_left_alone(world: World, redis: Aged) -> None:
    killed = left_by_another_worker(world)
    somebody_comes(world)
    time_passes(redis, 11)
    redis.set(f"rq:worker:{OTHER}", "here")
    somebody_comes(world)
    redis.delete(f"rq:worker:{OTHER}")
    somebody_comes(world)
    assert world.leftovers()["sessions"] == 1, killed
    assert len(held(world)) == 1


def test_nobody_is_silent_right_after_redis_came_back(world: World, redis: Aged) -> None:
    killed = left_by_another_worker(world)
    somebody_comes(world)
    time_passes(redis, 11)
    redis.uptime = 5
    somebody_comes(world)
    assert world.leftovers()["sessions"] == 1, killed


def test_an_attempt_of_this_very_process_is_left_alone(world: World) -> None:
    with world.workplace.log_in("xenct") as session:
        somebody_comes(world)
        assert session.call("SR.get_all_records")
    assert world.leftovers() == CLEAN


def test_values_of_secrets_are_never_read(world: World) -> None:
    killed = Killed(world)
    killed.leave_a_secret()
    somebody_comes(world)
    assert not READS_A_VALUE & set(world.calls())


def test_secrets_of_others_and_those_that_a_pbd_names_stay(world: World) -> None:
    request_id = world.approved()
    assert world.create(request_id).state is State.SUCCEEDED
    before = {secret["uuid"] for secret in world.pool.report()["secrets"]}
    with world.workplace.log_in("xenct") as session:
        session.call("secret.create", {"value": "theirs", "other_config": {}})
        session.call("secret.create", {"value": "theirs", "other_config": {TAG: "somebody~else~x"}})
    killed = Killed(world)
    killed.leave_a_secret()
    somebody_comes(world)
    after = [secret["uuid"] for secret in world.pool.report()["secrets"]]
    assert before <= set(after)
    assert len(after) == len(before) + 2


def test_a_create_that_fails_leaves_no_copy_of_its_secret(world: World) -> None:
    request_id = world.approved()
    copies: list[int] = []

    def count(model: Any) -> None:  # noqa: ANN401 - the pool's own model
        copies.append(len(model.objects.tables["secret"]))

    world.array(op="put_lun", array="equallogic", iqn=_iqn(world), lun={"lun_id": 0, "block_size": 4096})
    request = world.create(request_id)
    assert (request.state, reason_of(request)) == (State.FAILED, "lvm_failed")
    world.pool.do(count)
    assert copies == [0]
    assert world.leftovers() == CLEAN
    assert "secret.get_all" in world.calls()


def _iqn(world: World) -> str:
    found: list[str] = []
    world.pool.do(lambda model: found.append(model.arrays["equallogic"].targets[0].iqn))
    return found[0]


def test_what_could_not_be_looked_for_after_a_failed_create_is_for_the_next_one(world: World) -> None:
    request_id = world.approved()
    world.array(op="put_lun", array="equallogic", iqn=_iqn(world), lun={"lun_id": 0, "block_size": 4096})
    world.pool.fault("secret.get_all", "error", details=["INTERNAL_ERROR", "x"])
    assert world.create(request_id).state is State.FAILED
    assert len(held(world)) == 1
    somebody_comes(world)
    assert world.leftovers() == CLEAN
    assert held(world) == {}


def test_a_note_stays_as_long_as_a_create_runs_whose_copies_may_be_left(world: World) -> None:
    killed = Killed(world)
    killed.leave_a_secret()
    task: list[str] = []
    world.pool.do(lambda model: task.append(_pending_create(model)))
    somebody_comes(world)
    assert world.leftovers()["secrets"] == 1
    assert len(held(world)) == 1
    with world.workplace.log_in("xenct") as session:
        world.pool.do(lambda model: model.objects.remove("task", task[0]))
        assert session.attempt
    assert {**world.leftovers(), "tasks": 0} == CLEAN
    assert held(world) == {}


def test_a_killed_attempt_whose_create_still_runs_keeps_its_session_until_that_has_ended(world: World) -> None:
    killed = Killed(world)
    create: list[str] = []
    killed.leave_a_task()
    world.pool.do(lambda model: create.append(_begun(model, killed.session._session.handle)))
    somebody_comes(world)
    assert {**world.leftovers(), "secrets": 0} == {"secrets": 0, "tasks": 1, "sessions": 1}
    with world.workplace.log_in("xenct") as session:
        assert create[0] in session.call("task.get_all_records")
    world.pool.do(lambda model: model.objects.set("task", create[0], status="success"))
    somebody_comes(world)
    assert world.leftovers() == CLEAN
    assert held(world) == {}


def test_copies_of_an_ended_attempt_that_a_pbd_names_stay(world: World) -> None:
    request_id = world.approved()
    with capture_logs() as lines:
        assert world.create(request_id).state is State.SUCCEEDED
    assert not any(line["event"] == "not_tidied" for line in lines)
    copies = world.pool.report()["secrets"]
    attempts: set[str] = set()
    world.pool.do(lambda model: attempts.update(_tags(model)))
    (attempt,) = attempts
    world.workplace.pools.hold("xenct", attempt, b"its worker was killed before it dropped this")
    somebody_comes(world)
    assert world.pool.report()["secrets"] == copies
    assert held(world) == {}


def _tags(model: Any) -> set[str]:  # noqa: ANN401 - the pool's own model
    configs = [secret["other_config"] for secret in model.objects.tables["secret"].values()]
    return {config[TAG] for config in configs if TAG in config}


def test_what_could_not_be_looked_for_after_a_lost_answer_is_for_the_next_one(world: World) -> None:
    world.pool.fault("Async.SR.probe", "cut_after")
    world.pool.fault("session.get_tasks", "error", details=["INTERNAL_ERROR", "x"])
    assert world.targets(world.ask()).state is State.PAUSED
    assert len(held(world)) == 1
    somebody_comes(world)
    assert {**world.leftovers(), "tasks": 0} == CLEAN
    assert held(world) == {}


def test_a_secret_whose_reference_never_came_is_gone_all_the_same(world: World) -> None:
    world.pool.fault("secret.create", "cut_after")
    assert world.targets(world.ask()).state is State.PAUSED
    assert world.leftovers() == CLEAN
    assert held(world) == {}


def test_a_lost_answer_beside_a_create_that_runs_is_for_the_next_one(world: World) -> None:
    task: list[str] = []
    world.pool.do(lambda model: task.append(_pending_create(model)))
    world.pool.fault("secret.create", "cut_after")
    assert world.targets(world.ask()).state is State.PAUSED
    assert world.leftovers()["secrets"] == 1
    world.pool.do(lambda model: model.objects.remove("task", task[0]))
    somebody_comes(world)
    assert world.leftovers() == CLEAN
    assert held(world) == {}


def _begun(model: Any, session: str) -> str:  # noqa: ANN401 - the pool's own model
    task = _pending_create(model)
    model.objects.set("task", task, session=session, originator=ORIGINATOR)
    return task


def _pending_create(model: Any) -> str:  # noqa: ANN401 - the pool's own model
    return tasks.create(model, model.master(), "Async.SR.create")


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
