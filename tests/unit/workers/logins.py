"""A login for sessions that answer by themselves."""

from __future__ import annotations

from typing import Final

from workers.xen.session import Login
from workers.xen.transport import Patience, Trust


class NoPassword:
    """Nothing to be masked."""

    def reveal(self) -> str:
        return ""


NOWHERE: Final = Login("nowhere", "http://nowhere.invalid", "nobody", Patience(1, 1), Trust(None, None))
NOTHING: Final = NoPassword()
