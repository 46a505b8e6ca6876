"""One password of root for every pool of a test process.

A worker stretches it into a key, which takes tens of milliseconds, but only once for each pool and password.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

ROOT: Final = f"canary-root-{secrets.token_urlsafe(12)}"


def with_known_root(folder: Path) -> Path:
    """Give the folder that is to be a pool's, with the password in it that the pool then takes."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "root-password").write_text(f"{ROOT}\n", encoding="utf-8")
    return folder
