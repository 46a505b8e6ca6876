"""rich_text and table (docs.slack.dev: Block Kit reference)."""

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

_LONG = 40_000
_ID = string(255)
_STYLE = shape(
    {},
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), boolean
    ),
)
_STYLED = {"style": _STYLE}

_LEAVES: Mapping[str, Check] = {
    "text": shape({"text": string(_LONG)}, _STYLED),
    "link": shape({"url": string(3000)}, {**_STYLED, "text": string(_LONG), "unsafe": boolean}),
    "user": shape({"user_id": _ID}, _STYLED),
    "usergroup": shape({"usergroup_id": _ID}, _STYLED),
    "team": shape({"team_id": _ID}, _STYLED),
    "channel": shape({"channel_id": _ID}, _STYLED),
    "emoji": shape({"name": string(255)}, {**_STYLED, "unicode": string(255), "skin_tone": integer(1, 6)}),
    "broadcast": shape({"range": choice("here", "channel", "everyone")}, _STYLED),
    "color": shape({"value": string(7)}, _STYLED),
    "date": shape(
        {"timestamp": integer(0, 10**11), "format": string(255)},
        {**_STYLED, "url": string(3000), "fallback": string(255)},
    ),
}
_RUN = items(kinds(_LEAVES), 10_000, 0)
_BORDER = {"border": integer(0, 1)}
_SECTION = shape({"elements": _RUN})

RICH_TEXT = kinds(
    {
        "rich_text_section": _SECTION,
        "rich_text_list": shape(
            {
                "style": choice("bullet", "ordered"),
                "elements": items(kinds({"rich_text_section": _SECTION}), 1000),
            },
            {**_BORDER, "indent": integer(0, 8), "offset": integer(0, 10_000)},
        ),
        "rich_text_quote": shape({"elements": _RUN}, _BORDER),
        "rich_text_preformatted": shape({"elements": _RUN}, {**_BORDER, "language": string(255)}),
    }
)

TABLE_CHARACTERS = 10_000
_CELL = kinds(
    {
        "raw_text": shape({"text": string(TABLE_CHARACTERS)}),
        "raw_number": shape({"value": integer(-(10**15), 10**15)}, {"text": string(TABLE_CHARACTERS)}),
        "rich_text": shape({"elements": items(RICH_TEXT, 1000)}),
    }
)


def _column(value: object, at: str) -> Iterator[Problem]:
    if value is not None:
        yield from shape({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean})(value, at)


def _characters(node: object) -> int:
    if isinstance(node, list):
        return sum(_characters(item) for item in node)
    if isinstance(node, dict):
        return sum(
            len(item) if name == "text" and isinstance(item, str) else _characters(item) for name, item in node.items()
        )
    return 0


def _cells_fit(value: dict[str, object], at: str) -> Iterator[Problem]:
    if _characters(value.get("rows")) > TABLE_CHARACTERS:
        yield Problem(f"must be less than {TABLE_CHARACTERS + 1} characters", f"{at}/rows")


TABLE = both(
    shape(
        {"rows": items(items(_CELL, 20), 100)},
        {"block_id": _ID, "column_settings": items(_column, 20)},
    ),
    rule(_cells_fit),
)
