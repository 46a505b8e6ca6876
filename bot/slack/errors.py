"""What Slack's errors mean to srbot: one table (docs.slack.dev: the errors of each method)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from slack_sdk.errors import SlackApiError

FATAL: Final = frozenset(
    {
        "account_inactive",
        "app_uninstalled",
        "invalid_auth",
        "link_disabled",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)
"""Nothing works any more until an operator acts: the process ends and says so."""

CHANNEL: Final = frozenset(
    {
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
    }
)
"""The channel can't be written to; the request itself goes on."""

CARD_GONE: Final = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
THREAD_GONE: Final = frozenset({"cannot_reply_to_message", "thread_not_found"})
PERSON_GONE: Final = frozenset({"user_not_in_channel", "user_not_found"})
RATE_LIMITED: Final = frozenset({"ratelimited", "rate_limited"})
OF_SLACK: Final = frozenset(
    {"fatal_error", "internal_error", "service_unavailable", "request_timeout", "accesslimited"}
)
"""Slack itself failed; the same call may work later."""

DEFAULT_PAUSE: Final = 5.0


class SlackFatalError(Exception):
    """Slack refuses everything from now on; `reason` is its error."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def sentence(self) -> str:
        """Say what an operator can do."""
        return f"Slack refuses srbot: {self.reason}. Check the app's tokens, scopes and installation."


def name_of(error: SlackApiError) -> str:
    """Give Slack's own name for an error."""
    response: Any = error.response
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return "ratelimited"
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "service_unavailable"
    return str(response.get("error") or "unknown")


def pause_of(error: SlackApiError) -> float:
    """Give the seconds that Slack wants us to wait."""
    response: Any = error.response
    value = response.headers.get("Retry-After") or response.headers.get("retry-after")
    value = value[0] if isinstance(value, list) else value
    return float(value) if value and str(value).isdigit() else DEFAULT_PAUSE
