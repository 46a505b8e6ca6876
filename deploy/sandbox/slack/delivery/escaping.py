"""What Slack makes of a command's text when the manifest says should_escape (docs.slack.dev: slash commands)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deploy.sandbox.slack.workspace.place import Workspace

_URL = re.compile(r"https?://[^\s<>\"'“”]+")
# A bare host name becomes a link when its last label looks like a public one; which do is guessed.
_BARE = re.compile(r"(?<![\w.@/:-])(?:[a-z0-9-]+\.)+(?:com|net|org|io|dev|eu|de|uk|jp)(?![\w.-])", re.IGNORECASE)
_MENTION = re.compile(r"(?<![\w@])@([\w.-]+)")
_CHANNEL = re.compile(r"(?<![\w#])#([\w-]+)")


def escaped(workspace: Workspace, typed: str) -> str:
    """Turn `&<>` into entities, and known people, groups, channels and links into Slack's `<…>` forms."""
    text = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _URL.sub(lambda match: f"<{match.group()}>", text)
    text = _outside_links(text)
    text = _MENTION.sub(lambda match: _mention(workspace, match), text)
    return _CHANNEL.sub(lambda match: _channel(workspace, match), text)


def _outside_links(text: str) -> str:
    parts = re.split(r"(<[^<>]*>)", text)
    linked = [
        part if part.startswith("<") else _BARE.sub(lambda match: f"<http://{match[0]}|{match[0]}>", part)
        for part in parts
    ]
    return "".join(linked)


def _mention(workspace: Workspace, match: re.Match[str]) -> str:
    name = match.group(1).lower()
    for user in workspace.users.values():
        if user.name == name:
            return f"<@{user.id}>"
    for group in workspace.usergroups.values():
        if group.handle == name:
            return f"<!subteam^{group.id}>"
    return match.group()


def _channel(workspace: Workspace, match: re.Match[str]) -> str:
    for channel in workspace.channels.values():
        if channel.kind != "im" and channel.name == match.group(1).lower():
            name = channel.name if channel.kind == "channel" else ""
            return f"<#{channel.id}|{name}>"
    return match.group()
