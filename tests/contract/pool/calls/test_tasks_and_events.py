# ruff: noqa: FBT003 - the booleans of XenAPI are positional
from __future__ import annotations

import html
import threading
import time
from typing import Any

import pytest

from deploy.sandbox.pool import tasks
from deploy.sandbox.pool.serving import RunningPool
from tests.contract.pool.wire_client import Client, control, netapp


def _probe_task(client: Client, config: dict[str, str]) -> str:
    return str(client.call("Async.SR.probe", client.host(), config, "lvmoiscsi", {}))


def test_a_text_result_is_escaped_within_value(client: Client) -> None:
    record = client.finished(_probe_task(client, netapp(7)))
    assert record["status"] == "success"
    assert record["result"].startswith("<value>&lt;?xml version=&quot;1.0&quot; ?&gt;\n&lt;SRlist&gt;\n\t&lt;SR&gt;\n")
    inner = record["result"].removeprefix("<value>").removesuffix("</value>")
    assert html.unescape(inner) == client.probe(netapp(7))
    assert record["progress"] == 1.0


def test_a_failed_task_holds_the_details(client: Client) -> None:
    record = client.finished(_probe_task(client, {"target": "10.0.3.6"}))
    assert record["status"] == "failure"
    assert record["error_info"] == client.probe_fails({"target": "10.0.3.6"})
    assert record["result"] == ""


def test_a_void_result_is_empty(client: Client) -> None:
    sr = client.call("SR.get_by_name_label", "ISO library")[0]
    assert client.finished(client.call("Async.SR.scan", sr))["result"] == ""


def test_a_list_result_is_an_array_of_values() -> None:
    assert (
        tasks.wrapped(["a<", "b"]) == "<value><array><data><value>a&lt;</value><value>b</value></data></array></value>"
    )


def test_a_task_has_config_of_its_own_and_can_be_destroyed(client: Client) -> None:
    task = _probe_task(client, netapp(7))
    client.call("task.add_to_other_config", task, "srbot", "1")
    assert client.call("task.get_other_config", task) == {"srbot": "1"}
    client.finished(task)
    client.call("task.destroy", task)
    assert client.details("task.get_status", task) == ["HANDLE_INVALID", "task", task]


def test_cancelling_does_not_stop_the_storage_manager(pool: RunningPool, client: Client) -> None:
    control(pool, "delays", {"factor": 1.0, "create": 2.0, "plug": 0.0})
    task = client.call("Async.SR.create", *client.create_arguments(netapp(3)))
    client.call("task.cancel", task)
    assert client.call("task.get_current_operations", task) == {"task": "cancel"}
    assert client.finished(task)["status"] == "success"
    client.call("task.cancel", task)


def test_a_pending_task_is_destroyed_when_it_ends(pool: RunningPool, client: Client) -> None:
    control(pool, "delays", {"factor": 1.0, "login": 2.0})
    task = _probe_task(client, netapp(3))
    token = client.call("event.from", ["task"], "", 5.0)["token"]
    client.call("task.destroy", task)
    assert client.call("task.get_status", task) == "pending"
    operations: list[str] = []
    while "del" not in operations:
        batch = client.call("event.from", [f"task/{task}"], token, 5.0)
        token, operations = batch["token"], [event["operation"] for event in batch["events"]]
    assert client.details("task.get_status", task)[0] == "HANDLE_INVALID"


def test_work_whose_task_was_collected_ends_without_one(pool: RunningPool, client: Client) -> None:
    control(pool, "delays", {"factor": 1.0, "create": 1.0, "plug": 0.0})
    token = client.call("event.from", ["sr"], "", 0.0)["token"]
    task = client.call("Async.SR.create", *client.create_arguments(netapp(3)))
    pool.do(lambda model: model.objects.remove("task", task))
    while not pool.report()["overwrites"]:
        token = client.call("event.from", ["sr"], token, 5.0)["token"]
    assert client.details("task.get_status", task)[0] == "HANDLE_INVALID"


def test_finished_and_forgotten_tasks_are_collected(pool: RunningPool, client: Client) -> None:
    done = _probe_task(client, netapp(3))
    client.finished(done)
    pending = client.call("task.create", "mine", "")
    assert client.call("task.get_by_name_label", "mine") == [pending]
    now = time.time()
    pool.do(lambda model: setattr(model, "clock", lambda: now + tasks.KEPT_SECONDS + 1))
    later = client.call("task.create", "later", "")
    assert set(client.call("task.get_all")) == {pending, later}
    pool.do(lambda model: setattr(model, "clock", lambda: now + tasks.PENDING_KEPT_SECONDS + 1))
    last = client.call("task.create", "last", "")
    assert last in client.call("task.get_all")
    assert pending not in client.call("task.get_all")


def test_only_so_many_finished_tasks_are_kept(
    pool: RunningPool, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "KEPT_FINISHED", 1)
    for _ in range(3):
        client.finished(_probe_task(client, netapp(3)))
    client.call("task.create", "one more", "")
    assert sum(task["status"] == "success" for task in pool.report()["tasks"]) == 1


def test_the_empty_token_gives_everything_there_is(client: Client) -> None:
    batch = client.call("event.from", ["sr", "pool"], "", 0.0)
    assert {event["class"] for event in batch["events"]} == {"sr", "pool"}
    assert {event["operation"] for event in batch["events"]} == {"add"}
    assert batch["valid_ref_counts"]["sr"] == 8
    (first, *_) = batch["events"]
    assert set(first) == {"id", "timestamp", "class", "operation", "ref", "snapshot"}


def test_a_token_gives_what_changed_since(client: Client) -> None:
    token = client.call("event.from", ["*"], "", 0.0)["token"]
    sr = client.call("SR.get_by_name_label", "ISO library")[0]
    client.call("SR.set_name_label", sr, "ISOs")
    new = client.call("SR.introduce", "", "new", "", "nfs", "user", True)
    client.call("SR.set_name_description", new, "changed at once")
    gone = client.call("SR.introduce", "", "gone", "", "nfs", "user", True)
    client.call("SR.forget", gone)
    batch = client.call("event.from", ["SR"], token, 5.0)
    assert [(event["operation"], event["ref"]) for event in batch["events"]] == [
        ("mod", sr),
        ("add", new),
        ("del", gone),
    ]
    assert "snapshot" not in batch["events"][2]


def test_a_quiet_pool_answers_when_the_time_is_over(client: Client) -> None:
    token = client.call("event.from", ["*"], "", 0.0)["token"]
    begun = time.monotonic()
    batch = client.call("event.from", ["sr"], token, 0.3)
    assert time.monotonic() - begun >= 0.25
    assert batch["events"] == []


def test_a_change_wakes_who_waits(client: Client) -> None:
    token = client.call("event.from", ["*"], "", 0.0)["token"]
    batches: list[Any] = []
    waiting = threading.Thread(target=lambda: batches.append(client.call("event.from", ["sr"], token, 15.0)))
    waiting.start()
    client.call("secret.create", {"value": "not told", "other_config": {}})
    sr = client.call("SR.get_by_name_label", "ISO library")[0]
    client.call("SR.set_name_label", sr, "ISOs")
    waiting.join(timeout=10)
    assert [event["snapshot"]["name_label"] for event in batches[0]["events"]] == ["ISOs"]


def test_secrets_make_no_events(client: Client) -> None:
    client.call("secret.create", {"value": "canary", "other_config": {}})
    assert "canary" not in str(client.call("event.from", ["*"], "", 0.0))
