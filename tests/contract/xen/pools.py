"""Logins for the tests of the XenAPI edge."""

from __future__ import annotations

from dataclasses import dataclass

from deploy.sandbox.pool.serving import RunningPool
from workers.xen.session import Login
from workers.xen.transport import Patience, Trust

CANARY = "canary-password"
QUICK = Patience(connect=2.0, read=0.5)


@dataclass(frozen=True, slots=True)
class Known:
    """A password of a test."""

    value: str

    def reveal(self) -> str:
        return self.value


def login(url: str, patience: Patience = QUICK, trust: Trust = Trust()) -> Login:  # noqa: B008 - frozen
    return Login("xenct", url, "root", patience, trust)


def password(pool: RunningPool) -> Known:
    return Known(pool.password)


def sessions(pool: RunningPool) -> int:
    return len(pool.report()["sessions"])
