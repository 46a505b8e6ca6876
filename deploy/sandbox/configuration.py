"""Writes the sandbox's srbot.toml: the same file that a real installation has, with no setting of its own."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.sandbox.house import House

PASSWORD_FILES = {"password_file", "incoming_password_file"}
CHANNELS = ("storage", "partners", "random")
"""#storage is for work; srbot is set up for the other two as well, so that one can see why it refuses there."""

TEMPLATE = """\
# Written by `srbot sandbox` at each start; every setting here is one that a real installation has too.

[slack]
team = {team}
app = {app}
api_url = {api_url}

[pools.xenct]
url = {pool_url}
user = "root"
password_file = {root_password}

[times]
waiting_notice_seconds = {notice}

[codes]
folder = "codes"

[audit]
folder = "audit"
"""

BUILT_IN = """
[targets]
networks = ["10.0.0.0/16", "fd00:10::/32"]
names = ["san.example", "netapp.example", "nas.example", "nfs4.example", "files.example"]

[local]
paths = ["/dev/disk/by-id", "/srv/isos", "/tank"]

[credentials.tecmint]
user = "tecmint"
addresses = ["10.0.0.5", "san.example"]
password_file = {chap_password}

[credentials.both-ways]
user = "tecmint"
addresses = ["10.0.3.8"]
password_file = {chap_password}
incoming_user = "qnap"
incoming_password_file = {array_password}

[credentials.backup]
user = 'LAB\\backup'
addresses = ["files.example"]
password_file = {share_password}
"""

CHANNEL = """
# #{name}
[channels.{id}]
pools = ["xenct"]
approvers = {approvers}
may_override = {overriders}
"""


def write_configuration(
    house: House, api_url: str, pool_url: str, notice_seconds: int, scenario: Path | None = None
) -> Path:
    """Write the file for the stand-ins that run now, and give its path.

    A scenario has its own [targets], [local] and [credentials], with the keys that srbot.toml has.
    """
    workspace: dict[str, Any] = json.loads((house.slack / "workspace.json").read_text(encoding="utf-8"))
    text = TEMPLATE.format(
        team=_toml(workspace["team_id"]),
        app=_toml(workspace["app_id"]),
        api_url=_toml(api_url),
        pool_url=_toml(pool_url),
        root_password=_toml(str(house.pool / "root-password")),
        notice=notice_seconds,
    )
    text += _own_tables(scenario) if scenario else _built_in(house)
    approvers = [workspace["users"][name] for name in ("approver-1", "approver-2")]
    house.config.write_text(text + "".join(_channels(workspace["channels"], approvers)), encoding="utf-8")
    return house.config


def _built_in(house: House) -> str:
    return BUILT_IN.format(
        chap_password=_toml(str(house.pool / "chap-tecmint")),
        array_password=_toml(str(house.pool / "chap-qnap")),
        share_password=_toml(str(house.pool / "share-backup")),
    )


def _own_tables(scenario: Path) -> str:
    """What the scenario lets srbot ask, and with which passwords; their files may stand beside it."""
    body = tomllib.loads(scenario.read_text(encoding="utf-8"))
    tables = {"targets": body.get("targets", {}), "local": body.get("local", {})}
    for name, credential in body.get("credentials", {}).items():
        beside = {key: str(scenario.absolute().parent / credential[key]) for key in PASSWORD_FILES & credential.keys()}
        tables[f"credentials.{json.dumps(name)}"] = {**credential, **beside}
    return "".join(_table(name, fields) for name, fields in tables.items())


def _table(name: str, fields: Mapping[str, Any]) -> str:
    lines = [f"{key} = {_toml(value)}\n" for key, value in fields.items()]
    return f"\n[{name}]\n{''.join(lines)}"


def _channels(ids: Mapping[str, str], approvers: list[str]) -> list[str]:
    return [
        CHANNEL.format(name=name, id=ids[name], approvers=_toml(approvers), overriders=_toml(approvers[:1]))
        for name in CHANNELS
    ]


def _toml(value: str | list[str]) -> str:
    """A JSON string, a list of them, a number and a truth value are the same in TOML."""
    return json.dumps(value, ensure_ascii=False)
