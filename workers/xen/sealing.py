"""Notes that only the workers of one pool can read: sealed with a key made from the pool's password.

The key is stretched (scrypt, RFC 7914), since whoever reads Redis could try passwords on a note at leisure.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from typing import Final

from cryptography.fernet import Fernet, InvalidToken

COST: Final = 2**15
"""scrypt's N: 32 MiB and some tens of milliseconds, once for each pool that a process logs in to."""

BLOCK: Final = 8
MEMORY: Final = 64 * 1024 * 1024
KEY_BYTES: Final = 32


class Seal:
    """Seals and opens the notes about one pool."""

    def __init__(self, pool: str, password: str) -> None:
        self._fernet = Fernet(_key(pool, password))

    def close(self, text: str) -> bytes:
        return self._fernet.encrypt(text.encode())

    def open(self, note: bytes) -> str | None:
        """Give what was sealed; None where another password sealed it."""
        try:
            return self._fernet.decrypt(note).decode()
        except InvalidToken:
            return None


@lru_cache(maxsize=16)
def _key(pool: str, password: str) -> bytes:
    salt = f"srbot note {pool}".encode()
    key = hashlib.scrypt(password.encode(), salt=salt, n=COST, r=BLOCK, p=1, maxmem=MEMORY, dklen=KEY_BYTES)
    return base64.urlsafe_b64encode(key)
