"""The answer to `/sr show`, as the worker gives it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.request.question import Question, ShownSr
from deploy.sandbox.pool.model import Model
from tests.integration.workers.managing.chores import GOLD, MASTER, OTHER, uuid_of
from tests.integration.workers.world import CHANNEL, CLEAN, OLDEST_AND_NEWEST, REQUESTER, World, a_world
from workers import jobs

LIBRARY = "ISO library"


@pytest.fixture(params=OLDEST_AND_NEWEST)
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        yield world


def shown(world: World, sr: str) -> ShownSr:
    questions = world.workplace.questions
    questions.ask(Question("q1", "T0TEAM", CHANNEL, REQUESTER, "xenct", world.clock(), 1800.0, None, sr=sr), 10)
    jobs.answering(world.workplace, "q1")
    answer = questions.load("q1")
    assert answer is not None
    assert answer.shown is not None, answer.trouble
    return answer.shown


def test_an_sr_is_shown_with_its_disks_and_every_hosts_pbd(world: World) -> None:
    uuid = uuid_of(world, GOLD)
    found = shown(world, GOLD)
    assert (found.row.uuid, found.shared, found.is_default) == (uuid, True, False)
    assert [(pbd.host, pbd.attached) for pbd in found.pbds] == [(MASTER, True), (OTHER, True)]
    assert "SCSIid" in dict(found.device_config)
    assert world.leftovers() == CLEAN


def test_no_password_of_a_mount_by_hand_is_shown(world: World) -> None:
    """xe-mount-iso-sr keeps what stood behind -o, and old releases keep passwords as they are."""
    pbds = world.pbds(uuid_of(world, LIBRARY))
    by_hand = {"location": "//files.example/iso", "options": "-o username=backup,password=CANARY-1,vers=3.0"}
    config = {**by_hand, "cifspassword": "CANARY-2", "cifspassword_secret": "CANARY-3"}
    for pbd in pbds.values():
        world.pool.do(partial(_configure, ref=pbd["ref"], config=config))
    found = shown(world, LIBRARY)
    assert "CANARY" not in repr(found)
    assert dict(found.device_config) == {**by_hand, "options": "-o username=backup,password=***"}


def _configure(model: Model, ref: str, config: dict[str, str]) -> None:
    model.objects.set("PBD", ref, device_config=config)
