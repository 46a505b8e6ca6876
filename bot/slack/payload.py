"""What Slack sends, parsed once at the edge (docs.slack.dev: slash commands, interaction payloads)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

Body = Mapping[str, Any]


class Surface(StrEnum):
    """Where a person acted, which decides how they can be answered."""

    COMMAND = "slash_command"
    CLICK = "block_actions"
    SEARCH = "block_suggestion"
    SUBMISSION = "view_submission"
    EVENT = "event_callback"
    SHORTCUT = "shortcut"
    HOME = "home"  # a press there: Slack names it as a click, which is in no channel
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who speaks, from where. Ids only: names can be changed by whoever bears them."""

    surface: Surface
    team: str
    app: str
    user: str
    user_team: str
    channel: str
    response_url: str = field(repr=False, default="")
    trigger: str = field(repr=False, default="")


def read_caller(body: Body) -> Caller:
    """Read who speaks; what is missing is empty. Never raises on any JSON object."""
    surface = _surface(body)
    user, container, event = _table(body, "user"), _table(body, "container"), _table(body, "event")
    channel = body.get("channel_id") or _table(body, "channel").get("id") or container.get("channel_id")
    return Caller(
        surface=surface,
        team=_text(body.get("team_id") or _table(body, "team").get("id")),
        app=_text(body.get("api_app_id")),
        user=_text(body.get("user_id") or user.get("id") or event.get("user")),
        user_team=_text(user.get("team_id")),
        channel=_text(channel),
        response_url=_text(body.get("response_url")),
        trigger=_text(body.get("trigger_id")),
    )


def _surface(body: Body) -> Surface:
    if "command" in body:
        return Surface.COMMAND
    kind = _text(body.get("type"))
    if kind == Surface.CLICK and _table(body, "view").get("type") == Surface.HOME:
        return Surface.HOME
    return Surface(kind) if kind in _NAMED_BY_SLACK else Surface.OTHER


_NAMED_BY_SLACK: Final = frozenset({Surface.CLICK, Surface.SEARCH, Surface.SUBMISSION, Surface.EVENT, Surface.SHORTCUT})


def _table(body: Body, key: str) -> Mapping[str, Any]:
    value = body.get(key)
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def button_value(action: Body) -> str:
    """What a button carried."""
    return _text(action.get("value"))


def picked_value(action: Body) -> str:
    """The value of the option that was picked."""
    return _text(_table(action, "selected_option").get("value"))


def block_id(action: Body) -> str:
    return _text(action.get("block_id"))


def typed(body: Body, block: str, element: str) -> str:
    """The text of one input of a submitted dialog, or the value of the option chosen there."""
    values = _table(_table(_table(body, "view"), "state"), "values")
    state = _table(_table(values, block), element)
    return _text(state.get("value")) or picked_value(state)
