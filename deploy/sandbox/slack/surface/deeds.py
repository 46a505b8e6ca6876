"""What people do on the page: they type, click, choose, submit and close."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aiohttp import web

from deploy.sandbox.slack.answers import ApiError, Json
from deploy.sandbox.slack.delivery import clicks, commands, payloads, shortcuts, submissions
from deploy.sandbox.slack.delivery.escaping import escaped
from deploy.sandbox.slack.delivery.posting import Draft, composed, post
from deploy.sandbox.slack.surface.pages import acting
from deploy.sandbox.slack.surface.requests import SLACK, json_body

if TYPE_CHECKING:
    from deploy.sandbox.slack.state import Slack

Deed = Callable[["Slack", Json], Awaitable[Json]]


async def command(slack: Slack, asked: Json) -> Json:
    user, channel, line = (str(asked.get(key, "")) for key in ("user", "channel", "text"))
    if channel not in slack.workspace.channels:
        raise ApiError("channel_not_found")
    error = await commands.typed(slack, user, channel, line, in_thread=bool(asked.get("thread_ts")))
    return {"ok": False, "error": error} if error else {}


async def message(slack: Slack, asked: Json) -> Json:
    channel = slack.workspace.channels.get(str(asked.get("channel")))
    if channel is None or asked["user"] not in channel.members or channel.is_archived:
        raise ApiError("not_in_channel")
    more: Json = {"thread_ts": asked["thread_ts"]} if asked.get("thread_ts") else {}
    text = escaped(slack.workspace, str(asked.get("text", "")))
    if not text:
        raise ApiError("no_text")
    draft = Draft(text, author=str(asked["user"]), link_names=True, more=more)
    return {"ts": post(slack, composed(slack, channel.id, draft)).ts}


async def action(slack: Slack, asked: Json) -> Json:
    error = await clicks.acted(slack, asked)
    return {"ok": False, "error": error} if error else {}


async def options(slack: Slack, asked: Json) -> Json:
    return await clicks.suggested(slack, asked)


async def typed(slack: Slack, asked: Json) -> Json:
    submissions.typed(slack, str(asked.get("user")), asked)
    return {}


async def submit(slack: Slack, asked: Json) -> Json:
    values = (asked.get("state") or {}).get("values") or {}
    return await submissions.submitted(slack, str(asked.get("user")), str(asked.get("view_id")), values)


async def close(slack: Slack, asked: Json) -> Json:
    cleared = bool(asked.get("cleared"))
    await submissions.closed(slack, str(asked.get("user")), str(asked.get("view_id")), cleared=cleared)
    return {}


async def shortcut(slack: Slack, asked: Json) -> Json:
    user = slack.workspace.user(str(asked.get("user")))
    error = await shortcuts.used(slack, user, str(asked.get("callback_id")))
    return {"ok": False, "error": error} if error else {}


async def home(slack: Slack, asked: Json) -> Json:
    """Open a tab of the app (`tab`, the Home by default); return what was published as this person's Home."""
    user, tab = acting(slack, asked.get("user")), str(asked.get("tab", "home"))
    if tab not in slack.manifest.tabs():
        raise ApiError("tab_not_enabled")
    if "app_home_opened" in slack.manifest.events:
        slack.hub.announce(payloads.app_home_opened(slack, user, tab))
    return {"view": slack.workspace.homes.get(user.id) if tab == "home" else None}


_STATUS = {"no_such_element": 404, "not_offered": 400}


def _route(name: str, deed: Deed) -> web.RouteDef:
    async def handle(request: web.Request) -> web.Response:
        slack = request.app[SLACK]
        try:
            asked = await json_body(request)
            acting(slack, asked.get("user"))
            return web.json_response({"ok": True, **await deed(slack, asked)})
        except ApiError as refused:
            return web.json_response(refused.body(), status=_STATUS.get(refused.error, 200))

    return web.post(f"/page/{name}", handle)


ROUTES = (
    _route("command", command),
    _route("message", message),
    _route("action", action),
    _route("options", options),
    _route("input", typed),
    _route("submit", submit),
    _route("close", close),
    _route("shortcut", shortcut),
    _route("home", home),
)
