"""conversations.* and users.conversations (docs.slack.dev)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.sandbox.slack.answers import ApiError, Json
from deploy.sandbox.slack.limits import TIER_2, TIER_3, TIER_4
from deploy.sandbox.slack.methods.calls import Call, Method, require
from deploy.sandbox.slack.workspace.model import BOT_USER, PARTNER_TEAM, TEAM, Channel, Message

if TYPE_CHECKING:
    from deploy.sandbox.slack.state import Slack

_SCOPES = {"channel": "channels", "private": "groups", "im": "im"}
_KINDS = {"public_channel": "channel", "private_channel": "private", "im": "im", "mpim": "mpim"}


def _asked(slack: Slack, call: Call, right: str = "read") -> Channel:
    channel = slack.workspace.seen(call.text("channel"))
    require(slack, f"{_SCOPES[channel.kind]}:{right}")
    return channel


def _shown(channel: Channel) -> Json:
    shared = channel.is_ext_shared
    shown: Json = {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "private",
        "is_im": channel.kind == "im",
        "is_mpim": False,
        "is_private": channel.kind != "channel",
        "is_archived": channel.is_archived,
        "is_general": channel.name == "general",
        "is_member": BOT_USER in channel.members,
        "is_shared": shared,
        "is_ext_shared": shared,
        "is_org_shared": False,
        "is_pending_ext_shared": channel.is_pending_ext_shared,
        "shared_team_ids": [TEAM, PARTNER_TEAM] if shared else [TEAM],
        "num_members": len(channel.members),
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "creator": "",
        "created": 0,
        "context_team_id": TEAM,
    }
    if channel.kind == "im":
        return {key: shown[key] for key in shown if key not in {"name", "num_members"}} | {"user": channel.user}
    return shown


def info(slack: Slack, call: Call) -> Json:
    return {"channel": _shown(_asked(slack, call))}


def listing(slack: Slack, call: Call) -> Json:
    kinds = _kinds(slack, call)
    found = [_shown(each) for each in _visible(slack, call) if each.kind in kinds]
    return call.page(found, "channels")


def of_person(slack: Slack, call: Call) -> Json:
    """List what a person is in, of what the bot sees; what the bot itself is to these is left out."""
    kinds, user = _kinds(slack, call), call.optional("user") or BOT_USER
    slack.workspace.user(user)
    found = [_shown(each) for each in _visible(slack, call) if each.kind in kinds and user in each.members]
    for each in found:
        each.pop("is_member")
        each.pop("num_members", None)
    return call.page(found, "channels", most=999)


def _kinds(slack: Slack, call: Call) -> set[str]:
    wanted = [each.strip() for each in (call.optional("types") or "public_channel").split(",")]
    for each in wanted:
        if each not in _KINDS:
            raise ApiError("invalid_types")
        require(slack, f"{_SCOPES.get(_KINDS[each], each)}:read")
    return {_KINDS[each] for each in wanted}


def _visible(slack: Slack, call: Call) -> list[Channel]:
    return [
        each
        for each in slack.workspace.channels.values()
        if (each.kind == "channel" or BOT_USER in each.members)
        and not (each.is_archived and call.flag("exclude_archived"))
    ]


def members(slack: Slack, call: Call) -> Json:
    return call.page(_asked(slack, call).members, "members")


def opened(slack: Slack, call: Call) -> Json:
    require(slack, "im:write")
    user = slack.workspace.user(call.text("users"))
    direct = slack.workspace.direct(user.id)
    if direct is None:
        raise ApiError("cannot_dm_bot" if user.is_bot else "user_not_visible")
    return {"channel": {"id": direct.id}, "no_op": True, "already_open": True}


def _record(slack: Slack, call: Call, message: Message) -> Json:
    body = dict(message.body)
    if not call.flag("include_all_metadata"):
        body.pop("metadata", None)
    replies = slack.workspace.replies(message.channel, message.ts)
    if replies:
        body |= {"thread_ts": message.ts, "reply_count": len(replies), "latest_reply": replies[-1].ts}
    return body


def _readable(slack: Slack, call: Call) -> Channel:
    channel = _asked(slack, call, "history")
    if BOT_USER not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def _between(call: Call, messages: list[Message]) -> list[Message]:
    oldest = float(call.optional("oldest") or 0)
    latest = float(call.optional("latest") or "inf")
    inclusive = call.flag("inclusive")
    return [
        each
        for each in messages
        if oldest < float(each.ts) < latest or (inclusive and float(each.ts) in {oldest, latest})
    ]


def history(slack: Slack, call: Call) -> Json:
    channel = _readable(slack, call)
    shown = [
        each
        for each in slack.workspace.timeline(channel.id)
        if not each.is_reply or each.body.get("subtype") == "thread_broadcast"
    ]
    return _paged(slack, call, _between(call, shown)[::-1])


def replies(slack: Slack, call: Call) -> Json:
    channel = _readable(slack, call)
    parent = slack.workspace.messages.get(channel.id, {}).get(call.text("ts"))
    if parent is None:
        raise ApiError("thread_not_found")
    thread = [parent, *slack.workspace.replies(channel.id, parent.ts)]
    return _paged(slack, call, _between(call, thread))


def _paged(slack: Slack, call: Call, messages: list[Message]) -> Json:
    page = call.page([_record(slack, call, each) for each in messages], "messages", most=999)
    return page | {"has_more": bool(page["response_metadata"]["next_cursor"])}


METHODS = {
    "conversations.info": Method(info, TIER_3),
    "conversations.list": Method(listing, TIER_2),
    "conversations.members": Method(members, TIER_4),
    "conversations.open": Method(opened, TIER_3),
    "conversations.history": Method(history, TIER_3),
    "conversations.replies": Method(replies, TIER_3),
    "users.conversations": Method(of_person, TIER_2),
}
