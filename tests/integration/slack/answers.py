"""What was said through the response_url of a press."""

from __future__ import annotations

from itertools import islice
from typing import Final

from tests.integration.slack.stage import Stage

LOOKED_AT: Final = 2000
"""How much of what Slack noted last is looked at: more than follows from one test's presses."""


def answers(stage: Stage, url: str) -> list[str]:
    """Give what was sent to a response_url so far, by its path."""
    noted = islice(reversed(stage.slack.slack.journal.entries.copy()), LOOKED_AT)
    sent = [entry["summary"] for entry in noted if entry["what"] == "response_url" and entry["direction"] == "in"]
    return [str(each["text"]) for each in sent if each["path"] == url]
