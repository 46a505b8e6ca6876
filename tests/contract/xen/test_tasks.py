"""Tasks and secrets: waited for through outages, and gone afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from deploy.sandbox.pool.control import restart
from deploy.sandbox.pool.serving import RunningPool, running_pool
from tests.contract.xen.pools import CANARY, Known, login, password
from workers.xen.errors import BadAnswerError, RefusedError, TaskFailedError, TimedOutError, UnreachableError, XenError
from workers.xen.records import read_hosts, read_master
from workers.xen.secrets import stored_secret
from workers.xen.session import PoolSession, open_pool
from workers.xen.tasks import Waiting, run_task, started_task, wait_for

WAITING = Waiting(patience=5.0, outage=5.0)


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[RunningPool]:
    with running_pool(tmp_path) as pool:
        yield pool


@pytest.fixture
def session(pool: RunningPool) -> Iterator[PoolSession]:
    with open_pool(login(pool.url), password(pool), "worker~request1-2~x") as session:
        yield session


def scan(session: PoolSession, waiting: Waiting) -> str:
    sr = session.call("SR.get_by_uuid", "0b1c7a52-6a7e-4f0e-9d1f-2c52a0f3e101")
    return run_task(session, waiting, "SR.scan", sr)


def on_pause(*works: Callable[[], object]) -> Waiting:
    """Do these things in the pauses, one after the other."""
    left = list(works)

    def pause(seconds: float) -> None:
        del seconds
        if left:
            left.pop(0)()

    return replace(WAITING, pause=pause)


def test_a_task_gives_its_result_and_is_gone(pool: RunningPool, session: PoolSession) -> None:
    assert scan(session, WAITING) == ""
    assert pool.report()["tasks"] == []


def test_a_failed_task_is_the_calls_own_failure(pool: RunningPool, session: PoolSession) -> None:
    pool.fault("SR.scan", "error", details=["SR_BACKEND_FAILURE_40", "", "The SR scan failed", ""])
    with pytest.raises(TaskFailedError, match="SR_BACKEND_FAILURE_40"):
        scan(session, WAITING)
    assert pool.report()["tasks"] == []


def test_a_task_that_was_cancelled_says_so(pool: RunningPool, session: PoolSession) -> None:
    task = session.call("task.create", "ours", "")
    pool.do(lambda model: model.objects.set("task", task, status="cancelled"))
    with pytest.raises(TaskFailedError, match="TASK_CANCELLED"):
        wait_for(session, WAITING, task)


def test_the_pauses_grow_up_to_a_second(pool: RunningPool, session: PoolSession) -> None:
    pauses: list[float] = []
    clock = iter(range(100))
    pool.fault("SR.scan", "hang")
    with pytest.raises(TimedOutError):
        scan(session, Waiting(20.0, pause=pauses.append, clock=lambda: float(next(clock))))
    assert pauses[:6] == [0.1, 0.2, 0.4, 0.8, 1.0, 1.0]


def test_a_task_is_waited_for_through_a_lost_session(pool: RunningPool, session: PoolSession) -> None:
    pool.fault("SR.scan", "delay", seconds=0.3)

    def lose_sessions() -> None:
        pool.do(lambda model: [model.objects.remove("session", r) for r in list(model.objects.tables["session"])])

    waiting = on_pause(lose_sessions)
    assert scan(session, waiting) == ""


@pytest.mark.parametrize("kind", ["cut_before", "hang"])
def test_a_task_is_waited_for_through_an_outage(pool: RunningPool, session: PoolSession, kind: str) -> None:
    pool.fault("task.get_record", kind)
    assert scan(session, WAITING) == ""
    assert pool.report()["tasks"] == []


def test_an_outage_that_lasts_is_the_end_of_waiting(pool: RunningPool, session: PoolSession) -> None:
    pool.fault("task.get_record", "cut_before", times=0)
    with pytest.raises(XenError):
        scan(session, replace(WAITING, outage=0.0))


def test_a_session_that_stays_lost_is_the_end_of_waiting(pool: RunningPool, session: PoolSession) -> None:
    pool.fault("SR.scan", "hang")
    pool.fault("session.login_with_password", "cut_before", times=0)
    waiting = replace(on_pause(lambda: pool.do(lambda model: restart(model, {"tasks": "lost"}))), outage=0.0)
    with pytest.raises(XenError):
        scan(session, waiting)


def test_a_task_that_xapi_forgot_is_told(pool: RunningPool, session: PoolSession) -> None:
    pool.fault("SR.scan", "hang")
    with pytest.raises(RefusedError, match="HANDLE_INVALID") as caught:
        scan(session, on_pause(lambda: pool.do(lambda model: restart(model, {"tasks": "lost"}))))
    assert not isinstance(caught.value, TaskFailedError)


def test_a_task_is_destroyed_after_any_error(pool: RunningPool, session: PoolSession) -> None:
    sr = session.call("SR.get_by_uuid", "0b1c7a52-6a7e-4f0e-9d1f-2c52a0f3e101")

    def fail() -> None:
        with started_task(session, "SR.scan", sr) as task:
            wait_for(session, WAITING, task)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert pool.report()["tasks"] == []


def test_a_secret_is_tagged_while_it_lasts_and_gone_after_any_error(pool: RunningPool, session: PoolSession) -> None:
    def fail() -> None:
        with stored_secret(session, Known(CANARY)) as uuid:
            (secret,) = pool.report()["secrets"]
            assert (secret["uuid"], secret["other_config"]) == (uuid, {"srbot": session.attempt})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert pool.report()["secrets"] == []


def test_a_secret_whose_uuid_cannot_be_read_is_gone_too(pool: RunningPool, session: PoolSession) -> None:
    pool.fault("secret.get_uuid", "error", details=["INTERNAL_ERROR", "x"])
    with pytest.raises(RefusedError), stored_secret(session, Known(CANARY)):
        pass
    assert pool.report()["secrets"] == []


def test_a_secret_that_cannot_be_destroyed_is_logged_with_its_owner_and_without_its_value(
    pool: RunningPool, session: PoolSession
) -> None:
    pool.fault("secret.destroy", "error", details=["INTERNAL_ERROR", CANARY])
    with capture_logs() as lines, stored_secret(session, Known(CANARY)):
        pass
    (line,) = lines
    assert (line["event"], line["log_level"]) == ("secret_left_behind", "warning")
    assert line["error"] == "127.0.0.1 INTERNAL_ERROR"
    assert CANARY not in repr(line)
    assert len(pool.report()["secrets"]) == 1


def test_hosts_come_sorted_with_their_iqns_and_the_master(session: PoolSession) -> None:
    hosts = read_hosts(session)
    assert [(host.name, host.iqn) for host in hosts.all] == [
        ("xenct-xen1", "iqn.2026-01.com.example:xenct-xen1"),
        ("xenct-xen2", "iqn.2026-01.com.example:xenct-xen2"),
    ]
    assert hosts.master == hosts.all[0]
    assert hosts.name_of("OpaqueRef:gone") == ""


def test_records_that_are_none_are_bad_answers() -> None:
    class Odd(PoolSession):
        def __init__(self, *answers: object) -> None:
            super().__init__(login("http://127.0.0.1:9"), Known(CANARY))
            self._answers = list(answers)

        def call(self, method: str, *args: object) -> object:
            del method, args
            return self._answers.pop(0)

    pools = {"OpaqueRef:p": {"master": "OpaqueRef:gone"}}
    for session in (Odd("text"), Odd({})):
        with pytest.raises(BadAnswerError):
            read_master(session)
    with pytest.raises(BadAnswerError):
        read_hosts(Odd(pools, {}))
    assert not issubclass(BadAnswerError, UnreachableError)
