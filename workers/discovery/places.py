"""The places where an SR can be: the exports of a server, the hosts of a pool, the devices of a host."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bot.request.model import Seeking
from workers.discovery.devices import discover_devices
from workers.discovery.exports import discover_exports
from workers.discovery.hosts import discover_hosts
from workers.steps import Step

_LOOKS: Final[Mapping[Seeking, Callable[[Step], None]]] = {
    Seeking.EXPORT: discover_exports,
    Seeking.HOST: discover_hosts,
    Seeking.DEVICE: discover_devices,
}


def discover_places(step: Step) -> None:
    """Find the places that can be picked next. Raises XenError, CannotDoError, SupersededError."""
    _LOOKS[step.request.seeking](step)
