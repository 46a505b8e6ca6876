"""What the storage manager does when the storage is real: it looks, and changes nothing.

That what would change something answers 202 with these words is a guess: no real pool refuses so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.sandbox.pool.network.files import looking
from deploy.sandbox.pool.network.iscsi import probing
from deploy.sandbox.pool.storage import errors
from deploy.sandbox.pool.storage.errors import StorageError

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.network.settings import Network

READ_ONLY = "this pool looks at real storage and changes nothing on it"
CHANGING = frozenset({"SR.create", "SR.introduce", "SR.destroy", "SR.update", "PBD.create", "PBD.plug"})
"""What makes, attaches, writes to or takes down an SR, or only says that there is one."""


async def probe(network: Network, model: Model, host: str, config: dict[str, str], sr_type: str) -> str:
    """The probe of a driver; 38 of one that reaches no network."""
    if sr_type == "lvmoiscsi":
        return await probing.probe(network, model, host, config)
    if sr_type == "nfs":
        return await looking.probe_nfs(network, model, config)
    if sr_type == "smb":
        return await looking.probe_smb(network, model, config)
    raise StorageError(errors.UNIMPLEMENTED)


def refusal() -> StorageError:
    return StorageError(errors.GENERAL, READ_ONLY)
