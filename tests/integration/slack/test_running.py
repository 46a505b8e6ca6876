from __future__ import annotations

from threading import Event, Thread

import pytest

from bot.settings import SettingsError
from bot.settings.environment import Tokens
from bot.settings.sealed import Secret
from bot.slack import app, logs
from tests.integration.slack.stage import Stage


def test_a_bot_runs_until_it_is_stopped(empty_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "configure", lambda: None)
    tokens = Tokens(Secret(empty_stage.slack.bot_token), Secret(empty_stage.slack.app_token))
    stop, ready = Event(), Event()
    arguments = (empty_stage.settings, tokens, empty_stage.redis_url, stop, ready.set)
    thread = Thread(target=app.run, args=arguments)
    thread.start()
    assert ready.wait(10)
    empty_stage.asked()
    empty_stage.card("looking for targets")
    stop.set()
    thread.join(20)
    assert not thread.is_alive()


def test_a_bot_that_slack_refuses_for_good_ends_with_a_sentence(
    empty_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "configure", lambda: None)
    tokens = Tokens(Secret(empty_stage.slack.bot_token), Secret(empty_stage.slack.app_token))

    def switch_off() -> None:
        empty_stage.control("disconnect", {"reason": "link_disabled"})

    with pytest.raises(SettingsError, match="link_disabled"):
        app.run(empty_stage.settings, tokens, empty_stage.redis_url, Event(), switch_off)
