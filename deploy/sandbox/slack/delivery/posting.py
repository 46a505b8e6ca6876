"""Messages as they come, change and go: composed, stored, and shown to whoever looks at the channel."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from deploy.sandbox.slack.answers import ApiError, Json
from deploy.sandbox.slack.blocks.filling import filled
from deploy.sandbox.slack.blocks.layout import message_problems
from deploy.sandbox.slack.workspace import texts
from deploy.sandbox.slack.workspace.model import APP, BOT, BOT_USER, SLACKBOT, TEAM, Message

if TYPE_CHECKING:
    from deploy.sandbox.slack.state import Slack

# docs.slack.dev: chat.postMessage; longer texts are cut.
LONGEST_TEXT = 40_000


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to post, checked but not yet stored; `author` is a user id."""

    text: str = ""
    blocks: list[Json] | None = None
    author: str = BOT_USER
    link_names: bool = False
    more: Json = field(default_factory=dict)


def checked_blocks(blocks: object) -> list[Json] | None:
    """Return blocks that Slack would take; raise invalid_blocks or invalid_blocks_format."""
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    rejection = message_problems(blocks)
    if rejection:
        raise ApiError(
            "invalid_blocks",
            errors=rejection.errors,
            response_metadata={"messages": rejection.messages},
        )
    return blocks


def composed(slack: Slack, channel: str, draft: Draft, ts: str | None = None) -> Message:
    text = texts.stored(draft.text)[:LONGEST_TEXT]
    blocks = filled(draft.blocks or [], texts.stored)
    ts = ts or slack.workspace.next_ts()
    body: Json = {"type": "message", "user": draft.author, "ts": ts, "text": text, "team": TEAM}
    if draft.author == BOT_USER:
        body |= {"bot_id": BOT, "app_id": APP, "bot_profile": bot_profile(slack)}
    if blocks:
        body["blocks"] = blocks
    found = texts.pings(text, blocks, link_names=draft.link_names)
    return Message(channel, ts, body | draft.more, found)


def bot_profile(slack: Slack) -> Json:
    return {
        "id": BOT,
        "app_id": APP,
        "name": slack.manifest.name,
        "icons": {},
        "deleted": False,
        "updated": 0,
        "team_id": TEAM,
    }


def post(slack: Slack, message: Message) -> Message:
    slack.workspace.put_message(message)
    _tell(slack, message, {"type": "message", "message": shown(slack, message)})
    if message.to is None and message.is_reply:
        parent = slack.workspace.messages[message.channel].get(message.thread_ts or "")
        if parent:
            _tell(slack, parent, {"type": "message_changed", "message": shown(slack, parent)})
    return message


def private(slack: Slack, user: str, message: Message, response_to: str | None = None) -> Message:
    """Show a message to one person only."""
    return post(slack, replace(message, to=user, response_to=response_to))


def change(slack: Slack, message: Message) -> Message:
    slack.workspace.put_message(message)
    _tell(slack, message, {"type": "message_changed", "message": shown(slack, message)})
    return message


def delete(slack: Slack, message: Message) -> None:
    slack.workspace.drop_message(message)
    _tell(
        slack,
        message,
        {
            "type": "message_deleted",
            "channel": message.channel,
            "ts": message.ts,
            "ephemeral": message.to is not None,
        },
    )


def slackbot_note(slack: Slack, user: str, channel: str, text: str) -> None:
    """Tell one person what Slack itself says about a failed command."""
    private(slack, user, composed(slack, channel, Draft(text, author=SLACKBOT)))


def _tell(slack: Slack, message: Message, event: Json) -> None:
    members = slack.workspace.channels[message.channel].members
    slack.feed.tell([message.to] if message.to else members, event)


def shown(slack: Slack, message: Message) -> Json:
    """Return a message as the page gets it; parents of a thread carry reply_count and latest_reply."""
    body = {
        **message.body,
        "channel": message.channel,
        "blocks": message.body.get("blocks", []),
        "ephemeral": message.to is not None,
    }
    replies = [] if message.to else slack.workspace.replies(message.channel, message.ts)
    if replies:
        body |= {"reply_count": len(replies), "latest_reply": replies[-1].ts, "thread_ts": message.ts}
    if message.response_to:
        body["response_to"] = message.response_to
    return body
