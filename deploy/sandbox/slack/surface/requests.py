"""What comes over HTTP: arguments in Slack's wire styles, and JSON answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aiohttp import web

from deploy.sandbox.slack.answers import ApiError, Json

if TYPE_CHECKING:
    from deploy.sandbox.slack.state import Slack

SLACK: web.AppKey[Slack] = web.AppKey("slack")

_LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}


async def arguments(request: web.Request) -> Json:
    """Merge query, form and JSON body, whichever the client uses."""
    found: Json = dict(request.query)
    if request.content_type == "application/json":
        found |= await json_body(request)
    elif request.method == "POST":
        found |= {key: str(value) for key, value in (await request.post()).items()}
    return found


async def json_body(request: web.Request) -> Json:
    text = await request.text()
    if not text:
        return {}
    try:
        body = json.loads(text)
    except ValueError:
        raise ApiError("invalid_json") from None
    if not isinstance(body, dict):
        raise ApiError("json_not_object")
    return body


def bearer(request: web.Request, args: Json) -> str | None:
    """Return the token of the Authorization header, or of the `token` argument, which leaves `args`."""
    argument = args.pop("token", None)
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else argument


def local_only(request: web.Request) -> None:
    """Refuse what a page of another site could make a browser send: foreign Host, or POST without our header."""
    host = request.host.rpartition(":")[0] if request.host.rpartition(":")[2].isdecimal() else request.host
    if host not in _LOOPBACK:
        raise web.HTTPForbidden(text="only for this machine")
    if request.method == "POST" and request.headers.get("X-Sandbox") != "1":
        raise web.HTTPForbidden(text="the header X-Sandbox: 1 is missing")
