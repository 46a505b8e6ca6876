"""Whether Slack lets somebody use srbot, and in a channel, where it can be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.settings import Settings, SettingsError, slack_tokens
from bot.slack.gate import channel_refusal, person_refusal


def unfit(settings: Settings, environ: Mapping[str, str], person: str, channel: str, seconds: int) -> str | None:
    """Give the reason code why a person may not use srbot, or not for a channel.

    None where nothing is against it, or Slack says nothing: without it, or its tokens, an account and its codes have
    to do; both are the operator's to take away.
    """
    try:
        token = slack_tokens(environ).bot.reveal()
    except SettingsError:
        return None
    client = WebClient(token=token, base_url=settings.slack.api_url, timeout=seconds, retry_handlers=[])
    judged = partial(person_refusal, team=settings.slack.team)
    missing = {"user_not_found": "stranger", "user_not_visible": "stranger"}
    refused = _told(lambda: judged(dict(client.users_info(user=person)["user"])), missing)
    return refused or _told(
        lambda: channel_refusal(dict(client.conversations_info(channel=channel)["channel"])),
        {"channel_not_found": "bot_not_in_channel"},
    )


def _told(ask: Callable[[], str | None], missing: Mapping[str, str]) -> str | None:
    try:
        return ask()
    except SlackApiError as error:
        return missing.get(str(error.response["error"]))
    except (OSError, HTTPException, KeyError, TypeError):
        return None
