from __future__ import annotations

from dataclasses import replace

from bot.slack.cards.blocks import Message
from bot.slack.cards.home.view import digest, home_view
from tests import stories
from tests.unit.slack.reading import fits

LINK = "https://example.slack.com/archives/C1/p1"


def test_home_fits_however_much_there_is_and_says_the_same_twice() -> None:
    request = replace(stories.awaiting_approval().request, name="x" * 500, reason="y" * 500)
    view = home_view([(request, LINK)] * 8, [(request, "")] * 8)
    assert len(view["blocks"]) < 100
    fits(Message("home", tuple(view["blocks"])))
    assert str(view).count(LINK) == 8
    assert digest(view) == digest(home_view([(request, LINK)] * 8, [(request, "")] * 8))
    assert digest(view) != digest(home_view([], []))


def test_an_empty_home_says_so_and_what_to_do() -> None:
    shown = str(home_view([], []))
    assert "Nothing waits for you." in shown
    assert "`/sr help`" in shown
