"""Block Kit's composition objects and elements, with their limits (docs.slack.dev: Block Kit reference).

Sizes are characters. What is missing here is unknown to this server and rejected as an unsupported type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from deploy.sandbox.slack.blocks.problems import (
    Check,
    Problem,
    boolean,
    both,
    choice,
    integer,
    items,
    kinds,
    rule,
    shape,
    string,
)

ID = string(255)
TEXT = 3000
URL = string(3000)


def plain(most: int) -> Check:
    """Check a plain_text object."""
    return _text_of(most, "plain_text")


def text(most: int) -> Check:
    """Check a text object of either kind."""
    return _text_of(most, "plain_text", "mrkdwn")


def _text_of(most: int, *allowed: str) -> Check:
    shapes = {
        "plain_text": shape({"text": string(most)}, {"emoji": boolean}),
        "mrkdwn": shape({"text": string(most)}, {"verbatim": boolean}),
    }

    def check(value: object, at: str) -> Iterator[Problem]:
        kind = value.get("type") if isinstance(value, dict) else None
        if isinstance(kind, str) and kind in shapes and kind not in allowed:
            yield Problem("must be a valid enum value", f"{at}/type")
        else:
            yield from kinds({kind: shapes[kind] for kind in allowed})(value, at)

    return check


CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
)


def option(label: Check) -> Check:
    return shape({"text": label, "value": string(150)}, {"description": label})


OPTION = option(plain(75))
OVERFLOW_OPTION = shape({"text": plain(75), "value": string(150)}, {"description": plain(75), "url": URL})
CHOICE_OPTION = option(text(75))
OPTIONS = items(OPTION, 100)
OPTION_GROUPS = items(shape({"label": plain(75), "options": OPTIONS}), 100)


def _offered(value: dict[str, object]) -> list[object]:
    groups = value.get("option_groups")
    if isinstance(groups, list):
        lists = [group.get("options") for group in groups if isinstance(group, dict)]
        return [each for options in lists if isinstance(options, list) for each in options]
    options = value.get("options")
    return options if isinstance(options, list) else []


def _options_or_groups(value: dict[str, object], at: str) -> Iterator[Problem]:
    given = {"options", "option_groups"} & value.keys()
    if not given:
        yield Problem("missing required field: options", at)
    elif len(given) > 1:
        yield Problem("failed to match exactly one allowed schema", at)


def _initial_is_offered(value: dict[str, object], at: str) -> Iterator[Problem]:
    offered = _offered(value)
    if "initial_option" in value and value["initial_option"] not in offered:
        yield Problem("failed to match any allowed schemas", f"{at}/initial_option")
    chosen = value.get("initial_options", [])
    if isinstance(chosen, list) and any(each not in offered for each in chosen):
        yield Problem("failed to match any allowed schemas", f"{at}/initial_options")


_ANY = {"action_id": ID}
_FOCUS = {"focus_on_load": boolean}
_MENU = {**_ANY, **_FOCUS, "placeholder": plain(150), "confirm": CONFIRM}
_TYPED = {
    **_ANY,
    **_FOCUS,
    "placeholder": plain(150),
    "dispatch_action_config": shape(
        {},
        {"trigger_actions_on": items(choice("on_enter_pressed", "on_character_entered"), 2)},
    ),
}
_STATIC = {"options": OPTIONS, "option_groups": OPTION_GROUPS}
_MANY = {"max_selected_items": integer(1, 100)}
_FILTER = shape(
    {},
    {
        "include": items(choice("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
_CONVERSATIONS = {
    **_MENU,
    "filter": _FILTER,
    "default_to_current_conversation": boolean,
    "response_url_enabled": boolean,
}
_SELECT_RULES = (rule(_options_or_groups), rule(_initial_is_offered))


def _select_of(kind: str) -> dict[str, Check]:
    """Make the single and the multiple menu of people, channels or conversations."""
    extras = _CONVERSATIONS if kind == "conversation" else _MENU
    single = {"channel": {"response_url_enabled": boolean}}.get(kind, {})
    return {
        f"{kind}s_select": shape({}, {**extras, **single, f"initial_{kind}": ID}),
        f"multi_{kind}s_select": shape({}, {**extras, **_MANY, f"initial_{kind}s": items(ID, 100)}),
    }


ELEMENTS: Mapping[str, Check] = {
    "button": shape(
        {"text": plain(75)},
        {
            **_ANY,
            "value": string(2000),
            "url": URL,
            "style": choice("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
        },
    ),
    "overflow": shape({"options": items(OVERFLOW_OPTION, 5)}, {**_ANY, "confirm": CONFIRM}),
    "static_select": both(shape({}, {**_MENU, **_STATIC, "initial_option": OPTION}), *_SELECT_RULES),
    "multi_static_select": both(shape({}, {**_MENU, **_MANY, **_STATIC, "initial_options": OPTIONS}), *_SELECT_RULES),
    "external_select": shape({}, {**_MENU, "min_query_length": integer(0, 3000), "initial_option": OPTION}),
    "multi_external_select": shape(
        {}, {**_MENU, **_MANY, "min_query_length": integer(0, 3000), "initial_options": OPTIONS}
    ),
    **_select_of("user"),
    **_select_of("channel"),
    **_select_of("conversation"),
    "radio_buttons": both(
        shape(
            {"options": items(CHOICE_OPTION, 10)},
            {**_ANY, **_FOCUS, "initial_option": CHOICE_OPTION, "confirm": CONFIRM},
        ),
        rule(_initial_is_offered),
    ),
    "checkboxes": both(
        shape(
            {"options": items(CHOICE_OPTION, 10)},
            {**_ANY, **_FOCUS, "initial_options": items(CHOICE_OPTION, 10), "confirm": CONFIRM},
        ),
        rule(_initial_is_offered),
    ),
    "plain_text_input": shape(
        {},
        {
            **_TYPED,
            "initial_value": string(3000, least=0),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        },
    ),
    "number_input": shape(
        {"is_decimal_allowed": boolean},
        {**_TYPED, "initial_value": string(100), "min_value": string(100), "max_value": string(100)},
    ),
    "email_text_input": shape({}, {**_TYPED, "initial_value": string(3000)}),
    "url_text_input": shape({}, {**_TYPED, "initial_value": string(3000)}),
    "datepicker": shape({}, {**_MENU, "initial_date": string(10, pattern=r"\d{4}-\d{2}-\d{2}")}),
    "timepicker": shape({}, {**_MENU, "initial_time": string(5, pattern=r"\d{2}:\d{2}"), "timezone": string(100)}),
    "datetimepicker": shape(
        {}, {**_ANY, **_FOCUS, "confirm": CONFIRM, "initial_date_time": integer(10**9, 10**10 - 1)}
    ),
    "image": both(
        shape(
            {"alt_text": string(2000)},
            {"image_url": URL, "slack_file": shape({}, {"id": ID, "url": URL}), "title": plain(2000)},
        ),
    ),
}

_PICKERS = {"checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker"}
_MENUS = {kind for kind in ELEMENTS if kind.endswith("_select")}
_INPUTS = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}


def among(*names: str) -> Check:
    return kinds({name: ELEMENTS[name] for name in names})


IN_ACTIONS = among("button", "overflow", *_PICKERS, *_MENUS)
AS_ACCESSORY = among("button", "overflow", "image", *(_PICKERS - {"datetimepicker"}), *_MENUS)
IN_INPUT = among(*_INPUTS, *_PICKERS, *_MENUS)
IN_CONTEXT = kinds(
    {
        "image": ELEMENTS["image"],
        "plain_text": shape({"text": string(TEXT)}, {"emoji": boolean}),
        "mrkdwn": shape({"text": string(TEXT)}, {"verbatim": boolean}),
    }
)
