"""What the page reads: the workspace as one person sees it, histories, and live events."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from aiohttp import web

from deploy.sandbox.slack.answers import ApiError, Json
from deploy.sandbox.slack.delivery import shortcuts
from deploy.sandbox.slack.delivery.posting import shown
from deploy.sandbox.slack.feed import Queue
from deploy.sandbox.slack.manifest import Shortcut
from deploy.sandbox.slack.state import Slack
from deploy.sandbox.slack.surface.requests import SLACK
from deploy.sandbox.slack.workspace.model import APP, BOT_USER, DOMAIN, TEAM, TEAM_NAME, Channel, Message, User

PING_SECONDS = 15

# Modules must come as JavaScript whatever this machine's own table of types says.
_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}
_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def acting(slack: Slack, user_id: object) -> User:
    """Return one of the people that the page may act as."""
    user = slack.workspace.users.get(str(user_id))
    if user is None or user.is_bot:
        raise ApiError("user_not_found")
    return user


async def state(request: web.Request) -> web.Response:
    slack = request.app[SLACK]
    me = acting(slack, request.query.get("user", next(iter(slack.workspace.users))))
    users = [_user(each) for each in slack.workspace.users.values()]
    body = {
        "team": {"id": TEAM, "name": TEAM_NAME, "domain": DOMAIN},
        "app": {"id": APP, "bot_user_id": BOT_USER, "name": slack.manifest.name, "tabs": slack.manifest.tabs()},
        "me": _user(me),
        "people": [each for each in users if not each["is_bot"]],
        "users": users,
        "channels": [_channel(slack, me, each) for each in _visible(slack, me)],
        "commands": [_command(each.command, each.description, each.usage_hint) for each in slack.manifest.commands],
        "shortcuts": [_shortcut(each) for each in shortcuts.offered(slack, me)],
        "connections": len(slack.hub.sockets),
        "views": slack.modals.stack(me.id),
    }
    return web.json_response(body)


def _command(command: str, description: str, usage_hint: str) -> Json:
    return {"command": command, "description": description, "usage_hint": usage_hint}


def _shortcut(each: Shortcut) -> Json:
    return {"name": each.name, "callback_id": each.callback_id, "description": each.description}


def _user(user: User) -> Json:
    words = user.real_name.split()
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "color": user.color,
        "initials": "".join(word[0] for word in words[:2]).upper(),
        "role": user.role,
        "is_bot": user.is_bot,
        "is_restricted": user.is_restricted,
        "is_stranger": user.is_stranger,
    }


def _visible(slack: Slack, me: User) -> list[Channel]:
    """List what this person's sidebar shows: guests and strangers see only where they are members."""
    browses = not (me.is_restricted or me.is_stranger)
    return [
        channel
        for channel in slack.workspace.channels.values()
        if not channel.is_archived and (me.id in channel.members or (browses and channel.kind == "channel"))
    ]


def _channel(slack: Slack, me: User, channel: Channel) -> Json:
    name, other = channel.name, ""
    if channel.kind == "im":
        other = next(each for each in channel.members if each != me.id)
        name = slack.workspace.users[other].name
    return {
        "id": channel.id,
        "name": name,
        "kind": channel.kind,
        "topic": channel.topic,
        "is_member": me.id in channel.members,
        "bot_is_member": BOT_USER in channel.members,
        "is_ext_shared": channel.is_ext_shared,
        "unread": 0,
        "user": other,
    }


async def history(request: web.Request) -> web.Response:
    slack = request.app[SLACK]
    me = acting(slack, request.query.get("user"))
    channel = slack.workspace.channels.get(request.query.get("channel", ""))
    if channel is None or channel not in _visible(slack, me):
        raise ApiError("channel_not_found")
    thread_ts = request.query.get("thread_ts")
    mine = [each for each in slack.workspace.private.get(channel.id, {}).values() if each.to == me.id]
    found = [each for each in [*slack.workspace.timeline(channel.id), *mine] if _belongs(each, thread_ts)]
    found.sort(key=lambda message: message.ts)
    return web.json_response({"messages": [shown(slack, each) for each in found]})


def _belongs(message: Message, thread_ts: str | None) -> bool:
    if thread_ts:
        return thread_ts in {message.ts, message.thread_ts}
    return not message.is_reply or message.body.get("subtype") == "thread_broadcast"


async def events(request: web.Request) -> web.StreamResponse:
    slack = request.app[SLACK]
    me = acting(slack, request.query.get("user"))
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
    await response.prepare(request)
    queue = slack.feed.subscribe(me.id)
    try:
        await _stream(response, queue)
    except ConnectionError:
        pass  # The page was closed.
    finally:
        slack.feed.unsubscribe(me.id, queue)
    return response


async def _stream(response: web.StreamResponse, queue: Queue) -> None:
    await response.write(b": hello\n\n")
    while True:
        try:
            event = await asyncio.wait_for(queue.get(), PING_SECONDS)
        except TimeoutError:
            await response.write(b": ping\n\n")
            continue
        if event is None:
            return
        await response.write(f"data: {json.dumps(event)}\n\n".encode())


async def file(request: web.Request) -> web.StreamResponse:
    """Serve the page's own files."""
    folder = request.app[FOLDER]
    wanted = (folder / (request.match_info["path"] or "index.html")).resolve()
    if not wanted.is_relative_to(folder) or not wanted.is_file() or wanted.suffix not in _TYPES:
        raise web.HTTPNotFound
    headers = _HEADERS | {"Content-Type": f"{_TYPES[wanted.suffix]}; charset=utf-8"}
    return web.Response(body=wanted.read_bytes(), headers=headers)


FOLDER: web.AppKey[Path] = web.AppKey("folder", Path)

ROUTES = (
    web.get("/page/state", state),
    web.get("/page/history", history),
    web.get("/page/events", events),
)
