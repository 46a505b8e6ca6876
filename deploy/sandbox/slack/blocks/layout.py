"""The blocks, where each may stand, and the rules about a whole surface (docs.slack.dev: Block Kit, views)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from deploy.sandbox.slack.answers import Json
from deploy.sandbox.slack.blocks import elements
from deploy.sandbox.slack.blocks.elements import ID, plain, text
from deploy.sandbox.slack.blocks.problems import (
    Check,
    Problem,
    boolean,
    both,
    integer,
    items,
    kinds,
    rule,
    shape,
    string,
)
from deploy.sandbox.slack.blocks.rich import RICH_TEXT, TABLE

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
MARKDOWN_CHARACTERS = 12_000

_BLOCK = {"block_id": ID}


def _text_or_fields(value: dict[str, object], at: str) -> Iterator[Problem]:
    if not {"text", "fields"} & value.keys():
        yield Problem("must define either `text` or `fields`", at)


def _one_source(value: dict[str, object], at: str) -> Iterator[Problem]:
    if len({"image_url", "slack_file"} & value.keys()) != 1:
        yield Problem("failed to match exactly one allowed schema", at)


_EVERYWHERE: Mapping[str, Check] = {
    "section": both(
        shape(
            {},
            {
                **_BLOCK,
                "text": text(elements.TEXT),
                "fields": items(text(2000), 10),
                "accessory": elements.AS_ACCESSORY,
                "expand": boolean,
            },
        ),
        rule(_text_or_fields),
    ),
    "header": shape({"text": plain(150)}, {**_BLOCK, "level": integer(1, 4)}),
    "divider": shape({}, _BLOCK),
    "image": both(
        shape(
            {"alt_text": string(2000)},
            {
                **_BLOCK,
                "image_url": elements.URL,
                "slack_file": shape({}, {"id": ID, "url": elements.URL}),
                "title": plain(2000),
            },
        ),
        rule(_one_source),
    ),
    "context": shape({"elements": items(elements.IN_CONTEXT, 10)}, _BLOCK),
    "actions": shape({"elements": items(elements.IN_ACTIONS, 25)}, _BLOCK),
    "input": shape(
        {"label": plain(2000), "element": elements.IN_INPUT},
        {**_BLOCK, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": shape({"elements": items(RICH_TEXT, 1000)}, _BLOCK),
}

_IN_MESSAGES: Mapping[str, Check] = {
    **_EVERYWHERE,
    "markdown": shape({"text": string(MARKDOWN_CHARACTERS)}, _BLOCK),
    "table": TABLE,
}

_META = {"private_metadata": string(3000, least=0), "callback_id": string(255, least=0), "external_id": ID}
_ANY_BLOCK = kinds(_EVERYWHERE)

_VIEWS: Mapping[str, Check] = {
    "modal": shape(
        {"title": plain(24), "blocks": items(_ANY_BLOCK, VIEW_BLOCKS, 0)},
        {
            **_META,
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
            "submit_disabled": boolean,
        },
    ),
    "home": shape(
        {"blocks": items(_ANY_BLOCK, VIEW_BLOCKS, 0)},
        _META,
    ),
}


@dataclass(frozen=True, slots=True)
class Rejection:
    """What is wrong with blocks: `messages` names enclosing text objects too, as Slack does."""

    problems: tuple[Problem, ...]

    @property
    def errors(self) -> list[str]:
        return [str(problem) for problem in self.problems]

    @property
    def messages(self) -> list[str]:
        return [f"[ERROR] {line}" for problem in self.problems for line in (*_around(problem), str(problem))]


def _around(problem: Problem) -> list[str]:
    parent, _, leaf = problem.pointer.rpartition("/")
    if leaf != "text" or not parent.endswith(("/text", "/title", "/label")):
        return []
    return [str(Problem("failed to match all allowed schemas", parent))]


def message_problems(blocks: object) -> Rejection | None:
    """Judge the blocks of a message; None when Slack would take them."""
    found = [*items(kinds(_IN_MESSAGES), MESSAGE_BLOCKS, 0)(blocks, "/blocks")]
    if isinstance(blocks, list):
        found += [*_unique_ids(blocks, "/blocks"), *_one_table(blocks)]
        found += _markdown_in_all(blocks)
    return Rejection(tuple(found)) if found else None


def view_problems(view: object, *allowed: str) -> Rejection | None:
    """Judge a view of one of the `allowed` types ("modal", "home")."""
    found = [*_of_kind(allowed)(view, "/view")]
    if isinstance(view, dict) and isinstance(view.get("blocks"), list):
        found += [*_unique_ids(view["blocks"], "/view/blocks"), *_submit(view), *_focus(view["blocks"])]
    return Rejection(tuple(found)) if found else None


def _of_kind(allowed: tuple[str, ...]) -> Check:
    """Check a view; the wrong type is told in other words than that of a block (node-slack-sdk issue 925)."""
    known = kinds({kind: _VIEWS[kind] for kind in allowed})

    def check(value: object, at: str) -> Iterator[Problem]:
        given = value.get("type") if isinstance(value, dict) else None
        if isinstance(given, str) and given not in allowed:
            yield Problem("must be a valid enum value", f"{at}/type")
        else:
            yield from known(value, at)

    return check


def too_large(view: Json) -> bool:
    return len(json.dumps(view).encode()) > VIEW_BYTES


def _submit(view: Json) -> Iterator[Problem]:
    if view.get("type") != "modal" or "submit" in view:
        return
    for index, block in enumerate(view["blocks"]):
        if isinstance(block, dict) and block.get("type") == "input":
            yield Problem("must define `submit` to use an `input` block in modals", f"/view/blocks/{index}/input")


def _focus(blocks: list[object]) -> Iterator[Problem]:
    focused = [at for at, element in _interactive(blocks, "/view/blocks") if element.get("focus_on_load")]
    for at in focused[1:]:
        yield Problem("`focus_on_load` can be set on one element only", f"{at}/focus_on_load")


def _unique_ids(blocks: list[object], at: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        name = block.get("block_id")
        if isinstance(name, str) and name in seen:
            yield Problem(f'`block_id` "{name}" already exists', f"{at}/{index}/block_id")
        seen.add(str(name))
        yield from _unique_actions(block, f"{at}/{index}")


def _unique_actions(block: Json, at: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, element in elements_of(block, at):
        name = element.get("action_id")
        if isinstance(name, str) and name in seen:
            yield Problem(f'`action_id` "{name}" already exists', f"{place}/action_id")
        seen.add(str(name))


def _one_table(blocks: list[object]) -> Iterator[Problem]:
    tables = [index for index, block in enumerate(blocks) if isinstance(block, dict) and block.get("type") == "table"]
    for index in tables[1:]:
        yield Problem("only_one_table_allowed", f"/blocks/{index}")


def _markdown_in_all(blocks: list[object]) -> list[Problem]:
    texts = [block.get("text", "") for block in blocks if isinstance(block, dict) and block.get("type") == "markdown"]
    if sum(len(str(each)) for each in texts) <= MARKDOWN_CHARACTERS:
        return []
    return [Problem(f"must be less than {MARKDOWN_CHARACTERS + 1} characters", "/blocks")]


def elements_of(block: Json, at: str = "") -> Iterator[tuple[str, Json]]:
    """Yield a block's elements, each with its pointer."""
    for name in ("accessory", "element"):
        if isinstance(block.get(name), dict):
            yield f"{at}/{name}", block[name]
    inside = block.get("elements") if block.get("type") == "actions" else None
    for index, element in enumerate(inside if isinstance(inside, list) else []):
        if isinstance(element, dict):
            yield f"{at}/elements/{index}", element


def _interactive(blocks: list[object], at: str) -> Iterator[tuple[str, Json]]:
    for index, block in enumerate(blocks):
        if isinstance(block, dict):
            yield from elements_of(block, f"{at}/{index}")


def options_problems(answer: object) -> Rejection | None:
    """Judge the answer to a block_suggestion."""
    whole = shape({}, {"options": items(elements.OPTION, 100, 0), "option_groups": elements.OPTION_GROUPS})
    found = [*whole(answer, "")]
    if isinstance(answer, dict) and len({"options", "option_groups"} & answer.keys()) != 1:
        found.append(Problem("failed to match exactly one allowed schema", ""))
    return Rejection(tuple(found)) if found else None
