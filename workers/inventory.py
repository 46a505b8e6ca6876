"""The answers to `/sr list` and `/sr show`: three calls beside login and logout at any size, and one more to show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bot.request.found import Trouble
from bot.request.model import HostPbd
from bot.request.question import Question, ShownSr, SrRow
from bot.storage import masked, xe_host
from workers.managing.looking import find_sr
from workers.workplace import Workplace
from workers.xen.records import Contents, Host, Pbd, Sr, concerned, read_all_hosts, read_contents, read_default_sr
from workers.xen.secrets import TAG

SECRET_KEYS: Final = ("password", "secret")
"""How the keys of device_config end that hold a password, or lead to one (xapi: xapi_secret.ml)."""


def list_srs(workplace: Workplace, question: Question) -> tuple[SrRow, ...]:
    """Read the SRs asked for, sorted by name. Raises XenError, CannotDoError."""
    with workplace.log_in(question.pool) as session:
        contents = read_contents(session)
        names = {host.ref: host.name for host in read_all_hosts(session)}
    # The filter is ours: xapi's query language can't quote a name (xapi: db_filter_lex.mll).
    wanted = [sr for sr in contents.srs if question.name_label in {None, sr.name}]
    rows = [_row(sr, contents, names) for sr in wanted]
    return tuple(sorted(rows, key=lambda row: (row.name_label.casefold(), row.uuid)))


def show_sr(workplace: Workplace, question: Question) -> ShownSr:
    """Read one SR by its UUID or name. Raises XenError, CannotDoError."""
    with workplace.log_in(question.pool) as session:
        contents = read_contents(session)
        hosts = read_all_hosts(session)
        default = read_default_sr(session)
    sr = find_sr(contents, question.sr)
    pbds = contents.pbds_of(sr)
    return ShownSr(
        row=_row(sr, contents, {host.ref: host.name for host in hosts}),
        description=masked(sr.description),
        shared=sr.shared,
        is_default=sr.ref == default,
        virtual=sr.virtual,
        disks=sr.disks,
        pbds=tuple(_pbd(host, pbds) for host in concerned(hosts, sr, pbds)),
        device_config=_config(pbds),
        request=sr.other_config.get(TAG, ""),
    )


def _pbd(host: Host, pbds: Iterable[Pbd]) -> HostPbd:
    pbd = next((pbd for pbd in pbds if pbd.host == host.ref), None)
    reason = "pbd_missing" if pbd is None else "pbd_unplugged"
    trouble = None if pbd is not None and pbd.attached else Trouble(reason, facts=(("host", host.name),))
    return HostPbd(host.name, trouble is None, host.iqn, trouble)


def _config(pbds: Iterable[Pbd]) -> tuple[tuple[str, str], ...]:
    """Give the device_config of the first PBD, without what is a password or leads to one.

    xe-mount-iso-sr keeps whatever stood behind its -o, a password too, under `options`.
    """
    config = next((pbd.device_config for pbd in pbds), {})
    return tuple(sorted((key, masked(value)) for key, value in config.items() if not key.endswith(SECRET_KEYS)))


def _row(sr: Sr, contents: Contents, names: dict[str, str]) -> SrRow:
    pbds = contents.pbds_of(sr)
    return SrRow(
        uuid=sr.uuid,
        name_label=sr.name,
        type=sr.type,
        content_type=sr.content_type,
        size=sr.size,
        used=sr.used,
        host=xe_host([names.get(pbd.host, "") for pbd in pbds]),
        pbds_attached=sum(pbd.attached for pbd in pbds),
        pbds=len(pbds),
    )
