"""Places that the keys of a device_config name, each in one spelling: a pool's records may have any other."""

from __future__ import annotations

import re
from typing import Final

_ON_A_SERVER: Final = re.compile(r"(\[[^\]]*\]|[^/\\]+?):(/.*)", re.DOTALL)
_NAMES_A_SERVER: Final = frozenset({"server", "masterhost"})
"""Keys whose bare words are names of servers, in which small letters and capitals are the same (RFC 4343)."""


def tidied(path: str) -> str:
    """Leave out what leads nowhere else: `/a//b/./c/` is the same place as `/a/b/c`."""
    steps = [step for step in path.split("/") if step not in {"", "."}]
    return ("/" if path.startswith("/") and steps else "") + "/".join(steps)


def one_spelling(key: str, value: str) -> str:
    r"""Write the same place the same: \\Server\share as //server/share, and nas:/a/./b as nas:/a/b.

    SMB doesn't tell small letters from capitals; in a path on a server of NFS, or on a host, they count.
    """
    if value.startswith(("//", "\\")):
        return "//" + tidied(value.replace("\\", "/").lstrip("/")).casefold()
    if value.startswith("/"):
        return tidied(value) or "/"
    export = _ON_A_SERVER.fullmatch(value)
    if export is not None:
        return f"{export[1].casefold()}:{tidied(export[2]) or '/'}"
    return value.casefold() if key in _NAMES_A_SERVER else value.rstrip("/")
