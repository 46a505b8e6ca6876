"""SendTargets: which targets a portal knows, and at which portals each is. Source: RFC 7143, appendix C."""

from __future__ import annotations

from dataclasses import dataclass

from deploy.sandbox.pool.network.dialling import Endpoint, in_time
from deploy.sandbox.pool.network.iscsi import texts
from deploy.sandbox.pool.network.iscsi.addresses import PortalAddress, endpoint_in
from deploy.sandbox.pool.network.iscsi.login import Purpose
from deploy.sandbox.pool.network.iscsi.session import opened
from deploy.sandbox.pool.network.settings import Times
from deploy.sandbox.pool.network.troubles import ProtocolError

_EVERY_TARGET = texts.packed({"SendTargets": "All"})
_LONGEST_NAME = 223
_FORMS = ("iqn.", "eui.", "naa.")


@dataclass(frozen=True, slots=True)
class Offered:
    """A target at a portal."""

    iqn: str
    portal: PortalAddress


async def send_targets(at: Endpoint, purpose: Purpose, times: Times) -> list[Offered]:
    """In the order in which the portal lists them."""
    async with in_time(times.discovery, f"the discovery at {at}"), opened(at, purpose, times) as session:
        return offered_in(await session.text(_EVERY_TARGET), at)


def offered_in(data: bytes, asked: Endpoint) -> list[Offered]:
    """The rows of an answer; a target without an address is at the portal that was asked."""
    rows: list[Offered] = []
    for iqn, addresses in _grouped(data):
        portals = [endpoint_in(text) for text in addresses] or [PortalAddress(asked)]
        rows += [Offered(iqn, portal) for portal in portals]
    return rows


def _grouped(data: bytes) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for key, value in texts.unpacked(data):
        if key == "TargetName":
            found.append((_name(value), []))
        elif key == "TargetAddress" and found:
            found[-1][1].append(value)
    return found


def _name(text: str) -> str:
    long = len(text.encode()) > _LONGEST_NAME
    if long or not text.startswith(_FORMS) or not text.isprintable() or " " in text:
        message = "the target has a name that is none"
        raise ProtocolError(message)
    return text
