"""What Slack adds to blocks when it stores them: ids, text flags, escaping, and what an input holds."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from deploy.sandbox.slack.answers import Json
from deploy.sandbox.slack.blocks.layout import elements_of


@dataclass(frozen=True, slots=True)
class Holding:
    """How an element's value is called in a state, when it is empty, and where its initial value stands."""

    key: str
    initial: str
    many: bool = False

    def empty(self) -> list[object] | None:
        return [] if self.many else None


_TEXT = Holding("value", "initial_value")
_ONE = Holding("selected_option", "initial_option")
_SEVERAL = Holding("selected_options", "initial_options", many=True)

# docs.slack.dev: block elements, view state values.
HOLDINGS: dict[str, Holding] = {
    "plain_text_input": _TEXT,
    "number_input": _TEXT,
    "email_text_input": _TEXT,
    "url_text_input": _TEXT,
    "static_select": _ONE,
    "external_select": _ONE,
    "radio_buttons": _ONE,
    "multi_static_select": _SEVERAL,
    "multi_external_select": _SEVERAL,
    "checkboxes": _SEVERAL,
    "users_select": Holding("selected_user", "initial_user"),
    "multi_users_select": Holding("selected_users", "initial_users", many=True),
    "channels_select": Holding("selected_channel", "initial_channel"),
    "multi_channels_select": Holding("selected_channels", "initial_channels", many=True),
    "conversations_select": Holding("selected_conversation", "initial_conversation"),
    "multi_conversations_select": Holding("selected_conversations", "initial_conversations", many=True),
    "datepicker": Holding("selected_date", "initial_date"),
    "timepicker": Holding("selected_time", "initial_time"),
    "datetimepicker": Holding("selected_date_time", "initial_date_time"),
}


def filled(blocks: list[Json], escape: Callable[[str], str] = str) -> list[Json]:
    """Return the blocks as Slack echoes them; `escape` treats the text of mrkdwn objects."""
    made = copy.deepcopy(blocks)
    for block in made:
        block.setdefault("block_id", secrets.token_urlsafe(4)[:5])
        for _, element in elements_of(block):
            if element["type"] != "image":
                element.setdefault("action_id", secrets.token_urlsafe(4)[:5])
        _flag_texts(block, escape)
    return made


def _flag_texts(node: object, escape: Callable[[str], str]) -> None:
    if isinstance(node, list):
        for item in node:
            _flag_texts(item, escape)
    elif isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            node["text"] = escape(node["text"])
            node.setdefault("verbatim", False)
        elif node.get("type") == "plain_text":
            node.setdefault("emoji", True)
        for item in node.values():
            _flag_texts(item, escape)


def initial_values(blocks: list[Json]) -> Json:
    """Return `state.values` before anybody touched anything."""
    values: Json = {}
    for block in blocks:
        for _, element in elements_of(block):
            holding = HOLDINGS.get(element["type"])
            if holding:
                values.setdefault(block["block_id"], {})[element["action_id"]] = {
                    "type": element["type"],
                    holding.key: element.get(holding.initial, holding.empty()),
                }
    return values


def carried_over(blocks: list[Json], before: Json) -> Json:
    """Return the values after an update: typed ones stay where block_id, action_id and type are the same."""
    values = initial_values(blocks)
    for block_id, actions in values.items():
        for action_id, value in actions.items():
            kept = before.get(block_id, {}).get(action_id)
            if kept and kept["type"] == value["type"]:
                actions[action_id] = kept
    return values


def element_in(blocks: list[Json], block_id: str, action_id: str) -> Json | None:
    for block in blocks:
        if block.get("block_id") == block_id:
            for _, element in elements_of(block):
                if element.get("action_id") == action_id:
                    return element
    return None
