from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient

from deploy.sandbox.slack.serving import Running, start
from deploy.sandbox.tour.person import Baffled, Person, Seen

BUTTON = {
    "type": "button",
    "action_id": "go",
    "text": {"type": "plain_text", "text": "Go"},
    "value": "1",
}
MENU = {
    "type": "static_select",
    "action_id": "menu",
    "placeholder": {"type": "plain_text", "text": "Pick"},
    "options": [{"text": {"type": "plain_text", "text": "LUN 1"}, "value": "1"}],
}


@pytest.fixture
def slack(tmp_path: Path) -> Iterator[Running]:
    with start(tmp_path) as running:
        yield running


@pytest.fixture
def requester(slack: Running) -> Person:
    return Person(slack.url, slack.users["requester"], "Requester")


def card(slack: Running, requester: Person, *elements: dict[str, Any]) -> Seen:
    client = WebClient(token=slack.bot_token, base_url=slack.api_url)
    channel = slack.channels["storage"]
    client.chat_postMessage(channel=channel, text="card", blocks=[{"type": "actions", "elements": list(elements)}])
    return requester.sees(channel, "Go")


def test_a_command_that_nobody_hears_baffles(slack: Running, requester: Person) -> None:
    with pytest.raises(Baffled, match="/sr help failed: dispatch_failed"):
        requester.types(slack.channels["storage"], "/sr help")


def test_what_does_not_come_in_time_baffles_who_waits(slack: Running, requester: Person) -> None:
    with pytest.raises(Baffled, match="Requester waited 0 s for a card"):
        requester.sees(slack.channels["storage"], "a card", seconds=0.1)


def test_a_button_that_is_not_there_baffles(slack: Running, requester: Person) -> None:
    seen = card(slack, requester, BUTTON)
    with pytest.raises(Baffled, match="sees no button 'Stop'"):
        requester.presses(seen, "Stop")


def test_a_press_that_nobody_hears_baffles(slack: Running, requester: Person) -> None:
    seen = card(slack, requester, BUTTON)
    with pytest.raises(Baffled, match="go failed: dispatch_failed"):
        requester.presses(seen, "Go")


def test_an_entry_that_is_not_there_baffles(slack: Running, requester: Person) -> None:
    seen = card(slack, requester, BUTTON, MENU)
    with pytest.raises(Baffled, match="Requester sees nothing to pick"):
        requester.picks(seen, lambda _group, label: label == "LUN 2")


def test_a_refusal_of_the_page_is_told_with_its_answer(slack: Running) -> None:
    nobody = Person(slack.url, "UNOBODY", "Nobody")
    with pytest.raises(Baffled, match=r"/page/history.* answered 4\d\d: "):
        nobody.reads(slack.channels["storage"])
