"""chat.* (docs.slack.dev: chat.postMessage, chat.update, chat.delete, chat.postEphemeral, chat.getPermalink)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from deploy.sandbox.slack.answers import ApiError, Json
from deploy.sandbox.slack.delivery.posting import Draft, change, checked_blocks, composed, delete, post, private
from deploy.sandbox.slack.limits import GENEROUS, POSTING, TIER_3, TIER_4
from deploy.sandbox.slack.methods.calls import Call, Method, require
from deploy.sandbox.slack.workspace.model import BOT_USER, DOMAIN, Channel, Message

if TYPE_CHECKING:
    from deploy.sandbox.slack.state import Slack

MOST_ATTACHMENTS = 100
LONGEST_UPDATE = 4000
LONGEST_MARKDOWN = 12_000
# Slack names no size; this one is guessed.
LARGEST_METADATA = 16_000


def post_message(slack: Slack, call: Call) -> Json:
    channel = _target(slack, call)
    for name in ("username", "icon_url", "icon_emoji"):
        if call.optional(name):
            require(slack, "chat:write.customize")
    draft = replace(_draft(call), more=_thread(slack, call, channel) | _metadata(call) | _attachments(call))
    message = post(slack, composed(slack, channel.id, draft))
    return {"channel": channel.id, "ts": message.ts, "message": message.body}


def _target(slack: Slack, call: Call) -> Channel:
    """Return where to post; a person's id stands for the conversation with them."""
    wanted = call.text("channel")
    direct = slack.workspace.direct(wanted)
    channel = slack.workspace.seen(direct.id if direct else wanted)
    if BOT_USER not in channel.members and "chat:write.public" in slack.scopes:
        return channel
    return slack.workspace.joined(channel.id)


def _draft(call: Call) -> Draft:
    blocks = checked_blocks(call.structure("blocks"))
    text = call.optional("text") or ""
    markdown = call.optional("markdown_text")
    if markdown and (text or blocks):
        raise ApiError("markdown_text_conflict")
    if markdown and len(markdown) > LONGEST_MARKDOWN:
        raise ApiError("msg_too_long")
    if not (text or blocks or markdown or call.structure("attachments")):
        raise ApiError("no_text")
    named = call.flag("link_names") or call.optional("parse") == "full"
    return Draft(markdown or text, blocks, link_names=named)


def _thread(slack: Slack, call: Call, channel: Channel) -> Json:
    thread_ts = call.optional("thread_ts")
    if not thread_ts:
        return {}
    parent = slack.workspace.messages.get(channel.id, {}).get(thread_ts)
    if parent is None or parent.is_reply:
        # Slack's answer to a thread_ts that is no parent is undocumented; this one is guessed.
        raise ApiError("cannot_reply_to_message")
    found: Json = {"thread_ts": thread_ts, "parent_user_id": parent.body["user"]}
    return found | ({"subtype": "thread_broadcast"} if call.flag("reply_broadcast") else {})


def _metadata(call: Call) -> Json:
    metadata = call.structure("metadata")
    if metadata is None:
        return {}
    if metadata == {}:
        return {"metadata": None}
    if not (
        isinstance(metadata, dict)
        and isinstance(metadata.get("event_type"), str)
        and isinstance(metadata.get("event_payload"), dict)
    ):
        raise ApiError("invalid_metadata_format")
    if len(json.dumps(metadata)) > LARGEST_METADATA:
        raise ApiError("metadata_too_large")
    return {"metadata": metadata}


def _attachments(call: Call) -> Json:
    attachments = call.structure("attachments")
    if attachments is None:
        return {}
    if not isinstance(attachments, list):
        raise ApiError("invalid_attachments")
    if len(attachments) > MOST_ATTACHMENTS:
        raise ApiError("too_many_attachments")
    return {"attachments": attachments}


def update(slack: Slack, call: Call) -> Json:
    old = _own(slack, call, "cant_update_message")
    given = call.structure("blocks")
    blocks = checked_blocks(given)
    text = call.optional("text")
    if text is not None and len(text) > LONGEST_UPDATE:
        raise ApiError("msg_too_long")
    if text is None and blocks is None and call.structure("attachments") is None:
        raise ApiError("no_text")
    new = change(slack, _rewritten(slack, call, old, text, blocks))
    return {"channel": new.channel, "ts": new.ts, "text": new.body["text"], "message": new.body}


def _rewritten(slack: Slack, call: Call, old: Message, text: str | None, blocks: list[Json] | None) -> Message:
    """Text without blocks takes the blocks away; attachments, metadata and the thread stay unless given."""
    kept = {
        name: old.body[name]
        for name in ("thread_ts", "parent_user_id", "attachments", "metadata", "subtype")
        if name in old.body
    }
    more = kept | _metadata(call) | _attachments(call)
    draft = Draft("" if text is None else text, blocks, more=more)
    new = composed(slack, old.channel, draft, old.ts)
    if text is None:
        new.body["text"] = old.body["text"]
    if new.body["text"] != old.body["text"]:
        new.body["edited"] = {"user": BOT_USER, "ts": slack.workspace.next_ts()}
    return new


def _own(slack: Slack, call: Call, refusal: str) -> Message:
    channel = slack.workspace.joined(call.text("channel"))
    message = slack.workspace.messages.get(channel.id, {}).get(call.text("ts"))
    if message is None:
        raise ApiError("message_not_found")
    if message.body["user"] != BOT_USER:
        raise ApiError(refusal)
    return message


def delete_message(slack: Slack, call: Call) -> Json:
    message = _own(slack, call, "cant_delete_message")
    delete(slack, message)
    return {"channel": message.channel, "ts": message.ts}


def post_ephemeral(slack: Slack, call: Call) -> Json:
    channel = _target(slack, call)
    user = slack.workspace.user(call.text("user"))
    if user.id not in channel.members:
        raise ApiError("user_not_in_channel")
    draft = replace(_draft(call), more=_thread(slack, call, channel))
    message = private(slack, user.id, composed(slack, channel.id, draft))
    return {"message_ts": message.ts}


def permalink(slack: Slack, call: Call) -> Json:
    channel = slack.workspace.seen(call.text("channel"))
    message = slack.workspace.messages.get(channel.id, {}).get(call.text("message_ts"))
    if message is None:
        raise ApiError("message_not_found")
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.is_reply else ""
    link = f"https://{DOMAIN}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}{thread}"
    return {"channel": channel.id, "permalink": link}


METHODS = {
    "chat.postMessage": Method(post_message, POSTING, scopes=("chat:write",)),
    "chat.update": Method(update, TIER_3, scopes=("chat:write",)),
    "chat.delete": Method(delete_message, TIER_3, scopes=("chat:write",)),
    "chat.postEphemeral": Method(post_ephemeral, TIER_4, scopes=("chat:write",)),
    "chat.getPermalink": Method(permalink, GENEROUS),
}
