"""What a host asks the storage network with: an lvmoiscsi device_config as its driver reads it.

Keys that the driver doesn't know are not looked at, and the case of a key counts. Source: sm: BaseISCSI.py load.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from deploy.sandbox.pool.storage import errors
from deploy.sandbox.pool.storage.arrays import ISCSI_PORT
from deploy.sandbox.pool.storage.errors import StorageError
from deploy.sandbox.pool.storage.multipath import multipathing
from deploy.sandbox.pool.storage.names import address_of
from deploy.sandbox.pool.storage.secrets import password_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy.sandbox.pool.model import Model

_MAX_PORT = 65535
WILDCARD = "*"


@dataclass(frozen=True, slots=True)
class Access:
    """A device_config, read."""

    host: str
    """The host's reference."""
    host_name: str
    initiator: str
    typed: str
    addresses: tuple[str, ...]
    port: int
    target_iqn: str
    scsi_id: str
    chap: tuple[str, str] | None = field(repr=False)
    """User and password, used only when both were given."""
    incoming: tuple[str, str] | None = field(default=None, repr=False)
    """As whom the target has to show itself: both given, beside the CHAP of the host (SM: BaseISCSI.py)."""
    multihomed: bool = False
    """Whether every portal of the target is logged in to, not only the one that was typed."""

    @property
    def names_lun(self) -> bool:
        return bool(self.target_iqn and self.scsi_id)

    @property
    def several(self) -> bool:
        """Whether the driver makes sessions to more than one target or address."""
        return self.target_iqn == WILDCARD or "," in self.target_iqn or len(self.addresses) > 1


def read_access(
    model: Model, host: str, config: dict[str, str], lookup: Callable[[str], str | None] | None = None
) -> Access:
    """The device_config as the driver reads it: 95, 97, 140, 142 or 20 where it can't.

    Names resolve by `lookup`, or by the simulated network's own name server.
    """
    typed = config.get("target", "")
    if not typed:
        raise StorageError(errors.TARGET_MISSING)
    initiator = model.initiator(host)
    if not initiator:
        raise StorageError(errors.HOST_IQN_MISSING)
    addresses = _resolved(lookup or partial(address_of, model), typed)
    return Access(
        host=host,
        host_name=model.objects.get("host", host)["name_label"],
        initiator=initiator,
        typed=typed,
        addresses=addresses,
        port=_port(config.get("port", "") or str(ISCSI_PORT)),
        target_iqn=config.get("targetIQN", ""),
        scsi_id=config.get("SCSIid", ""),
        chap=_chap(model, config),
        incoming=_chap(model, config, "incoming_") if _chap(model, config) else None,
        multihomed=_multihomed(model, host, config),
    )


def _multihomed(model: Model, host: str, config: dict[str, str]) -> bool:
    if "multihomed" in config:
        return config["multihomed"] == "true"
    return multipathing(model, host)


def _resolved(lookup: Callable[[str], str | None], typed: str) -> tuple[str, ...]:
    """The addresses of a comma list; only the first name has to resolve. Brackets are no address to getaddrinfo."""
    first, *others = (lookup(name.strip()) for name in typed.split(","))
    if first is None:
        raise StorageError(errors.DNS)
    return (first, *(address for address in others if address))


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _MAX_PORT:
        raise StorageError(errors.PORT)
    return int(text)


def _chap(model: Model, config: dict[str, str], prefix: str = "") -> tuple[str, str] | None:
    user, password = config.get(f"{prefix}chapuser", ""), password_in(model, config, f"{prefix}chappassword")
    return (user, password) if user and password else None
