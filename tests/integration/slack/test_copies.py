"""A bot that writes the second copy of the audit trail beside its other work."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.copying import CopyFolder
from bot.ledger.auditing import Audit, entries
from tests.integration.slack.stage import opened
from tests.servers import empty_url


def test_what_people_do_is_copied_as_it_is_recorded_and_another_bot_goes_on(tmp_path: Path) -> None:
    folder = CopyFolder(tmp_path / "copy")
    with opened(tmp_path, empty_url()) as stage:
        stage.settings = replace(stage.settings, audit_folder=folder.path)
        first = stage.bot_starts()
        name = stage.awaiting()
        stage.wait("a copy", lambda: list(folder.entries()) == list(entries(stage.redis)))
        stage.bot_stops(first)
        stage.bot_starts()
        stage.person("requester").types(stage.channel, f"/sr cancel {name}")
        stage.wait("the end", lambda: stage.now(name).ended)
        stage.wait("a copy", lambda: list(folder.entries()) == list(entries(stage.redis)))
        assert len(list(folder.entries())) == stage.now(name).version
        assert list(Audit(stage.redis).findings()) == []
