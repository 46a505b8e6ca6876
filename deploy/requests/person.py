"""Whether Slack still knows somebody as a member of the workspace, where it can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.settings import Settings, SettingsError, slack_tokens
from bot.slack.gate import person_refusal


def unfit(settings: Settings, environ: Mapping[str, str], person: str, seconds: int) -> str | None:
    """Give the reason code why a person may not use srbot; None where nothing is against it, or Slack says nothing.

    Without Slack, or its tokens, an account and its codes have to do: both are the operator's to take away.
    """
    try:
        token = slack_tokens(environ).bot.reveal()
    except SettingsError:
        return None
    client = WebClient(token=token, base_url=settings.slack.api_url, timeout=seconds, retry_handlers=[])
    try:
        return person_refusal(dict(client.users_info(user=person)["user"]), settings.slack.team)
    except SlackApiError as error:
        return "stranger" if error.response["error"] in {"user_not_found", "user_not_visible"} else None
    except (OSError, HTTPException, KeyError, TypeError):
        return None
