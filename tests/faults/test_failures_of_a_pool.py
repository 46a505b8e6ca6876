"""Whatever happens to a pool: the request ends in a right state, and goes on once all is well again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.request.found import Trouble
from bot.request.model import Request, State
from bot.slack.cards.troubles import told
from tests.faults.lun_bench import Bench, a_bench
from tests.faults.pool_accidents import ACCIDENTS, Scene, mend
from tests.faults.pool_jobs import CALL, LOOK, Job, as_far_as, do, go_on, reason
from tests.faults.pool_table import ROWS, Row
from tests.faults.secure_host import OPENSSL, a_secure_host
from tests.integration.workers.world import SCSI_ID

pytestmark = pytest.mark.no_cover
"""What they run is covered by the tests beside; measuring so many examples would double their time."""

IMPATIENT = 1.0
"""Seconds: how long an answer, and a task, may take here."""

SETTLED = frozenset({"lun_taken", "lun_in_use"})
"""What another request at the LUN is told where nobody knows what became of the first."""


ONLY_SOMEWHERE = {name for name in ACCIDENTS if "wipe" in name or "secret" in name}
"""A repair needs no secret, and only a create wipes."""


@dataclass(frozen=True, slots=True)
class Stage:
    bench: Bench
    secure: str
    config: str

    def reset(self) -> Scene:
        world = self.bench.world
        Path(world.environ["SRBOT_CONFIG"]).write_text(self.config, encoding="utf-8")
        self.bench.reset()
        return Scene(world, self.secure)

    def mend(self, scene: Scene) -> None:
        Path(scene.world.environ["SRBOT_CONFIG"]).write_text(self.config, encoding="utf-8")
        scene.world.reload()
        mend(scene)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("failures")
    host = a_secure_host(folder) if OPENSSL else nullcontext("")
    with a_bench(folder / "bench", "8", read=IMPATIENT) as bench, host as secure:
        bench.world.workplace = replace(bench.world.workplace, task_seconds=IMPATIENT)
        config = Path(bench.world.environ["SRBOT_CONFIG"]).read_text(encoding="utf-8")
        yield Stage(bench, secure, config)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_failure_ends_right_and_is_followed_by_the_whole_way_to_the_end(stage: Stage, row: Row) -> None:
    scene, bench = stage.reset(), stage.bench
    if row.accident == "other certificate" and not OPENSSL:
        pytest.skip("openssl is not installed")
    request_id = as_far_as(bench, row.job)
    ACCIDENTS[row.accident](scene, row.call)
    hit = do(bench, row.job, request_id)
    assert (hit.state, reason(hit)) == (row.state, row.reason)
    nothing_is_wrong(bench, row, hit)
    stage.mend(scene)
    last = finish(bench, row, hit)
    nothing_is_wrong(bench, row, last)
    left = bench.world.leftovers().items()
    assert all(count <= row.left.get(kind, 0) for kind, count in left), dict(left)


def finish(bench: Bench, row: Row, hit: Request) -> Request:
    """Go on with the request; where it has failed, with another one."""
    if hit.state is State.UNKNOWN:
        return another_is_stopped(bench, row)
    following = as_far_as(bench, row.job) if hit.state is State.FAILED else hit.id
    last = go_on(bench, following)
    assert last.state is State.SUCCEEDED, last.trouble
    return last


def another_is_stopped(bench: Bench, row: Row) -> Request:
    """Nobody knows what became of the LUN, so nothing else runs on it before a person has looked."""
    before = bench.world.overwritten()
    following = as_far_as(bench, row.job)
    other = do(bench, row.job, following) if bench.world.look(following).state is State.QUEUED else None
    stopped = other or bench.world.look(following)
    assert stopped.state is State.PAUSED
    assert reason(stopped) in SETTLED
    assert bench.world.overwritten() == before
    return stopped


def nothing_is_wrong(bench: Bench, row: Row, request: Request) -> None:
    """At most one SR, made at most once on the LUN that was picked; and none told of that some host doesn't see."""
    written, report = bench.world.overwritten(), bench.world.pool.report()
    assert written in ([], [SCSI_ID])
    assert not (written and row.job is Job.ATTACH)
    assert len(report["srs"]) <= 1
    if request.state is State.SUCCEEDED:
        (sr,) = report["srs"]
        assert sr["pbds_attached"] == sr["pbds"] == len(report["hosts"])


@pytest.mark.parametrize("reason", sorted({row.reason for row in ROWS if row.reason}))
def test_each_reason_has_a_sentence_of_its_own(reason: str) -> None:
    assert told(Trouble(reason)).sentence != told(Trouble("nothing that anybody knows")).sentence


def test_every_accident_is_in_the_table_with_every_job_that_it_can_hit() -> None:
    hit = {(row.accident, row.job) for row in ROWS}
    everywhere = {(accident, job) for accident in ACCIDENTS for job in Job}
    assert {(accident, job) for accident, job in everywhere - hit if accident not in ONLY_SOMEWHERE} == set()
    assert {row.accident for row in ROWS} == set(ACCIDENTS)
    assert all(row.call in {LOOK, CALL[row.job]} for row in ROWS)
