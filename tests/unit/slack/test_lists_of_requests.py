from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ledger.listing import ROWS_A_PAGE, Page
from bot.request.grammar import Whose
from bot.request.model import Request
from bot.slack.cards.requests.listed import list_message
from bot.slack.cards.requests.shown import shown_message
from tests import stories
from tests.stories import APPROVER, OUTSIDER, REQUESTER
from tests.unit.slack import hostile
from tests.unit.slack.reading import buttons, elements, fits, pinged, words

pytestmark = pytest.mark.no_cover
"""What they run is covered by the tests beside; counting it here too would double their time."""

LINK = "https://example.slack.com/archives/C1/p1"


def page(*rows: Request, first: int = 0, following: int | None = None, counts: Sequence[int] = (1,)) -> Page:
    return Page(rows, first, following, tuple(counts))


def test_a_row_says_where_a_request_stands_what_is_wanted_by_whom_and_since_when() -> None:
    request = stories.awaiting_approval().request
    shown = list_message(Whose.ALL, page(request), [LINK], "C1")
    fits(shown)
    for text in (
        "Open requests of this channel",
        "*Waiting for approval* · `abc234xyz`",
        "<@UREQUESTER> asks for an iSCSI SR from `10.0.0.5:3260` for pool `xenct`",
        "asked <!date^1800000000^",
        "open until <!date^",
        f"<{LINK}|its thread>",
        "1 open",
    ):
        assert text in words(shown)
    assert "<#C1>" not in words(shown)
    assert not buttons(shown)


def test_a_row_of_another_channel_names_it_and_an_ended_one_its_end() -> None:
    shown = list_message(Whose.MINE, page(stories.succeeded().request, counts=(0, 1)), [""], "C2")
    for text in ("*The SR is ready*", "asked for an iSCSI SR", "ended <!date^", "in <#C1>", "0 open · 1 ended within"):
        assert text in words(shown)
    assert "its thread" not in words(shown)
    assert "open until" not in words(shown)


def test_a_page_in_the_middle_turns_both_ways_and_its_buttons_carry_list_and_row_alone() -> None:
    rows = [stories.awaiting_approval().request] * ROWS_A_PAGE
    shown = list_message(Whose.ALL, page(*rows, first=8, following=16, counts=(1234,)), [LINK] * 8, "C1")
    fits(shown)
    assert [each["value"] for each in elements(shown)] == ["all:8", "all:16"]
    assert buttons(shown) == ["Previous", "Next"]
    assert "1,234 open · here 9 to 16" in words(shown)


@pytest.mark.parametrize(
    ("whose", "counts", "told"),
    [
        (Whose.MINE, (0, 0), "You have no open request, and none that ended within the last 30 days"),
        (Whose.WAITING, (0,), "No request of this channel waits for you"),
        (Whose.ALL, (0,), "No request of this channel is open"),
    ],
)
def test_an_empty_list_says_so(whose: Whose, counts: tuple[int, ...], told: str) -> None:
    shown = list_message(whose, page(counts=counts), [], "C1")
    fits(shown)
    assert told in words(shown)
    assert not buttons(shown)


def test_a_page_where_nothing_belongs_leads_further() -> None:
    shown = list_message(Whose.WAITING, page(following=200, counts=(900,)), [], "C1")
    assert "None of the newest belongs here: *Next* looks further" in words(shown)
    assert "900 of this channel waiting for approval" in words(shown)
    assert buttons(shown) == ["Next"]


def test_one_request_is_shown_as_its_card_without_its_buttons() -> None:
    request = stories.awaiting_approval().request
    shown = shown_message(request, LINK)
    fits(shown)
    assert f"<{LINK}|Its card and its thread> are in <#C1>." in words(shown)
    assert "36090a028b04a9a0def60353420006046" in words(shown)
    assert not list(elements(shown))
    assert "Slack gives no link" in words(shown_message(request, "javascript:alert(1)"))


@settings(deadline=None)
@given(st.lists(hostile.requests(), max_size=ROWS_A_PAGE), hostile.texts, st.sampled_from(Whose), hostile.texts)
def test_every_list_fits_and_pings_nobody_but_who_asked(
    rows: list[Request], link: str, whose: Whose, channel: str
) -> None:
    shown = list_message(whose, page(*rows, first=8, following=16, counts=(3, 4)), [link] * len(rows), channel)
    fits(shown)
    assert pinged(shown) <= {f"<@{REQUESTER}>"}


@settings(deadline=None)
@given(hostile.requests(), hostile.texts)
def test_every_request_can_be_shown_with_nothing_to_press(request: Request, link: str) -> None:
    shown = shown_message(request, link)
    fits(shown)
    assert pinged(shown) <= {f"<@{person}>" for person in (REQUESTER, APPROVER, OUTSIDER)}
    assert not list(elements(shown))
