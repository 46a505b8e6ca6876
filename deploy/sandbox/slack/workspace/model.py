from __future__ import annotations

from dataclasses import dataclass, field

from deploy.sandbox.slack.answers import Json

TEAM = "T0SANDBOX1"
PARTNER_TEAM = "T0PARTNER1"
TEAM_NAME = "Storage sandbox"
DOMAIN = "storage-sandbox"
APP = "A0SRBOT001"
BOT = "B0SRBOT001"
BOT_USER = "U0SRBOT001"
SLACKBOT = "USLACKBOT"
GROUP = "S0STORADM1"
SECURITY_GROUP = "S0SECURITY"


@dataclass(frozen=True, slots=True)
class User:
    id: str
    name: str
    real_name: str
    role: str
    color: str
    team_id: str = TEAM
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation: `kind` is "channel" (public), "private" or "im"; an im's `user` is the person in it."""

    id: str
    name: str
    kind: str = "channel"
    topic: str = ""
    members: tuple[str, ...] = ()
    is_archived: bool = False
    is_ext_shared: bool = False
    is_pending_ext_shared: bool = False
    user: str = ""


@dataclass(frozen=True, slots=True)
class Usergroup:
    id: str
    handle: str
    name: str
    users: tuple[str, ...] = ()
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A message as Slack shows it in `body`, and what only this server knows of it.

    `pings` are the mentions that notify somebody (`<!channel>`, `<@U…>`); `to` is the one reader of an ephemeral;
    `response_to` the slash command that it answers.
    """

    channel: str
    ts: str
    body: Json
    pings: tuple[str, ...] = field(default=())
    to: str | None = None
    response_to: str | None = None

    @property
    def thread_ts(self) -> str | None:
        thread = self.body.get("thread_ts")
        return str(thread) if thread else None

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts
