"""Whatever can be pressed, by everyone who must not: nothing changes, and everybody gets an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
from slack_bolt import App

from bot.slack.context import Context
from bot.slack.listeners import register_all
from tests.integration.slack.pressing import ROWS, Kind, forged, payload, right
from tests.integration.slack.stage import Stage

ACK_SECONDS = 3
NEVER = ("guest", "stranger")


class Registered:
    """Takes down what is listened for."""

    def __init__(self) -> None:
        self.found: set[tuple[str, str]] = set()

    def __getattr__(self, kind: str) -> Callable[..., Callable[[object], object]]:
        def listen(*names: object, **_more: object) -> Callable[[object], object]:
            self.found |= {(kind, name) for name in names if isinstance(name, str)}
            return lambda listener: listener

        return listen


def test_everything_that_is_listened_for_has_a_row() -> None:
    app = Registered()
    register_all(cast("App", app), cast("Context", None))
    assert {each for each in app.found if each[0] in {"action", "view", "options"}} == set(ROWS)


@pytest.mark.parametrize(("kind", "name"), ROWS, ids=lambda each: each)
def test_whoever_must_not_changes_nothing_by_it(stage: Stage, kind: Kind, name: str) -> None:
    row = ROWS[kind, name]
    request = row.ready(stage)
    before = stage.ledger.trail(request), stage.now(request), stage.ledger.open_requests()
    number = stage.now(request).plan_number
    allowed = "requester" if "requester" not in row.strangers else "approver-1"
    strangers = [right(row, request, who, number) for who in (*row.strangers, *NEVER)]
    for sent in (*strangers, *forged(row, request, allowed, number)):
        send(stage, kind, payload(stage, kind, name, sent, row.filled), learns_nothing=sent.who != allowed)
    for change in ({"team": {"id": "T0ELSEWHERE"}}, {"api_app_id": "A0OTHER"}, {"user": {"id": ""}}):
        foreign = payload(stage, kind, name, right(row, request, allowed, number), row.filled)
        send(stage, "action", foreign | change, learns_nothing=True)
    assert (stage.ledger.trail(request), stage.now(request), stage.ledger.open_requests()) == before
    assert stage.person(allowed).dialog() is None


@pytest.mark.parametrize(("kind", "name"), ROWS, ids=lambda each: each)
def test_what_is_delivered_twice_counts_once(stage: Stage, kind: Kind, name: str) -> None:
    row = ROWS[kind, name]
    request = row.ready(stage)
    allowed = "requester" if "requester" not in row.strangers else "approver-1"
    sent = payload(stage, kind, name, right(row, request, allowed, stage.now(request).plan_number), row.filled)
    send(stage, "action", sent, learns_nothing=False)
    once = stage.ledger.trail(request), stage.ledger.open_requests()
    for _ in range(2):
        send(stage, "action", sent, learns_nothing=False)
    assert (stage.ledger.trail(request), stage.ledger.open_requests()) == once


def send(stage: Stage, kind: Kind, sent: dict[str, Any], *, learns_nothing: bool) -> None:
    """Deliver it: the ack comes in time whatever is sent, and tells a stranger nothing."""
    done = stage.control("deliver", {"type": "interactive", "payload": sent})
    assert done["delivered"], sent
    assert done["after"] < ACK_SECONDS
    if kind == "view":
        assert "response_action" in str(done["ack"])
    if learns_nothing:
        assert "iqn." not in str(done["ack"])
        assert "/export/" not in str(done["ack"])
