"""A pasted text to what it says: the code decides the kind, and the last readable document what is listed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.storage.explaining import words
from bot.storage.explaining.explained import Explained, Lists
from bot.storage.explaining.listings import deciding, listings
from bot.storage.explaining.mentions import mentions
from bot.storage.explaining.pasted import clean
from bot.storage.failures.details import StorageFailure, read_failure
from bot.storage.failures.explanations import explain
from bot.storage.failures.wrapping import recognised

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.storage.explaining.listings import Listed, Listing
    from bot.storage.explaining.mentions import Mention, Told

# The codes by which SM hands out a list, being asked for less than an SR needs (SM: drivers/BaseISCSI.py, HBASR.py,
# NFSSR.py, LVHDoISCSISR.py), and what the list must be for the code to mean that.
_LISTING_CODES: Final[Mapping[tuple[int, Listed], Listed]] = {
    (96, "targets"): "targets",
    (107, "luns"): "luns",
    (87, "luns"): "luns",
    (101, "exports"): "exports",
    (107, "devices"): "devices",
    (90, "devices"): "devices",
}
# These announce a list even where none follows.
_ANNOUNCED: Final[Mapping[int, Listed]] = {96: "targets", 101: "exports"}
_BRINGS_A_DOCUMENT: Final = frozenset({83, 87, 90, 96, 101, 107})
_DOCUMENT: Final = re.compile(r"(?:<|&lt;)[?A-Za-z]")


def explain_text(text: str) -> Explained:
    """What a pasted text says. Never raises, and takes time in proportion to its length."""
    plain = clean(text)
    told = mentions(plain)
    parts = [listings(part) for part in (told.before, *(mention.part for mention in told.mentions))]
    complete = all(listing.complete for part in parts for listing in part)
    if not told.mentions:
        return _without_code(plain, deciding(parts[0]), complete=complete)
    failure = read_failure([told.mentions[-1].code, "", _said(told.mentions)])
    return _with_code(failure, deciding(_brought(told, parts, failure)), complete=complete)


def _said(mentions: Sequence[Mention]) -> str:
    """What is said of the last failure, without documents: by its last mention that says anything."""
    own = (mention.said for mention in reversed(mentions) if mention.code == mentions[-1].code)
    words = (_DOCUMENT.split(said, maxsplit=1)[0] for said in own)
    return next((said for said in words if any(map(str.isalpha, said))), "")


def _brought(told: Told, parts: Sequence[Sequence[Listing]], failure: StorageFailure) -> Sequence[Listing]:
    """The documents of the last failure: of all its mentions, for a log tells the same failure several times."""
    own = [part for mention, part in zip(told.mentions, parts[1:], strict=True) if mention.code == failure.code]
    found = [listing for part in own for listing in part]
    return found or (parts[0] if failure.number in _BRINGS_A_DOCUMENT else ())


def _without_code(plain: str, listing: Listing | None, *, complete: bool) -> Explained:
    if listing is not None and listing.kind is not None:
        return _list(listing.kind, None, listing, complete=complete)
    number = recognised(plain)
    if number is not None:
        return _error(read_failure([f"SR_BACKEND_FAILURE_{number}"]), None, listing, complete=complete)
    sentence, next_step = words.UNKNOWN
    return Explained("unknown", None, complete, sentence, next_step, Lists())


def _with_code(failure: StorageFailure, listing: Listing | None, *, complete: bool) -> Explained:
    number = failure.number or 0
    listed = listing.kind if listing else None
    if listing and listed and (kind := _LISTING_CODES.get((number, listed))):
        return _list(kind, failure.code, listing, complete=complete)
    if number in _ANNOUNCED:
        sentence, next_step = words.of_missing_list(_ANNOUNCED[number])
        lists = listing.lists if listing else Lists()
        return Explained(_ANNOUNCED[number], failure.code, False, sentence, next_step, lists)  # noqa: FBT003 - a field
    return _error(failure, failure.code, listing, complete=complete)


def _list(kind: Listed, code: str | None, listing: Listing, *, complete: bool) -> Explained:
    sentence, next_step = words.of_list(kind, listing.lists.count, complete=complete)
    return Explained(kind, code, complete, sentence, next_step, listing.lists)


def _error(failure: StorageFailure, code: str | None, listing: Listing | None, *, complete: bool) -> Explained:
    told = explain(failure)
    sentence = told.sentence if complete else f"{told.sentence} {words.CUT}"
    return Explained("error", code, complete, sentence, told.next_step, listing.lists if listing else Lists())
