from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.sandbox.slack import manifest, outline
from deploy.sandbox.slack.manifest import ManifestError
from deploy.sandbox.slack.outline import Node, OutlineError


def test_the_projects_manifest_asks_for_what_the_bot_needs() -> None:
    found = manifest.load(manifest.DEFAULT)
    assert found.scopes == {
        "commands",
        "chat:write",
        "users:read",
        "usergroups:read",
        "channels:read",
        "groups:read",
    }
    assert found.optional_scopes == {"channels:history", "groups:history"}
    assert found.interactive
    assert found.home_tab
    assert found.events == {"app_home_opened"}
    command = found.command("/sr")
    assert command is not None
    assert command.should_escape
    assert found.command("/other") is None


def test_what_a_manifest_needs_is_read() -> None:
    text = "a:\n  b: 'x # y'\n  c: 7 # seven\nd:\n  - e: true\n    f: \"\"\n  - e: false\ng:\n  - one\n  - 'two'\n"
    assert outline.read(text) == {
        "a": {"b": "x # y", "c": 7},
        "d": [{"e": True, "f": ""}, {"e": False}],
        "g": ["one", "two"],
    }
    assert outline.read("# nothing\n\n") == {}


UNREADABLE = (
    "a: [b, c]",
    "a: {b: c}",
    "a: |\n  text",
    "a: &anchor x",
    "a:\tb",
    "a: b: c",
    "a:",
    "a: b\n  c: d",
    "- a\n- b",
    "just text",
    "a: 1\na: 2",
    "a:\n  b: 1\n    c: 2",
    "a:\n  - b\n    - c",
)


@pytest.mark.parametrize("text", UNREADABLE)
def test_a_layout_that_is_not_understood_is_an_error(text: str) -> None:
    with pytest.raises(OutlineError):
        outline.read(text)


_keys = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
_words = st.from_regex(r"[a-z]{1,5}(:[a-z]{1,5})?", fullmatch=True).filter(lambda word: word not in {"true", "false"})
_scalars = st.one_of(_words, st.booleans(), st.integers(0, 10**6))
_trees = st.recursive(
    st.dictionaries(_keys, _scalars, min_size=1, max_size=3),
    lambda inner: st.dictionaries(
        _keys, st.one_of(inner, st.lists(st.one_of(inner, _words), min_size=1, max_size=3)), min_size=1, max_size=3
    ),
    max_leaves=8,
)


def _written(node: Node, indent: int) -> str:
    pad = " " * indent
    if isinstance(node, dict):
        return "".join(f"{pad}{key}:{_value(item, indent)}" for key, item in node.items())
    if isinstance(node, list):
        items = (_written(item, indent + 2) for item in node)
        return "".join(f"{pad}- {item.lstrip()}" for item in items)
    return f"{pad}{str(node).lower()}\n"


def _value(node: Node, indent: int) -> str:
    return "\n" + _written(node, indent + 2) if isinstance(node, dict | list) else f" {str(node).lower()}\n"


@given(_trees)
def test_every_tree_of_mappings_and_lists_reads_back(tree: dict[str, Node]) -> None:
    assert outline.read(_written(tree, 0)) == tree


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("display_name: srbot", "always_off: false", "features.bot_user.display_name is missing"),
        ("      - commands\n", "      - commands: true\n", "must be a list of words"),
        ("  slash_commands:\n    - command", "  slash_commands:\n      command", "slash_commands must be a list"),
    ],
)
def test_a_manifest_that_lacks_something_says_what(old: str, new: str, complaint: str) -> None:
    text = manifest.DEFAULT.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(ManifestError, match=complaint):
        manifest.parse(text.replace(old, new).replace("\n      description: Add", "\n      description: Add"))
