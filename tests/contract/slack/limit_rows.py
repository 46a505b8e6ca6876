"""The limits of Block Kit, row by row: blocks at a limit or one over it, and Slack's complaint (docs.slack.dev)."""

from __future__ import annotations

from dataclasses import dataclass

from tests.contract.slack.desk import (
    Json,
    actions,
    button,
    modal,
    mrkdwn,
    option,
    plain,
    section,
    select,
    text_input,
)


@dataclass(frozen=True, slots=True)
class Limit:
    """Blocks of a message that are one over a limit, and the complaint; None where all is well."""

    name: str
    blocks: list[Json]
    says: str | None


def _button(**more: object) -> list[Json]:
    return [actions(button() | more)]


def _option(**more: object) -> list[Json]:
    return [actions(select(0, options=[option() | more]))]


LIMITS = (
    Limit("section of 3000", [section("x" * 3000)], None),
    Limit(
        "section of 3001", [section("x" * 3001)], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ),
    Limit("empty text", [section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    Limit(
        "section of nothing", [{"type": "section"}], "must define either `text` or `fields` [json-pointer:/blocks/0]"
    ),
    Limit("10 fields", [{"type": "section", "fields": [mrkdwn("x" * 2000)] * 10}], None),
    Limit(
        "11 fields",
        [{"type": "section", "fields": [mrkdwn("x")] * 11}],
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ),
    Limit(
        "field of 2001",
        [{"type": "section", "fields": [plain("x" * 2001)]}],
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    Limit("header of 150", [{"type": "header", "text": plain("x" * 150)}], None),
    Limit(
        "header of 151",
        [{"type": "header", "text": plain("x" * 151)}],
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    Limit(
        "header in mrkdwn",
        [{"type": "header", "text": mrkdwn("x")}],
        "must be a valid enum value [json-pointer:/blocks/0/text/type]",
    ),
    Limit("10 context elements", [{"type": "context", "elements": [mrkdwn("x")] * 10}], None),
    Limit(
        "11 context elements",
        [{"type": "context", "elements": [mrkdwn("x")] * 11}],
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    Limit(
        "empty context",
        [{"type": "context", "elements": []}],
        "must provide at least 1 items [json-pointer:/blocks/0/elements]",
    ),
    Limit("25 buttons", [actions(*(button(f"a{n}") for n in range(25)))], None),
    Limit(
        "26 buttons",
        [actions(*(button(f"a{n}") for n in range(26)))],
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    Limit(
        "input among actions",
        [actions({"type": "plain_text_input", "action_id": "a"})],
        "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
    ),
    Limit(
        "button text of 76",
        _button(text=plain("x" * 76)),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    Limit(
        "button value of 2001",
        _button(value="x" * 2001),
        "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ),
    Limit(
        "button without value text",
        _button(value=""),
        "must be more than 0 characters [json-pointer:/blocks/0/elements/0/value]",
    ),
    Limit(
        "button style", _button(style="blue"), "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]"
    ),
    Limit(
        "button disabled",
        _button(disabled=True),
        "invalid additional property: disabled [json-pointer:/blocks/0/elements/0]",
    ),
    Limit(
        "action_id of 256",
        _button(action_id="x" * 256),
        "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
    ),
    Limit(
        "confirm title of 101",
        _button(confirm={"title": plain("x" * 101), "text": plain("x"), "confirm": plain("x"), "deny": plain("x")}),
        "must be less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]",
    ),
    Limit(
        "confirm without deny",
        _button(confirm={"title": plain("x"), "text": plain("x"), "confirm": plain("x")}),
        "missing required field: deny [json-pointer:/blocks/0/elements/0/confirm]",
    ),
    Limit("100 options", [actions(select(100))], None),
    Limit(
        "101 options",
        [actions(select(101))],
        "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    Limit(
        "no options", [actions(select(0))], "must provide at least 1 items [json-pointer:/blocks/0/elements/0/options]"
    ),
    Limit(
        "options missing",
        [actions({"type": "static_select", "action_id": "a"})],
        "missing required field: options [json-pointer:/blocks/0/elements/0]",
    ),
    Limit(
        "options and groups",
        [actions(select(1, option_groups=[{"label": plain("g"), "options": [option()]}]))],
        "failed to match exactly one allowed schema [json-pointer:/blocks/0/elements/0]",
    ),
    Limit(
        "group label of 76",
        [actions({"type": "static_select", "option_groups": [{"label": plain("x" * 76), "options": [option()]}]})],
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/option_groups/0/label/text]",
    ),
    Limit("option text of 75", _option(text=plain("x" * 75)), None),
    Limit(
        "option text of 76",
        _option(text=plain("x" * 76)),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]",
    ),
    Limit(
        "option value of 151",
        _option(value="x" * 151),
        "must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]",
    ),
    Limit(
        "option description of 76",
        _option(description=plain("x" * 76)),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/description/text]",
    ),
    Limit(
        "option in mrkdwn",
        _option(text=mrkdwn("x")),
        "must be a valid enum value [json-pointer:/blocks/0/elements/0/options/0/text/type]",
    ),
    Limit(
        "option with more",
        _option(colour="red"),
        "invalid additional property: colour [json-pointer:/blocks/0/elements/0/options/0]",
    ),
    Limit("initial option", [actions(select(2, initial_option=option(1)))], None),
    Limit(
        "initial option not offered",
        [actions(select(2, initial_option=option(9)))],
        "failed to match any allowed schemas [json-pointer:/blocks/0/elements/0/initial_option]",
    ),
    Limit(
        "initial checkbox not offered",
        [actions({"type": "checkboxes", "options": [option(1)], "initial_options": [option(2)]})],
        "failed to match any allowed schemas [json-pointer:/blocks/0/elements/0/initial_options]",
    ),
    Limit(
        "placeholder of 151",
        [actions(select(1, placeholder=plain("x" * 151)))],
        "must be less than 151 characters [json-pointer:/blocks/0/elements/0/placeholder/text]",
    ),
    Limit(
        "6 overflow options",
        [actions({"type": "overflow", "options": [option(n) for n in range(6)]})],
        "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    Limit(
        "11 checkboxes",
        [actions({"type": "checkboxes", "options": [option(n) for n in range(11)]})],
        "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    Limit(
        "negative query length",
        [actions({"type": "external_select", "min_query_length": -1})],
        "must be greater than -1 [json-pointer:/blocks/0/elements/0/min_query_length]",
    ),
    Limit(
        "query length as text",
        [actions({"type": "external_select", "min_query_length": "3"})],
        "must provide an integer [json-pointer:/blocks/0/elements/0/min_query_length]",
    ),
    Limit(
        "0 of max_selected_items",
        [actions({"type": "multi_external_select", "max_selected_items": 101})],
        "must be less than 101 [json-pointer:/blocks/0/elements/0/max_selected_items]",
    ),
    Limit(
        "a date that is none",
        [actions({"type": "datepicker", "initial_date": "2026-1-1xx"})],
        "input must match regex pattern [json-pointer:/blocks/0/elements/0/initial_date]",
    ),
    Limit(
        "number without decimals said",
        [{"type": "input", "label": plain("n"), "element": {"type": "number_input"}}],
        "missing required field: is_decimal_allowed [json-pointer:/blocks/0/element]",
    ),
    Limit(
        "button as input",
        [{"type": "input", "label": plain("n"), "element": button()}],
        "unsupported type: button [json-pointer:/blocks/0/element/type]",
    ),
    Limit("50 blocks", [{"type": "divider"}] * 50, None),
    Limit("51 blocks", [{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    Limit(
        "the same block_id",
        [section(block_id="a"), section(block_id="a")],
        '`block_id` "a" already exists [json-pointer:/blocks/1/block_id]',
    ),
    Limit(
        "the same action_id in one block",
        [actions(button("a"), button("a"))],
        '`action_id` "a" already exists [json-pointer:/blocks/0/elements/1/action_id]',
    ),
    Limit("the same action_id in two blocks", [actions(button("a")), actions(button("a"))], None),
    Limit("an unknown block", [{"type": "carousel3"}], "unsupported type: carousel3 [json-pointer:/blocks/0/type]"),
    Limit("a block without type", [{"text": "x"}], "missing required field: type [json-pointer:/blocks/0]"),
    Limit("a block that is none", ["x"], "must provide an object [json-pointer:/blocks/0]"),  # type: ignore[list-item] # that is the point
    Limit(
        "a text that is none",
        [{"type": "section", "text": "x"}],
        "must provide an object [json-pointer:/blocks/0/text]",
    ),
    Limit(
        "elements that are none",
        [{"type": "actions", "elements": "x"}],
        "must provide an array [json-pointer:/blocks/0/elements]",
    ),
    Limit("a flag that is none", [section(expand="yes")], "must be a boolean [json-pointer:/blocks/0/expand]"),
    Limit("a string that is none", [section(block_id=7)], "must provide a string [json-pointer:/blocks/0/block_id]"),
    Limit(
        "a confirm that is none",
        _button(confirm="sure?"),
        "must provide an object [json-pointer:/blocks/0/elements/0/confirm]",
    ),
    Limit(
        "an image of nothing",
        [{"type": "image", "alt_text": "x"}],
        "failed to match exactly one allowed schema [json-pointer:/blocks/0]",
    ),
    Limit(
        "rich text",
        [
            {
                "type": "rich_text",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "x", "style": {"bold": True}}]}
                ],
            }
        ],
        None,
    ),
    Limit(
        "rich text of an unknown leaf",
        [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "dance"}]}]}],
        "unsupported type: dance [json-pointer:/blocks/0/elements/0/elements/0/type]",
    ),
    Limit(
        "a table",
        [
            {
                "type": "table",
                "column_settings": [None, {"align": "right"}],
                "rows": [[{"type": "raw_text", "text": "x"}] * 20] * 100,
            }
        ],
        None,
    ),
    Limit(
        "101 rows",
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * 101}],
        "no more than 100 items allowed [json-pointer:/blocks/0/rows]",
    ),
    Limit(
        "a table of 10001 characters",
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "x" * 5001}] * 2]}],
        "must be less than 10001 characters [json-pointer:/blocks/0/rows]",
    ),
    Limit(
        "two tables",
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * 2,
        "only_one_table_allowed [json-pointer:/blocks/1]",
    ),
    Limit(
        "markdown of 12000 in two",
        [{"type": "markdown", "text": "x" * 6001}] * 2,
        "must be less than 12001 characters [json-pointer:/blocks]",
    ),
)

VIEW_LIMITS = (
    ("a title of 25", modal(title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
    ("no title", {"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
    (
        "an input without submit",
        {"type": "modal", "title": plain("x"), "blocks": [section(), text_input()]},
        "must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/1/input]",
    ),
    (
        "private_metadata of 3001",
        modal(private_metadata="x" * 3001),
        "must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ),
    (
        "callback_id of 256",
        modal(callback_id="x" * 256),
        "must be less than 256 characters [json-pointer:/view/callback_id]",
    ),
    ("101 blocks", modal(*[{"type": "divider"}] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
    ("a table", modal({"type": "table", "rows": []}), "unsupported type: table [json-pointer:/view/blocks/0/type]"),
    (
        "two focused inputs",
        modal(text_input("a", focus_on_load=True), text_input("b", focus_on_load=True)),
        "`focus_on_load` can be set on one element only [json-pointer:/view/blocks/1/element/focus_on_load]",
    ),
    (
        "the same block_id",
        modal(text_input("a"), text_input("a")),
        '`block_id` "a" already exists [json-pointer:/view/blocks/1/block_id]',
    ),
    ("a home", {"type": "home", "blocks": []}, "must be a valid enum value [json-pointer:/view/type]"),
    ("nothing", None, "must provide an object [json-pointer:/view]"),
    (
        "a label in mrkdwn",
        modal(text_input() | {"label": mrkdwn("x")}),
        "must be a valid enum value [json-pointer:/view/blocks/0/label/type]",
    ),
)
