"""The tables of the file, one function each. A table that is wrong gives None, and what is wrong is noted."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bot.settings import values
from bot.settings.model import (
    SLACK_API,
    Channel,
    Credential,
    Incoming,
    PasswordEnv,
    PasswordFile,
    Pool,
    Slack,
    Targets,
    Times,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.settings.model import Network, PasswordSource
    from bot.settings.tables import Table

_URL: Final = "an https URL without user and password, or http on loopback"
_POOL_URL: Final = f"{_URL}, without a path"
_PERSON: Final = "person's id, U…"
_INLINE: Final = ("password", "secret", "chappassword", "token")
# The bot's process holds these; a password of the worker's must not stand where the bot can read it.
_BOTS_OWN: Final = "SRBOT_SLACK_"

MAX_SECONDS: Final = 3600
MAX_MINUTES: Final = 24 * 60
MAX_HOURS: Final = 24 * 90


def slack(table: Table) -> Slack | None:
    team = table.matching("team", values.TEAM, "a team's id, T…")
    app = table.matching("app", values.APP, "an app's id, A…")
    api_url = table.parsed("api_url", values.api_base, _URL, required=False) or SLACK_API
    table.close()
    return Slack(team, app, api_url) if team and app else None


def pool(name: str, table: Table, folder: Path) -> Pool | None:
    _named(name, table)
    url = table.parsed("url", values.origin, _POOL_URL)
    user = table.text("user")
    password = _password(table, folder)
    ca_file, fingerprint = _trust(table, folder, url)
    connect = table.number("connect_seconds", 10, MAX_SECONDS)
    read = table.number("read_seconds", 60, MAX_SECONDS)
    table.close()
    if not (url and user and password):
        return None
    return Pool(name, url, user, password, ca_file, fingerprint, connect, read)


def _trust(table: Table, folder: Path, url: str | None) -> tuple[Path | None, str | None]:
    ca_file = table.text("ca_file", required=False)
    fingerprint = table.parsed("fingerprint", values.fingerprint, "sha256: and 64 hex digits", required=False)
    if ca_file and fingerprint:
        table.wrong("fingerprint", "stands beside ca_file: give one of them")
    if url and url.startswith("http:") and (ca_file or fingerprint):
        table.wrong("url", "is http, where ca_file and fingerprint mean nothing")
    return folder / ca_file if ca_file else None, fingerprint


def channel(name: str, table: Table, pools: frozenset[str]) -> Channel | None:
    if not values.CHANNEL.fullmatch(name):
        table.mistakes.add(table.place, "must be named by a channel's id, C…")
    names = table.each("pools", lambda text: text if text in pools else None, "configured pool", required=True)
    approvers = table.each("approvers", values.person, _PERSON, required=True)
    overriders = table.each("may_override", values.person, _PERSON)
    if approvers and not set(overriders) <= set(approvers):
        table.wrong("may_override", "names somebody who is no approver of the channel")
    table.close()
    return Channel(name, names, frozenset(approvers), frozenset(overriders)) if names and approvers else None


def targets(table: Table) -> Targets:
    networks: tuple[Network, ...] = table.each("networks", values.network, "network without host bits, as 10.0.0.0/16")
    names = table.each("names", values.host_name, "host name (addresses go into networks)")
    table.close()
    return Targets(networks, frozenset(names))


def local_paths(table: Table) -> tuple[str, ...]:
    paths = table.each("paths", values.local_path, "path below /, without . and .. in it")
    table.close()
    return paths


def policy_file(table: Table, folder: Path) -> Path | None:
    file = table.text("file", required=False)
    table.close()
    return folder / file if file else None


def own_folder(table: Table, folder: Path) -> Path | None:
    """Read which folder is for one thing: of one-time codes, or of the second copy of the audit trail."""
    path = table.text("folder", required=False)
    table.close()
    return folder / path if path else None


def accounts(table: Table) -> Mapping[str, str]:
    """Read whose account is whose. One person may have several, one account is one person's."""
    read = {name: table.parsed(name, values.person, f"a {_PERSON}") for name in table.data}
    return MappingProxyType({name: person for name, person in read.items() if person})


def credential(name: str, table: Table, folder: Path) -> Credential | None:
    _named(name, table)
    user = table.text("user")
    what = "address, network or host name"
    addresses: tuple[Network | str, ...] = table.each("addresses", values.network_or_name, what, required=True)
    password, incoming = _password(table, folder), _incoming(table, folder)
    table.close()
    if not (user and addresses and password):
        return None
    return Credential(name, user, password, _mixed(addresses), incoming)


def _incoming(table: Table, folder: Path) -> Incoming | None:
    """Both of it or nothing: one half would leave out mutual CHAP without a word."""
    if not any(table.has(f"incoming_{key}") for key in ("user", "password_file", "password_env")):
        return None
    user, password = table.text("incoming_user"), _password(table, folder, "incoming_")
    return Incoming(user, password) if user and password else None


def _mixed(addresses: tuple[Network | str, ...]) -> Targets:
    names = frozenset(item for item in addresses if isinstance(item, str))
    return Targets(tuple(item for item in addresses if not isinstance(item, str)), names)


def times(table: Table) -> Times:
    read = Times(
        approval=timedelta(hours=table.number("approval_hours", 24, MAX_HOURS)),
        choice=timedelta(hours=table.number("choice_hours", 24, MAX_HOURS)),
        answer=timedelta(minutes=table.number("answer_minutes", 30, MAX_MINUTES)),
        waiting_notice=timedelta(seconds=table.number("waiting_notice_seconds", 10, MAX_SECONDS)),
        heartbeat=timedelta(seconds=table.number("heartbeat_seconds", 10, MAX_SECONDS)),
    )
    table.close()
    return read


def _named(name: str, table: Table) -> None:
    if not values.NAME.fullmatch(name):
        table.mistakes.add(table.place, f"must be named with {values.NAME_SHAPE}")


def _password(table: Table, folder: Path, prefix: str = "") -> PasswordSource | None:
    in_file, in_env = f"{prefix}password_file", f"{prefix}password_env"
    for key in (f"{prefix}{key}" for key in _INLINE):
        if table.has(key):
            table.wrong(key, f"is refused here: give {in_file} or {in_env} instead")
    if table.has(in_file) == table.has(in_env):
        table.wrong(in_file, f"or {in_env} must be given, one of them")
        return None
    if table.has(in_file):
        file = table.text(in_file)
        return PasswordFile(folder / file) if file else None
    name = table.matching(in_env, values.ENV_NAME, "the name of an environment variable")
    if name and name.startswith(_BOTS_OWN):
        table.wrong(in_env, f"must not start with {_BOTS_OWN}: those are the bot's")
    return PasswordEnv(name) if name else None
