"""Slash commands, as somebody types them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.sandbox.slack.answers import ApiError
from deploy.sandbox.slack.delivery import payloads
from deploy.sandbox.slack.delivery.escaping import escaped
from deploy.sandbox.slack.delivery.posting import slackbot_note
from deploy.sandbox.slack.delivery.responding import show_ack

if TYPE_CHECKING:
    from deploy.sandbox.slack.delivery.hub import Delivery
    from deploy.sandbox.slack.manifest import SlashCommand
    from deploy.sandbox.slack.state import Slack


async def typed(slack: Slack, user_id: str, channel_id: str, line: str, *, in_thread: bool = False) -> str | None:
    """Run "/sr …"; return None when the app took it, else the error that the person was told."""
    name, _, text = line.strip().partition(" ")
    try:
        command = _allowed(slack, user_id, channel_id, name, in_thread=in_thread)
        await _delivered(slack, user_id, channel_id, command, text.strip())
    except ApiError as refused:
        slackbot_note(slack, user_id, channel_id, _told(name, refused.error))
        return refused.error
    return None


def _allowed(slack: Slack, user_id: str, channel_id: str, name: str, *, in_thread: bool) -> SlashCommand:
    channel = slack.workspace.channels.get(channel_id)
    command = slack.manifest.command(name)
    if channel is None or user_id not in channel.members or channel.is_archived:
        raise ApiError("not_in_channel")
    # docs.slack.dev: Slack Connect; people of another company don't have this workspace's commands.
    if command is None or slack.workspace.user(user_id).is_stranger:
        raise ApiError("unknown_command")
    if in_thread:
        raise ApiError("not_in_thread")
    return command


async def _delivered(slack: Slack, user_id: str, channel_id: str, command: SlashCommand, text: str) -> None:
    user, channel = slack.workspace.user(user_id), slack.workspace.channels[channel_id]
    shown = f"{command.command} {text}".strip()
    path = slack.hooks.issue(user_id, channel_id, typed=shown)
    sent = escaped(slack.workspace, text) if command.should_escape else text
    payload = payloads.slash_command(slack, user, channel, (command.command, sent), path)
    delivery = await slack.hub.deliver("slash_commands", payload)
    if delivery.error:
        raise ApiError(delivery.error)
    _show(slack, path, delivery)


def _show(slack: Slack, path: str, delivery: Delivery) -> None:
    try:
        show_ack(slack, slack.hooks.issued[path], delivery.payload)
    except ApiError as refused:
        slack.journal.note("in", "ack", "invalid", refused.body())
        raise ApiError("invalid_command_response") from None


def _told(name: str, error: str) -> str:
    """Return Slack's own words for a command that failed."""
    return {
        "unknown_command": f"{name} is not a valid command.",
        "not_in_thread": f"{name} is not supported in threads. Sorry!",
        "not_in_channel": f"{name} can't be used here: you are not in this channel.",
    }.get(error, f"{name} failed with the error “{error}”")
