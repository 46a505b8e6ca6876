"""One file a surface: each listens, checks, commits, and then acks."""

from __future__ import annotations

from slack_bolt import App

from bot.slack.context import Context
from bot.slack.listeners import (
    adding,
    approving,
    catching,
    commands,
    decisions,
    detailing,
    explaining,
    freezing,
    helping,
    homes,
    listing,
    mending,
    options,
    overriding,
    picks,
    placing,
    requests,
    saying,
)

SURFACES = (
    adding,
    explaining,
    freezing,
    helping,
    homes,
    requests,
    commands,
    picks,
    placing,
    options,
    decisions,
    approving,
    overriding,
    saying,
    mending,
    detailing,
    listing,
    catching,
)
"""In the order in which Bolt asks them; the last one takes what nobody wanted."""


def register_all(app: App, context: Context) -> None:
    """Let every surface listen."""
    for surface in SURFACES:
        surface.register(app, context)
