"""What tests and tours ask beside Slack's own surface: look, turn the clock, plan faults, deliver anything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from aiohttp import web

from deploy.sandbox.slack.answers import ApiError, Json
from deploy.sandbox.slack.delivery.posting import shown
from deploy.sandbox.slack.surface.requests import SLACK, json_body
from deploy.sandbox.slack.workspace.model import Channel, User, Usergroup

if TYPE_CHECKING:
    from deploy.sandbox.slack.state import Slack

Order = Callable[["Slack", Json], Awaitable[Json]]
Record = TypeVar("Record", User, Channel, Usergroup)


async def transcript(request: web.Request) -> web.Response:
    slack = request.app[SLACK]
    channel = request.query.get("channel", "")
    found = [*slack.workspace.timeline(channel), *slack.workspace.private.get(channel, {}).values()]
    found.sort(key=lambda message: message.ts)
    messages = [
        shown(slack, each) | {"pings": list(each.pings)} | ({"to": each.to} if each.to else {}) for each in found
    ]
    return web.json_response({"messages": messages})


async def home(request: web.Request) -> web.Response:
    """Show what was published as somebody's Home; unlike the page, without opening it."""
    view = request.app[SLACK].workspace.homes.get(request.query.get("user", ""))
    return web.json_response({"view": view})


async def log(request: web.Request) -> web.Response:
    return web.json_response(request.app[SLACK].journal.since(int(request.query.get("since", "0"))))


async def faults(request: web.Request) -> web.Response:
    return web.json_response(request.app[SLACK].faults.told())


async def member(slack: Slack, asked: Json) -> Json:
    channel = _known(slack.workspace.channels, asked.get("channel"))
    others = tuple(each for each in channel.members if each != asked.get("user"))
    joined = (str(asked.get("user")),) if asked.get("member") else ()
    slack.workspace.put(replace(channel, members=(*others, *joined)))
    slack.feed.tell_all({"type": "reset"})
    return {}


async def user(slack: Slack, asked: Json) -> Json:
    return _altered(slack, _known(slack.workspace.users, asked.pop("user", None)), asked)


async def channel(slack: Slack, asked: Json) -> Json:
    return _altered(slack, _known(slack.workspace.channels, asked.pop("channel", None)), asked)


async def usergroup(slack: Slack, asked: Json) -> Json:
    return _altered(slack, _known(slack.workspace.usergroups, asked.pop("usergroup", None)), asked)


def _known(place: dict[str, Record], wanted: object) -> Record:
    if str(wanted) not in place:
        raise ApiError("not_found")
    return place[str(wanted)]


def _altered(slack: Slack, record: User | Channel | Usergroup, fields: Json) -> Json:
    given: Json = {key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()}
    slack.workspace.put(_replaced(record, given))
    slack.feed.tell_all({"type": "reset"})
    return {}


def _replaced(record: User | Channel | Usergroup, fields: Json) -> User | Channel | Usergroup:
    altered: User | Channel | Usergroup = replace(record, **fields)
    return altered


async def fault(slack: Slack, asked: Json) -> Json:
    slack.faults.plan(asked)
    return {}


async def clock(slack: Slack, asked: Json) -> Json:
    slack.clock.advance(float(asked["advance"]))
    return {"now": slack.clock.now()}


async def disconnect(slack: Slack, asked: Json) -> Json:
    if asked.get("drop"):
        slack.hub.drop()
    else:
        await slack.hub.disconnect(str(asked["reason"]))
    return {}


async def deliver(slack: Slack, asked: Json) -> Json:
    done = await slack.hub.deliver(str(asked["type"]), asked["payload"])
    return {"delivered": done.outcome != "dispatch_failed", "ack": done.ack, "after": done.after}


def _route(name: str, order: Order) -> web.RouteDef:
    async def handle(request: web.Request) -> web.Response:
        try:
            return web.json_response({"ok": True, **await order(request.app[SLACK], await json_body(request))})
        except ApiError as refused:
            return web.json_response(refused.body(), status=400)
        except (KeyError, TypeError, ValueError) as wrong:
            return web.json_response({"ok": False, "error": f"invalid_order: {wrong}"}, status=400)

    return web.post(f"/control/{name}", handle)


ROUTES = (
    web.get("/control/transcript", transcript),
    web.get("/control/home", home),
    web.get("/control/log", log),
    web.get("/control/faults", faults),
    _route("member", member),
    _route("user", user),
    _route("channel", channel),
    _route("usergroup", usergroup),
    _route("fault", fault),
    _route("clock", clock),
    _route("disconnect", disconnect),
    _route("deliver", deliver),
)
