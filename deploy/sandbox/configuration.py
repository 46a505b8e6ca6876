"""Writes the sandbox's srbot.toml: the same file that a real installation has, with no setting of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.sandbox.house import House

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

[targets]
networks = ["10.0.0.0/16", "fd00:10::/32"]
names = ["san.example", "netapp.example", "nas.example", "nfs4.example", "files.example"]

[local]
paths = ["/dev/disk/by-id", "/srv/isos", "/tank"]

[credentials.tecmint]
user = "tecmint"
addresses = ["10.0.0.5", "san.example"]
password_file = {chap_password}

[credentials.backup]
user = 'LAB\\backup'
addresses = ["files.example"]
password_file = {share_password}

[times]
waiting_notice_seconds = {notice}
"""

CHANNEL = """
# #{name}
[channels.{id}]
pools = ["xenct"]
approvers = {approvers}
may_override = {overriders}
"""


def write_configuration(house: House, api_url: str, pool_url: str, notice_seconds: int) -> Path:
    """Write the file for the stand-ins that run now, and give its path."""
    workspace: dict[str, Any] = json.loads((house.slack / "workspace.json").read_text(encoding="utf-8"))
    text = TEMPLATE.format(
        team=_toml(workspace["team_id"]),
        app=_toml(workspace["app_id"]),
        api_url=_toml(api_url),
        pool_url=_toml(pool_url),
        root_password=_toml(str(house.pool / "root-password")),
        chap_password=_toml(str(house.pool / "chap-tecmint")),
        share_password=_toml(str(house.pool / "share-backup")),
        notice=notice_seconds,
    )
    approvers = [workspace["users"][name] for name in ("approver-1", "approver-2")]
    house.config.write_text(text + "".join(_channels(workspace["channels"], approvers)), encoding="utf-8")
    return house.config


def _channels(ids: Mapping[str, str], approvers: list[str]) -> list[str]:
    return [
        CHANNEL.format(name=name, id=ids[name], approvers=_toml(approvers), overriders=_toml(approvers[:1]))
        for name in CHANNELS
    ]


def _toml(value: str | list[str]) -> str:
    """A JSON string, or a list of them, is one in TOML as well."""
    return json.dumps(value, ensure_ascii=False)
