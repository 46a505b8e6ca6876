"""views.* (docs.slack.dev: views.open, views.push, views.update, views.publish)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.sandbox.slack.answers import ApiError, Json, invalid_arguments
from deploy.sandbox.slack.blocks.layout import too_large, view_problems
from deploy.sandbox.slack.limits import TIER_4
from deploy.sandbox.slack.methods.calls import Call, Method

if TYPE_CHECKING:
    from deploy.sandbox.slack.state import Slack


def checked_view(view: object, kind: str) -> Json:
    """Return a view that Slack would take; raise invalid_arguments or view_too_large."""
    rejection = view_problems(view, kind)
    if rejection:
        raise ApiError("invalid_arguments", response_metadata={"messages": rejection.messages})
    if not isinstance(view, dict):
        raise invalid_arguments("view")
    if too_large(view):
        raise ApiError("view_too_large")
    return view


def open_view(slack: Slack, call: Call) -> Json:
    view = checked_view(call.structure("view"), "modal")
    trigger = slack.triggers.spend(_trigger_id(call))
    return {"view": slack.modals.opened(trigger.user, view)}


def push(slack: Slack, call: Call) -> Json:
    view = checked_view(call.structure("view"), "modal")
    trigger = slack.triggers.spend(_trigger_id(call))
    if trigger.in_view not in {view["id"] for view in slack.modals.stack(trigger.user)}:
        # Only an interaction in an open modal gives such a trigger, one in a Home doesn't; the error's name is guessed.
        raise ApiError("invalid_trigger_id")
    return {"view": slack.modals.pushed(trigger.user, view)}


def _trigger_id(call: Call) -> str:
    return call.optional("trigger_id") or call.optional("interactivity_pointer") or ""


def update(slack: Slack, call: Call) -> Json:
    given = call.structure("view")
    kind = "home" if isinstance(given, dict) and given.get("type") == "home" else "modal"
    view = checked_view(given, kind)
    home = _home_of(slack, call.optional("view_id"), call.optional("external_id"))
    if home:
        return {"view": _published(slack, home, view, call.optional("hash"))}
    user, old = slack.modals.find(call.optional("view_id"), call.optional("external_id"))
    _same_hash(old, call.optional("hash"))
    return {"view": slack.modals.updated(user, old, view)}


def _home_of(slack: Slack, view_id: str | None, external_id: str | None) -> str | None:
    """Return whose Home is named."""
    for user, view in slack.workspace.homes.items():
        if view["id"] == view_id or (external_id and view["external_id"] == external_id):
            return user
    return None


def _same_hash(old: Json | None, expected: str | None) -> None:
    if expected and (old is None or old["hash"] != expected):
        raise ApiError("hash_conflict")


def publish(slack: Slack, call: Call) -> Json:
    if not slack.manifest.home_tab:
        raise ApiError("not_enabled")
    view = checked_view(call.structure("view"), "home")
    user = slack.workspace.user(call.text("user_id"))
    return {"view": _published(slack, user.id, view, call.optional("hash"))}


def _published(slack: Slack, user: str, given: Json, expected: str | None) -> Json:
    before = slack.workspace.homes.get(user)
    _same_hash(before, expected)
    view = slack.modals.home(given, before)
    slack.workspace.put_home(user, view)
    slack.feed.tell([user], {"type": "home", "view": view})
    return view


METHODS = {
    "views.open": Method(open_view, TIER_4),
    "views.push": Method(push, TIER_4),
    "views.update": Method(update, TIER_4),
    "views.publish": Method(publish, TIER_4),
}
