"""What people read about the LUNs of adapters: nothing of portals, initiators or CHAP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot import deciding
from bot.request import acting
from bot.request.found import Finding, HeldSr, OfferedLun, Trouble, Usage
from bot.request.lifecycle import begin
from bot.request.model import HostPbd, Kind, Outcome, Request, State
from bot.request.plan import Purpose
from bot.request.refused import Refused
from bot.slack.cards import labels
from bot.slack.cards.blocks import Message
from bot.slack.cards.card import request_card
from bot.slack.cards.lines import line
from bot.slack.cards.troubles import told
from tests import stories
from tests.stories import ADAPTER_LUN, REQUESTER, STANDING, Story
from tests.unit.slack.reading import buttons, fits, words

NOT_THEIRS = ("iqn.", "initiator", "Portal", "CHAP", "Target", "target", "iSCSI", "None")
OFFERED = OfferedLun(ADAPTER_LUN)


def asked(purpose: Purpose = Purpose.CREATE) -> Story:
    begun = stories.asked(kind=Kind.HBA, address=None, credential=None, purpose=purpose)
    return Story(begin(begun), [begun])


def choosing(purpose: Purpose = Purpose.CREATE) -> Story:
    return asked(purpose).luns_are_found()


def picked(purpose: Purpose = Purpose.CREATE) -> Story:
    story = choosing(purpose)
    return story.happens(acting.pick_lun(story.request, REQUESTER, "luns1", OFFERED, story.now))


def planned(**changes: object) -> Story:
    return picked().plan_is_made(replace(stories.adapter_plan(), **changes))  # type: ignore[arg-type]  # as named


def found() -> Story:
    plan = replace(stories.adapter_plan(), purpose=Purpose.ATTACH, held=stories.HELD)
    return picked().sr_is_found(plan)


def formatting() -> Story:
    before = found()
    typed = ADAPTER_LUN.scsi_id[-6:] if ADAPTER_LUN.scsi_id else ""
    begun, _ = deciding.format_over(before.request, STANDING, REQUESTER, 1, typed, "def567uvw", before.now)
    return Story(begin(begun), [begun])


def blind() -> Story:
    why = Trouble("lun_not_shown", facts=(("host", "xenct-xen2"),))
    first, second = stories.adapter_plan().hosts
    return planned(hosts=(first, replace(second, sees=False, why=why)))


def accepted() -> Story:
    story = blind()
    number = story.request.plan_number
    return story.happens(acting.accept_hosts(story.request, REQUESTER, number, story.now))


def partial() -> Request:
    request = accepted().approval_is_requested().is_approved().is_taken_up().changes_the_pool().request
    outcome = stories.outcome()
    left_out = HostPbd("xenct-xen2", attached=False, iqn="iqn.2026-01.com.example:xen2")
    ended = Outcome(
        replace(outcome.sr, type="lvmohba", name_label=stories.adapter_plan().name), (outcome.hosts[0], left_out)
    )
    return replace(request, state=State.PARTIAL, outcome=ended)


CARDS: dict[str, tuple[Callable[[], Request], tuple[str, ...], list[str]]] = {
    "looking": (
        lambda: asked().request,
        ("asks for an HBA SR", "looking for the LUNs that its Fibre Channel and SAS adapters show"),
        ["Cancel"],
    ),
    "choosing": (
        lambda: choosing().request,
        ("which LUN becomes the SR?", "1 LUN found.", "doesn't list the LUNs that this pool uses already"),
        ["Look again", "Cancel"],
    ),
    "choosing to attach": (
        lambda: choosing(Purpose.ATTACH).request,
        ("asks to attach an HBA SR", "which LUN holds the SR?"),
        ["Look again", "Cancel"],
    ),
    "inspecting": (
        lambda: picked().request,
        ("LUN 3, 500.0 GiB", "HITACHI", "500C3A01003", "4 paths", "Every host of pool `xenct` is looking"),
        ["Cancel"],
    ),
    "confirming": (
        lambda: planned().request,
        (
            "A new SR is created on the LUN.",
            "`lvmohba`, shared",
            "`xenct-xen1`: sees the LUN · multipath off",
            "4 paths",
        ),
        ["Request approval", "Pick another LUN", "Cancel"],
    ),
    "a host without the LUN": (
        lambda: blind().request,
        ("The adapters of XenServer host `xenct-xen2` don't show the LUN.", "*doesn't see the LUN* · multipath on"),
        ["Look again", "Accept that xenct-xen2 doesn't see it", "Pick another LUN", "Cancel"],
    ),
    "an SR on the LUN": (
        lambda: found().request,
        ("The LUN holds an SR already", stories.HELD.uuid),
        ["Attach it", "Format over it…", "Pick another LUN", "Cancel"],
    ),
    "formatting over it": (
        lambda: formatting().request,
        (f"for a new HBA SR over the SR `{stories.HELD.uuid}` for pool `xenct`", "goes on from request"),
        ["Cancel"],
    ),
    "nothing to be picked": (
        lambda: asked().pauses("no_adapter_luns").request,
        ("The adapters of the pool master show no LUN that could be used.",),
        ["Try again", "Cancel"],
    ),
    "partial": (
        partial,
        ("`xenct-xen2`: *PBD not attached*", "left out on purpose"),
        ["Retry"],
    ),
}


def card(request: Request) -> Message:
    return request_card(request, (OFFERED,) if request.state is State.CHOOSING_LUN else ())


@pytest.mark.parametrize("name", CARDS)
def test_a_card_about_adapters_names_nothing_of_iscsi(name: str) -> None:
    make, texts, offered = CARDS[name]
    message = card(make())
    fits(message)
    shown = words(message)
    for text in texts:
        assert text in shown
    assert not [word for word in NOT_THEIRS if word in shown]
    assert [each for each in buttons(message) if each != "Details…"] == offered


def test_a_lun_says_how_many_paths_lead_to_it_where_that_is_known() -> None:
    assert labels.lun_label(OFFERED) == "LUN 3 · 500.0 GiB · HITACHI · 4 paths"
    assert labels.lun_label(OfferedLun(replace(ADAPTER_LUN, paths=1))).endswith("1 path")
    assert labels.lun_label(OfferedLun(replace(ADAPTER_LUN, paths=None))).endswith("HITACHI")
    assert labels.lun_description(OFFERED) == f"serial 500C3A01003 · {ADAPTER_LUN.scsi_id}"


def test_the_limit_of_lun_ids_is_that_of_iscsi() -> None:
    high = OfferedLun(replace(ADAPTER_LUN, lun_id=16384))
    story = choosing()
    assert acting.pick_lun(story.request, REQUESTER, "luns1", high, story.now)
    with pytest.raises(Refused, match="lun_unsupported"):
        acting.pick_lun(stories.choosing_lun().request, REQUESTER, "luns1", high, story.now)


def test_a_lun_that_is_used_elsewhere_can_not_be_picked() -> None:
    story = choosing()
    used = OfferedLun(ADAPTER_LUN, Usage("other", "0b2f", "Theirs"))
    with pytest.raises(Refused, match="lun_in_use"):
        acting.pick_lun(story.request, REQUESTER, "luns1", used, story.now)


def test_the_luns_can_be_looked_for_again_where_they_are_picked() -> None:
    story = choosing()
    story.happens(acting.try_again(story.request, REQUESTER, story.now))
    assert story.request.state is State.DISCOVERING_LUNS
    with pytest.raises(Refused, match="not_now"):
        acting.try_again(stories.choosing_lun().request, REQUESTER, story.now)


def test_the_thread_tells_it_in_the_words_of_adapters() -> None:
    story = choosing()
    told_lines = [line(event, story.request) or "" for event in story.events]
    assert "asked for an HBA SR" in told_lines[0]
    assert told_lines[1].endswith("The adapters of pool `xenct` show 1 LUN.")
    over = formatting()
    assert "for an HBA SR" in (line(over.events[0], over.request) or "")


@pytest.mark.parametrize("reason", ["lun_not_shown", "no_adapter_luns", "lun_known_here"])
def test_a_trouble_of_adapters_says_what_to_do(reason: str) -> None:
    facts = (("host", "xenct-xen2"), ("sr_name", "gold"), ("sr_uuid", "uuid-1"))
    said = told(Trouble(reason, facts=facts))
    assert said.sentence.endswith(".")
    assert said.next_step
    assert "{" not in said.sentence + said.next_step


def test_a_finding_that_was_cut_says_so() -> None:
    request = replace(choosing().request, luns=Finding("luns1", 1, complete=False))
    assert "there may be more" in words(card(request))


def test_an_sr_is_held_by_a_uuid_alone_where_no_name_is_known() -> None:
    plan = replace(stories.adapter_plan(), purpose=Purpose.ATTACH, held=HeldSr("uuid-1"))
    assert "uuid-1" in words(card(picked().sr_is_found(plan).request))
