"""A question: asked like a request, needs no approval, and its answer is kept for a while."""

from __future__ import annotations

from dataclasses import dataclass

from bot.request.found import Trouble
from bot.request.model import HostPbd


@dataclass(frozen=True, slots=True)
class SrRow:
    """One SR as `/sr list` shows it. Sizes in bytes, None where XenServer does not know; `host` by xe's rule."""

    uuid: str
    name_label: str
    type: str
    content_type: str
    size: int | None
    used: int | None
    host: str
    pbds_attached: int
    pbds: int


@dataclass(frozen=True, slots=True)
class ShownSr:
    """One SR as `/sr show` shows it, beside what its row has. `virtual` counts the bytes that its disks may grow to.

    `request` names the request of ours that made or attached it, if one did.
    """

    row: SrRow
    description: str
    shared: bool
    is_default: bool
    virtual: int | None
    disks: int
    pbds: tuple[HostPbd, ...] = ()
    device_config: tuple[tuple[str, str], ...] = ()
    request: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """`/sr list`, or `/sr show` with the SR as it was typed; who asked it where, and the answer once there is one."""

    id: str
    team: str
    channel: str
    actor: str
    pool: str
    asked_at: float
    keep_seconds: float
    name_label: str | None = None
    sr: str = ""
    shown: ShownSr | None = None
    answered_at: float | None = None
    rows: tuple[SrRow, ...] = ()
    trouble: Trouble | None = None
    noticed_at: float | None = None

    @property
    def answered(self) -> bool:
        """There is an answer, or a reason why there is none."""
        return self.answered_at is not None
