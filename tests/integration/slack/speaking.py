"""What those who decide say in dialogs."""

from __future__ import annotations

from typing import Any

from deploy.sandbox.tour.person import Seen
from tests.integration.slack.stage import Stage


def says(stage: Stage, name: str, card: Seen, button: str, words: str) -> dict[str, Any]:
    """Let somebody press a button that opens a dialog, and fill that in; gives what Slack does then."""
    stage.person(name).presses(card, button)
    return dict(stage.person(name).submits(stage.dialog(name), {"said": words}))


def rejects(stage: Stage, name: str, card: Seen, why: str = "not this week") -> None:
    says(stage, name, card, "Reject…", why)
