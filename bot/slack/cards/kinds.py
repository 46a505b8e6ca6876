"""What each kind of storage is called, and the places where an SR of it can be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.request.model import Kind, Request, Seeking
from bot.request.placing import PICKED_BY_PLACE
from bot.slack.cards.texts import code

_SRS: Final[Mapping[Kind, str]] = {
    Kind.ISCSI: "an iSCSI SR",
    Kind.HBA: "an HBA SR",
    Kind.NFS: "an NFS SR",
    Kind.SMB: "an SMB SR",
    Kind.ISO: "an ISO library",
    Kind.LOCAL: "a local SR",
}
OF_HOSTS: Final = frozenset({Kind.LOCAL, Kind.OTHER, Kind.ISO})
"""The kinds of storage that no array or server has to be, unless there is a share."""

_NOUNS: Final[Mapping[Seeking, str]] = {Seeking.EXPORT: "export", Seeking.HOST: "host", Seeking.DEVICE: "device"}


def sr_of(kind: Kind, sr_type: str = "") -> str:
    """Name what becomes of storage of a kind; `sr_type` where the kind leaves that open."""
    return _SRS.get(kind) or f"an SR of type {code(sr_type)}"


def place_noun(request: Request) -> str:
    """Name what is picked next; an ISO library on a host is a folder there."""
    if request.kind is Kind.ISO and request.seeking is Seeking.DEVICE:
        return "folder"
    return _NOUNS[request.seeking]


def where(request: Request) -> str:
    """Say where the places are."""
    if request.share is not None:
        return f"server {code(request.share.server)}"
    return f"pool {code(request.pool)}" if request.seeking is Seeking.HOST else "that host"


def may_be_typed(request: Request) -> bool:
    """Say whether a place of this kind can be typed."""
    return request.kind in PICKED_BY_PLACE and request.seeking is not Seeking.HOST


def has_other_hosts(request: Request) -> bool:
    """Whether the storage is that of one host, which was picked or typed: another one may have what is sought."""
    of_hosts = request.kind in {Kind.LOCAL, Kind.ISO} and request.share is None
    return of_hosts and request.seeking is Seeking.DEVICE
