from __future__ import annotations

from dataclasses import replace

import pytest

from bot import deciding
from bot.request.events import TargetPicked
from bot.request.found import HostSight, Trouble
from bot.request.model import HostPbd, Request, Rival, State
from bot.request.plan import Way
from bot.slack.cards.card import request_card
from bot.slack.cards.details import NO_DETAILS, details_message
from tests import stories
from tests.stories import APPROVER, OUTSIDER, SECOND_APPROVER, Story
from tests.unit.slack.reading import buttons, elements, fits, words
from tests.unit.slack.test_cards import BLIND, TROUBLE, ended


def test_formatting_over_is_not_offered_where_nobody_may_override() -> None:
    request = stories.found_sr().request
    assert "Format over it…" in buttons(request_card(request))
    assert "Format over it…" not in buttons(request_card(replace(request, may_override=False)))


def test_accepting_names_the_hosts_before_it_counts() -> None:
    dark = tuple(replace(stories.BLIND, host=f"xen{n}") for n in range(3))
    story = stories.choosing_lun().lun_is_picked().plan_is_made(replace(stories.plan(), hosts=dark))
    (accept,) = [each for each in elements(request_card(story.request)) if each["action_id"] == "accept_hosts"]
    assert accept["text"]["text"] == "Accept that 3 hosts don't see it"
    assert accept["confirm"]["text"]["text"].endswith("until they see the LUN: xen0, xen1, xen2")


def test_of_many_hosts_those_that_do_not_see_the_lun_come_first_and_the_rest_is_counted() -> None:
    sights = [
        HostSight(f"xen{n:02}", "iqn.2026-01.com.example:" + "x" * 180, multipathing=True, sees=n != 63)
        for n in range(64)
    ]
    story = stories.choosing_lun().lun_is_picked().plan_is_made(replace(stories.plan(), hosts=tuple(sights)))
    card = request_card(story.request)
    fits(card)
    shown = words(card)
    assert shown.index("`xen63`: *doesn't see the LUN*") < shown.index("`xen00`: sees the LUN")
    assert " more" in shown
    assert len(shown) < 13_000


def test_an_approval_by_somebody_who_may_not_override_is_counted_and_not_enough() -> None:
    story = stories.formatting().plan_is_made(stories.format_plan()).approval_is_requested()
    asked = "*Still missing: 1 approval by an approver of this channel; 1 approval by somebody who may override.*"
    assert asked in words(request_card(story.request))
    shown = words(request_card(story.is_approved(SECOND_APPROVER).request))
    assert f"Approved by <@{SECOND_APPROVER}>" in shown
    assert "(and typed the end of the SCSIid)" in shown
    assert "*Still missing: 1 approval by somebody who may override.*" in shown
    assert story.is_approved(APPROVER).request.state is State.QUEUED


def test_how_many_approvals_are_missing_is_said() -> None:
    two = stories.standing(APPROVER, SECOND_APPROVER, needed=2)
    story = stories.awaiting_approval()
    story.happens(deciding.approve(story.request, two, APPROVER, 1, story.now))
    assert "*Still missing: 1 approval by an approver of this channel.*" in words(request_card(story.request))


def test_attaching_asks_in_its_own_words_before_an_approval_counts() -> None:
    story = stories.choosing_lun().lun_is_picked().plan_is_made(stories.attach_plan()).approval_is_requested()
    (approve,) = [each for each in elements(request_card(story.request)) if each["action_id"] == "approve"]
    assert approve["confirm"]["title"]["text"] == "Approve and attach this SR?"
    assert "erased" not in str(approve)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.CONFIRMING, "still being prepared"),
        (State.DISCOVERING_LUNS, "still looking"),
        (State.AWAITING_APPROVAL, "waiting for approval"),
        (State.RUNNING, "running now"),
        (State.REPAIRING, "its SR is there already"),
    ],
)
def test_rivals_are_named_with_how_they_stand(state: State, said: str) -> None:
    rival = Rival("other1", OUTSIDER, state)
    for story in (stories.choosing_lun().lun_is_picked(), stories.found_sr(), stories.confirming(), stories.queued()):
        shown = words(request_card(replace(story.request, rivals=(rival,))))
        assert f"wanted by another request too: request `other1` of <@{OUTSIDER}> ({said})" in shown
    assert "other1" not in words(request_card(replace(stories.succeeded().request, rivals=(rival,))))
    many = tuple(replace(rival, request=f"other{n}") for n in range(9))
    assert "and 6 more" in words(request_card(replace(stories.confirming().request, rivals=many)))


RAW = replace(TROUBLE, raw="<!channel> `x` & more")


@pytest.mark.parametrize(
    "request_",
    [
        ended(State.FAILED, trouble=RAW),
        ended(State.UNKNOWN, trouble=RAW),
        replace(Story().pauses().request, trouble=RAW),
        replace(stories.confirming().request, plan=replace(BLIND, hosts=(replace(stories.BLIND, why=RAW),))),
        ended(State.PARTIAL, outcome=replace(stories.outcome(), hosts=(HostPbd("h", attached=False, trouble=RAW),))),
    ],
)
def test_what_xenserver_wrote_stands_behind_a_button_and_not_on_the_card(request_: Request) -> None:
    card = request_card(request_)
    assert "Details" in buttons(card)
    said = details_message(request_)
    assert not isinstance(said, str)
    fits(said)
    assert "```\\n&lt;!channel&gt; \u02cbx\u02cb &amp; more\\n```" in words(said)
    assert "`SR_BACKEND_FAILURE_141`" in words(said)
    assert "reference `abc-1`" in words(said)
    assert RAW.raw not in words(card)


def test_of_many_texts_the_first_are_shown_and_the_rest_is_counted() -> None:
    hosts = tuple(HostPbd(f"xen{n}", attached=False, trouble=replace(RAW, raw="&" * 5000)) for n in range(64))
    said = details_message(ended(State.PARTIAL, outcome=replace(stories.outcome(), hosts=hosts)))
    assert not isinstance(said, str)
    fits(said)
    assert "Host `xen0`: " in words(said)
    assert "and 59 texts more" in words(said)


def test_where_there_are_no_details_that_is_said() -> None:
    assert details_message(stories.succeeded().request) == NO_DETAILS
    assert details_message(ended(State.CANCELLED, trouble=RAW)) == NO_DETAILS


AWAY = replace(stories.BLIND, why=Trouble("host_disabled", "HOST_DISABLED", (("host", "xenct-xen2"),)))
DARK = replace(stories.BLIND, host="xenct-xen3")


def note(*sights: HostSight) -> str:
    story = stories.choosing_lun().lun_is_picked()
    return words(request_card(story.plan_is_made(replace(stories.plan(), hosts=sights)).request))


@pytest.mark.parametrize("reason", ["host_disabled", "host_unreachable", "host_emergency", "host_starting"])
def test_a_host_that_takes_no_part_is_advised_otherwise_than_one_that_the_array_hides_the_lun_from(reason: str) -> None:
    away = replace(AWAY, why=Trouble(reason, facts=(("host", "xenct-xen2"),)))
    shown = note(stories.BOTH_SEE[0], away)
    assert "`xenct-xen2`: *can't look at the LUN now*" in shown
    assert "Have `xenct-xen2` take part again (switched on, and out of maintenance) and look again" in shown
    assert "once they are back, `/sr repair` does that." in shown
    assert "Have the array show the LUN" not in shown


def test_both_ways_on_are_named_where_both_are_needed() -> None:
    shown = note(stories.BOTH_SEE[0], AWAY, DARK)
    assert "Have the array show the LUN to every host and look again" in shown
    assert "Have `xenct-xen2` take part again" in shown
    assert "The host is disabled: it is in maintenance, or not up yet. Take it out of maintenance" in shown
    assert "take part again" not in note(stories.BOTH_SEE[0], DARK)


def test_that_a_record_keeps_its_name_is_said_where_another_one_was_asked_for() -> None:
    request = stories.choosing_lun().lun_is_picked().plan_is_made(replace(stories.attach_plan(), known=True)).request
    kept = "the pool's record of the SR keeps its own, `Old builds`. `/sr rename` gives it another one."
    assert kept in words(request_card(replace(request, name="New builds")))
    for name in (None, "Old builds"):
        assert "keeps its own" not in words(request_card(replace(request, name=name)))
    new = replace(stories.confirming().request, name="New builds")
    assert "keeps its own" not in words(request_card(new))


@pytest.mark.parametrize(
    ("multihomed", "said"),
    [(True, "yes, at all portals of the target"), (False, "no, at this portal alone"), (None, "")],
)
def test_a_plan_says_at_which_portals_hosts_log_in(multihomed: bool | None, said: str) -> None:  # noqa: FBT001 - a row
    way = replace(stories.plan().way or Way(stories.LUN), multihomed=multihomed)
    story = stories.choosing_lun().lun_is_picked().plan_is_made(replace(stories.plan(), way=way))
    shown = words(request_card(story.request))
    assert ("Multihomed" in shown) is (multihomed is not None)
    assert said in shown
    assert "`tecmint`, mutual" not in shown


def test_a_plan_says_that_the_array_has_to_show_itself() -> None:
    way = replace(stories.plan().way or Way(stories.LUN), mutual=True)
    story = stories.choosing_lun().lun_is_picked().plan_is_made(replace(stories.plan(), way=way))
    assert "`tecmint`, mutual" in words(request_card(story.request))


def test_a_plan_names_every_target_that_hosts_log_in_to() -> None:
    targets = tuple(replace(stories.TARGET, iqn=f"iqn.2001-05.com.example:{name}") for name in "ab")
    way = replace(stories.plan().way or Way(stories.LUN), iqn="*", targets=targets)
    every = replace(stories.TARGET, iqn="*", all_of=targets)
    story = stories.choosing_target()
    story = story.happens([TargetPicked(at=story.request.changed_at, target=every)])
    said = words(request_card(story.request))
    assert "all that the array offers: `iqn.2001-05.com.example:a`, `iqn.2001-05.com.example:b`" in said
    story = stories.choosing_lun().lun_is_picked().plan_is_made(replace(stories.plan(), way=way))
    shown = words(request_card(story.request))
    assert "every host logs in to all that the array offers" in shown
    assert all(target.iqn in shown for target in targets)
