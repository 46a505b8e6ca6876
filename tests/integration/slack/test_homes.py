"""The Home tab, as people see it."""

from __future__ import annotations

from typing import Any

import pytest
from redis import Redis

from bot.ledger.homes import OPEN_SECONDS, Homes
from bot.ledger.store import LedgerUnavailable
from bot.request import events as e
from tests.integration.slack.stage import Stage


def opens(stage: Stage, name: str) -> None:
    stage.person(name)._post("home", {})


def home(stage: Stage, name: str) -> str:
    """What stands on somebody's Home now."""
    view: dict[str, Any] | None = stage.slack.slack.workspace.homes.get(stage.slack.users[name])
    return "" if view is None else str(view["blocks"])


def says(stage: Stage, name: str, *texts: str, without: str = "\0") -> None:
    stage.wait(
        " and ".join(texts),
        lambda: all(text in home(stage, name) for text in texts) and without not in home(stage, name),
    )


def published(stage: Stage, name: str) -> str:
    """Which version of somebody's Home is the last one; another publishing gives another."""
    return str(stage.slack.slack.workspace.homes[stage.slack.users[name]]["hash"])


def test_home_shows_what_waits_for_somebody_and_what_they_asked_for(stage: Stage) -> None:
    name = stage.awaiting()
    stage.card("Waiting for approval", name)
    opens(stage, "requester")
    says(stage, "requester", "Nothing waits for you.", "Your requests", name, "its thread")
    opens(stage, "approver-1")
    says(stage, "approver-1", "Waiting for you to decide", name, "You have no open request")
    opens(stage, "outsider")
    says(stage, "outsider", "Nothing waits for you.", "You have no open request", without=name)


def test_home_is_drawn_again_when_something_changes_and_only_then(stage: Stage) -> None:
    name = stage.awaiting()
    stage.card("Waiting for approval", name)
    opens(stage, "approver-1")
    says(stage, "approver-1", name, "its thread")
    stage.outbox_is_empty()
    before = published(stage, "approver-1")
    opens(stage, "approver-1")
    stage.outbox_is_empty()
    assert published(stage, "approver-1") == before
    stage.happens(name, e.Cancelled(at=stage.clock(), actor=stage.slack.users["requester"]))
    says(stage, "approver-1", "Nothing waits for you.", without=name)


def test_a_home_that_was_opened_long_ago_is_left_as_it_is(stage: Stage) -> None:
    homes = Homes(stage.redis)
    homes.opened("U0APPROVE1", 1000.0)
    assert "U0APPROVE1" in homes.open(1000.0 + OPEN_SECONDS)
    assert "U0APPROVE1" not in homes.open(1001.0 + OPEN_SECONDS)
    homes.opened("U0APPROVE2", 1001.0 + OPEN_SECONDS)
    assert stage.redis.zscore("srbot:homes", "U0APPROVE1") is None


@pytest.mark.parametrize("who", ["guest", "stranger"])
def test_who_may_not_use_srbot_is_told_why_and_sees_nothing_else(stage: Stage, who: str) -> None:
    opens(stage, who)
    opens(stage, "outsider")
    says(stage, "outsider", "Nothing waits for you.")
    stage.outbox_is_empty()
    says(stage, who, {"guest": "Guests can't use srbot", "stranger": "only works for members"}[who], without="waits")
    assert "Nothing was changed" not in home(stage, who)


def test_a_ledger_that_does_not_answer_leaves_home_as_it_is(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object) -> None:
        raise LedgerUnavailable("TimeoutError")

    before = home(stage, "approver-2")
    with monkeypatch.context() as patched:
        patched.setattr(Homes, "opened", silent)
        opens(stage, "approver-2")
        stage.person("outsider").types(stage.channel, "/sr help")
        stage.private("outsider", "What srbot understands")
    assert home(stage, "approver-2") == before


def test_slack_that_publishes_nothing_is_asked_again(stage: Stage) -> None:
    name = stage.awaiting()
    stage.outbox_is_empty()
    stage.control("fault", {"method": "views.publish", "status": 503, "times": 1})
    opens(stage, "approver-2")
    says(stage, "approver-2", name)


def test_a_server_that_does_not_answer_is_told_to_whoever_asks_for_homes() -> None:
    homes = Homes(Redis.from_url("unix:///nowhere/s.sock"))
    with pytest.raises(LedgerUnavailable):
        homes.opened("U0APPROVE1", 1000.0)
    with pytest.raises(LedgerUnavailable):
        homes.open(1000.0)
