"""view_submission and view_closed (docs.slack.dev: modals)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from deploy.sandbox.slack.answers import ApiError, Json
from deploy.sandbox.slack.delivery import clicks, payloads
from deploy.sandbox.slack.methods.views import checked_view

if TYPE_CHECKING:
    from deploy.sandbox.slack.state import Slack


# docs.slack.dev: plain-text input.
LONGEST_INPUT = 3000


def open_view(slack: Slack, user_id: str, view_id: str) -> Json:
    return _one_of(slack.modals.stack(user_id), view_id)


def _one_of(views: list[Json], view_id: str) -> Json:
    view = next((each for each in views if each["id"] == view_id), None)
    if view is None:
        raise ApiError("not_found")
    return view


def typed(slack: Slack, user_id: str, asked: Json) -> None:
    """Remember what an input (view_id, block_id, action_id) of an open view or of the Home holds (value)."""
    view = _one_of(slack.modals.shown(user_id), str(asked.get("view_id")))
    _enter(slack, user_id, view, (str(asked.get("block_id")), str(asked.get("action_id"))), asked.get("value"))


def _enter(slack: Slack, user_id: str, view: Json, place: tuple[str, str], value: object) -> None:
    given = value if isinstance(value, dict) else {}
    slack.modals.typed(view, *place, clicks.entered(slack, slack.workspace.user(user_id), view, place, given))


async def submitted(slack: Slack, user_id: str, view_id: str, values: Json) -> Json:
    """Submit a view; return response_action, and errors by block_id where there are some."""
    view = open_view(slack, user_id, view_id)
    for block_id, actions in values.items():
        for action_id, value in actions.items():
            _enter(slack, user_id, view, (block_id, action_id), value)
    errors = dict(_own_checks(view))
    if errors:
        return _refused(slack, user_id, view, errors)
    payload = payloads.view_submission(slack, slack.workspace.user(user_id), view)
    delivery = await slack.hub.deliver("interactive", payload)
    if delivery.error:
        raise ApiError(delivery.error)
    answer = delivery.payload if isinstance(delivery.payload, dict) else {}
    return _done(slack, user_id, view, answer)


def _refused(slack: Slack, user_id: str, view: Json, errors: Json) -> Json:
    slack.feed.tell([user_id], {"type": "view_errors", "view_id": view["id"], "errors": errors})
    return {"response_action": "errors", "errors": errors}


def _own_checks(view: Json) -> Iterator[tuple[str, str]]:
    """Find what Slack refuses by itself: required inputs left empty, and texts too short or too long."""
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        held = view["state"]["values"].get(block["block_id"], {}).get(element["action_id"], {})
        value = next((item for key, item in held.items() if key != "type"), None)
        if value in (None, "", []):
            if not block.get("optional"):
                yield block["block_id"], "Please complete this required field."
        elif isinstance(value, str) and len(value) < element.get("min_length", 0):
            yield block["block_id"], f"Please lengthen this to {element['min_length']} characters or more."
        elif isinstance(value, str) and len(value) > (most := element.get("max_length", LONGEST_INPUT)):
            yield block["block_id"], f"Please shorten this to {most} characters or fewer."


def _done(slack: Slack, user_id: str, view: Json, answer: Json) -> Json:
    """Do what the ack says. An answer that Slack would not take leaves the view as it is."""
    actions: dict[object, Callable[[], object]] = {
        None: lambda: slack.modals.closed(user_id, view["id"]),
        "clear": lambda: slack.modals.cleared(user_id),
        "update": lambda: slack.modals.updated(user_id, view, checked_view(answer.get("view"), "modal")),
        "push": lambda: slack.modals.pushed(user_id, checked_view(answer.get("view"), "modal")),
    }
    action = answer.get("response_action")
    if action == "errors":
        return _refused(slack, user_id, view, _known_errors(view, answer.get("errors")))
    if action not in actions:
        raise ApiError("invalid_response_action")
    actions[action]()
    return {"response_action": action}


def _known_errors(view: Json, errors: object) -> Json:
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
        raise ApiError("invalid_errors")
    return errors


async def closed(slack: Slack, user_id: str, view_id: str, *, cleared: bool) -> None:
    """Close a view (Cancel, Back), or with `cleared` all of them (X); tell the app where it wants to know."""
    view = open_view(slack, user_id, view_id)
    told = slack.modals.stack(user_id)[0] if cleared else view
    if cleared:
        slack.modals.cleared(user_id)
    else:
        slack.modals.closed(user_id, view_id)
    if told["notify_on_close"]:
        user = slack.workspace.user(user_id)
        await slack.hub.deliver("interactive", payloads.view_closed(user, told, is_cleared=cleared))
