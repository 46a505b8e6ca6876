"""Where requests are seen beside their cards, and ended by typing."""

from __future__ import annotations

from slack_bolt import App

from bot.slack.context import Context
from bot.slack.listeners.requests import cancelling, listing, reasoning, showing


def register(app: App, context: Context) -> None:
    for surface in (listing, showing, reasoning, cancelling):
        surface.register(app, context)
