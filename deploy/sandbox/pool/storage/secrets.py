"""The password that a device_config gives, in clear or by a secret of the pool.

Source: sm: util.py get_secret, cifutils.py getCIFCredentials, BaseISCSI.py load.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.sandbox.pool.storage import errors
from deploy.sandbox.pool.storage.errors import StorageError

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model


def password_in(model: Model, config: dict[str, str], key: str) -> str:
    """The value of `key`, or of the secret that `<key>_secret` names; 20 where that isn't there."""
    uuid = config.get(f"{key}_secret", "")
    if not uuid:
        return config.get(key, "")
    ref = model.objects.find("secret", uuid)
    if ref is None:
        raise StorageError(errors.INVALID_SECRET)
    value: str = model.objects.get("secret", ref)["value"]
    return value
