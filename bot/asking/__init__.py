"""From what somebody typed to a request, whether they typed it in Slack or at the command line."""

from __future__ import annotations

from bot.asking.beginning import Asker, NotAllowed, asked, open_request, typed_back

__all__ = ["Asker", "NotAllowed", "asked", "open_request", "typed_back"]
