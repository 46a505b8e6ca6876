"""block_actions and block_suggestion: what somebody does with an element that the app has shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy.sandbox.slack.answers import ApiError, Json
from deploy.sandbox.slack.blocks.filling import HOLDINGS, carried_over, element_in
from deploy.sandbox.slack.blocks.layout import options_problems
from deploy.sandbox.slack.delivery import payloads
from deploy.sandbox.slack.workspace.model import Message, User

if TYPE_CHECKING:
    from deploy.sandbox.slack.state import Slack

# docs.slack.dev: external select; fewer letters are not sent to the app.
MIN_QUERY = 3

_SELECTS = {"static_select", "multi_static_select", "radio_buttons", "checkboxes", "overflow"}
_EXTERNAL = {"external_select", "multi_external_select"}


@dataclass(frozen=True, slots=True)
class Touch:
    """An element in the stored message or view, and who touches it. `source` is that message or view."""

    user: User
    source: Message | Json
    block_id: str
    element: Json

    @property
    def action_id(self) -> str:
        return str(self.element["action_id"])

    @property
    def key(self) -> str:
        """Name the element for one person, over all their touches."""
        source = self.source
        place = f"{source.channel}/{source.ts}" if isinstance(source, Message) else source["id"]
        return f"{self.user.id}/{place}/{self.block_id}/{self.action_id}"


def touched(slack: Slack, asked: Json) -> Touch:
    """Find what `asked` (user, container, block_id, action_id) points at; no_such_element where it isn't."""
    user = slack.workspace.user(str(asked.get("user")))
    source = _source(slack, user, asked.get("container") or {})
    block_id, action_id = str(asked.get("block_id")), str(asked.get("action_id"))
    element = element_in(_blocks(source), block_id, action_id)
    if element is None:
        raise ApiError("no_such_element")
    return Touch(user, source, block_id, element)


def _blocks(source: Message | Json) -> list[Json]:
    body = source.body if isinstance(source, Message) else source
    blocks: list[Json] = body.get("blocks", [])
    return blocks


def _source(slack: Slack, user: User, container: Json) -> Message | Json:
    if container.get("type") == "view":
        return _view(slack, user, str(container.get("view_id")))
    channel, ts = str(container.get("channel_id")), str(container.get("message_ts"))
    place = slack.workspace.private if container.get("is_ephemeral") else slack.workspace.messages
    message = place.get(channel, {}).get(ts)
    if message is None or message.to not in {None, user.id}:
        raise ApiError("no_such_element")
    if user.id not in slack.workspace.channels[channel].members:
        raise ApiError("not_in_channel")
    return message


def _view(slack: Slack, user: User, view_id: str) -> Json:
    view = next((each for each in slack.modals.shown(user.id) if each["id"] == view_id), None)
    if view is None:
        raise ApiError("no_such_element")
    return view


async def acted(slack: Slack, asked: Json) -> str | None:
    """Deliver a click or a choice; return the delivery's error, if any."""
    touch = touched(slack, asked)
    chosen = _chosen(slack, touch, asked)
    values = _remembered(slack, touch, chosen)
    action = _action(slack, touch, chosen)
    payload = payloads.block_actions(slack, touch.user, touch.source, action, values)
    return (await slack.hub.deliver("interactive", payload)).error


def entered(slack: Slack, user: User, view: Json, place: tuple[str, str], value: Json) -> Json:
    """Return what somebody enters at (block_id, action_id) of a view, as its state keeps it.

    Raise no_such_element, and not_offered for an option that nobody was shown.
    """
    element = element_in(view["blocks"], *place)
    holding = HOLDINGS.get(element["type"]) if element else None
    if element is None or holding is None:
        raise ApiError("no_such_element")
    if value.get(holding.key) in (None, []):
        return {"type": element["type"], holding.key: holding.empty()}
    return {"type": element["type"], **_chosen(slack, Touch(user, view, place[0], element), value)}


def _action(slack: Slack, touch: Touch, chosen: Json) -> Json:
    carried: Json = {
        key: touch.element[key] for key in ("text", "value", "style", "url", "placeholder") if key in touch.element
    }
    return {
        "type": touch.element["type"],
        "action_id": touch.action_id,
        "block_id": touch.block_id,
        **carried,
        **chosen,
        "action_ts": slack.workspace.next_ts(),
    }


def _chosen(slack: Slack, touch: Touch, asked: Json) -> Json:
    """Return what the element now holds; raise not_offered for an option that nobody was shown."""
    kind = touch.element["type"]
    if kind == "overflow":
        return {"selected_option": _offered(slack, touch, asked.get("selected_option"))}
    holding = HOLDINGS.get(kind)
    if holding is None:
        return {}
    given = asked.get(holding.key)
    if kind in _SELECTS | _EXTERNAL:
        given = _offered_all(slack, touch, given) if holding.many else _offered(slack, touch, given)
    return {holding.key: given}


def _offered_all(slack: Slack, touch: Touch, given: object) -> list[Json]:
    if not isinstance(given, list):
        raise ApiError("not_offered")
    return [_offered(slack, touch, each) for each in given]


def _offered(slack: Slack, touch: Touch, given: object) -> Json:
    for option in _shown(slack, touch):
        if isinstance(given, dict) and given.get("value") == option["value"] and _same_text(given, option):
            return option
    raise ApiError("not_offered")


def _shown(slack: Slack, touch: Touch) -> list[Json]:
    """List a menu's options; one that asks the app shows what it answered, and what it began with."""
    if touch.element["type"] not in _EXTERNAL:
        return options(touch.element)
    first = touch.element.get("initial_option")
    begun: list[Json] = [first] if first else touch.element.get("initial_options", [])
    return [*begun, *slack.offered.get(touch.key, [])]


def _same_text(given: Json, option: Json) -> bool:
    text = given.get("text")
    return text is None or (isinstance(text, dict) and text.get("text") == option["text"]["text"])


def options(element: Json) -> list[Json]:
    """Return all options of a menu, those in groups too."""
    groups = element.get("option_groups") or [element]
    return [option for group in groups for option in group.get("options", [])]


def _remembered(slack: Slack, touch: Touch, chosen: Json) -> Json:
    """Keep the choice for this person, in the view or beside the message; return the message's state values."""
    value = {"type": touch.element["type"], **chosen}
    keeps = touch.element["type"] in HOLDINGS
    if not isinstance(touch.source, Message):
        if keeps:
            slack.modals.typed(touch.source, touch.block_id, touch.action_id, value)
        return {}
    key = f"{touch.user.id}/{touch.source.channel}/{touch.source.ts}"
    values = carried_over(_blocks(touch.source), slack.touched.get(key, {}))
    if keeps:
        values.setdefault(touch.block_id, {})[touch.action_id] = value
    slack.touched[key] = values
    return values


async def suggested(slack: Slack, asked: Json) -> Json:
    """Ask the app for options; raise ApiError for a delivery that failed or an answer that Slack won't show."""
    touch = touched(slack, asked)
    typed = str(asked.get("value", ""))
    if len(typed) < touch.element.get("min_query_length", MIN_QUERY):
        return {"options": []}
    query = {"action_id": touch.action_id, "block_id": touch.block_id, "value": typed}
    payload = payloads.block_suggestion(slack, touch.user, touch.source, query)
    delivery = await slack.hub.deliver("interactive", payload)
    if delivery.error:
        raise ApiError(delivery.error)
    return _taken(slack, touch, delivery.payload)


def _taken(slack: Slack, touch: Touch, answer: object) -> Json:
    rejection = options_problems(answer)
    if rejection or not isinstance(answer, dict):
        messages = rejection.messages if rejection else []
        slack.journal.note("in", "ack", "invalid_options", {"messages": messages})
        raise ApiError("invalid_options")
    known = slack.offered.setdefault(touch.key, [])
    known += [option for option in options(answer) if option not in known]
    return answer
