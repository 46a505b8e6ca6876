"""What a XenAPI failure's list says.

The storage manager's errors are `[SR_BACKEND_FAILURE_<n>, "", "<text>[ [opterr=<more>]]", "<stderr>"]`, documents
among the stderr; the list may be shorter or longer (xapi: sm_exec.ml).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.storage.documents.scanning import documents
from bot.storage.failures.codes import symbol
from bot.storage.failures.wrapping import RENAMED, WRAPPING_CODES, WRAPPING_NUMBERS, wrapped
from bot.storage.masks import masked

if TYPE_CHECKING:
    from collections.abc import Sequence

NO_CODE: Final = "NO_ERROR_CODE"

# Long enough for iscsiadm's account of every portal, short enough for a log line.
_TEXT_LIMIT = 4000
# With the rest of a card below the 3,000 characters that Slack takes in a text.
_SHOWN_LIMIT = 2500
_NUMBERED = re.compile(r"SR_BACKEND_FAILURE_([0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class StorageFailure:
    """One failure of XenAPI.

    `number` is the one in the code (68 of SR_BACKEND_FAILURE_68), `root` that of the error at the bottom of it: itself,
    the one that 40, 47, 202 or 1200 wraps, or 16 for SR_DEVICE_IN_USE, which SM numbers so. `symbol` is SM's name for
    the code. `text` is for the log only: raw, but without secrets and without the document, which is in `document`.
    """

    code: str
    number: int | None
    symbol: str | None
    root: int | None
    text: str
    document: str

    @property
    def shown(self) -> str:
        """Code, text and document below each other, without secrets, for people: at most 2,500 characters."""
        whole = "\n".join(filter(None, (masked(self.code), self.text, masked(self.document).strip())))
        return whole if len(whole) <= _SHOWN_LIMIT else whole[: _SHOWN_LIMIT - 1] + "…"


def read_failure(details: Sequence[str]) -> StorageFailure:
    """The failure in `XenAPI.Failure.details` or a task's error_info. Never raises."""
    code = details[0].strip() if details else ""
    document = next((part for part in reversed(details[1:]) if documents(part)), "")
    parts = [part.strip() for part in details[1:] if part.strip() and part != document]
    match = _NUMBERED.fullmatch(code)
    number = int(match[1]) if match else None
    return StorageFailure(
        code=code or NO_CODE,
        number=number,
        symbol=symbol(RENAMED.get(code, number)),
        root=_root(code, number, "\n".join(parts)),
        text=masked("; ".join(parts))[:_TEXT_LIMIT],
        document=document,
    )


def _root(code: str, number: int | None, text: str) -> int | None:
    if number in WRAPPING_NUMBERS or code in WRAPPING_CODES:
        return wrapped(text) or number
    return RENAMED.get(code, number)
