from __future__ import annotations

import pytest

from bot.request import events as e
from bot.request.events import EVENTS
from bot.request.model import Finding, Trouble
from bot.slack.cards.lines import line
from tests import stories
from tests.stories import APPROVER, LUN, REQUESTER, SECOND_APPROVER, TARGET

NOW = stories.START
TROUBLE = Trouble("chap_wrong", "SR_BACKEND_FAILURE_68", (("credential", "tecmint"),), "abc-1")

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
    (e.PlanMade(at=NOW, step=1, plan=stories.plan()), "No SR was found on LUN 0 (100.0 GiB): plan 1"),
    (
        e.TargetsWanted(at=NOW, actor=REQUESTER, address=stories.asked().address, credential="x"),
        "with the credential `x`",
    ),
    (e.TargetsWanted(at=NOW, actor=REQUESTER, address=stories.asked().address, credential=None), "searched again."),
    (e.LunsWanted(at=NOW, actor=REQUESTER), "had the LUNs looked for again"),
    (e.InspectionWanted(at=NOW, actor=REQUESTER), "had the LUN inspected again"),
    (e.TargetReopened(at=NOW, actor=REQUESTER), "went back to the targets"),
    (e.LunReopened(at=NOW, actor=REQUESTER), "went back to the LUNs"),
    (e.ApprovalRequested(at=NOW, actor=REQUESTER, plan_number=1), "nobody but who asked could approve"),
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
    asked = e.ApprovalRequested(at=NOW, actor=REQUESTER, plan_number=1)
    shown = str(line(asked, stories.Story().request, {APPROVER, SECOND_APPROVER, REQUESTER}))
    assert f"of <@{APPROVER}>, <@{SECOND_APPROVER}>." in shown
    assert shown.count(f"<@{REQUESTER}>") == 1
