from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.request import acting
from bot.request.found import Trouble
from bot.request.lifecycle import begin
from bot.request.model import HostPbd, Request, State
from bot.request.plan import Plan, Purpose
from bot.slack.cards.card import request_card
from tests import stories
from tests.stories import APPROVER, HELD, REQUESTER, TARGET, Story
from tests.unit.slack.reading import buttons, fits, words


def ended(state: State, **changes: object) -> Request:
    return replace(stories.queued().request, state=state, expires_at=None, **changes)  # type: ignore[arg-type]  # fields


KNOWN = replace(stories.attach_plan(), known=True)
BLIND = replace(stories.plan(), hosts=stories.ONE_SEES)
AWAY = replace(stories.plan(), hosts=(BLIND.hosts[0], replace(BLIND.hosts[1], why=Trouble("host_disabled"))))
ACCEPTED = replace(BLIND, accepted=("xenct-xen2",))
RENAMED = replace(stories.attach_plan(), known=True, name="Its own")
NOT_ASKED = replace(stories.plan(), not_asked=("other",))


def accepted(plan: Plan) -> Story:
    story = stories.choosing_lun().lun_is_picked().plan_is_made(plan)
    return story.happens(acting.accept_hosts(story.request, REQUESTER, 1, story.now))


def attaching() -> Story:
    story = stories.found_sr()
    story.happens(acting.attach_found(story.request, REQUESTER, 1, story.now))
    return story.approval_is_requested().is_approved().is_taken_up()


TROUBLE = Trouble("target_unreachable", "SR_BACKEND_FAILURE_141", (("address", "10.0.0.5:3260"),), "abc-1")

CARDS: dict[str, tuple[Callable[[], Request], tuple[str, ...], list[str]]] = {
    "asked": (
        lambda: Story().request,
        (f"<@{REQUESTER}> asks for", "`10.0.0.5:3260`", "`xenct`", "looking for targets", "more room for builds"),
        ["Cancel"],
    ),
    "choosing a target": (
        lambda: stories.choosing_target().request,
        ("Choose a target", "2 targets found"),
        ["Change address…", "Change credential…", "Cancel"],
    ),
    "looking for LUNs": (
        lambda: stories.choosing_target().target_is_picked().request,
        (TARGET.iqn, "`10.0.0.5:3260`", "looking for its LUNs"),
        ["Cancel"],
    ),
    "choosing a LUN": (
        lambda: stories.choosing_lun().request,
        ("Choose a LUN", TARGET.iqn, "1 LUN found"),
        ["Pick another target", "Change address…", "Cancel"],
    ),
    "inspecting": (
        lambda: stories.choosing_lun().lun_is_picked().request,
        ("LUN 0, 100.0 GiB", "`36090a028b04a9a0def60353420006046`", "`EQLOGIC`"),
        ["Cancel"],
    ),
    "confirming": (
        lambda: stories.confirming().request,
        (
            "creating the SR erases whatever else is on this LUN; XenServer can't see foreign data",
            "*Plan 1:* A new SR is created on the LUN.",
            "`xenct-xen1`: sees the LUN · multipath off · initiator `iqn.2026-01.com.example:xen1`",
            "`xenct-xen2`: sees the LUN · multipath on · initiator `iqn.2026-01.com.example:xen2`",
            "`tecmint`",
            "Nothing happens before somebody else has approved",
        ),
        ["Request approval", "Pick another LUN", "Pick another target", "Cancel"],
    ),
    "awaiting approval": (
        lambda: stories.awaiting_approval().request,
        ("Waiting for approval", "*Still missing: 1 approval by an approver of this channel.*", "open until <!date^"),
        ["Approve", "Reject…", "I'm looking", "Ask a question…", "Cancel"],
    ),
    "queued": (lambda: stories.queued().request, (f"Approved by <@{APPROVER}>",), ["Withdraw my approval", "Cancel"]),
    "running": (lambda: stories.running().request, ("Creating the SR",), ["Withdraw my approval", "Cancel"]),
    "changing": (lambda: stories.running().changes_the_pool().request, ("Now: `creating the SR`",), []),
    "succeeded": (
        lambda: stories.succeeded().request,
        ("`0f2c1b9e-5b6f-4c57-9d57-3f3f6f0c2b11`", "attached on 2 of 2 hosts", "`xenct-xen2`: PBD attached"),
        [],
    ),
    "partial": (
        lambda: ended(State.PARTIAL, outcome=stories.outcome(second_host=False)),
        ("attached on 1 of 2 hosts", "initiator `iqn.2026-01.com.example:xen2`", "refused the iSCSI login", "pbd-plug"),
        ["Retry"],
    ),
    "partial, with a host that the plan leaves out": (
        lambda: ended(
            State.PARTIAL,
            outcome=stories.outcome(second_host=False),
            plan=stories.leaving_plan(),
        ),
        (
            "on every host but those that the plan leaves out on purpose.",
            "`xenct-xen2`: *PBD not attached*, initiator `iqn.2026-01.com.example:xen2`. It was left out on purpose",
        ),
        ["Retry"],
    ),
    "partial, with a host that the plan leaves out and another": (
        lambda: ended(
            State.PARTIAL,
            outcome=replace(
                stories.outcome(second_host=False),
                hosts=(*stories.outcome(second_host=False).hosts, HostPbd("xenct-xen3", attached=False, iqn="iqn.x:3")),
            ),
            plan=stories.leaving_plan(),
        ),
        (
            "Put the hosts below right, then press Retry",
            "It was left out on purpose",
            "`xenct-xen3`: *PBD not attached*",
        ),
        ["Retry"],
    ),
    "repairing": (
        lambda: stories.partial().is_retried().request,
        ("Trying the hosts again", "attached on 1 of 2 hosts", "`xenct-xen2`: *PBD not attached*"),
        [],
    ),
    "partial, and the repair could not be done": (
        lambda: stories.partial().is_retried().pauses("host_unreachable", host="xenct-xen2").request,
        ("XenServer host `xenct-xen2` doesn't answer.", "attached on 1 of 2 hosts"),
        ["Retry"],
    ),
    "repaired": (
        lambda: stories.partial().is_retried().is_created().request,
        ("The SR is ready", "attached on 2 of 2 hosts"),
        [],
    ),
    "attaching is asked": (
        lambda: begin(stories.asked(purpose=Purpose.ATTACH, name="Old")),
        (f"<@{REQUESTER}> asks to attach the SR on a LUN of `10.0.0.5:3260` to pool `xenct` as `Old`.",),
        ["Cancel"],
    ),
    "choosing a LUN to attach": (
        lambda: replace(stories.choosing_lun().request, purpose=Purpose.ATTACH),
        ("which LUN holds the SR?",),
        ["Pick another target", "Change address…", "Cancel"],
    ),
    "an SR was found": (
        lambda: stories.found_sr().request,
        (
            "The LUN holds an SR already",
            f"`{HELD.uuid}`",
            "`Old builds`",
            "It is attached as it is, with all that it holds, or it is formatted over and lost.",
            "a pool that srbot doesn't know may still use this SR",
            "LUN 0, 100.0 GiB",
        ),
        ["Attach it", "Format over it…", "Pick another LUN", "Pick another target", "Cancel"],
    ),
    "an SR was found that the pool knows": (
        lambda: stories.choosing_lun().lun_is_picked().sr_is_found(KNOWN).request,
        (f"`{HELD.uuid}`",),
        ["Attach it", "Pick another LUN", "Pick another target", "Cancel"],
    ),
    "confirming to attach": (
        lambda: stories.choosing_lun().lun_is_picked().plan_is_made(KNOWN).request,
        (
            "*Plan 1:* The SR on the LUN is attached as it is, with all that it holds.",
            "Pool `xenct` knows this SR, and none of its hosts has it attached.",
            "a pool that srbot doesn't know may still use this SR",
            f"*SR on the LUN*\n`{HELD.uuid}`".replace("\n", "\\n"),
        ),
        ["Request approval", "Pick another LUN", "Pick another target", "Cancel"],
    ),
    "confirming to attach what the pool knows by another name": (
        lambda: replace(stories.choosing_lun().lun_is_picked().plan_is_made(RENAMED).request, name="Typed"),
        ("The name that was typed, `Typed`, is not used: the pool's record of the SR keeps its own, `Its own`.",),
        ["Request approval", "Pick another LUN", "Pick another target", "Cancel"],
    ),
    "confirming with a host that does not see the LUN": (
        lambda: stories.choosing_lun().lun_is_picked().plan_is_made(BLIND).request,
        (
            "`xenct-xen2`: *doesn't see the LUN* · multipath on · initiator `iqn.2026-01.com.example:xen2`",
            "XenServer host `xenct-xen2` doesn't see the LUN.",
            "or accept that they are left behind",
        ),
        ["Look again", "Accept that xenct-xen2 doesn't see it", "Pick another LUN", "Pick another target", "Cancel"],
    ),
    "confirming with a host in maintenance": (
        lambda: stories.choosing_lun().lun_is_picked().plan_is_made(AWAY).request,
        (
            "`xenct-xen2`: *can't look at the LUN now* · multipath on",
            "The host is disabled: it is in maintenance, or not up yet. Take it out of maintenance",
            "Have `xenct-xen2` take part again (switched on, and out of maintenance) and look again",
        ),
        ["Look again", "Accept that xenct-xen2 doesn't see it", "Pick another LUN", "Pick another target", "Cancel"],
    ),
    "confirming with an accepted host": (
        lambda: accepted(BLIND).request,
        ("*Plan 2:*", "*Accepted:* `xenct-xen2` does not see the LUN, so the SR won't be attached there."),
        ["Request approval", "Pick another LUN", "Pick another target", "Cancel"],
    ),
    "confirming with a pool that was not asked": (
        lambda: stories.choosing_lun().lun_is_picked().plan_is_made(NOT_ASKED).request,
        (
            "*Pool `other` could not be asked whether it uses this LUN.* Who approves takes that on.",
            "This needs the approval of somebody who may override.",
        ),
        ["Request approval", "Look again", "Pick another LUN", "Pick another target", "Cancel"],
    ),
    "formatting over is asked": (
        lambda: stories.formatting().request,
        (f"over the SR `{HELD.uuid}`", "This goes on from request `abc234xyz`."),
        ["Cancel"],
    ),
    "formatting over can't be done": (
        lambda: stories.formatting().pauses("hosts_disagree", host="xenct-xen2").request,
        ("XenServer host `xenct-xen2` sees something else",),
        ["Try again", "Cancel"],
    ),
    "formatting over waits for approval": (
        lambda: stories.formatting().plan_is_made(stories.format_plan()).approval_is_requested().request,
        (
            f"*The SR `Old builds` `{HELD.uuid}` (100.0 GiB) is destroyed, with everything in it.",
            "This needs the approval of somebody who may override.",
        ),
        ["Approve…", "Reject…", "I'm looking", "Ask a question…", "Cancel"],
    ),
    "attaching": (
        lambda: attaching().request,
        ("Attaching the SR",),
        ["Withdraw my approval", "Cancel"],
    ),
    "attaching failed": (
        lambda: ended(State.FAILED, plan=stories.attach_plan()),
        ("The SR was not attached", "No SR was attached."),
        [],
    ),
    "formatted over": (
        lambda: ended(State.SUCCEEDED, plan=stories.format_plan(), outcome=stories.outcome()),
        (f"The SR `Old builds` `{HELD.uuid}` (100.0 GiB) that was there is gone, with everything that was in it.",),
        [],
    ),
    "goes on as another request": (
        lambda: ended(State.CANCELLED, followed_by="def567uvw"),
        ("Goes on as another request", "This goes on as request `def567uvw`"),
        [],
    ),
    "failed": (
        lambda: ended(State.FAILED, trouble=TROUBLE),
        ("Nothing answers for iSCSI at `10.0.0.5:3260`", "reference `abc-1`", "No SR was created"),
        [],
    ),
    "failed, over another SR": (
        lambda: ended(State.FAILED, plan=stories.format_plan(), trouble=TROUBLE),
        ("No SR was created. The SR that the LUN held may be gone all the same.",),
        [],
    ),
    "failed, why is not known": (lambda: ended(State.FAILED), ("No SR was created",), []),
    "unknown": (lambda: ended(State.UNKNOWN, trouble=TROUBLE), ("It is not known", "`/sr list`"), []),
    "unknown, and the LUN stays locked": (
        lambda: ended(State.UNKNOWN, trouble=TROUBLE, changed_at=stories.START),
        (
            "Until <!date^1800000900^{time_secs}|2027-01-15 08:15:00 UTC>",
            "no other plan can run on this LUN; then it can.",
        ),
        [],
    ),
    "unknown, without a plan": (lambda: ended(State.UNKNOWN, plan=None), ('the SR may be there."',), []),
    "cancelled, since something could not be done": (
        lambda: ended(State.CANCELLED, ended_by=REQUESTER, trouble=TROUBLE),
        ("It could not be done: Nothing answers for iSCSI at `10.0.0.5:3260`.",),
        [],
    ),
    "rejected": (
        lambda: ended(State.REJECTED, ended_by=APPROVER, ended_because="too big: wait"),
        (f"<@{APPROVER}> rejected this. Reason: `too big: wait`.", "Nothing was changed"),
        [],
    ),
    "cancelled": (lambda: ended(State.CANCELLED, ended_by=None), ("srbot cancelled this.",), []),
    "expired": (lambda: ended(State.EXPIRED), ("Nobody moved in time", "ask anew"), []),
    "stale": (
        lambda: ended(State.STALE, changes=("the LUN's size was 1 GiB, now 2 GiB",)),
        ("no longer what is there", "• the LUN's size was 1 GiB, now 2 GiB"),
        [],
    ),
}


@pytest.mark.parametrize(("make", "said", "offered"), CARDS.values(), ids=CARDS)
def test_a_card_says_where_its_request_stands(
    make: Callable[[], Request], said: tuple[str, ...], offered: list[str]
) -> None:
    card = request_card(make())
    fits(card)
    for text in said:
        assert text in words(card)
    assert buttons(card) == offered


@pytest.mark.parametrize(
    ("story", "said", "offered"),
    [
        (
            Story().pauses(address="10.0.0.5:3260"),
            "Nothing answers for iSCSI at `10.0.0.5:3260`",
            ["Try again", "Change address…", "Change credential…", "Cancel"],
        ),
        (
            stories.choosing_target().target_is_picked().pauses("no_luns", iqn=TARGET.iqn),
            f"The login to `{TARGET.iqn}` worked, but no LUN is mapped",
            ["Try again", "Pick another target", "Change address…", "Change credential…", "Cancel"],
        ),
        (
            stories.choosing_lun().lun_is_picked().pauses("lun_in_use", sr_name="Old", sr_uuid="0b2f", pool="xenct"),
            "The LUN is in use: `Old` `0b2f` (pool `xenct`).",
            [
                "Try again",
                "Pick another LUN",
                "Pick another target",
                "Change address…",
                "Change credential…",
                "Cancel",
            ],
        ),
        (
            stories.choosing_lun().lun_is_picked().pauses("no_sr_on_lun"),
            "The LUN holds no SR that could be attached.",
            ["Pick another LUN", "Pick another target", "Change address…", "Change credential…", "Cancel"],
        ),
    ],
)
def test_what_went_wrong_is_said_with_the_ways_on(story: Story, said: str, offered: list[str]) -> None:
    card = request_card(story.request)
    fits(card)
    assert said in words(card)
    assert buttons(card) == offered
