"""What the storage network's name server says, and who a host is to a server."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model


@dataclass(frozen=True, slots=True)
class Caller:
    """The host that a server or an array sees."""

    name: str
    address: str

    def is_among(self, names: tuple[str, ...]) -> bool:
        """Hosts are listed by name or by address."""
        return bool({self.name, self.address} & set(names))


def caller(model: Model, host: str) -> Caller:
    record = model.objects.get("host", host)
    return Caller(record["name_label"], record["address"])


def address_of(model: Model, name: str) -> str | None:
    """The address that a name or an address leads to; None where it resolves to nothing. Brackets are no address."""
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        return model.names.get(name.lower())
