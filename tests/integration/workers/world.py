"""A small world: the simulated pool, a Valkey, the settings of both, and a request's people."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.ledger.findings import Findings
from bot.ledger.store import Ledger
from bot.request import acting
from bot.request import events as e
from bot.request.model import Address, OfferedLun, Request, State, Target, Times
from bot.settings import load
from deploy.sandbox.pool.control import change_array, change_host, change_master, restart
from deploy.sandbox.pool.serving import RunningPool, running_pool
from tests.servers import empty_url
from workers import discovery, inspection, jobs
from workers.workplace import Workplace, from_environment

REQUESTER = "UREQUESTER"
APPROVER = "UAPPROVER1"
CHANNEL = "C0STORAGE"
EQUALLOGIC = Address("10.0.0.5", 3260)
NETAPP = Address("10.0.1.11", 3260)
ONE_HOST_REFUSED = Address("10.0.3.6", 3260)
SCSI_ID = "36090a028b04a9a0def60353420006046"
START = 1_800_000_000.0
TIMES = Times(choice=3600.0, approval=7200.0, notice=10.0)

CONFIG = """
[slack]
team = "T0TEAM"
app = "A0APP"
{pools}
[channels.C0STORAGE]
pools = ["xenct"]
approvers = ["UAPPROVER1"]

[targets]
networks = ["10.0.0.0/24", "10.0.1.0/28", "10.0.2.5", "10.0.3.0/24", "10.9.9.9", "fd00:10::/64"]
names = ["san.example", "nobody.example"]

[credentials.tecmint]
user = "tecmint"
addresses = ["10.0.0.5"]
password_file = "chap"

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


class Clock:
    """Each look is a millisecond later."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        self.now += 0.001
        return self.now


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

    def ask(self, address: Address = EQUALLOGIC, credential: str | None = "tecmint", **more: object) -> str:
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
        jobs.looking(self.workplace, request_id, step, jobs.FINDING_TARGETS, discovery.discover_targets)
        return self.look(request_id)

    def luns(self, request_id: str) -> Request:
        """A worker looks for LUNs."""
        step = self.look(request_id).work.step
        jobs.looking(self.workplace, request_id, step, jobs.FINDING_LUNS, discovery.discover_luns)
        return self.look(request_id)

    def inspect(self, request_id: str) -> Request:
        """A worker looks at the LUN."""
        step = self.look(request_id).work.step
        jobs.looking(self.workplace, request_id, step, jobs.INSPECTING, inspection.inspect_lun)
        return self.look(request_id)

    def create(self, request_id: str) -> Request:
        """A worker runs the plan."""
        jobs.creating(self.workplace, request_id, self.look(request_id).work.step)
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
        self.happens(request_id, *acting.request_approval(request, REQUESTER, 1, self.clock()))
        request, policy = self.look(request_id), self.workplace.policy(CHANNEL)
        self.happens(request_id, *acting.approve(request, policy, APPROVER, 1, self.clock()))
        return request_id

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


@contextmanager
def a_world(
    folder: Path, *, flavour: str = "8", read: float = 30, others: Sequence[tuple[str, str, str]] = ()
) -> Iterator[World]:
    """Everything on free loopback ports and in one folder. `others` are pools by name, URL and password."""
    folder.mkdir(exist_ok=True)
    with running_pool(folder / "pool", flavour=flavour) as pool:
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
