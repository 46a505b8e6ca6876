"""Copies of secrets that xapi leaves, and creates that still run: what goes and what stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.request.model import State
from deploy.sandbox.pool import tasks
from tests.integration.workers.tidying.leaving import Killed, held, somebody_comes
from tests.integration.workers.world import CLEAN, World, a_world, reason_of
from workers.xen.secrets import TAG
from workers.xen.session import ORIGINATOR

CREATE_FAILED = ["SR_BACKEND_FAILURE_77", "", "Logical Volume group creation failed", ""]
READS_A_VALUE = {"secret.get_record", "secret.get_all_records", "secret.get_value", "secret.get_all_records_where"}


@pytest.fixture(params=["8", "6.5"])
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path / "world", flavour=request.param) as made:
        yield made


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
