from __future__ import annotations

from dataclasses import dataclass, field

from deploy.sandbox.slack.answers import Json
from deploy.sandbox.slack.clock import Clock
from deploy.sandbox.slack.delivery.hooks import ResponseUrls
from deploy.sandbox.slack.delivery.hub import Hub
from deploy.sandbox.slack.delivery.modals import Modals
from deploy.sandbox.slack.delivery.triggers import Triggers
from deploy.sandbox.slack.faults import Faults
from deploy.sandbox.slack.feed import Feed
from deploy.sandbox.slack.journal import Journal
from deploy.sandbox.slack.limits import Limits
from deploy.sandbox.slack.manifest import Manifest
from deploy.sandbox.slack.tokens import Tokens
from deploy.sandbox.slack.workspace.place import Workspace


@dataclass(slots=True)
class Slack:
    """Everything that this server is, handed to whoever answers a request. `url` has no trailing slash.

    `offered` are the options that external menus were given, `touched` what people chose in messages; both by
    person and place, and only as long as the process.
    """

    manifest: Manifest
    scopes: frozenset[str]
    tokens: Tokens
    clock: Clock
    workspace: Workspace
    limits: Limits
    journal: Journal
    faults: Faults
    feed: Feed
    hub: Hub
    triggers: Triggers
    hooks: ResponseUrls
    modals: Modals
    url: str = ""
    offered: dict[str, list[Json]] = field(default_factory=dict)
    touched: dict[str, Json] = field(default_factory=dict)
