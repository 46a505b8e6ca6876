from __future__ import annotations

from dataclasses import replace

import pytest

from bot.request import events as e
from bot.request.found import OfferedLun, Usage
from bot.request.model import State
from bot.slack.cards.card import menu_finding, request_card
from bot.slack.cards.dialogs.saying import reject_view
from tests import stories
from tests.stories import FREE, LUN, TARGET, Story
from tests.unit.slack.reading import elements, fits, words


def test_a_few_entries_stand_in_the_menu_and_many_are_searched() -> None:
    story = stories.choosing_target()
    menu = next(each for each in elements(request_card(story.request, [TARGET])) if each["type"] != "button")
    assert (menu["type"], menu["options"][0]["value"]) == ("static_select", "targets1:0")
    many = replace(story.request, targets=replace(story.request.targets, count=101))  # type: ignore[type-var]  # set
    assert menu_finding(many) is None
    search = next(each for each in elements(request_card(many)) if each["type"] != "button")
    assert (search["type"], search["min_query_length"]) == ("external_select", 0)
    used = OfferedLun(LUN, Usage("xenct", "u", "Old"))
    luns = next(iter(elements(request_card(stories.choosing_lun().request, [used, FREE]))))
    assert [group["label"]["text"] for group in luns["option_groups"]] == ["Free", "In use"]


def test_a_serial_stands_on_the_card_only_where_there_is_one() -> None:
    request = stories.choosing_lun().lun_is_picked().request
    assert "*Serial*" not in words(request_card(request))
    assert "*Serial*\\n`S1`" in words(request_card(replace(request, lun=replace(LUN, serial="S1"))))


def test_hidden_targets_and_a_cut_off_answer_are_said() -> None:
    request = stories.choosing_target().request
    assert request.targets is not None
    card = request_card(replace(request, targets=replace(request.targets, hidden=3, complete=False)))
    assert "3 targets hidden" in words(card)
    assert "cut off" in words(card)


def test_one_target_only_is_said_to_be_picked() -> None:
    card = request_card(replace(stories.choosing_lun().request, target_was_only_one=True))
    assert "Only one target was offered, so it was picked." in words(card)
    assert "Only one target" in words(request_card(replace(stories.confirming().request, target_was_only_one=True)))


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("no_worker", "No worker is running for pool `xenct`"),
        ("worker_busy", "The worker of pool `xenct` is busy"),
        ("pool_slow:asking for targets", "Pool `xenct` takes its time: `asking for targets`"),
        ("pool_slow", "Pool `xenct` takes its time."),
        ("something new", "takes its time"),
    ],
)
def test_a_card_says_what_it_waits_for_and_for_how_long_already(why: str, said: str) -> None:
    story = Story()
    story.happens([e.Noticed(at=stories.START + 95, step=1, why=why)])
    shown = words(request_card(story.request))
    assert said in shown
    assert "for 1 min already" in shown


def test_approving_asks_first_and_names_the_lun_and_its_size_as_the_dialog_to_reject_does() -> None:
    request = stories.awaiting_approval().request
    found = {each["action_id"]: each for each in elements(request_card(request))}
    assert "LUN 0 (100.0 GiB)" in found["approve"]["confirm"]["text"]["text"]
    assert found["approve"]["value"] == found["reject"]["value"] == "abc234xyz:1"
    assert "LUN 0 (100.0 GiB) stays as it is" in str(reject_view(request, "abc234xyz:1"))
    assert "stays as it is" not in str(reject_view(replace(request, plan=None), "abc234xyz:1"))


@pytest.mark.parametrize("state", list(State))
def test_a_request_that_lacks_what_its_state_promises_is_still_shown(state: State) -> None:
    request = replace(Story().request, state=state, targets=None, plan=None, outcome=None)
    fits(request_card(request))
