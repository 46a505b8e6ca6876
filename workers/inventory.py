"""The answer to `/sr list`: every SR of a pool in three calls beside login and logout, at any size."""

from __future__ import annotations

from bot.request.question import Question, SrRow
from bot.storage import xe_host
from workers.workplace import Workplace
from workers.xen.records import Contents, Sr, read_all_hosts, read_contents


def list_srs(workplace: Workplace, question: Question) -> tuple[SrRow, ...]:
    """Read the SRs asked for, sorted by name. Raises XenError, CannotDoError."""
    with workplace.log_in(question.pool) as session:
        contents = read_contents(session)
        names = {host.ref: host.name for host in read_all_hosts(session)}
    # The filter is ours: xapi's query language can't quote a name (xapi: db_filter_lex.mll).
    wanted = [sr for sr in contents.srs if question.name_label in {None, sr.name}]
    rows = [_row(sr, contents, names) for sr in wanted]
    return tuple(sorted(rows, key=lambda row: (row.name_label.casefold(), row.uuid)))


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
