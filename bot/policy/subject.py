"""What is decided about: a plan as the policy sees it, and what people have given so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.request.model import Kind, Request
from bot.request.plan import REMOVING, Plan, Purpose
from bot.request.sr_types import erases


class Action(StrEnum):
    """What is asked for, as a policy spells it."""

    ADD_ISCSI = "add iscsi"
    ADD_HBA = "add hba"
    ADD_NFS = "add nfs"
    ADD_SMB = "add smb"
    ADD_ISO = "add iso"
    ADD_LOCAL = "add local"
    ADD_OTHER = "add other"
    ATTACH = "attach"
    FORMAT = "format"
    SCAN = "scan"
    REPAIR = "repair"
    RENAME = "rename"
    DEFAULT = "default"
    DETACH = "detach"
    FORGET = "forget"
    DESTROY = "destroy"


ADD: Final = "add"
"""In a policy it stands for all actions that begin with it."""

ADDING: Final = frozenset(action for action in Action if action.startswith(f"{ADD} "))


class Danger(StrEnum):
    """What a plan puts at risk: data is lost; VMs lose an SR; somebody has to answer for what could not be checked."""

    ERASES = "erases"
    REMOVES = "removes"
    OVERRIDES = "overrides"


DESTRUCTIVE: Final = frozenset({Danger.ERASES, Danger.REMOVES})
"""What needs another person, whatever a policy says."""

POSSIBLE: Final[Mapping[Action, frozenset[Danger]]] = {
    Action.ADD_ISCSI: frozenset({Danger.ERASES}),
    Action.ADD_HBA: frozenset({Danger.ERASES}),
    Action.ADD_LOCAL: frozenset({Danger.ERASES}),
    Action.ADD_OTHER: frozenset({Danger.ERASES}),
    Action.FORMAT: frozenset({Danger.ERASES, Danger.OVERRIDES}),
    Action.DETACH: frozenset({Danger.REMOVES}),
    Action.FORGET: frozenset({Danger.REMOVES}),
    Action.DESTROY: frozenset({Danger.ERASES, Danger.REMOVES}),
}
"""What an action can be in itself. Beside it anything can override: a pool that doesn't answer is met everywhere."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked, by whom. `size` is bytes, None where it is not known; it then counts as larger than any bound.

    `asked_at` is when the approval was asked for, in seconds since the epoch; `id` is the request's.
    """

    pool: str
    channel: str
    action: Action
    requester: str
    asked_at: float
    size: int | None = None
    dangers: frozenset[Danger] = frozenset()
    reason: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """One person said yes to the plan as it stands; `stepped_up`: and confirmed it by a one-time code."""

    person: str
    at: float
    stepped_up: bool = False


@dataclass(frozen=True, slots=True)
class Spent:
    """A rule let a request pass automatically."""

    rule: str
    person: str
    at: float
    request: str = ""


def subject_of(request: Request, asked_at: float | None = None) -> Subject:
    """Give the subject of a request; before there is a plan, with all that its action may put at risk.

    `asked_at` is when its approval was asked for. Left out it is when the request was made, which only makes an
    approval end sooner.
    """
    action = _action(request)
    return Subject(
        pool=request.pool,
        channel=request.channel,
        action=action,
        requester=request.requester,
        asked_at=request.asked_at if asked_at is None else asked_at,
        size=_size(request),
        dangers=_dangers(request.plan) if request.plan else POSSIBLE.get(action, frozenset()),
        reason=request.reason or "",
        id=request.id,
    )


_KINDS: Final = {
    Kind.ISCSI: Action.ADD_ISCSI,
    Kind.HBA: Action.ADD_HBA,
    Kind.NFS: Action.ADD_NFS,
    Kind.SMB: Action.ADD_SMB,
    Kind.ISO: Action.ADD_ISO,
    Kind.LOCAL: Action.ADD_LOCAL,
    Kind.OTHER: Action.ADD_OTHER,
}


def _action(request: Request) -> Action:
    purpose = request.plan.purpose if request.plan else request.purpose
    return _KINDS[request.kind] if purpose is Purpose.CREATE else Action(purpose.value)


def _size(request: Request) -> int | None:
    plan = request.plan
    sizes = [plan.held.size if plan.held else None, plan.lun.size if plan.lun else None] if plan else []
    sizes.append(request.lun.size if request.lun else None)
    return max((size for size in sizes if size is not None), default=None)


def _dangers(plan: Plan) -> frozenset[Danger]:
    found = set()
    if plan.dies or (plan.purpose is Purpose.CREATE and erases(plan.sr_type)):
        found.add(Danger.ERASES)
    if plan.purpose in REMOVING:
        found.add(Danger.REMOVES)
    if plan.needs_override:
        found.add(Danger.OVERRIDES)
    # A plan whose SR could not be named is as dangerous as its action may be.
    return frozenset(found) | (POSSIBLE[Action(plan.purpose.value)] if plan.purpose in _ALWAYS else frozenset())


_ALWAYS: Final = frozenset({Purpose.FORMAT, Purpose.DESTROY})
