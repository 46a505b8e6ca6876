"""The Home tab: whoever opens it has it drawn by the publisher."""

from __future__ import annotations

from typing import Any, Final

import structlog
from slack_bolt import App

from bot.ledger.homes import Homes
from bot.ledger.store import LedgerUnavailable
from bot.slack.context import Context

LOG = structlog.get_logger(__name__)

OPENED: Final = "app_home_opened"
_HOME: Final = "home"


def register(app: App, context: Context) -> None:
    @app.event(OPENED)
    def opened(event: dict[str, Any]) -> None:
        if event.get("tab") != _HOME:
            return
        try:
            Homes(context.ledger.redis).opened(str(event.get("user")), context.clock())
        except LedgerUnavailable as error:
            LOG.warning("ledger_unavailable", error=str(error))  # opening it once more draws it
