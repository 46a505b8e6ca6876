"""More people than the local Slack has out of the box."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from deploy.sandbox.slack.workspace.model import User
from tests.integration.slack.stage import Stage


def joins(stage: Stage, name: str, **fields: Any) -> str:  # noqa: ANN401 - fields of a user
    """Let somebody join the workspace and its channel for storage; gives their id."""
    workspace = stage.slack.slack.workspace
    user = User(f"U0{name.replace('-', '').upper():0<8}", name, name.capitalize(), "newcomer", "64748b", **fields)
    workspace.users[user.id] = user
    channel = workspace.channels[stage.channel]
    workspace.channels[channel.id] = replace(channel, members=(*channel.members, user.id))
    stage.slack.workspace["users"][name] = user.id
    return user.id
