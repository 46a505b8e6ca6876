"""TargetAddress: `host[:port][,group]`, with IPv6 in brackets. Source: RFC 7143, 13.8."""

from __future__ import annotations

import contextlib
import ipaddress
import re
from dataclasses import dataclass

from deploy.sandbox.pool.network.dialling import Endpoint
from deploy.sandbox.pool.network.troubles import ProtocolError
from deploy.sandbox.pool.storage.arrays import ISCSI_PORT

_FORM = re.compile(
    r"(?:\[(?P<six>[0-9A-Fa-f:.]{2,45})\]|(?P<host>[A-Za-z0-9._-]{1,253}))"
    r"(?::(?P<port>\d{1,5}))?(?:,(?P<group>\d{1,5}))?",
    re.ASCII,
)
_HIGHEST = 65535


@dataclass(frozen=True, slots=True)
class PortalAddress:
    endpoint: Endpoint
    group: int | None = None
    """The portal group's tag, if the target told it."""


def endpoint_in(text: str) -> PortalAddress:
    """ProtocolError for what is no address."""
    match = _FORM.fullmatch(text)
    if match is None:
        message = "the target named a portal that is no address"
        raise ProtocolError(message)
    port = int(match["port"] or ISCSI_PORT)
    group = int(match["group"]) if match["group"] else None
    if not 0 < port <= _HIGHEST or (group or 0) > _HIGHEST:
        message = "the target named a portal whose port or group is no number of 16 bits"
        raise ProtocolError(message)
    return PortalAddress(Endpoint(_plain(match["six"] or match["host"]), port), group)


def _plain(host: str) -> str:
    """An address in its usual form, so that two can be compared."""
    with contextlib.suppress(ValueError):
        return str(ipaddress.ip_address(host))
    if ":" in host:
        message = "the target named a portal that is no address"
        raise ProtocolError(message)
    return host
