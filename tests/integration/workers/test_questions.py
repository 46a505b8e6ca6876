"""The answer to `/sr list`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.request.question import Question
from tests.integration.workers.world import CHANNEL, CLEAN, REQUESTER, World, a_world
from workers import jobs


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


def answered(world: World, pool: str = "xenct", name_label: str | None = None) -> Question:
    question = Question("q1", "T0TEAM", CHANNEL, REQUESTER, pool, world.clock(), 1800.0, name_label)
    world.workplace.questions.ask(question, notice_seconds=10)
    jobs.answering(world.workplace, "q1")
    answer = world.workplace.questions.load("q1")
    assert answer is not None
    assert answer.answered
    return answer


def test_every_sr_is_listed_by_name_in_three_calls_beside_login_and_logout(world: World) -> None:
    answer = answered(world)
    assert [row.name_label for row in answer.rows] == [
        "DVD drives",
        "DVD drives",
        "ISO library",
        "Local storage",
        "Local storage",
        "netapp-gold",
        "netapp-silver",
        "netapp-vdi",
    ]
    assert sum(world.calls().values()) == 5
    assert world.leftovers() == CLEAN


def test_hosts_sizes_and_pbds_stand_as_xe_has_them(world: World) -> None:
    rows = {(row.name_label, row.host): row for row in answered(world).rows}
    shared = rows["netapp-gold", "<shared>"]
    assert (shared.pbds_attached, shared.pbds, shared.type) == (2, 2, "lvmoiscsi")
    assert rows["Local storage", "xenct-xen1"].used == 41 * 1024**3


def test_a_name_filter_is_exact_and_harmless(world: World) -> None:
    assert [row.name_label for row in answered(world, name_label="netapp-gold").rows] == ["netapp-gold"]
    world.workplace.questions._redis.flushdb()
    assert answered(world, name_label='netapp" or "1" = "1').rows == ()


def test_a_pool_that_cannot_be_asked_is_the_answer(world: World) -> None:
    world.pool.fault("SR.get_all_records", "error", details=["RBAC_PERMISSION_DENIED", "sr.get_all_records", "no"])
    trouble = answered(world).trouble
    assert trouble is not None
    assert (trouble.reason, trouble.fact("pool"), trouble.reference) == ("permission_missing", "xenct", "q1")
    assert world.leftovers() == CLEAN


def test_a_pool_that_is_not_configured_is_the_answer(world: World) -> None:
    trouble = answered(world, "elsewhere").trouble
    assert trouble is not None
    assert trouble.reason == "pool_not_configured"


def test_an_error_of_our_own_is_the_answer(world: World) -> None:
    world.pool.do(lambda model: model.objects.set("SR", next(iter(model.objects.tables["SR"])), physical_size="many"))
    trouble = answered(world).trouble
    assert trouble is not None
    assert trouble.reason == "internal"


def test_a_question_is_answered_once(world: World) -> None:
    first = answered(world)
    jobs.answering(world.workplace, "q1")
    jobs.answering(world.workplace, "nobody")
    assert world.workplace.questions.load("q1") == first
    assert sum(world.calls().values()) == 5
