"""What the configuration makes of a command: the first event of its request, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import singledispatch
from typing import TypedDict

from bot.deciding import Standing, may_ask
from bot.ledger.store import Ledger, new_id
from bot.request import events as e
from bot.request.found import Protocol
from bot.request.grammar import (
    AddHba,
    AddIscsi,
    AddLocal,
    AddOther,
    AddShare,
    Asking,
    AttachIscsi,
    Command,
    ManageSr,
    render,
)
from bot.request.lifecycle import begin
from bot.request.model import Address, Kind, Request, Times
from bot.request.plan import Purpose
from bot.request.reach import reach_of
from bot.request.refused import Refused
from bot.settings import Credential, Refusal, Settings, allowed, credential_for, path_allowed, pool_for


class NotAllowed(Exception):  # noqa: N818 - an answer, not an accident
    """The configuration does not let this be asked; `refusal` says why, as plain text."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks in which channel, and when; the ids are Slack's, `at` is seconds since the epoch.

    `request` is the id that the request gets.
    """

    user: str
    team: str
    channel: str
    at: float
    request: str = field(default_factory=new_id)


class _By(TypedDict):
    at: float
    actor: str
    request: str
    team: str
    channel: str
    requester: str
    times: Times
    pool: str
    name: str | None
    reason: str | None


def open_request(first: e.Asked, ledger: Ledger, standing: Standing) -> Request:
    """Record a request, where the policy lets its requester ask. Raises Refused, LedgerUnavailable."""
    may_ask(begin(first), standing)
    return ledger.open(first)


def typed_back(command: Command) -> str:
    """Write a command for the one who typed it, without the name of a credential: it could be a password."""
    if isinstance(command, AddIscsi):
        return render(replace(command, chap=None))
    return render(replace(command, credential=None) if isinstance(command, AddShare) else command)


@singledispatch
def asked(command: object, asker: Asker, settings: Settings) -> e.Asked:
    """Give the first event of the request that a command makes. Raises Refused, NotAllowed."""
    del asker, settings
    raise NotImplementedError(type(command).__name__)


@asked.register
def _iscsi(command: AddIscsi, asker: Asker, settings: Settings) -> e.Asked:
    by = _by(command, asker, settings)
    if not allowed(settings.targets, command.host):
        raise Refused("address_not_allowed", address=command.host)
    credential = _found(credential_for(settings, command.host, command.chap))
    return e.Asked(
        **by,
        address=Address(command.host, command.port),
        credential=credential,
        purpose=_purpose(attach=isinstance(command, AttachIscsi)),
        multihomed=command.multihomed,
        all_targets=command.all_targets,
    )


@asked.register
def _manage(command: ManageSr, asker: Asker, settings: Settings) -> e.Asked:
    return e.Asked(**_by(command, asker, settings), purpose=Purpose(command.chore), sr=command.sr)


@asked.register
def _hba(command: AddHba, asker: Asker, settings: Settings) -> e.Asked:
    return e.Asked(**_by(command, asker, settings), purpose=_purpose(attach=command.attach), kind=Kind.HBA)


@asked.register
def _share(command: AddShare, asker: Asker, settings: Settings) -> e.Asked:
    by, server = _by(command, asker, settings), command.share.server
    if not allowed(settings.targets, server):
        raise Refused("address_not_allowed", address=server)
    # NFS knows no passwords.
    smb = command.share.protocol is not Protocol.NFS
    credential = _found(credential_for(settings, server, command.credential, "cred")) if smb else None
    return e.Asked(
        **by,
        credential=credential,
        purpose=_purpose(attach=command.attach),
        kind=command.kind,
        share=replace(command.share, version=command.version or ""),
        wanted=command.sr,
    )


@asked.register
def _local(command: AddLocal, asker: Asker, settings: Settings) -> e.Asked:
    by, paths = _by(command, asker, settings), settings.local_paths
    if not paths:
        raise Refused("no_local_paths")
    if command.device and not path_allowed(paths, command.device):
        raise Refused("path_not_allowed", path=command.device)
    return e.Asked(
        **by,
        purpose=_purpose(attach=command.attach),
        kind=command.kind,
        wanted=command.sr,
        host=command.host,
        device=command.device,
        sr_type=command.sr_type,
    )


@asked.register
def _other(command: AddOther, asker: Asker, settings: Settings) -> e.Asked:
    by, reach = _by(command, asker, settings), reach_of(command.given)
    for address in reach.addresses:
        if not allowed(settings.targets, address):
            raise Refused("address_not_allowed", address=address)
    for path in reach.paths:
        if not path_allowed(settings.local_paths, path):
            raise Refused("path_not_allowed", path=path)
    return e.Asked(**by, kind=Kind.OTHER, host=command.host, sr_type=command.sr_type, given=command.given)


def _by(command: Asking, asker: Asker, settings: Settings) -> _By:
    """Say who asks, where, when and why, and for which pool. Raises NotAllowed."""
    pool = pool_for(settings, asker.channel, command.pool)
    if isinstance(pool, Refusal):
        raise NotAllowed(pool)
    return {
        "at": asker.at,
        "actor": asker.user,
        "request": asker.request,
        "team": asker.team,
        "channel": asker.channel,
        "requester": asker.user,
        "times": _times(settings),
        "pool": pool.name,
        "name": command.name,
        "reason": command.reason,
    }


def _purpose(*, attach: bool) -> Purpose:
    return Purpose.ATTACH if attach else Purpose.CREATE


def _found(credential: Credential | Refusal | None) -> str | None:
    """Give the credential's name; raises NotAllowed."""
    if isinstance(credential, Refusal):
        raise NotAllowed(credential)
    return None if credential is None else credential.name


def _times(settings: Settings) -> Times:
    times = settings.times
    return Times(
        choice=times.choice.total_seconds(),
        approval=times.approval.total_seconds(),
        notice=times.waiting_notice.total_seconds(),
    )
