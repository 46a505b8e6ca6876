"""The order in which Slack judges a call: method, token, scope, rate; then the method itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy.sandbox.slack.answers import ApiError, Json
from deploy.sandbox.slack.methods.calls import Call, Method, missing_scope
from deploy.sandbox.slack.methods.table import METHODS

if TYPE_CHECKING:
    from deploy.sandbox.slack.state import Slack


@dataclass(frozen=True, slots=True)
class Answer:
    body: Json
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def rate_limited(seconds: int) -> Answer:
    return Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(seconds)})


def answered(slack: Slack, name: str, token: str | None, args: Json) -> Answer:
    method = METHODS.get(name)
    if method is None:
        return Answer({"ok": False, "error": "unknown_method", "req_method": name})
    headers: dict[str, str] = {}
    try:
        headers = _authorised(slack, method, token)
        wait = slack.limits.retry_after(name, method.rates, args)
        if wait is not None:
            return rate_limited(wait)
        return Answer({"ok": True, **method.run(slack, Call(args))}, headers=headers)
    except ApiError as refused:
        if refused.error == "missing_scope":
            headers |= _scopes(slack) | {"X-Accepted-OAuth-Scopes": str(refused.more["needed"])}
        return Answer(refused.body(), headers=headers)


def _authorised(slack: Slack, method: Method, token: str | None) -> dict[str, str]:
    if method.token is None:
        return {}
    if not token:
        raise ApiError("not_authed")
    kind = slack.tokens.kind(token)
    if kind is None:
        raise ApiError("invalid_auth")
    if kind != method.token:
        raise ApiError("not_allowed_token_type")
    for scope in method.scopes:
        if scope not in slack.scopes:
            raise missing_scope(slack, scope)
    return _scopes(slack) if kind == "bot" else {}


def _scopes(slack: Slack) -> dict[str, str]:
    return {"X-OAuth-Scopes": ",".join(sorted(slack.scopes))}
