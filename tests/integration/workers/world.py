"""A small world: the simulated pool, a Valkey, the settings of both, and a request's people."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bot import deciding
from bot.ledger.findings import Findings
from bot.ledger.policies import Policies, fallback_of
from bot.ledger.store import Ledger
from bot.request import acting
from bot.request import events as e
from bot.request.found import OfferedLun, Target, Trouble
from bot.request.model import Address, Request, State, Times
from bot.request.plan import Purpose, to_type
from bot.settings import load
from deploy.sandbox.pool.control import change_array, change_host, change_master, restart
from deploy.sandbox.pool.serving import RunningPool, running_pool
from tests.integration.workers.clock import Clock
from tests.pool_passwords import with_known_root
from tests.servers import empty_url
from workers import jobs
from workers.discovery import arrays
from workers.workplace import Workplace, from_environment

REQUESTER = "UREQUESTER"
APPROVER = "UAPPROVER1"
OVERRIDER = "UAPPROVER2"
CHANNEL = "C0STORAGE"
EQUALLOGIC = Address("10.0.0.5", 3260)
NETAPP = Address("10.0.1.11", 3260)
ONE_HOST_REFUSED = Address("10.0.3.6", 3260)
SCSI_ID = "36090a028b04a9a0def60353420006046"
DETACHED_LUN = 7
DETACHED = "7d3e0a64-1f9b-4b52-8c17-55aa02f6d404"
"""The SR on that LUN of the NetApp, which no pool knows."""
DETACHED_DESCRIPTION = "Projects until 2024"
TIMES = Times(choice=3600.0, approval=7200.0, notice=10.0)

OLDEST_AND_NEWEST = (pytest.param("6.5", marks=pytest.mark.no_cover), "8")
"""The releases that differ most. What both run is counted once: that takes half the time."""

CONFIG = """
[slack]
team = "T0TEAM"
app = "A0APP"
{pools}
[channels.C0STORAGE]
pools = ["xenct"]
approvers = ["UAPPROVER1", "UAPPROVER2"]
may_override = ["UAPPROVER2"]

[targets]
networks = ["10.0.0.0/24", "10.0.1.0/28", "10.0.2.5", "10.0.3.0/24", "10.9.9.9", "fd00:10::/64"]
names = [
  "san.example", "nobody.example", "nas.example", "nfs4.example", "files.example",
  "ceph1.example", "gluster1.example", "mfsmaster.example",
]

[local]
paths = ["/dev/disk/by-id", "/srv/isos", "/tank"]

[credentials.tecmint]
user = "tecmint"
addresses = ["10.0.0.5"]
password_file = "chap"

[credentials.backup]
user = "LAB\\\\backup"
addresses = ["files.example"]
password_file = "share"

[credentials.wrong]
user = "tecmint"
addresses = ["10.0.0.5"]
password_env = "WRONG_CHAP"

[credentials.lost]
user = "tecmint"
addresses = ["10.0.0.5"]
password_file = "nowhere"

[times]
heartbeat_seconds = {heartbeat}
"""

POOL = """
[pools.{name}]
url = "{url}"
user = "root"
password_file = "{file}"
connect_seconds = 2
read_seconds = {read}
"""

SILENT = POOL.format(name="silent", url="http://127.0.0.1:9", file="xenct", read=30)
"""A pool at whose address nobody listens."""


@dataclass
class World:
    folder: Path
    pool: RunningPool
    workplace: Workplace
    clock: Clock
    environ: dict[str, str]
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def reload(self) -> None:
        """Read the settings again, as a worker does for each job."""
        self.workplace = replace(self.workplace, settings=load(None, self.environ))

    def narrow(self, before: str, after: str) -> None:
        """Change a piece of the configuration."""
        config = Path(self.environ["SRBOT_CONFIG"])
        text = config.read_text(encoding="utf-8")
        assert before in text
        config.write_text(text.replace(before, after), encoding="utf-8")
        self.reload()

    @property
    def ledger(self) -> Ledger:
        return self.workplace.ledger

    def apply(self, policy: str) -> None:
        """Put a policy in force."""
        Policies(self.ledger.redis, fallback_of(self.workplace.settings)).apply(policy, "somebody", self.clock())

    def ask(self, address: Address | None = EQUALLOGIC, credential: str | None = "tecmint", **more: object) -> str:
        """Somebody asks for an SR."""
        request_id = f"request{next(self.numbers)}"
        asked = e.Asked(
            at=self.clock(),
            actor=REQUESTER,
            request=request_id,
            team="T0TEAM",
            channel=CHANNEL,
            requester=REQUESTER,
            pool="xenct",
            address=address,
            times=TIMES,
            credential=credential,
        )
        self.ledger.open(replace(asked, **more))  # type: ignore[arg-type]  # the test names the fields
        return request_id

    def look(self, request_id: str) -> Request:
        request = self.ledger.load(request_id)
        assert request is not None
        return request

    def happens(self, request_id: str, *events: e.Event) -> Request:
        return self.ledger.commit(request_id, lambda _: events)

    def targets(self, request_id: str) -> Request:
        """A worker looks for targets."""
        step = self.look(request_id).work.step
        jobs.looking(self.workplace, request_id, step, jobs.FINDING_TARGETS, arrays.discover_targets)
        return self.look(request_id)

    def luns(self, request_id: str) -> Request:
        """A worker looks for LUNs."""
        step = self.look(request_id).work.step
        jobs.looking(self.workplace, request_id, step, jobs.FINDING_LUNS, jobs.found_luns)
        return self.look(request_id)

    def inspect(self, request_id: str) -> Request:
        """A worker looks at the LUN."""
        step = self.look(request_id).work.step
        jobs.looking(self.workplace, request_id, step, jobs.INSPECTING, jobs.inspected)
        return self.look(request_id)

    def create(self, request_id: str) -> Request:
        """A worker runs the plan."""
        jobs.running(self.workplace, request_id, self.look(request_id).work.step)
        return self.look(request_id)

    def repair(self, request_id: str) -> Request:
        """Somebody wants the hosts tried again, and a worker does so."""
        request, standing = self.look(request_id), self.workplace.standing()
        step = self.happens(request_id, *deciding.retry(request, standing, REQUESTER, self.clock())).work.step
        jobs.repairing(self.workplace, request_id, step)
        return self.look(request_id)

    def offered_targets(self, request: Request) -> tuple[Target, ...]:
        assert request.targets is not None
        return Findings(self.ledger.redis).rows(request.targets.id, Target) or ()

    def offered_luns(self, request: Request) -> tuple[OfferedLun, ...]:
        assert request.luns is not None
        return Findings(self.ledger.redis).rows(request.luns.id, OfferedLun) or ()

    def pick(self, request_id: str, lun_id: int = 0) -> Request:
        """The requester takes a LUN of those offered."""
        offered = {row.lun.lun_id: row for row in self.offered_luns(self.look(request_id))}
        return self.happens(request_id, e.LunPicked(at=self.clock(), actor=REQUESTER, lun=offered[lun_id].lun))

    def choosing_lun(self, address: Address = EQUALLOGIC, credential: str | None = "tecmint", **more: object) -> str:
        request_id = self.ask(address, credential, **more)
        assert self.targets(request_id).state is State.DISCOVERING_LUNS
        assert self.luns(request_id).state is State.CHOOSING_LUN
        return request_id

    def approved(self, address: Address = EQUALLOGIC, credential: str | None = "tecmint", lun_id: int = 0) -> str:
        """A request as far as its approval."""
        request_id = self.choosing_lun(address, credential)
        self.pick(request_id, lun_id)
        request = self.inspect(request_id)
        assert request.state is State.CONFIRMING, request.trouble
        return self.approve(request_id)

    def approve(self, request_id: str, by: str = APPROVER, typed: str = "") -> str:
        """The plan that stands is proposed and approved, hosts that don't see the LUN accepted first."""
        request, standing = self.look(request_id), self.workplace.standing()
        if request.plan is not None and request.plan.blind:
            request = self.happens(
                request_id, *acting.accept_hosts(request, REQUESTER, request.plan_number, self.clock())
            )
        number = request.plan_number
        asked = deciding.request_approval(request, standing, REQUESTER, number, self.clock())
        request = self.happens(request_id, *asked)
        self.happens(request_id, *deciding.approve(request, standing, by, number, self.clock(), typed))
        return request_id

    def found(self, lun_id: int = DETACHED_LUN) -> str:
        """A request for a new SR as far as the SR that its LUN holds."""
        request_id = self.choosing_lun(NETAPP, None)
        self.pick(request_id, lun_id)
        request = self.inspect(request_id)
        assert request.state is State.FOUND_SR, request.trouble
        return request_id

    def attaching(self, address: Address = NETAPP, credential: str | None = None, lun_id: int = DETACHED_LUN) -> str:
        """A request to attach the SR on a LUN, as far as its approval."""
        request_id = self.choosing_lun(address, credential, purpose=Purpose.ATTACH)
        self.pick(request_id, lun_id)
        request = self.inspect(request_id)
        assert request.state is State.CONFIRMING, request.trouble
        return self.approve(request_id)

    def named(self, sr: str, purpose: Purpose, **more: object) -> Request:
        """Somebody names an SR that something is to be done to, and a worker looks at it."""
        request_id = self.ask(None, None, purpose=purpose, sr=sr, **more)
        return self.inspect(request_id)

    def managing(self, sr: str, purpose: Purpose, **more: object) -> str:
        """A request about an SR, as far as its approval."""
        request = self.named(sr, purpose, **more)
        assert request.plan is not None, request.trouble
        return self.approve(request.id, OVERRIDER, request.plan.to_type)

    def formatting(self, request_id: str) -> str:
        """Another request, to format over the SR that the first one found."""
        request, standing = self.look(request_id), self.workplace.standing()
        assert request.lun is not None
        number, new_id, typed = request.plan_number, f"request{next(self.numbers)}", to_type(request.lun)
        asked, followed = deciding.format_over(request, standing, REQUESTER, number, typed, new_id, self.clock())
        self.ledger.open(asked)
        self.happens(request_id, followed)
        return new_id

    def begin(self, request_id: str) -> None:
        """A worker takes the run up, says that it changes the pool, and dies."""
        step = self.look(request_id).work.step
        self.happens(request_id, e.StepStarted(at=self.clock(), step=step, worker="dead"))
        self.happens(request_id, e.Progressed(at=self.clock(), step=step, doing="changing the pool", changing=True))

    def approved_by_hand(self) -> str:
        """A request whose workers are processes, as far as the plan."""
        request_id = self.ask()
        self._wait(request_id, State.CHOOSING_LUN)
        self.pick(request_id)
        self._wait(request_id, State.CONFIRMING)
        return request_id

    def _wait(self, request_id: str, state: State) -> None:
        deadline = time.monotonic() + 30
        while self.look(request_id).state is not state:
            assert time.monotonic() < deadline, self.look(request_id)
            time.sleep(0.02)

    def array(self, **body: object) -> None:
        self.pool.do(lambda model: change_array(model, body))

    def host(self, **body: object) -> None:
        self.pool.do(lambda model: change_host(model, body))

    def master(self, host: str) -> None:
        self.pool.do(lambda model: change_master(model, {"host": host}))

    def restart(self, tasks: str) -> None:
        self.pool.do(lambda model: restart(model, {"tasks": tasks}))

    def multipath(self, host: str) -> None:
        """A host logs in at every portal of a target from now on."""
        self.host(host=host, multipathing=True)

    def srs(self, uuid: str) -> list[dict[str, Any]]:
        """The pool's records of an SR."""
        return [sr for sr in self.pool.report()["srs"] if sr["uuid"] == uuid]

    def pbds(self, uuid: str) -> dict[str, dict[str, Any]]:
        """The PBDs of an SR, by host."""
        return {pbd["host_name"]: pbd for pbd in self.pool.report()["pbds"] if pbd["sr_uuid"] == uuid}

    def calls(self) -> dict[str, int]:
        return dict(self.pool.calls()["methods"])

    def overwritten(self) -> list[str]:
        return [row["scsi_id"] for row in self.pool.report()["overwrites"] if row["method"] != "control"]

    def leftovers(self) -> dict[str, int]:
        """What is left of ours on the pool."""
        report = self.pool.report()
        secrets = [secret for secret in report["secrets"] if "srbot" in secret["other_config"] and not secret["pbds"]]
        return {"secrets": len(secrets), "tasks": len(report["tasks"]), "sessions": len(report["sessions"])}


CLEAN = {"secrets": 0, "tasks": 0, "sessions": 0}


def reason_of(request: Request) -> str:
    assert request.trouble is not None
    return request.trouble.reason


def trouble_of(request: Request) -> Trouble:
    """Give what paused a request."""
    assert request.state is State.PAUSED
    assert request.trouble is not None
    assert request.trouble.reference == f"{request.id}-{request.work.step}"
    return request.trouble


def until(true: Callable[[], bool]) -> None:
    """Wait for what happens in the pool by itself."""
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@contextmanager
def a_world(
    folder: Path,
    *,
    flavour: str = "8",
    read: float = 30,
    others: Sequence[tuple[str, str, str]] = (),
    storage: RunningPool | None = None,
) -> Iterator[World]:
    """Everything on free loopback ports and in one folder. `others` are pools by name, URL and password.

    With `storage` the pool is on the storage network of that one.
    """
    folder.mkdir(exist_ok=True)
    with running_pool(with_known_root(folder / "pool"), flavour=flavour, storage=storage) as pool:
        world = make_world(folder, pool, others, read)
        try:
            yield world
        finally:
            world.ledger.redis.close()


def make_world(
    folder: Path,
    pool: RunningPool,
    others: Sequence[tuple[str, str, str]] = (),
    read: float = 30,
    heartbeat: float = 10,
) -> World:
    pools = ""
    for name, url, password in (("xenct", pool.url, pool.password), *others):
        (folder / name).write_text(password, encoding="utf-8")
        pools += POOL.format(name=name, url=url, file=name, read=read)
    (folder / "chap").write_text(pool.chap_password("tecmint") + "\n", encoding="utf-8")
    (folder / "share").write_text(pool.share_password("backup") + "\n", encoding="utf-8")
    config = folder / "srbot.toml"
    config.write_text(CONFIG.format(pools=pools, heartbeat=heartbeat), encoding="utf-8")
    environ = {
        "SRBOT_CONFIG": str(config),
        "SRBOT_REDIS_URL": empty_url(),
        "WRONG_CHAP": "canary-wrong-chap",
        "RQ_WORKER_ID": "worker-1",
    }
    clock = Clock()
    place = replace(from_environment(environ), clock=clock, task_seconds=20.0)
    return World(folder, pool, place, clock, environ)
