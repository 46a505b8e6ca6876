"""SRs laid out as `xe sr-list` prints them (xapi: cli_printer.ml, records.ml)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.request.model import SrEntry

if TYPE_CHECKING:
    from collections.abc import Sequence

SHARED = "<shared>"
NOT_IN_DATABASE = "<not in database>"

_MARGIN = 4
_LINE_BREAK = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")


def xe_host(hosts: Sequence[str]) -> str:
    """The host column, of the name-labels of the hosts that the SR's PBDs are for.

    xe goes by the number of PBDs, not by the SR's `shared`.
    """
    if len(hosts) > 1:
        return SHARED
    return hosts[0] if hosts else NOT_IN_DATABASE


def xe_sr_list(records: Sequence[SrEntry]) -> str:
    """The records, each ended by a line break, two empty lines between them; "" for none.

    A line break in a value becomes a space, which xe doesn't do: a name must not be able to add lines here.
    """
    return "\n\n".join(_record(record) for record in records)


def _record(record: SrEntry) -> str:
    fields = (
        ("uuid ( RO)", record.uuid),
        ("name-label ( RW)", record.name_label),
        ("name-description ( RW)", record.name_description),
        ("host ( RO)", record.host),
        ("type ( RO)", record.type),
        ("content-type ( RO)", record.content_type),
    )
    width = _MARGIN + max(len(key) for key, _ in fields)
    (first, value), *others = fields
    lines = [f"{first:<{width}}: {_one_line(value)}"]
    lines += [f"{key:>{width}}: {_one_line(value)}" for key, value in others]
    return "\n".join(lines) + "\n"


def _one_line(value: str) -> str:
    return _LINE_BREAK.sub(" ", value)
