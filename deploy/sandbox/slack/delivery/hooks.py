"""response_urls (docs.slack.dev: handling user interaction)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from deploy.sandbox.slack.answers import ApiError
from deploy.sandbox.slack.clock import Clock
from deploy.sandbox.slack.workspace.model import TEAM, Message

USES = 5
SECONDS = 30 * 60


@dataclass(slots=True)
class ResponseUrl:
    """Where one interaction may be answered: `original` is the message that it was in, `typed` the command."""

    user: str
    channel: str
    born: float
    original: Message | None = None
    typed: str | None = None
    thread_ts: str | None = None
    uses: int = 0
    echoed: bool = False


@dataclass(slots=True)
class ResponseUrls:
    clock: Clock
    issued: dict[str, ResponseUrl] = field(default_factory=dict)

    def issue(
        self,
        user: str,
        channel: str,
        *,
        original: Message | None = None,
        typed: str | None = None,
        thread_ts: str | None = None,
    ) -> str:
        """Return the path of a new response_url."""
        kind = "commands" if typed is not None else "actions"
        path = f"/hooks/{kind}/{TEAM}/{secrets.randbelow(10**13)}/{secrets.token_urlsafe(18)}"
        self.issued[path] = ResponseUrl(user, channel, self.clock.now(), original, typed, thread_ts)
        return path

    def open(self, path: str) -> ResponseUrl:
        """Return what the path stands for; raise ApiError when it may not be used any more."""
        hook = self.issued.get(path)
        if hook is None:
            raise ApiError("no_such_url")
        if self.clock.now() - hook.born > SECONDS:
            raise ApiError("expired_url")
        if hook.uses >= USES:
            raise ApiError("used_url")
        return hook
