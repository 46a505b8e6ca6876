"""/api/<method>, /hooks/… and /socket: what the app talks to."""

from __future__ import annotations

import asyncio

from aiohttp import web

from deploy.sandbox.slack.answers import ApiError, Json
from deploy.sandbox.slack.delivery.responding import respond
from deploy.sandbox.slack.faults import Fault
from deploy.sandbox.slack.methods.answering import Answer, answered, rate_limited
from deploy.sandbox.slack.state import Slack
from deploy.sandbox.slack.surface.requests import SLACK, arguments, bearer, json_body

# The HTTP status of a refused response_url; but for the 404 of a spent one they are guessed.
_GONE = {"expired_url": 404, "used_url": 404, "no_such_url": 404}


async def call(request: web.Request) -> web.StreamResponse:
    slack, method = request.app[SLACK], request.match_info["method"]
    try:
        args = await arguments(request)
    except ApiError as refused:
        return web.json_response(refused.body())
    token = bearer(request, args)
    slack.journal.note("in", method, request.method, args)
    fault = slack.faults.strike(method)
    answer = await _instead(fault) or answered(slack, method, token, args)
    return _sent(request, slack, method, answer, fault)


async def _instead(fault: Fault | None) -> Answer | None:
    """Return the planned failure that takes the place of the call, after its delay."""
    if fault is None:
        return None
    if fault.delay:
        await asyncio.sleep(fault.delay)
    if fault.status == web.HTTPTooManyRequests.status_code:
        return rate_limited(fault.retry_after)
    if fault.status:
        return Answer({"ok": False, "error": "internal_error"}, fault.status)
    return Answer({"ok": False, "error": fault.error}) if fault.error else None


def _sent(request: web.Request, slack: Slack, what: str, answer: Answer, fault: Fault | None) -> web.Response:
    slack.journal.note("out", what, answer.status, answer.body)
    if fault and fault.cut and request.transport:
        request.transport.abort()
    return web.json_response(answer.body, status=answer.status, headers=answer.headers)


async def hook(request: web.Request) -> web.StreamResponse:
    slack = request.app[SLACK]
    try:
        body = await json_body(request)
    except ApiError as refused:
        return web.json_response(refused.body(), status=400)
    slack.journal.note("in", "response_url", request.method, {"path": request.path, **body})
    fault = slack.faults.strike("response_url")
    answer = await _instead(fault) or _responded(slack, request.path, body)
    return _sent(request, slack, "response_url", answer, fault)


def _responded(slack: Slack, path: str, body: Json) -> Answer:
    try:
        opened = slack.hooks.open(path)
        respond(slack, opened, body)
    except ApiError as refused:
        return Answer(refused.body(), _GONE.get(refused.error, 400))
    opened.uses += 1
    return Answer({"ok": True})


async def socket(request: web.Request) -> web.StreamResponse:
    return await request.app[SLACK].hub.connected(request)


ROUTES = (
    web.route("*", "/api/{method}", call),
    web.post("/hooks/{rest:.+}", hook),
    web.get("/socket", socket),
)
