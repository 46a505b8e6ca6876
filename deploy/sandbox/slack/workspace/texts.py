"""Slack's text: what is escaped when it is stored, and what in it notifies somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deploy.sandbox.slack.answers import Json

# docs.slack.dev: formatting message text. A mention, a channel, a command or a link; anything else in angle
# brackets is text.
_ENTITY = re.compile(r"<(?:[@#][A-Z0-9]+(?:\|[^<>]*)?|![a-z]+[^<>]*|(?:https?://|mailto:|tel:)[^<>\s]+?(?:\|[^<>]*)?)>")
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")
_LINK = re.compile(r"https?://[^\s<>|&]+(?:&amp;[^\s<>|&]+)*")
_PING = re.compile(r"<(?:!(?:channel|here|everyone)|!subteam\^S[A-Z0-9]+|@[UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_LINK_NAMES = re.compile(r"(?<![\w@])@(?:channel|here|everyone)\b")


def stored(text: str) -> str:
    """Return text as Slack keeps it: entities stay, other `&<>` are escaped, bare links become entities."""
    parts, end = [], 0
    for match in _ENTITY.finditer(text):
        parts += [_linked(_escaped(text[end : match.start()])), match.group()]
        end = match.end()
    return "".join([*parts, _linked(_escaped(text[end:]))])


def _escaped(text: str) -> str:
    return _AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")


def _linked(text: str) -> str:
    return _LINK.sub(lambda match: f"<{match.group()}>", text)


def pings(text: str, blocks: list[Json], *, link_names: bool = False) -> tuple[str, ...]:
    """List what would notify somebody in the text, in mrkdwn objects and in rich text."""
    found = [match.group() for part in (text, *_marked_up(blocks)) for match in _PING.finditer(part)]
    if link_names:
        found += [f"<!{match.group()[1:]}>" for match in _LINK_NAMES.finditer(text)]
    return tuple(dict.fromkeys([*found, *_rich(blocks)]))


def _marked_up(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _marked_up(item)
    elif isinstance(node, dict):
        if node.get("type") in {"mrkdwn", "markdown"}:
            yield str(node.get("text", ""))
        for item in node.values():
            yield from _marked_up(item)


def _rich(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _rich(item)
    elif isinstance(node, dict):
        leaf = _LEAVES.get(str(node.get("type")))
        if leaf and leaf[1] in node:
            yield leaf[0].format(node[leaf[1]])
        for item in node.values():
            yield from _rich(item)


_LEAVES = {
    "user": ("<@{}>", "user_id"),
    "usergroup": ("<!subteam^{}>", "usergroup_id"),
    "broadcast": ("<!{}>", "range"),
}
