from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from deploy.sandbox.slack import outline
from deploy.sandbox.slack.outline import Node

# github.com/slackapi/manifest-schema, version 2: features.shortcuts.
MOST_SHORTCUTS = 10
LONGEST_OF_SHORTCUT = {"name": 24, "callback_id": 255, "description": 150}

DEFAULT = Path(__file__).parents[2] / "slack" / "manifest.yaml"


class ManifestError(ValueError):
    """The manifest lacks what this server needs from it, or says it in an unknown way."""


@dataclass(frozen=True, slots=True)
class SlashCommand:
    command: str
    description: str
    usage_hint: str
    should_escape: bool


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry of a menu: `kind` is "global" (anywhere) or "message" (of one message)."""

    name: str
    kind: str
    callback_id: str
    description: str


@dataclass(frozen=True, slots=True)
class Manifest:
    name: str
    scopes: frozenset[str]
    optional_scopes: frozenset[str]
    commands: tuple[SlashCommand, ...]
    events: frozenset[str]
    interactive: bool
    home_tab: bool
    messages_tab: bool
    shortcuts: tuple[Shortcut, ...]

    def command(self, name: str) -> SlashCommand | None:
        return next((each for each in self.commands if each.command == name), None)

    def tabs(self) -> tuple[str, ...]:
        """List the tabs that the app's conversation has."""
        enabled = {"home": self.home_tab, "messages": self.messages_tab}
        return tuple(tab for tab, there in enabled.items() if there)

    def global_shortcuts(self) -> tuple[Shortcut, ...]:
        return tuple(each for each in self.shortcuts if each.kind == "global")


def load(path: Path) -> Manifest:
    return parse(path.read_text(encoding="utf-8"))


def parse(text: str) -> Manifest:
    """Read a manifest; without socket mode there is nothing that this server could talk to."""
    root = outline.read(text)
    if _at(root, "settings.socket_mode_enabled", default=False) is not True:
        msg = "settings.socket_mode_enabled must be true"
        raise ManifestError(msg)
    return Manifest(
        name=str(_at(root, "features.bot_user.display_name")),
        scopes=_words(root, "oauth_config.scopes.bot"),
        optional_scopes=_words(root, "oauth_config.scopes.bot_optional"),
        commands=tuple(_command(each) for each in _list(root, "features.slash_commands")),
        events=_words(root, "settings.event_subscriptions.bot_events"),
        interactive=_at(root, "settings.interactivity.is_enabled", default=False) is True,
        home_tab=_at(root, "features.app_home.home_tab_enabled", default=False) is True,
        # The schema names no default; an app that says nothing has the tab (guessed).
        messages_tab=_at(root, "features.app_home.messages_tab_enabled", default=True) is True,
        shortcuts=_shortcuts(root),
    )


def _at(root: Node, path: str, *, default: Node | None = None) -> Node:
    node = root
    for key in path.split("."):
        if not isinstance(node, dict) or key not in node:
            if default is None:
                msg = f"{path} is missing"
                raise ManifestError(msg)
            return default
        node = node[key]
    return node


def _list(root: Node, path: str) -> list[Node]:
    node = _at(root, path, default=[])
    if not isinstance(node, list):
        msg = f"{path} must be a list"
        raise ManifestError(msg)
    return node


def _words(root: Node, path: str) -> frozenset[str]:
    words = _list(root, path)
    if not all(isinstance(word, str) for word in words):
        msg = f"{path} must be a list of words"
        raise ManifestError(msg)
    return frozenset(str(word) for word in words)


def _command(node: Node) -> SlashCommand:
    return SlashCommand(
        command=str(_at(node, "command")),
        description=str(_at(node, "description")),
        usage_hint=str(_at(node, "usage_hint", default="")),
        should_escape=_at(node, "should_escape", default=False) is True,
    )


def _shortcuts(root: Node) -> tuple[Shortcut, ...]:
    """Read the shortcuts; they need interactivity and the scope `commands` (docs.slack.dev: shortcuts)."""
    nodes = _list(root, "features.shortcuts")
    interactive = _at(root, "settings.interactivity.is_enabled", default=False) is True
    lacks = (
        (len(nodes) > MOST_SHORTCUTS, f"has more than {MOST_SHORTCUTS} entries"),
        (nodes and not interactive, "needs settings.interactivity.is_enabled"),
        (nodes and "commands" not in _words(root, "oauth_config.scopes.bot"), "needs the scope commands"),
    )
    for lacking, what in lacks:
        if lacking:
            msg = f"features.shortcuts {what}"
            raise ManifestError(msg)
    return tuple(_shortcut(each) for each in nodes)


def _shortcut(node: Node) -> Shortcut:
    words = {name: str(_at(node, name)) for name in LONGEST_OF_SHORTCUT}
    for name, most in LONGEST_OF_SHORTCUT.items():
        if not 0 < len(words[name]) <= most:
            msg = f"{name} of a shortcut must have 1 to {most} characters"
            raise ManifestError(msg)
    kind = str(_at(node, "type"))
    if kind not in {"global", "message"}:
        msg = f"type of a shortcut must be global or message, not {kind}"
        raise ManifestError(msg)
    return Shortcut(kind=kind, **words)
