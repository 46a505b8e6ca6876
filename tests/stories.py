"""Stories to test with: what happens to a request, told in its own words, each step one second after the last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from bot import deciding
from bot.deciding import Standing
from bot.policy import ChannelApprovers, fallback_policy
from bot.request import acting
from bot.request import events as e
from bot.request.found import (
    Disk,
    Finding,
    HeldSr,
    HostSight,
    Losses,
    Lun,
    OfferedLun,
    Portal,
    Protocol,
    Share,
    Target,
    Trouble,
)
from bot.request.lifecycle import apply, begin
from bot.request.model import Address, HostPbd, Kind, Outcome, Request, SrEntry, Times
from bot.request.plan import REMOVING, Plan, Purpose, Way, to_type

REQUESTER = "UREQUESTER"
APPROVER = "UAPPROVER1"
SECOND_APPROVER = "UAPPROVER2"
OUTSIDER = "UOUTSIDER"
TIMES = Times(choice=3600.0, approval=7200.0, notice=10.0)
START = 1_800_000_000.0


def standing(*approvers: str, overriders: Iterable[str] = (), needed: int = 1, channel: str = "C1") -> Standing:
    """Make the policy of a channel with these approvers."""
    listed = ChannelApprovers(channel, frozenset(approvers), frozenset(overriders))
    return Standing(fallback_policy([listed], needed, TIMES.approval))


STANDING = standing(APPROVER, SECOND_APPROVER, overriders=[APPROVER])

PORTAL = Portal("10.0.0.5", 3260)
ADDRESS = Address("10.0.0.5", 3260)
TARGET = Target("iqn.2001-05.com.example:0-8a0906-vol1", (PORTAL,))
LUN = Lun(lun_id=0, vendor="EQLOGIC", serial=None, size=107379425280, scsi_id="36090a028b04a9a0def60353420006046")
FREE = OfferedLun(LUN)
HELD = HeldSr("7a2f0c44-91d3-4f0e-8a57-1f0e6f9d2c10", "Old builds", 107374182400)

IQN = "iqn.2026-01.com.example:xen{}"
BOTH_SEE = (
    HostSight("xenct-xen1", IQN.format(1), multipathing=False, sees=True, uuid="uuid-xen1"),
    HostSight("xenct-xen2", IQN.format(2), multipathing=True, sees=True, uuid="uuid-xen2"),
)
BLIND = replace(BOTH_SEE[1], sees=False, why=Trouble("lun_not_seen", facts=(("host", "xenct-xen2"),)))
ONE_SEES = (BOTH_SEE[0], BLIND)


def plan(number: int = 1) -> Plan:
    """Make the plan of the story."""
    return Plan(
        number=number,
        pool="xenct",
        master="xenct-xen1",
        hosts=BOTH_SEE,
        name="iSCSI virtual disk storage",
        description="",
        sr_type="lvmoiscsi",
        content_type="user",
        shared=True,
        credential="tecmint",
        way=Way(LUN, PORTAL, TARGET.iqn),
    )


ADAPTER_LUN = Lun(3, "HITACHI", "500C3A01003", 500 * 1024**3, "360060e8007c3a0000030c3a000001003", paths=4)


def adapter_plan(number: int = 1) -> Plan:
    """Make the plan for a LUN that the hosts' adapters show."""
    hosts = tuple(replace(sight, iqn="") for sight in BOTH_SEE)
    name = "Hardware HBA virtual disk storage"
    way = Way(ADAPTER_LUN)
    return replace(plan(number), hosts=hosts, name=name, sr_type="lvmohba", credential=None, way=way)


def attach_plan(number: int = 1) -> Plan:
    """Make the plan to attach the SR that the LUN holds."""
    return replace(plan(number), name=HELD.name, purpose=Purpose.ATTACH, held=HELD)


def format_plan(number: int = 1) -> Plan:
    """Make the plan to format over the SR that the LUN holds."""
    return replace(plan(number), purpose=Purpose.FORMAT, held=HELD)


SR = HeldSr("0f2c1b9e-5b6f-4c57-9d57-3f3f6f0c2b11", "Nightly builds", 107374182400)
"""An SR that the pool knows."""

LOSSES = Losses(
    count=3,
    size=64424509440,
    disks=(
        Disk("d-1", "web1 root", 21474836480, ("web1",)),
        Disk("d-2", "", 32212254720),
    ),
    fingerprint="f" * 64,
)
SHARE = Share(Protocol.NFS, "nas.example", "/isos")
EXPORT = Share(Protocol.NFS, "10.0.0.9", "/export/srs")
RENAMED = "Weekly builds"


def managing_plan(purpose: Purpose, number: int = 1) -> Plan:
    """Make the plan for what is done to an SR that the pool knows."""
    return Plan(
        number=number,
        pool="xenct",
        master="xenct-xen1",
        hosts=(),
        name=RENAMED if purpose is Purpose.RENAME else SR.name,
        description="",
        sr_type="nfs",
        content_type="user",
        shared=True,
        credential=None,
        purpose=purpose,
        held=SR,
        known=True,
        attached=("xenct-xen1", "xenct-xen2"),
        losses=LOSSES if purpose in REMOVING else None,
    )


def share_plan(number: int = 1) -> Plan:
    """Make the plan to use a share as an ISO library."""
    return Plan(
        number=number,
        pool="xenct",
        master="xenct-xen1",
        hosts=(),
        name=f"Remote ISO Library on: {SHARE}",
        description="",
        sr_type="iso",
        content_type="iso",
        shared=True,
        credential=None,
        config=(("location", str(SHARE)), ("type", "nfs_iso")),
    )


def nfs_plan(number: int = 1) -> Plan:
    """Make the plan to make an SR on an export."""
    return Plan(
        number=number,
        pool="xenct",
        master="xenct-xen1",
        hosts=(),
        name="NFS virtual disk storage",
        description="",
        sr_type="nfs",
        content_type="user",
        shared=True,
        credential=None,
        config=(("server", EXPORT.server), ("serverpath", EXPORT.path)),
    )


def managed_outcome(purpose: Purpose, *, second_host: bool = True) -> Outcome:
    """What stands on the pool once that is done."""
    plugged = purpose is not Purpose.DETACH
    name = RENAMED if purpose is Purpose.RENAME else SR.name
    entry = SrEntry(SR.uuid, name, "", "<shared>", "nfs", "user")
    if purpose in {Purpose.FORGET, Purpose.DESTROY}:
        return Outcome(replace(entry, host=""), ())
    trouble = None if second_host else Trouble("backend_failed", "SR_BACKEND_FAILURE_73", (("host", "xenct-xen2"),))
    second = HostPbd("xenct-xen2", plugged and second_host, IQN.format(2), trouble)
    return Outcome(entry, (HostPbd("xenct-xen1", plugged, IQN.format(1)), second))


def leaving_plan() -> Plan:
    """Make the plan that leaves the second host behind."""
    return replace(plan(), hosts=ONE_SEES, accepted=("xenct-xen2",))


def outcome(*, second_host: bool = True) -> Outcome:
    """What stands on the pool at the end."""
    entry = SrEntry("0f2c1b9e-5b6f-4c57-9d57-3f3f6f0c2b11", plan().name, "", "<shared>", "lvmoiscsi", "user")
    trouble = None if second_host else Trouble("login_refused", "SR_BACKEND_FAILURE_68")
    second = HostPbd("xenct-xen2", second_host, "iqn.2026-01.com.example:xen2", trouble)
    return Outcome(entry, (HostPbd("xenct-xen1", attached=True, iqn="iqn.2026-01.com.example:xen1"), second))


def asked(**changes: object) -> e.Asked:
    """The requester asks."""
    event = e.Asked(
        at=START,
        actor=REQUESTER,
        request="abc234xyz",
        team="T1",
        channel="C1",
        requester=REQUESTER,
        pool="xenct",
        address=ADDRESS,
        times=TIMES,
        name=None,
        reason="more room for builds",
        credential="tecmint",
    )
    return replace(event, **changes)  # type: ignore[arg-type]  # the test names the fields


@dataclass
class Story:
    """A request and all that happened to it."""

    request: Request = field(default_factory=lambda: begin(asked()))
    events: list[e.Event] = field(default_factory=lambda: [asked()])

    @property
    def now(self) -> float:
        """One second after the last event."""
        return self.request.changed_at + 1.0

    @property
    def step(self) -> int:
        return self.request.work.step

    def happens(self, events: Sequence[e.Event]) -> Story:
        """Let things happen."""
        for event in events:
            self.request = apply(self.request, event)
            self.events.append(event)
        return self

    def targets_are_found(self, count: int = 2) -> Story:
        found = e.TargetsFound(at=self.now, step=self.step, finding=Finding("targets1", count))
        return self.happens([found])

    def target_is_picked(self) -> Story:
        return self.happens(acting.pick_target(self.request, REQUESTER, "targets1", TARGET, self.now))

    def luns_are_found(self) -> Story:
        return self.happens([e.LunsFound(at=self.now, step=self.step, finding=Finding("luns1", 1))])

    def lun_is_picked(self) -> Story:
        return self.happens(acting.pick_lun(self.request, REQUESTER, "luns1", FREE, self.now))

    def plan_is_made(self, planned: Plan | None = None) -> Story:
        made = replace(planned or plan(), number=self.request.plan_number + 1)
        return self.happens([e.PlanMade(at=self.now, step=self.step, plan=made)])

    def sr_is_found(self, planned: Plan | None = None) -> Story:
        made = replace(planned or attach_plan(), number=self.request.plan_number + 1)
        return self.happens([e.SrFound(at=self.now, step=self.step, plan=made, may_override=True)])

    def approval_is_requested(self) -> Story:
        number = self.request.plan_number
        return self.happens(deciding.request_approval(self.request, STANDING, REQUESTER, number, self.now))

    def is_approved(self, by: str = APPROVER) -> Story:
        """By somebody who types what the plan asks for."""
        planned = self.request.plan
        typed = planned.to_type if planned is not None else ""
        return self.happens(deciding.approve(self.request, STANDING, by, self.request.plan_number, self.now, typed))

    def is_taken_up(self) -> Story:
        return self.happens([e.StepStarted(at=self.now, step=self.step, worker="worker-1")])

    def changes_the_pool(self) -> Story:
        event = e.Progressed(at=self.now, step=self.step, doing="creating the SR", changing=True)
        return self.happens([event])

    def is_created(self) -> Story:
        return self.happens([e.Created(at=self.now, step=self.step, outcome=outcome())])

    def is_done(self) -> Story:
        done = managed_outcome(self.request.purpose)
        return self.happens([e.Done(at=self.now, step=self.step, outcome=done)])

    def is_created_partly(self) -> Story:
        return self.happens([e.CreatedPartly(at=self.now, step=self.step, outcome=outcome(second_host=False))])

    def is_retried(self, by: str = REQUESTER) -> Story:
        return self.happens(deciding.retry(self.request, STANDING, by, self.now))

    def pauses(self, reason: str = "target_unreachable", **facts: str) -> Story:
        trouble = Trouble(reason, "SR_BACKEND_FAILURE_141", tuple(facts.items()))
        return self.happens([e.StepFailed(at=self.now, step=self.step, trouble=trouble)])


def choosing_target() -> Story:
    return Story().targets_are_found()


def choosing_lun() -> Story:
    return choosing_target().target_is_picked().luns_are_found()


def confirming() -> Story:
    return choosing_lun().lun_is_picked().plan_is_made()


def awaiting_approval() -> Story:
    return confirming().approval_is_requested()


def queued() -> Story:
    return awaiting_approval().is_approved()


def running() -> Story:
    return queued().is_taken_up()


def succeeded() -> Story:
    return running().changes_the_pool().is_created()


def found_sr() -> Story:
    """The LUN that was picked holds an SR."""
    return choosing_lun().lun_is_picked().sr_is_found()


def formatting() -> Story:
    """A request to format over that SR, which goes on from another one."""
    before = found_sr()
    typed = to_type(LUN)
    begun, _ = deciding.format_over(before.request, STANDING, REQUESTER, 1, typed, "def567uvw", before.now)
    return Story(begin(begun), [begun])


def managing(purpose: Purpose, **changes: object) -> Story:
    """Somebody asks that something is done to an SR that the pool knows."""
    name = RENAMED if purpose is Purpose.RENAME else None
    begun = asked(purpose=purpose, sr=SR.name, address=None, credential=None, name=name, **changes)
    return Story(begin(begun), [begun])


def managing_planned(purpose: Purpose) -> Story:
    """Its plan is shown."""
    return managing(purpose).plan_is_made(managing_plan(purpose))


def managing_done(purpose: Purpose) -> Story:
    """It is done."""
    story = managing_planned(purpose).approval_is_requested().is_approved().is_taken_up().changes_the_pool()
    return story.is_done()


def sharing() -> Story:
    """Somebody asks for an ISO library."""
    begun = asked(kind=Kind.ISO, share=SHARE, address=None, credential=None)
    return Story(begin(begun), [begun])


def partial() -> Story:
    return running().changes_the_pool().is_created_partly()
