"""What the operator sets, once it was read and found right. Nothing here holds a password."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Network = IPv4Network | IPv6Network

SLACK_API: Final = "https://slack.com/api/"


@dataclass(frozen=True, slots=True)
class PasswordFile:
    path: Path


@dataclass(frozen=True, slots=True)
class PasswordEnv:
    name: str


# Where a password is found; only the worker looks there.
PasswordSource = PasswordFile | PasswordEnv


@dataclass(frozen=True, slots=True)
class Slack:
    """`api_url` ends with a slash."""

    team: str
    app: str
    api_url: str = SLACK_API


@dataclass(frozen=True, slots=True)
class Pool:
    """`url` is scheme, host and port; `fingerprint` is the SHA-256 of the certificate, 64 hex digits."""

    name: str
    url: str
    user: str
    password: PasswordSource
    ca_file: Path | None = None
    fingerprint: str | None = None
    connect_seconds: float = 10.0
    read_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Channel:
    """`pools` are names, the first is meant when none is given; `approvers` are Slack user ids.

    `may_override` are those of the approvers who may let an SR die, or go on though a pool could not be asked.
    """

    id: str
    pools: tuple[str, ...]
    approvers: frozenset[str]
    may_override: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Targets:
    """The hosts that may be asked for storage; `names` in their canonical spelling."""

    networks: tuple[Network, ...] = ()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Incoming:
    """As whom an array shows itself to the hosts, with mutual CHAP."""

    user: str
    password: PasswordSource


@dataclass(frozen=True, slots=True)
class Credential:
    """A CHAP user, and the only hosts that its password may be sent to. `incoming`: with mutual CHAP."""

    name: str
    user: str
    password: PasswordSource
    addresses: Targets
    incoming: Incoming | None = None

    @property
    def passwords(self) -> tuple[PasswordSource, ...]:
        return (self.password, *((self.incoming.password,) if self.incoming else ()))


@dataclass(frozen=True, slots=True)
class Times:
    """How long an approval and a choice may wait, an answer is kept, and when a card says that it waits."""

    approval: timedelta = timedelta(hours=24)
    choice: timedelta = timedelta(hours=24)
    answer: timedelta = timedelta(minutes=30)
    waiting_notice: timedelta = timedelta(seconds=10)
    heartbeat: timedelta = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Settings:
    slack: Slack
    pools: Mapping[str, Pool]
    channels: Mapping[str, Channel]
    targets: Targets = field(default_factory=Targets)
    credentials: Mapping[str, Credential] = field(default_factory=dict)
    times: Times = field(default_factory=Times)
    local_paths: tuple[str, ...] = ()
    """Folders and devices of the hosts on which SRs may be asked for: each itself, and what is in it."""
    policy_file: Path | None = None
    """Where the policy is written; what counts is the one that was put in force."""
    codes_folder: Path | None = None
    """Where the secrets of one-time codes are, a file for each person; the bot and the command line look there."""
    audit_folder: Path | None = None
    """Where the bot writes the second copy of the audit trail, a file for each day; another one for each bot."""
    accounts: Mapping[str, str] = field(default_factory=dict)
    """Who works at the command line: Slack user ids by the names of accounts of the operating system."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """`reason` is a stable code, `sentence` is for the person who asked."""

    reason: str
    sentence: str
