"""What is done to an SR that a pool knows, and an ISO library: every state of it as a card and as a thread."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.request import events as e
from bot.request.found import Disk, HeldSr, Losses, Lun, Trouble
from bot.request.lifecycle import apply, begin
from bot.request.model import Kind, Request, Rival, State
from bot.request.plan import MANAGING, REMOVING, Plan, Purpose, Service, Way
from bot.slack.cards.card import request_card
from bot.slack.cards.dialogs.typing_over import approve_view
from bot.slack.cards.lines import line
from bot.slack.cards.managed.ended import said
from deploy.sandbox.slack.blocks.layout import view_problems
from tests import stories
from tests.stories import APPROVER, OUTSIDER, REQUESTER, SR, Story
from tests.unit.slack.reading import buttons, elements, fits, words

EACH = sorted(MANAGING)
ASKS = {
    Purpose.SCAN: "asks to scan the SR `Nightly builds` of pool `xenct`.",
    Purpose.REPAIR: "asks to repair the SR `Nightly builds` of pool `xenct`.",
    Purpose.RENAME: "asks to rename the SR `Nightly builds` of pool `xenct` to `Weekly builds`.",
    Purpose.DEFAULT: "asks to make the SR `Nightly builds` the default of pool `xenct`.",
    Purpose.DETACH: "asks to detach the SR `Nightly builds` of pool `xenct`.",
    Purpose.FORGET: "asks to forget the SR `Nightly builds` of pool `xenct`.",
    Purpose.DESTROY: "asks to destroy the SR `Nightly builds` of pool `xenct`.",
}
NAMED = f"The SR `Nightly builds` `{SR.uuid}`"
ENDS = {
    Purpose.SCAN: ("The SR is scanned", f"{NAMED} was scanned."),
    Purpose.REPAIR: ("The SR is repaired", f"{NAMED} was repaired, and is attached on 2 of 2 hosts."),
    Purpose.RENAME: (
        "The SR is renamed",
        f"The SR `{SR.uuid}` was renamed from `Nightly builds` to `Weekly builds`.",
    ),
    Purpose.DEFAULT: ("The SR is the pool's default", f"{NAMED} is the default of pool `xenct` now"),
    Purpose.DETACH: ("The SR is detached", f"{NAMED} was detached from all 2 hosts."),
    Purpose.FORGET: ("The SR is forgotten", f"{NAMED} is forgotten; what is on it stays."),
    Purpose.DESTROY: ("The SR is destroyed", f"{NAMED} is destroyed, with 3 disks of 60.0 GiB in all."),
}
MOST_IN_ALL = 13_000
"""Slack refuses somewhat more in all blocks of a message (chat.postMessage: msg_blocks_too_long)."""
ABOUT_LUNS = re.compile(r"LUN|iSCSI|SCSIid|[Pp]ortal|CHAP|[Ii]nitiator|[Tt]arget")


def states(purpose: Purpose) -> list[Request]:
    """Give a request in each state that it can come to."""
    planned = stories.managing_planned(purpose)
    asking = stories.managing_planned(purpose).approval_is_requested()
    queued = stories.managing_planned(purpose).approval_is_requested().is_approved()
    done = stories.managing_done(purpose).request
    trouble = Trouble("pool_not_asked", facts=(("pool", "other"),), reference="abc-1")
    busy = Trouble("lun_in_use", facts=(("sr_name", "Theirs"), ("sr_uuid", "0b2f"), ("pool", "other")))
    taken = Trouble("lun_taken", facts=(("request", "other1"),))
    left = Trouble("left_behind", facts=(("sr_uuid", SR.uuid),))
    unknown = Trouble("outcome_unknown")
    ended = [replace(done, state=state, outcome=None) for state in (State.REJECTED, State.EXPIRED, State.CANCELLED)]
    return [
        stories.managing(purpose).request,
        planned.request,
        asking.request,
        queued.request,
        queued.is_taken_up().request,
        done,
        *ended,
        replace(done, state=State.STALE, changes=("the SR was attached to no host",)),
        *(
            replace(done, state=state, trouble=each, outcome=None)
            for state in (State.PAUSED, State.FAILED, State.UNKNOWN, State.CANCELLED)
            for each in (trouble, busy, taken, left, unknown)
        ),
    ]


@pytest.mark.parametrize("purpose", EACH)
def test_where_there_is_no_lun_no_card_speaks_of_one(purpose: Purpose) -> None:
    rival = Rival("other1", OUTSIDER, State.RUNNING)
    for request in states(purpose):
        card = request_card(replace(request, rivals=(rival,)))
        fits(card)
        assert not ABOUT_LUNS.search(card.text + words(card)), request.state
        assert not {"Pick another LUN", "Pick another target", "Change address…", "Change credential…"} & set(
            buttons(card)
        )


@pytest.mark.parametrize("purpose", EACH)
def test_who_asks_what_is_said_from_the_start(purpose: Purpose) -> None:
    card = request_card(stories.managing(purpose).request)
    shown = words(card)
    assert f"<@{REQUESTER}> {ASKS[purpose]}" in shown
    assert "Looking at the SR" in shown
    assert card.text == f"Request `abc234xyz`: {ASKS[purpose].removeprefix('asks to ').split(' to `')[0].rstrip('.')}"
    assert buttons(card) == ["Cancel"]


@pytest.mark.parametrize("purpose", EACH)
def test_a_plan_names_the_sr_where_it_is_attached_and_what_goes_with_it(purpose: Purpose) -> None:
    card = request_card(stories.managing_planned(purpose).request)
    shown = words(card)
    for text in (SR.uuid, "`Nightly builds`", "100.0 GiB", "`nfs`, shared", "`xenct-xen1`, `xenct-xen2`"):
        assert text in shown
    assert ("3 disks, 60.0 GiB in all." in shown) == (purpose in REMOVING)
    assert ("• `web1 root` (20.0 GiB), of `web1`\\n• `d-2` (30.0 GiB), of no VM" in shown) == (purpose in REMOVING)
    assert ("and 1 disk more" in shown) == (purpose in REMOVING)
    assert buttons(card) == ["Request approval", "Cancel"]


@pytest.mark.parametrize(
    ("purpose", "text"),
    [
        (Purpose.RENAME, "*Name now*\\n`Nightly builds`"),
        (Purpose.RENAME, "*New name*\\n`Weekly builds`"),
        (Purpose.DETACH, "can't start until the SR is attached again"),
        (Purpose.FORGET, "goes which disk belongs to which VM"),
        (Purpose.DESTROY, "nothing brings back what is on the SR"),
        (Purpose.DESTROY, "*The SR is destroyed, with everything on it."),
    ],
)
def test_a_plan_says_what_it_means(purpose: Purpose, text: str) -> None:
    assert text in words(request_card(stories.managing_planned(purpose).request))


def planned(purpose: Purpose, **changes: object) -> Request:
    plan = replace(stories.managing_plan(purpose), **changes)  # type: ignore[arg-type]  # the test names the fields
    return stories.managing(purpose).plan_is_made(plan).request


def test_an_sr_without_disks_or_hosts_and_one_that_is_in_use_are_said_to_be_so() -> None:
    shown = words(request_card(planned(Purpose.FORGET, losses=Losses(), attached=())))
    assert "nothing, the SR holds no disk." in shown
    assert "*Attached to*\\nno host" in shown
    open_now = Losses(1, 2**30, (Disk("d", "root", 2**30, ("a", "b", "c", "d"), attached=True),))
    shown = words(request_card(planned(Purpose.DETACH, losses=open_now)))
    assert "of `a`, `b`, `c` and 1 more, *open now*" in shown


def test_an_sr_on_a_lun_is_shown_with_its_scsi_id() -> None:
    request = planned(Purpose.DESTROY, way=Way(Lun(None, None, None, None, "36090a028")))
    assert "*SCSIid*\\n`36090a028`" in words(request_card(request))


def test_a_pool_that_was_not_asked_is_named_and_needs_one_who_may_override() -> None:
    request = planned(Purpose.DESTROY, not_asked=("other",))
    card = request_card(request)
    assert "*Pool `other` could not be asked whether it uses this SR.* Who approves takes that on." in words(card)
    assert "This needs the approval of somebody who may override." in words(card)
    assert buttons(card) == ["Request approval", "Look again", "Cancel"]


@pytest.mark.parametrize("purpose", EACH)
def test_the_approval_asks_first_what_is_done_to_which_sr(purpose: Purpose) -> None:
    story = stories.managing_planned(purpose).approval_is_requested()
    card = request_card(story.request)
    first = next(elements(card))
    others = ["Reject…", "I'm looking", "Ask a question…", "Cancel"]
    assert buttons(card) == ["Approve…" if purpose is Purpose.DESTROY else "Approve", *others]
    if purpose is not Purpose.DESTROY:
        assert first["confirm"]["title"]["text"].startswith("Approve and ")
        assert "The SR “Nightly builds” of pool xenct" in first["confirm"]["text"]["text"]
        assert ("3 disks" in first["confirm"]["text"]["text"]) == (purpose in REMOVING)
        assert ("It becomes “Weekly builds”." in first["confirm"]["text"]["text"]) == (purpose is Purpose.RENAME)


def test_who_approves_that_an_sr_is_destroyed_is_asked_for_its_name_as_it_stands_there() -> None:
    held = HeldSr(SR.uuid, "Back`ticks` & <b>" + "x" * 100)
    request = planned(Purpose.DESTROY, held=held)
    assert request.plan is not None
    view = approve_view(request, request.plan, held, "abc:1")
    assert view_problems(view, "modal") is None
    plain = [block["text"] for block in view["blocks"] if block["type"] == "section"]
    assert {"type": "plain_text", "text": held.name, "emoji": False} in plain
    assert "It holds 3 disks, 60.0 GiB in all." in str(view)
    (asked,) = [block for block in view["blocks"] if block["type"] == "input"]
    assert asked["label"]["text"] == "The name of the SR"
    assert asked["element"]["max_length"] >= len(held.name)


def test_of_an_sr_whose_name_nobody_could_type_the_uuid_is_typed() -> None:
    request = replace(planned(Purpose.DESTROY, held=HeldSr(SR.uuid, " ")), state=State.AWAITING_APPROVAL)
    assert buttons(request_card(request))[0] == "Approve…"
    assert request.plan is not None
    assert request.plan.to_type == SR.uuid


@pytest.mark.parametrize("purpose", EACH)
def test_the_end_says_what_was_done_on_the_card_and_in_the_thread(purpose: Purpose) -> None:
    story = stories.managing_done(purpose)
    head, sentence = ENDS[purpose]
    card = request_card(story.request)
    fits(card)
    shown = words(card)
    assert head in shown
    assert not buttons(card)
    assert f"Approved by <@{APPROVER}>" in shown
    assert ("(and typed the SR's name)" in shown) == (purpose is Purpose.DESTROY)
    told = thread(story)
    assert sentence in told[-1]
    assert (sentence in shown) != (purpose is Purpose.REPAIR)
    assert ("uuid ( RO)" in told[-1]) != (purpose in {Purpose.FORGET, Purpose.DESTROY})


def thread(story: Story) -> list[str]:
    """Give the lines of the thread, without those that only the card shows."""
    request, lines = begin(story.events[0]), []
    lines.append(line(story.events[0], request))
    for event in story.events[1:]:
        before, request = request.state, apply(request, event)
        lines.append(line(event, request, before))
    return [each for each in lines if each is not None]


@pytest.mark.parametrize("purpose", EACH)
def test_the_thread_tells_the_story(purpose: Purpose) -> None:
    told = thread(stories.managing_done(purpose))
    typed = " and typed the SR's name" if purpose is Purpose.DESTROY else ""
    holds = " and holds 3 disks, 60.0 GiB in all" if purpose in REMOVING else ""
    for text, said_so in zip(
        (
            f"<@{REQUESTER}> asked to {ASKS[purpose].removeprefix('asks to ')} Reason: `more room",
            f"(100.0 GiB) is attached to `xenct-xen1`, `xenct-xen2`{holds}: plan 1 was made.",
            "requested the approval of",
            f"<@{APPROVER}> approved plan 1{typed}.",
            "A worker started.",
        ),
        told,
        strict=False,
    ):
        assert text in said_so
    assert not ABOUT_LUNS.search("".join(told))


def test_the_thread_says_where_an_sr_is_attached_to_no_host_and_who_else_is_about_it() -> None:
    plan = replace(stories.managing_plan(Purpose.FORGET), attached=(), losses=None, held=None)
    event = e.PlanMade(at=1.0, step=1, plan=plan, rivals=(Rival("other1", OUTSIDER, State.RUNNING),))
    told = str(line(event, stories.managing(Purpose.FORGET).request))
    assert "is attached to no host: plan 1 was made. The storage is wanted by request `other1` too." in told
    again = e.InspectionWanted(at=1.0, actor=REQUESTER)
    assert "had the SR inspected again" in str(line(again, stories.managing(Purpose.FORGET).request))
    assert "had the share inspected again" in str(line(again, stories.sharing().request))


def test_rivals_are_named_as_being_about_the_same_storage() -> None:
    request = replace(planned(Purpose.DETACH), rivals=(Rival("other1", OUTSIDER, State.INSPECTING),))
    shown = words(request_card(request))
    assert f"Another request is about the same storage: request `other1` of <@{OUTSIDER}> (still looking)." in shown


def test_a_repair_that_leaves_hosts_out_can_be_tried_again() -> None:
    story = stories.managing_planned(Purpose.REPAIR).approval_is_requested().is_approved().is_taken_up()
    outcome = stories.managed_outcome(Purpose.REPAIR, second_host=False)
    story.happens([e.CreatedPartly(at=story.now, step=story.step, outcome=outcome)])
    card = request_card(story.request)
    fits(card)
    assert "The SR is there, but not on every host" in words(card)
    assert "`xenct-xen2`: *PBD not attached*. " in words(card)
    assert buttons(card) == ["Retry"]
    assert "was repaired, but is only attached on 1 of 2 hosts." in thread(story)[-1]
    story.is_retried()
    assert "`xenct-xen2`: *PBD not attached*. " in words(request_card(story.request))
    story.happens([e.Created(at=story.now, step=story.step, outcome=stories.managed_outcome(Purpose.REPAIR))])
    assert "The SR is repaired" in words(request_card(story.request))


@pytest.mark.parametrize(
    ("state", "purpose", "texts"),
    [
        (State.FAILED, Purpose.DETACH, ("The SR was not detached", "The SR was not detached.")),
        (State.FAILED, Purpose.DEFAULT, ("The SR was not made the pool's default",)),
        (State.FAILED, Purpose.DESTROY, ("The SR was not destroyed. What is on it may be erased all the same.",)),
        (
            State.UNKNOWN,
            Purpose.DESTROY,
            ("It is not known whether the SR was destroyed", "`/sr show`", "Until <!date"),
        ),
        (State.UNKNOWN, Purpose.RENAME, ("no other plan can run on this storage; then it can.",)),
    ],
)
def test_an_end_that_is_none_says_so(state: State, purpose: Purpose, texts: tuple[str, ...]) -> None:
    done = stories.managing_done(purpose).request
    shown = words(request_card(replace(done, state=state, trouble=Trouble("xen_timeout"), outcome=None)))
    for text in texts:
        assert text in shown


def test_what_ended_badly_is_told_in_the_thread() -> None:
    request = stories.managing_done(Purpose.FORGET).request
    failed = e.RunFailed(at=1.0, step=2, trouble=Trouble("lun_in_use", facts=(("sr_name", "Theirs"),)))
    assert "The SR was not forgotten: The SR or its storage is in use: `Theirs`." in str(line(failed, request))
    lost = e.LostTrack(at=1.0, step=2, trouble=Trouble("xen_timeout"))
    assert "Whether the SR was forgotten is not known:" in str(line(lost, request))


def test_what_can_not_be_done_is_said_with_what_to_do_and_once_more_when_that_was_it() -> None:
    story = stories.managing(Purpose.DETACH).pauses("sr_in_use_by_vms", sr_name=SR.name, vms="web1, web2")
    card = request_card(story.request)
    assert "The SR `Nightly builds` holds disks that are open now, of `web1, web2`." in words(card)
    assert buttons(card) == ["Try again", "Cancel"]
    story.happens([e.Cancelled(at=story.now, actor=REQUESTER)])
    assert "It could not be done: The SR `Nightly builds` holds disks" in words(request_card(story.request))


@pytest.mark.parametrize("reason", ["sr_is_tools", "sr_holds_no_disks"])
def test_what_can_never_be_done_is_not_to_be_tried_again(reason: str) -> None:
    card = request_card(stories.managing(Purpose.DEFAULT).pauses(reason, sr_name="XenServer Tools").request)
    assert buttons(card) == ["Cancel"]


def test_an_end_whose_plan_lacks_what_it_promises_is_still_said() -> None:
    bare = Plan(1, "xenct", "m", (), "n", "", "nfs", "user", shared=True, credential=None, purpose=Purpose.DETACH)
    request, outcome = stories.managing(Purpose.DETACH).request, stories.managed_outcome(Purpose.DETACH)
    assert said(request, outcome, bare).startswith(f"{NAMED} was detached. ")
    assert " from `xen1`. " in said(request, outcome, replace(bare, attached=("xen1",)))
    assert said(request, outcome, replace(bare, purpose=Purpose.DESTROY)) == f"{NAMED} is destroyed."
    assert "renamed from - to" in said(request, outcome, replace(bare, purpose=Purpose.RENAME))
    done = e.Done(at=1.0, step=1, outcome=outcome)
    assert f"The SR `{SR.uuid}`: done." in str(line(done, request))


def test_an_iso_library_is_asked_for_planned_and_made() -> None:
    story = stories.sharing()
    card = request_card(story.request)
    assert "asks for an ISO library from `nas.example:/isos` for pool `xenct`." in words(card)
    assert card.text == "Request `abc234xyz`: an ISO library for pool `xenct`"
    assert "Pool `xenct` is looking whether it can have this share" in words(card)
    story.plan_is_made(stories.share_plan())
    card = request_card(story.request)
    assert "*Plan 1:* The share becomes an ISO library. Nothing on it changes." in words(card)
    assert "*Location*\\n`nas.example:/isos`" in words(card)
    assert not ABOUT_LUNS.search(words(card))
    story.approval_is_requested()
    confirm = next(elements(request_card(story.request)))["confirm"]["text"]["text"]
    assert confirm == "The share becomes the SR “Remote ISO Library on: nas.example:/isos” of pool xenct."
    story.is_approved().is_taken_up().changes_the_pool()
    assert "Creating the ISO library" in words(request_card(story.request))
    files = tuple(f"image-{n:02}.iso" for n in range(14))
    story.happens([e.Created(at=story.now, step=story.step, outcome=replace(stories.outcome(), files=files))])
    card = request_card(story.request)
    assert "The ISO library is ready" in words(card)
    assert "*On it:* 14 files; the thread lists them." in words(card)
    told = thread(story)
    assert "for an ISO library from `nas.example:/isos` for pool `xenct`." in told[0]
    assert "Pool `xenct` can have the share: plan 1 was made." in told[1]
    assert "On it: 14 files\n```\nimage-00.iso\n" in told[-1]
    assert told[-1].endswith("and 2 files more")
    assert story.request.kind is Kind.ISO


def test_a_share_that_the_pool_has_already_is_named() -> None:
    card = request_card(stories.sharing().pauses("share_in_use", sr_name="ISOs", sr_uuid="0b2f").request)
    assert "The pool has this share already, as the SR `ISOs` `0b2f`." in words(card)
    assert buttons(card) == ["Try again", "Cancel"]


def test_what_the_pool_uses_an_sr_for_and_whose_memory_is_on_it_is_said_before_it_goes() -> None:
    disk = Disk("d", "Suspend image", 2**30, memory_of=("sleeper", "dreamer"))
    plan = replace(
        stories.managing_plan(Purpose.FORGET),
        serves=(Service.NEW_DISKS, Service.SUSPENDED_VMS),
        losses=Losses(1, 2**30, (disk,)),
    )
    card = request_card(stories.managing(Purpose.FORGET).plan_is_made(plan).request)
    fits(card)
    assert "*The pool uses this SR for new disks and the memory of VMs that are suspended.*" in words(card)
    assert "`Suspend image` (1.0 GiB), *the memory of `sleeper`, `dreamer`, suspended*" in words(card)


def test_thirty_disks_with_long_names_are_all_named() -> None:
    disks = tuple(
        Disk(f"d{n}", f"{n:02}" + "x" * 120, 2**30, tuple(f"vm-{n}-{m}" + "y" * 60 for m in range(5)))
        for n in range(30)
    )
    plan = replace(stories.managing_plan(Purpose.DESTROY), losses=Losses(30, 30 * 2**30, disks))
    card = request_card(stories.managing(Purpose.DESTROY).plan_is_made(plan).request)
    fits(card)
    assert all(f"`{n:02}xxx" in words(card) for n in range(30))
    assert len(words(card)) < MOST_IN_ALL
