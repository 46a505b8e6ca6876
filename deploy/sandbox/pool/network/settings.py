"""How the simulated pool looks at real storage: the [network] table of a scenario."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

OWN_INITIATOR = "iqn.2026-11.example.srbot:sandbox-that-only-looks"
# The form of an iSCSI qualified name, and how long it may be in bytes. Source: RFC 7143, 4.2.7.
_NAME = re.compile(r"iqn\.\d{4}-\d{2}\.[a-z0-9.-]+(:[a-z0-9.:-]+)?", re.ASCII)
_LONGEST_NAME = 223
_PORTS = ("portmapper_port", "nfs_port", "smb_port")
_HIGHEST_PORT = 65535


class NetworkSettingsError(ValueError):
    """Its message says what stands in the way of looking at real storage."""


@dataclass(frozen=True, slots=True)
class Times:
    """The longest waits, in seconds.

    Connecting as the storage manager's own test of a port (sm: util.py _testHost), logging in as open-iscsi's
    node.conn[0].timeo.login_timeout; the others bound a whole look, however many answers it takes.
    """

    connect: float = 5.0
    login: float = 15.0
    discovery: float = 30.0
    inquiry: float = 60.0
    goodbye: float = 2.0
    files: float = 30.0


@dataclass(frozen=True, slots=True)
class Network:
    """Ports other than these are for ways through a tunnel."""

    initiator: str = OWN_INITIATOR
    """The name of this pool's own initiator, which no host of any pool may have."""
    portmapper_port: int = 111
    nfs_port: int = 2049
    smb_port: int = 445
    times: Times = Times()


def network_from(table: dict[str, Any]) -> Network:
    """The table's fields; NetworkSettingsError for one that isn't known, or a port that is none."""
    unknown = sorted(set(table) - {"initiator", *_PORTS})
    if unknown:
        message = f"[network] {unknown[0]}: there is no such setting"
        raise NetworkSettingsError(message)
    for name in _PORTS:
        if not isinstance(table.get(name, 1), int) or not 0 < table.get(name, 1) <= _HIGHEST_PORT:
            message = f"[network] {name}: a number between 1 and {_HIGHEST_PORT} is wanted"
            raise NetworkSettingsError(message)
    initiator = table.get("initiator", OWN_INITIATOR)
    if not isinstance(initiator, str):
        message = "[network] initiator: a text is wanted"
        raise NetworkSettingsError(message)
    return Network(**table)


def checked(network: Network, host_iqns: Iterable[str]) -> Network:
    """The settings as they are; NetworkSettingsError where the initiator's name is none, or is a host's."""
    name = network.initiator
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        message = f"[network] initiator: {name!r} is no iSCSI name (iqn.2026-01.com.example:what-it-is, lower case)"
        raise NetworkSettingsError(message)
    if is_taken(name, host_iqns):
        message = f"[network] initiator: {name} is the name of a host; an array would take the two for one"
        raise NetworkSettingsError(message)
    return network


def is_taken(initiator: str, host_iqns: Iterable[str]) -> bool:
    """Whether a host goes by that name. Names are compared in lower case. Source: RFC 3722."""
    return initiator.lower() in {iqn.strip().lower() for iqn in host_iqns}
