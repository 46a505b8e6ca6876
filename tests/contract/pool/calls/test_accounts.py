"""Who made which session, secret and task, and what is left of them."""

from __future__ import annotations

import pytest

from deploy.sandbox.pool import sessions
from deploy.sandbox.pool.serving import RunningPool
from tests.contract.pool.wire_client import Client, control, log_in, netapp

NONE = {"created": 0, "destroyed": 0, "alive": 0}


def counts(pool: RunningPool, client: Client) -> tuple[dict[str, dict[str, int]], dict[str, dict[str, int]]]:
    """Of the client's originator, and of its session alone."""
    told = pool.calls()["objects"]
    return told["originators"]["test"], told["sessions"][client.session]


def test_what_a_session_makes_is_counted_for_it_and_its_originator(pool: RunningPool, client: Client) -> None:
    other = log_in(pool)
    client.create(client.equallogic())
    secret = other.call("secret.create", {"value": "x", "other_config": {}})
    other.call("secret.destroy", secret)
    originator, own = counts(pool, client)
    assert own["secret"] == {"created": 3, "destroyed": 0, "alive": 3}
    assert originator["secret"] == {"created": 4, "destroyed": 1, "alive": 3}
    assert originator["session"] == {"created": 2, "destroyed": 0, "alive": 2}
    assert counts(pool, other)[1]["secret"] == {"created": 1, "destroyed": 1, "alive": 0}
    assert pool.report()["objects"] == pool.calls()["objects"]


def test_copies_of_secrets_belong_to_whose_create_it_was(pool: RunningPool, client: Client) -> None:
    config = {**client.equallogic(), "SCSIid": "36gone"}
    client.finished(client.call("Async.SR.create", *client.create_arguments(config)))
    assert {row["session"] for row in pool.report()["secrets"]} == {client.session}
    assert {row["originator"] for row in pool.report()["secrets"]} == {"test"}
    assert [row["other_config"] for row in pool.report()["secrets"]] == [{"srbot": "test"}] * 3


def test_a_destroyed_object_counts_for_who_made_it(pool: RunningPool, client: Client) -> None:
    secret = client.call("secret.create", {"value": "x", "other_config": {}})
    log_in(pool, originator="sweeper").call("secret.destroy", secret)
    assert counts(pool, client)[1]["secret"] == {"created": 1, "destroyed": 1, "alive": 0}
    assert pool.calls()["objects"]["originators"]["sweeper"]["secret"] == NONE


def test_counting_anew_forgets_what_was_made_and_not_what_lives(pool: RunningPool, client: Client) -> None:
    client.call("secret.create", {"value": "x", "other_config": {}})
    control(pool, "calls", {})
    assert counts(pool, client)[0]["secret"] == {"created": 0, "destroyed": 0, "alive": 1}


def test_tasks_are_their_sessions_until_they_are_destroyed(pool: RunningPool, client: Client) -> None:
    task = client.call("Async.SR.probe", client.host(), netapp(3), "lvmoiscsi")
    mine = client.call("task.create", "mine", "")
    other = log_in(pool)
    assert other.call("session.get_tasks", client.session) == [task, mine]
    assert other.call("session.get_tasks", other.session) == []
    client.finished(task)
    assert client.call("session.get_record", client.session)["tasks"] == [task, mine]
    client.call("task.destroy", task)
    assert client.call("session.get_tasks", client.session) == [mine]
    assert counts(pool, client)[1]["task"] == {"created": 2, "destroyed": 1, "alive": 1}


def test_tasks_outlive_their_session(pool: RunningPool, client: Client) -> None:
    task = client.call("Async.SR.probe", client.host(), netapp(3), "lvmoiscsi")
    client.finished(task)
    client.call("session.logout")
    assert [row["ref"] for row in pool.report()["tasks"]] == [task]
    other = log_in(pool)
    assert task in other.call("task.get_all_records")
    other.call("task.destroy", task)
    assert pool.report()["tasks"] == []


def test_a_session_is_found_by_its_uuid_and_ended_by_its_reference(pool: RunningPool, client: Client) -> None:
    record = client.call("session.get_record", client.session)
    assert record["originator"] == client.call("session.get_originator", client.session) == "test"
    other = log_in(pool)
    assert other.call("session.get_by_uuid", record["uuid"]) == client.session
    Client(pool, client.session).call("session.logout")
    assert other.details("session.get_by_uuid", record["uuid"]) == ["UUID_INVALID", "session", record["uuid"]]
    assert other.details("session.get_tasks", client.session) == ["HANDLE_INVALID", "session", client.session]


@pytest.mark.parametrize("method", ["destroy", "cancel"])
def test_the_tasks_of_other_users_are_for_operators(pool: RunningPool, client: Client, method: str) -> None:
    task = client.call("task.create", "root's", "")
    auditor, operator = log_in(pool, "auditor"), log_in(pool, "operator")
    denied = auditor.details(f"task.{method}", task)
    assert denied[:2] == ["RBAC_PERMISSION_DENIED", f"task.{method}/any"]
    own = auditor.call("task.create", "the auditor's", "")
    auditor.call(f"task.{method}", own)
    operator.call(f"task.{method}", task)


def test_a_session_with_work_left_is_not_dropped_for_others(pool: RunningPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MAX_PER_ORIGINATOR", 2)
    busy, idle = log_in(pool), log_in(pool)
    busy.call("task.create", "pending", "")
    idle.call("pool.get_all")
    for _ in "12":
        log_in(pool)
    assert busy.call("pool.get_all")
    assert idle.details("pool.get_all")[0] == "SESSION_INVALID"
