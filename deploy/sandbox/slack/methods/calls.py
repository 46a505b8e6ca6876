"""A Web API call: its arguments in every wire style, and the declaration of a method."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy.sandbox.slack.answers import ApiError, Json, invalid_arguments
from deploy.sandbox.slack.limits import TIER_4, Rate

if TYPE_CHECKING:
    from deploy.sandbox.slack.state import Slack


@dataclass(frozen=True, slots=True)
class Call:
    """Arguments as they came: JSON values from a JSON body, strings from a form or a query."""

    args: Json

    def text(self, name: str) -> str:
        """Return a required argument."""
        value = self.optional(name)
        if not value:
            msg = f"missing required field: {name}"
            raise invalid_arguments(msg)
        return value

    def optional(self, name: str) -> str | None:
        value = self.args.get(name)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, bool | int | float):
            return str(value)
        msg = f"must provide a string [json-pointer:/{name}]"
        raise invalid_arguments(msg)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Read a boolean; forms carry 0, 1, true or false."""
        value = self.args.get(name, default)
        return value in {True, "1", "true", "True"}

    def structure(self, name: str) -> object:
        """Return an object or array, which forms carry as JSON text; None when it isn't there."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            parsed: object = json.loads(value)
        except ValueError:
            return value
        return parsed

    def number(self, name: str, default: int, most: int) -> int:
        value = self.optional(name)
        if not value or value == "0":
            return default
        if not value.isdecimal() or int(value) > most:
            raise ApiError("invalid_limit" if name == "limit" else "invalid_arguments")
        return int(value)

    def page(self, records: Sequence[object], name: str, default: int = 100, most: int = 1000) -> Json:
        """Cut a list by `cursor` and `limit` as Slack's lists do; a cursor is opaque to the caller."""
        limit = self.number("limit", default, most)
        cursor = self.optional("cursor") or "next:0"
        start = cursor.removeprefix("next:")
        if not cursor.startswith("next:") or not start.isdecimal():
            raise ApiError("invalid_cursor")
        end = int(start) + limit
        following = f"next:{end}" if end < len(records) else ""
        return {name: list(records[int(start) : end]), "response_metadata": {"next_cursor": following}}


@dataclass(frozen=True, slots=True)
class Method:
    """How a method is answered; `token` is the kind that it takes ("bot", "app" or none), `scopes` are all needed."""

    run: Callable[[Slack, Call], Json]
    rates: tuple[Rate, ...] = TIER_4
    token: str | None = "bot"  # noqa: S105 - a kind of token
    scopes: tuple[str, ...] = field(default=())


def require(slack: Slack, scope: str) -> None:
    """Raise missing_scope when the bot's token lacks a scope that depends on what is asked for."""
    if scope not in slack.scopes:
        raise missing_scope(slack, scope)


def missing_scope(slack: Slack, scope: str) -> ApiError:
    return ApiError("missing_scope", needed=scope, provided=",".join(sorted(slack.scopes)))
