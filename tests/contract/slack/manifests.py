"""A manifest of an app that has what a test wants, whatever the project's own asks for."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from deploy.sandbox.slack.serving import Options

_TEXT = """
features:
  app_home:
    home_tab_enabled: {home}
    messages_tab_enabled: {messages}
  bot_user:
    display_name: srbot
  slash_commands:
    - command: /sr
      description: Add storage
{shortcuts}
oauth_config:
  scopes:
    bot:
      - commands
      - chat:write
      - users:read
      - usergroups:read
settings:
{events}
  interactivity:
    is_enabled: {interactive}
  socket_mode_enabled: true
"""

_SHORTCUT = """
    - name: {name}
      type: {kind}
      callback_id: {callback_id}
      description: {description}
"""

ADD = {"name": "Add storage", "kind": "global", "callback_id": "add", "description": "Asks for storage by a form"}


def manifest(
    *,
    home: bool = True,
    messages: bool = True,
    events: Iterable[str] = ("app_home_opened",),
    shortcuts: Iterable[dict[str, str]] = (ADD,),
    interactive: bool = True,
) -> str:
    entries = "".join(_SHORTCUT.format(**each) for each in shortcuts)
    names = "".join(f"      - {event}\n" for event in events)
    return _TEXT.format(
        home=str(home).lower(),
        messages=str(messages).lower(),
        interactive=str(interactive).lower(),
        shortcuts=f"  shortcuts:\n{entries}" if entries else "",
        events=f"  event_subscriptions:\n    bot_events:\n{names}" if names else "",
    )


def options(folder: Path, text: str) -> Options:
    """Return options with that manifest, kept in `folder`."""
    path = folder / "manifest.yaml"
    path.write_text(text, encoding="utf-8")
    return Options(manifest=path)
