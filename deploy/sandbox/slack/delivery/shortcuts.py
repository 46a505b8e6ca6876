"""Global shortcuts, as somebody picks one from the menu beside the composer (docs.slack.dev: shortcuts)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.sandbox.slack.answers import ApiError
from deploy.sandbox.slack.delivery import payloads
from deploy.sandbox.slack.workspace.model import User

if TYPE_CHECKING:
    from deploy.sandbox.slack.manifest import Shortcut
    from deploy.sandbox.slack.state import Slack


def offered(slack: Slack, user: User) -> tuple[Shortcut, ...]:
    """List what this person's menu shows; people of another company don't have this workspace's shortcuts."""
    return () if user.is_stranger else slack.manifest.global_shortcuts()


async def used(slack: Slack, user: User, callback_id: str) -> str | None:
    """Run a shortcut; return the delivery's error, if any. What comes with the ack is not shown."""
    if not any(each.callback_id == callback_id for each in offered(slack, user)):
        raise ApiError("unknown_shortcut")
    return (await slack.hub.deliver("interactive", payloads.shortcut(slack, user, callback_id))).error
