"""What the app receives (docs.slack.dev: slash commands, interaction payloads, Events API)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from deploy.sandbox.slack.workspace.model import (
    APP,
    BOT_USER,
    DOMAIN,
    TEAM,
    Channel,
    Message,
    User,
)

if TYPE_CHECKING:
    from deploy.sandbox.slack.answers import Json
    from deploy.sandbox.slack.state import Slack

# Slack's deprecated verification token: always there, never to be trusted.
VERIFICATION = "deprecated-verification-token"

_CHANNEL_NAMES = {"im": "directmessage", "private": "privategroup"}


def channel_name(channel: Channel) -> str:
    return _CHANNEL_NAMES.get(channel.kind, channel.name)


def slash_command(slack: Slack, user: User, channel: Channel, typed: tuple[str, str], path: str) -> Json:
    """Make a command's form; `typed` is its name and its text, `path` that of its response_url."""
    command, text = typed
    return {
        "token": VERIFICATION,
        "team_id": user.team_id,
        "team_domain": DOMAIN,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": slack.url + path,
        "trigger_id": slack.triggers.issue(user.id),
    }


def _interaction(kind: str, user: User) -> Json:
    return {
        "type": kind,
        "team": {"id": TEAM, "domain": DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
        "api_app_id": APP,
        "token": VERIFICATION,
    }


def _message_place(slack: Slack, message: Message) -> Json:
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.to is not None,
    }
    if message.is_reply:
        container["thread_ts"] = message.thread_ts
    channel = slack.workspace.channels[message.channel]
    place: Json = {
        "container": container,
        "channel": {"id": message.channel, "name": channel_name(channel)},
    }
    # docs.slack.dev leaves open whether an ephemeral message comes along; nobody should rely on it.
    return place if message.to else place | {"message": message.body}


def _view_place(view: Json) -> Json:
    return {"container": {"type": "view", "view_id": view["id"]}, "view": view}


def place_of(slack: Slack, source: Message | Json) -> Json:
    return _message_place(slack, source) if isinstance(source, Message) else _view_place(source)


def block_actions(slack: Slack, user: User, source: Message | Json, action: Json, values: Json) -> Json:
    payload = _interaction("block_actions", user) | place_of(slack, source)
    in_view = None if isinstance(source, Message) else str(source["id"])
    payload |= {"trigger_id": slack.triggers.issue(user.id, in_view), "actions": [action]}
    if isinstance(source, Message):
        path = slack.hooks.issue(user.id, source.channel, original=source, thread_ts=source.thread_ts)
        payload |= {"response_url": slack.url + path, "state": {"values": values}}
    return payload


def block_suggestion(slack: Slack, user: User, source: Message | Json, asked: Json) -> Json:
    return _interaction("block_suggestion", user) | place_of(slack, source) | asked


def view_submission(slack: Slack, user: User, view: Json) -> Json:
    trigger = slack.triggers.issue(user.id, str(view["id"]))
    return _interaction("view_submission", user) | {
        "trigger_id": trigger,
        "view": view,
        "response_urls": [],
    }


def view_closed(user: User, view: Json, *, is_cleared: bool) -> Json:
    return _interaction("view_closed", user) | {"view": view, "is_cleared": is_cleared}


def shortcut(slack: Slack, user: User, callback_id: str) -> Json:
    """Make a global shortcut: from nowhere, so without channel and response_url. It names no app either."""
    return {
        "type": "shortcut",
        "token": VERIFICATION,
        "action_ts": slack.workspace.next_ts(),
        "team": {"id": TEAM, "domain": DOMAIN},
        "user": {"id": user.id, "username": user.name, "team_id": user.team_id},
        "is_enterprise_install": False,
        "enterprise": None,
        "callback_id": callback_id,
        "trigger_id": slack.triggers.issue(user.id),
    }


def app_home_opened(slack: Slack, user: User, tab: str) -> Json:
    """Make the event of somebody who opens a tab of the app; with "home" comes what was published there, if anything.

    People of another company send it too (bolt-js issue 1948), from a conversation that the bot can't see (guessed).
    """
    direct, view = slack.workspace.direct(user.id), slack.workspace.homes.get(user.id)
    event: Json = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": direct.id if direct else f"D{user.id[1:]}",
        "tab": tab,
        "event_ts": slack.workspace.next_ts(),
    }
    if view and tab == "home":
        event["view"] = view
    authorization = {
        "enterprise_id": None,
        "team_id": TEAM,
        "user_id": BOT_USER,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": VERIFICATION,
        "team_id": TEAM,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev0{secrets.token_hex(5).upper()}",
        "event_time": int(slack.clock.wall()),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": secrets.token_hex(8),
    }
