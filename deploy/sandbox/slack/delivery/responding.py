"""Answers to an interaction: what a slash command's ack shows, and what is posted to a response_url."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.sandbox.slack.answers import ApiError, Json
from deploy.sandbox.slack.delivery.posting import Draft, change, checked_blocks, composed, delete, post, private
from deploy.sandbox.slack.workspace.model import Message

if TYPE_CHECKING:
    from deploy.sandbox.slack.delivery.hooks import ResponseUrl
    from deploy.sandbox.slack.state import Slack


def respond(slack: Slack, hook: ResponseUrl, answer: Json) -> None:
    """Do what the app asks for; raise ApiError where it can't be done. The caller counts the use."""
    if answer.get("delete_original"):
        delete(slack, _original(slack, hook))
        return
    draft = _draft(hook, answer)
    if answer.get("replace_original") and hook.original is not None:
        _replace(slack, hook, draft)
    elif answer.get("response_type") == "in_channel":
        _say(slack, hook, draft)
    else:
        private(slack, hook.user, composed(slack, hook.channel, draft), response_to=hook.typed)


def _draft(hook: ResponseUrl, answer: Json) -> Draft:
    text, blocks = answer.get("text") or "", checked_blocks(answer.get("blocks"))
    if not isinstance(text, str) or not (text or blocks):
        raise ApiError("no_text")
    thread_ts = answer.get("thread_ts") or (hook.thread_ts if answer.get("replace_original") else None)
    return Draft(text, blocks, more={"thread_ts": thread_ts} if thread_ts else {})


def _original(slack: Slack, hook: ResponseUrl) -> Message:
    """Return the message that was clicked, as it is now. A command's own answers are out of reach."""
    place = slack.workspace.messages if hook.original and hook.original.to is None else slack.workspace.private
    current = place.get(hook.channel, {}).get(hook.original.ts) if hook.original else None
    if current is None:
        raise ApiError("message_not_found")
    return current


def _replace(slack: Slack, hook: ResponseUrl, draft: Draft) -> None:
    old = _original(slack, hook)
    new = composed(slack, old.channel, draft, old.ts)
    kept: Json = {name: old.body[name] for name in ("parent_user_id", "metadata") if name in old.body}
    new.body.update(kept)
    change(slack, Message(new.channel, new.ts, new.body, new.pings, old.to, old.response_to))


def _say(slack: Slack, hook: ResponseUrl, draft: Draft) -> None:
    """Post for all to see, as the command's answer even where the bot is no member."""
    echo_command(slack, hook)
    post(slack, composed(slack, hook.channel, draft))


def echo_command(slack: Slack, hook: ResponseUrl) -> None:
    """Show what was typed, as Slack does once a command is answered in the channel."""
    if hook.typed is not None and not hook.echoed:
        hook.echoed = True
        post(slack, composed(slack, hook.channel, Draft(hook.typed, author=hook.user)))


def show_ack(slack: Slack, hook: ResponseUrl, payload: object) -> None:
    """Show what came with a command's ack; an empty ack shows nothing. Raise ApiError for what can't be shown."""
    if payload is None or payload in ({}, ""):
        return
    answer = {"text": payload} if isinstance(payload, str) else payload
    if not isinstance(answer, dict):
        raise ApiError("invalid_command_response")
    if answer.get("response_type") == "in_channel" and not (answer.get("text") or answer.get("blocks")):
        echo_command(slack, hook)
    elif answer.get("text") or answer.get("blocks"):
        respond(slack, hook, answer)
