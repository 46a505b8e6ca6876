"""Formatting over an SR: only the one that was named, and only with the right people behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import deciding
from bot.request import events as e
from bot.request.approving import Ruled
from bot.request.model import State
from bot.request.plan import digest, to_type
from bot.request.refused import Refused
from tests.integration.workers.keeping import NAME, keep_a_record
from tests.integration.workers.recording import killed, recorded
from tests.integration.workers.world import (
    APPROVER,
    CLEAN,
    DETACHED,
    OLDEST_AND_NEWEST,
    OVERRIDER,
    REQUESTER,
    World,
    a_world,
    reason_of,
)

OTHER = "5d1c3f0e-0000-4000-8000-000000000001"


@pytest.fixture(params=OLDEST_AND_NEWEST)
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        yield world


def scsi_id_of(world: World, request_id: str) -> str:
    lun = world.look(request_id).lun
    assert lun is not None
    return lun.scsi_id or ""


def typed_for(world: World, request_id: str) -> str:
    lun = world.look(request_id).lun
    assert lun is not None
    return to_type(lun)


def planned(world: World) -> str:
    """A request to format over the detached SR, as far as its plan."""
    request_id = world.formatting(world.found())
    assert world.inspect(request_id).state is State.CONFIRMING
    return request_id


def approved(world: World) -> str:
    request_id = planned(world)
    return world.approve(request_id, OVERRIDER, typed_for(world, request_id))


def test_the_sr_that_was_named_dies_and_a_new_one_is_there(world: World) -> None:
    request_id = approved(world)
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    assert request.outcome is not None
    assert request.outcome.sr.uuid != DETACHED
    assert world.overwritten() == [scsi_id_of(world, request_id)]
    content = world.pool.report()["contents"][scsi_id_of(world, request_id)]
    assert content["sr_uuid"] == request.outcome.sr.uuid
    assert world.leftovers() == CLEAN


def test_an_approver_who_may_not_override_is_not_enough(world: World) -> None:
    request_id = planned(world)
    world.approve(request_id, APPROVER, typed_for(world, request_id))
    assert world.look(request_id).state is State.AWAITING_APPROVAL


@pytest.mark.parametrize("typed", ["", "000000"])
def test_an_approval_without_the_end_of_the_scsi_id_is_refused(world: World, typed: str) -> None:
    request_id = planned(world)
    with pytest.raises(Refused, match="typed_differs"):
        world.approve(request_id, OVERRIDER, typed)


@pytest.mark.parametrize(
    ("actor", "typed"),
    [(APPROVER, True), (OVERRIDER, False), (REQUESTER, True)],
    ids=["no override", "not typed", "the requester"],
)
def test_the_worker_runs_nothing_that_was_let_through_wrongly(world: World, actor: str, *, typed: bool) -> None:
    both = f'["UAPPROVER1", "UAPPROVER2", "{REQUESTER}"]\nmay_override = ["UAPPROVER2", "{REQUESTER}"]'
    world.narrow('["UAPPROVER1", "UAPPROVER2"]\nmay_override = ["UAPPROVER2"]', both)
    request_id = planned(world)
    request, standing = world.look(request_id), world.workplace.standing()
    plan, now = request.plan, world.clock()
    assert plan is not None
    words = typed_for(world, request_id) if typed else ""
    yes = e.Approved(at=now, actor=actor, plan_number=1, plan_digest=digest(plan), typed=words)
    asked = deciding.request_approval(request, standing, REQUESTER, 1, now)
    ruled = Ruled(standing.number, standing.policy.digest)
    world.happens(request_id, *asked, yes, e.Queued(at=now, ruled=ruled))
    with recorded() as record:
        done = world.create(request_id)
    assert (done.state, reason_of(done)) == (State.PAUSED, "not_approved")
    assert (record.calls, world.overwritten()) == ([], [])


def write(content: dict[str, object]) -> Callable[[World, str], None]:
    return lambda world, scsi_id: world.array(op="content", scsi_id=scsi_id, content=content)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (write({"kind": "blank"}), f"no longer holds the SR {DETACHED}"),
        (write({"kind": "sr", "sr_uuid": OTHER, "sr_name": "x"}), f"now holds an SR ({OTHER})"),
        (lambda world, _: keep_a_record(world), f'now serves the SR "{NAME}" of xenct ({DETACHED})'),
    ],
    ids=["gone", "another", "known"],
)
def test_another_sr_than_the_one_that_was_named_never_dies(
    world: World, change: Callable[[World, str], None], words: str
) -> None:
    request_id = approved(world)
    change(world, scsi_id_of(world, request_id))
    request = world.create(request_id)
    assert request.state is State.STALE
    assert words in " ".join(request.changes)
    assert world.overwritten() == []


def test_an_sr_that_another_pool_has_attached_meanwhile_never_dies(tmp_path: Path) -> None:
    with a_world(tmp_path / "one") as other:
        others = [("elsewhere", other.pool.url, other.pool.password)]
        with a_world(tmp_path / "two", others=others, storage=other.pool) as world:
            request_id = approved(world)
            assert other.create(other.attaching()).state is State.SUCCEEDED
            request = world.create(request_id)
            assert request.state is State.STALE
            assert 'SR "old-projects" of elsewhere' in request.changes[0]
            assert world.overwritten() == []


@pytest.mark.parametrize("before", [True, False])
def test_a_worker_that_dies_at_the_create_formats_once(world: World, *, before: bool) -> None:
    request_id = approved(world)
    with killed("Async.SR.create", before=before):
        world.create(request_id)
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    assert world.overwritten() == [scsi_id_of(world, request_id)]
