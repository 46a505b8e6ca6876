from __future__ import annotations

from dataclasses import replace

import pytest

from bot import deciding
from bot.request import events as e
from bot.request.approving import Awaited, Call
from bot.request.events import EVENTS
from bot.request.found import Finding, Place, Trouble
from bot.request.model import Rival, State
from bot.request.plan import Purpose
from bot.slack.cards.lines import line
from tests import stories
from tests.stories import APPROVER, LUN, OUTSIDER, REQUESTER, SECOND_APPROVER, TARGET

NOW = stories.START
ONE = Awaited("r", "", 1, ("UA",))
MANY = Awaited("r", "2 of admins", 2, ("UA", "UB"), more=3)
TROUBLE = Trouble("chap_wrong", "SR_BACKEND_FAILURE_68", (("credential", "tecmint"),), "abc-1")
HELD_WORDS = f"`Old builds` `{stories.HELD.uuid}` (100.0 GiB)"
RIVAL = Rival("other1", OUTSIDER, State.AWAITING_APPROVAL)
OUTCOME = stories.outcome()

LINES: list[tuple[e.Event, str | None]] = [
    (
        stories.asked(),
        f"<@{REQUESTER}> asked for an iSCSI SR from `10.0.0.5:3260` for pool `xenct`. Reason: `more room",
    ),
    (stories.asked(name="Builds", reason=None), "SR named `Builds` from"),
    (e.StepStarted(at=NOW, step=1, worker="w1"), None),
    (e.Progressed(at=NOW, step=1, doing="x"), None),
    (e.Noticed(at=NOW, step=1, why="no_worker"), None),
    (
        e.StepFailed(at=NOW, step=1, trouble=TROUBLE),
        "credential `tecmint`. (`SR_BACKEND_FAILURE_68` · reference `abc-1`)",
    ),
    (e.TargetsFound(at=NOW, step=1, finding=Finding("f", 2, hidden=1)), "found 2 targets (1 more are not allowed)"),
    (e.TargetPicked(at=NOW, actor=REQUESTER, target=TARGET), f"<@{REQUESTER}> picked the target `{TARGET.iqn}`"),
    (
        e.TargetPicked(at=NOW, target=TARGET, only_one=True),
        f"Only one target was offered, so it was picked: `{TARGET.iqn}`",
    ),
    (e.LunsFound(at=NOW, step=1, finding=Finding("f", 1)), "The target shows 1 LUN."),
    (e.LunPicked(at=NOW, actor=REQUESTER, lun=LUN), "picked LUN 0 (100.0 GiB), SCSIid `36090a028"),
    (
        stories.asked(purpose=Purpose.ATTACH, name="Old"),
        "asked to attach the SR on a LUN of `10.0.0.5:3260` to pool `xenct` as `Old`. Reason",
    ),
    (
        replace(stories.formatting().events[0], at=NOW),
        f"over the SR {HELD_WORDS} on LUN 0 (100.0 GiB), SCSIid `{LUN.scsi_id}`, and typed the end of that.",
    ),
    (replace(stories.formatting().events[0], at=NOW), ". It goes on from request `abc234xyz`. Reason: `more room"),
    (
        e.LunPicked(at=NOW, actor=REQUESTER, lun=LUN, rivals=(RIVAL,)),
        f"wanted by another request too: request `other1` of <@{OUTSIDER}> (waiting for approval). Only one of them",
    ),
    (e.PlacesFound(at=NOW, step=1, finding=Finding("f", 2)), "Pool `xenct` has 2 hosts that can be picked."),
    (e.HostPicked(at=NOW, actor=REQUESTER, place=Place("u", "xen1")), f"<@{REQUESTER}> picked the host `xen1`."),
    (e.HostTaken(at=NOW, actor=None, place=Place("u", "xen1")), "no other host than `xen1`, so it was picked."),
    (e.PlacePicked(at=NOW, actor=REQUESTER, place=Place("/a", "/a")), f"<@{REQUESTER}> chose the host `/a`."),
    (e.PlacesWanted(at=NOW, actor=REQUESTER), "had the hosts looked for again."),
    (e.PlaceReopened(at=NOW, actor=REQUESTER), "went back to the hosts."),
    (
        e.SrsFound(at=NOW, step=1, plan=stories.nfs_plan(), held=(stories.HELD,) * 7, rivals=(RIVAL,)),
        f"SRs are on the share that can be attached: {HELD_WORDS}; ",
    ),
    (
        e.SrsFound(at=NOW, step=1, plan=stories.nfs_plan(), held=(stories.HELD,)),
        f"An SR is on the share: {HELD_WORDS}.",
    ),
    (e.NewChosen(at=NOW, actor=REQUESTER, plan_number=2), "wants a new SR beside what is there: plan 2."),
    (e.SrPicked(at=NOW, actor=REQUESTER, sr=stories.HELD.uuid), f"wants the SR `{stories.HELD.uuid}` attached"),
    (e.PlanMade(at=NOW, step=1, plan=stories.plan()), "No SR was found on LUN 0 (100.0 GiB): plan 1"),
    (
        e.PlanMade(at=NOW, step=1, plan=stories.attach_plan()),
        f"LUN 0 (100.0 GiB) holds the SR {HELD_WORDS}: plan 1 attaches it.",
    ),
    (
        e.PlanMade(at=NOW, step=1, plan=stories.format_plan(), rivals=(RIVAL,)),
        "plan 1 formats over it. The LUN is wanted by request `other1` too.",
    ),
    (e.SrFound(at=NOW, step=1, plan=stories.attach_plan()), f"LUN 0 (100.0 GiB) holds the SR {HELD_WORDS}."),
    (e.AttachChosen(at=NOW, actor=REQUESTER, plan_number=1), f"<@{REQUESTER}> wants that SR attached as it is."),
    (
        e.HostsAccepted(at=NOW, actor=REQUESTER, plan=replace(stories.plan(2), accepted=("xenct-xen2",))),
        "accepted that `xenct-xen2` does not see the LUN: plan 2 says so.",
    ),
    (e.Followed(at=NOW, actor=REQUESTER, by="def567uvw"), "that goes on as request `def567uvw`."),
    (e.RetryWanted(at=NOW, actor=APPROVER), f"<@{APPROVER}> had the hosts tried again."),
    (
        e.Approved(at=NOW, actor=APPROVER, plan_number=1, plan_digest="d", typed="006046"),
        "approved plan 1 and typed the end of the SCSIid.",
    ),
    (
        e.TargetsWanted(at=NOW, actor=REQUESTER, address=stories.ADDRESS, credential="x"),
        "with the credential `x`",
    ),
    (e.TargetsWanted(at=NOW, actor=REQUESTER, address=stories.ADDRESS, credential=None), "searched again."),
    (e.LunsWanted(at=NOW, actor=REQUESTER), "had the LUNs looked for again"),
    (e.CredentialPicked(at=NOW, actor=REQUESTER, credential="lab"), "share looked at again with the credential `lab`"),
    (e.CredentialPicked(at=NOW, actor=REQUESTER, credential=None), "looked at again without a credential"),
    (e.InspectionWanted(at=NOW, actor=REQUESTER), "had the LUN inspected again"),
    (e.TargetReopened(at=NOW, actor=REQUESTER), "went back to the targets"),
    (e.LunReopened(at=NOW, actor=REQUESTER), "went back to the LUNs"),
    (e.ApprovalRequested(at=NOW, actor=REQUESTER, plan_number=1), f"<@{REQUESTER}> requested the approval."),
    (
        e.ApprovalRequested(at=NOW, actor=REQUESTER, plan_number=1, awaited=(Awaited("r", "", 1),)),
        "nobody but who asked could approve",
    ),
    (
        e.ApprovalReopened(
            at=NOW, awaited=(Awaited("r", "2 of admins", 2, ("UA", "UB"), more=3),), call=Call(("UA", "UB"))
        ),
        "more approvals are needed of <@UA>, <@UB>. Needed: 2 approvals by `2 of admins` (and 3 more than are called).",
    ),
    (
        e.ApprovalReopened(at=NOW, awaited=(Awaited("r", "1 of admins", 1, unreadable=True),)),
        "more approvals are needed. Needed: 1 approval by `1 of admins` (whose members could not be read).",
    ),
    (
        e.ApprovalRequested(
            at=NOW, actor=REQUESTER, plan_number=1, awaited=(Awaited("r", "", 1, ("UA",)),), call_at=NOW
        ),
        "requested the approval. They are called when quiet hours are over.",
    ),
    (e.Called(at=NOW, call=Call(("UA",), ("S1",))), "This waits for a decision still: <@UA>, <!subteam^S1>."),
    (
        e.Called(at=NOW, call=Call(("UA",)), escalated=True),
        "Nobody has decided it yet, so these are called too: <@UA>.",
    ),
    (e.Held(at=NOW, until=NOW + 60, because="quiet_hours"), "lets nothing run in its quiet hours, until <!date^"),
    (e.Claimed(at=NOW, actor=APPROVER), f"<@{APPROVER}> is looking at it."),
    (e.QuestionAsked(at=NOW, actor=APPROVER, text="Why?"), f"<@{APPROVER}> asks <@{REQUESTER}>: `Why?` Answer here"),
    (e.ApprovalWithdrawn(at=NOW, actor=APPROVER, plan_number=1), f"<@{APPROVER}> withdrew the approval of plan 1."),
    (e.Released(at=NOW), "What held it is over: it goes on."),
    (e.Queued(at=NOW, charges=("shares",)), "The policy lets this pass without an approval."),
    (e.Approved(at=NOW, actor=APPROVER, plan_number=1, plan_digest="d"), f"<@{APPROVER}> approved plan 1."),
    (e.Queued(at=NOW), None),
    (
        e.Rejected(at=NOW, actor=APPROVER, because="no: really"),
        f"<@{APPROVER}> rejected the request. Reason: `no: really`.",
    ),
    (e.Cancelled(at=NOW, actor=REQUESTER), f"<@{REQUESTER}> cancelled the request."),
    (e.Expired(at=NOW), "The request expired"),
    (e.WentStale(at=NOW, step=1, changes=("a", "<b>")), "things have changed: a; &lt;b&gt;."),
    (e.Created(at=NOW, step=1, outcome=stories.outcome()), "was created, attached on 2 of 2 hosts.\n```\nuuid ( RO)"),
    (e.CreatedPartly(at=NOW, step=1, outcome=stories.outcome(second_host=False)), "`xenct-xen2`: *PBD not attached*"),
    (e.Done(at=NOW, step=1, outcome=stories.outcome()), "The SR `0f2c1b9e-5b6f-4c57-9d57-3f3f6f0c2b11`: done."),
    (e.RunFailed(at=NOW, step=1, trouble=TROUBLE), "The SR was not created: The array refused"),
    (e.LostTrack(at=NOW, step=1, trouble=Trouble("internal")), "not known: srbot itself failed at this step."),
]


@pytest.mark.parametrize(("event", "said"), LINES, ids=[type(event).__name__ for event, _ in LINES])
def test_each_thing_that_happened_has_one_line_with_its_time(event: e.Event, said: str | None) -> None:
    shown = line(event, stories.Story().request)
    if said is None:
        assert shown is None
    else:
        assert shown is not None
        assert shown.startswith("<!date^1800000000^{time_secs}|2027-01-15 08:00:00 UTC>  ")
        assert said in shown


def test_no_event_is_forgotten() -> None:
    assert {type(event) for event, _ in LINES} == set(EVENTS)


def test_the_worker_that_runs_the_creation_is_named() -> None:
    started = e.StepStarted(at=NOW, step=4, worker="worker-1")
    assert "A worker started." in str(line(started, stories.running().request))


def test_the_approvers_are_mentioned_where_they_are_asked_but_not_who_asked() -> None:
    story, everyone = stories.confirming(), stories.standing(APPROVER, SECOND_APPROVER, REQUESTER)
    (asked,) = deciding.request_approval(story.request, everyone, REQUESTER, 1, story.now)
    shown = str(line(asked, story.request))
    assert f"of <@{APPROVER}>, <@{SECOND_APPROVER}>." in shown
    assert shown.count(f"<@{REQUESTER}>") == 1


@pytest.mark.parametrize(
    ("overriders", "said"),
    [
        ({APPROVER, REQUESTER, OUTSIDER}, f"among them: <@{APPROVER}>."),
        ({SECOND_APPROVER}, f"among them: <@{SECOND_APPROVER}>."),
    ],
)
def test_those_who_may_override_are_mentioned_where_the_plan_needs_one(overriders: set[str], said: str) -> None:
    story = stories.formatting().plan_is_made(stories.format_plan())
    standing = stories.standing(APPROVER, SECOND_APPROVER, REQUESTER, overriders=overriders)
    (asked,) = deciding.request_approval(story.request, standing, REQUESTER, 1, story.now)
    assert f"One of those who may override has to be {said}" in str(line(asked, story.request))
    plain = stories.awaiting_approval()
    assert "override" not in str(line(plain.events[-1], plain.request))


def test_attaching_is_told_as_such_and_a_repair_is_no_second_creation() -> None:
    after = replace(stories.succeeded().request, plan=stories.attach_plan())
    assert "was attached, attached on 2 of 2" not in str(line(e.Created(at=NOW, step=4, outcome=OUTCOME), after))
    assert "was attached on 2 of 2 hosts." in str(line(e.Created(at=NOW, step=4, outcome=OUTCOME), after))
    assert "The SR was not attached:" in str(line(e.RunFailed(at=NOW, step=4, trouble=TROUBLE), after))
    assert "Whether the SR was attached is" in str(line(e.LostTrack(at=NOW, step=4, trouble=TROUBLE), after))
    repaired = str(line(e.Created(at=NOW, step=5, outcome=OUTCOME), after, before=State.REPAIRING))
    assert repaired.endswith("is now attached on 2 of 2 hosts.")
    still = e.CreatedPartly(at=NOW, step=5, outcome=stories.outcome(second_host=False))
    assert "is still only attached on 1 of 2 hosts.\n`xenct-xen2`" in str(line(still, after, before=State.REPAIRING))


@pytest.mark.parametrize("kind", [e.Created, e.CreatedPartly])
def test_that_the_sr_is_gone_that_was_formatted_over_is_said_in_the_thread(
    kind: type[e.Created | e.CreatedPartly],
) -> None:
    after = replace(stories.succeeded().request, plan=stories.format_plan())
    told = str(line(kind(at=NOW, step=4, outcome=OUTCOME), after))
    assert f"The SR {HELD_WORDS} that was there is gone, with everything that was in it." in told


def test_a_host_that_the_plan_leaves_out_is_told_as_such() -> None:
    after = replace(stories.succeeded().request, plan=stories.leaving_plan())
    partly = e.CreatedPartly(at=NOW, step=4, outcome=stories.outcome(second_host=False))
    assert "It was left out on purpose: accepted in the plan." in str(line(partly, after))
