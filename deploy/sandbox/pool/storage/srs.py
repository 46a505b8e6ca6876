"""An SR on its way through a driver: what the driver is told, and what it hands back."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class NewSr:
    """The SR that a driver makes, attaches or takes down, with who asked."""

    ref: str
    uuid: str
    name: str
    description: str
    method: str
    originator: str
    sm_config: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Created:
    """Sizes in bytes."""

    size: int
    used: int
    device_config: dict[str, str]
    """What the driver hands back, the keys that it added included."""
    sm_config: dict[str, str] = field(default_factory=dict)
    portals: tuple[str, ...] = ()
    """To which the host has sessions now."""
    numpaths: int = 0
    """How many ways the host has to the device, where multipathing can count them."""
