"""What a menu's entries say: no longer than Slack allows, no two alike. What they can't hold stands on the card.

docs.slack.dev: option object (text and description 75 characters, value 150), option groups of 100 options.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from bot.request.acting import refuse_unusable
from bot.request.found import HeldSr, Lun, OfferedLun, Place, Portal, Target
from bot.request.model import Request
from bot.request.placing import is_detached
from bot.request.plan import Purpose
from bot.request.refused import Refused
from bot.slack.cards.blocks import MOST_LABEL, MOST_OPTIONS, Block, group, option
from bot.slack.cards.texts import NOTHING, counted, one_line
from bot.storage.sizes import human_size

Row = TypeVar("Row")

FREE: Final = "Free"
NOT_USED: Final = "Not in use"
DETACHED: Final = "Detached here"
UNSUPPORTED: Final = "Not supported"
IN_USE: Final = "In use"
NO_SCSI_ID: Final = "no SCSIid"

_DOT: Final = " · "
_SHOWN_PORTALS: Final = 2
_SHOWN_SERIAL: Final = 24


def portal_text(portal: Portal) -> str:
    """Write a portal as people do, IPv6 in brackets."""
    return f"[{portal.address}]:{portal.port}" if ":" in portal.address else f"{portal.address}:{portal.port}"


def middle_cut(text: str, most: int) -> str:
    """Shorten in the middle: IQNs differ at their ends."""
    if len(text) <= most:
        return text
    tail = (most - 1) * 2 // 3
    return text[: most - 1 - tail] + "…" + text[-tail:]


def distinct(labels: Sequence[str], numbers: Sequence[int]) -> list[str]:
    """Shorten labels to what a menu shows; where two become equal, all get their number."""
    short = [middle_cut(label, MOST_LABEL) for label in labels]
    if max(Counter(short).values(), default=0) <= 1:
        return short
    marks = [f"{_DOT}{number + 1}" for number in numbers]
    return [middle_cut(label, MOST_LABEL - len(mark)) + mark for label, mark in zip(labels, marks, strict=True)]


def target_label(target: Target) -> str:
    return one_line(target.iqn) or NOTHING


def target_description(target: Target) -> str:
    shown = [portal_text(portal) for portal in target.portals[:_SHOWN_PORTALS]]
    more = len(target.portals) - len(shown)
    return one_line(", ".join(shown) + (f" and {more} more" if more else ""), MOST_LABEL)


def lun_label(offered: OfferedLun) -> str:
    lun = offered.lun
    name = "LUN" if lun.lun_id is None else f"LUN {lun.lun_id}"
    return _dotted(name, human_size(lun.size), one_line(lun.vendor or ""), paths_text(lun))


def paths_text(lun: Lun) -> str:
    """Count the paths to a LUN; empty where that is not known."""
    return "" if lun.paths is None else counted(lun.paths, "path")


def _dotted(*texts: str) -> str:
    """Put a dot between texts, and none beside one that is empty."""
    return _DOT.join(text for text in texts if text)


def lun_description(offered: OfferedLun) -> str:
    """The SR's name for a used LUN, else what tells it from the others."""
    if offered.used_by is not None:
        return one_line(f"{offered.used_by.sr_name} in {offered.used_by.pool}", MOST_LABEL)
    lun = offered.lun
    serial = one_line(lun.serial or "")
    told = f"serial {middle_cut(serial, _SHOWN_SERIAL)}" if serial else ""
    return middle_cut(_dotted(told, one_line(lun.scsi_id or "") or NO_SCSI_ID), MOST_LABEL)


def target_choices(finding: str, rows: Sequence[tuple[int, Target]]) -> Block:
    """Options for these rows, each with its index in the finding."""
    return {"options": _options(finding, rows, target_label, target_description)[:MOST_OPTIONS]}


def lun_choices(request: Request, finding: str, rows: Sequence[tuple[int, OfferedLun]]) -> Block:
    """Options in groups, those that can be picked first and the used ones last; a hundred in all."""
    placed = [(lun_group(request, row[1]), *row) for row in rows]
    ordered = sorted(placed, key=lambda row: (_ORDER.index(row[0]), row[1]))[:MOST_OPTIONS]
    options = _options(finding, [(index, offered) for _, index, offered in ordered], lun_label, lun_description)
    grouped: dict[str, list[Block]] = {}
    for (where, _, _), made in zip(ordered, options, strict=True):
        grouped.setdefault(where, []).append(made)
    return {"option_groups": [group(label, members) for label, members in grouped.items()]}


def lun_group(request: Request, offered: OfferedLun) -> str:
    """Say where a LUN stands in the menu of a request."""
    try:
        refuse_unusable(request, offered)
    except Refused:
        return IN_USE if offered.used_by is not None else UNSUPPORTED
    if offered.used_by is not None:
        return DETACHED
    # What such a LUN holds is not known yet: for who wants to attach an SR it is not "free".
    return NOT_USED if request.purpose is Purpose.ATTACH else FREE


_ORDER: Final = (DETACHED, FREE, NOT_USED, UNSUPPORTED, IN_USE)


def _options(
    finding: str,
    rows: Sequence[tuple[int, Row]],
    label: Callable[[Row], str],
    description: Callable[[Row], str],
) -> list[Block]:
    labels = distinct([label(row) for _, row in rows], [index for index, _ in rows])
    return [
        option(text, f"{finding}:{index}", description(row)) for text, (index, row) in zip(labels, rows, strict=True)
    ]


def read_choice(value: str) -> tuple[str, int] | None:
    """Read an option's value back: the finding and the index in it; None for what is no choice of ours."""
    finding, _, index = value.rpartition(":")
    return (finding, int(index)) if finding and index.isascii() and index.isdigit() else None


def matches(query: str, *texts: str | None) -> bool:
    """Say whether every word that was typed into the search stands in one of the texts."""
    whole = " ".join(text for text in texts if text).casefold()
    return all(word in whole for word in query.casefold().split())


def target_matches(target: Target, query: str) -> bool:
    return matches(query, target.iqn, *(portal_text(portal) for portal in target.portals))


def lun_matches(offered: OfferedLun, query: str) -> bool:
    lun, used = offered.lun, offered.used_by
    return matches(query, lun_label(offered), lun.serial, lun.scsi_id, used.sr_name if used else None)


def place_label(place: Place) -> str:
    return one_line(place.text) or NOTHING


def place_description(place: Place) -> str:
    """The SR's name for a place that is used, else what else is known about it."""
    if place.used_by is not None:
        return one_line(f"{place.used_by.sr_name} in {place.used_by.pool}", MOST_LABEL)
    return middle_cut(one_line(place.detail), MOST_LABEL)


def place_choices(request: Request, finding: str, rows: Sequence[tuple[int, Place]]) -> Block:
    """Options for these rows; where some are used, in groups with those last. A hundred in all."""
    ordered = sorted(rows, key=lambda row: _ORDER.index(_place_group(request, row[1])))[:MOST_OPTIONS]
    options = _options(finding, ordered, place_label, place_description)
    if all(place.used_by is None for _, place in ordered):
        return {"options": options}
    grouped: dict[str, list[Block]] = {}
    for (_, place), made in zip(ordered, options, strict=True):
        grouped.setdefault(_place_group(request, place), []).append(made)
    return {"option_groups": [group(label, members) for label, members in grouped.items()]}


def _place_group(request: Request, place: Place) -> str:
    if place.used_by is not None:
        return DETACHED if is_detached(request, place.used_by) else IN_USE
    return NOT_USED if request.purpose is Purpose.ATTACH else FREE


def place_matches(place: Place, query: str) -> bool:
    return matches(query, place.text, place.value, place.detail, place.used_by.sr_name if place.used_by else None)


def held_choices(request: Request, rows: Sequence[HeldSr]) -> Block:
    """Options for the SRs on a share; each carries its place in the list."""
    return {"options": _options(request.id, list(enumerate(rows)), _held_label, _held_description)}


def _held_label(held: HeldSr) -> str:
    return one_line(held.name) or one_line(held.uuid) or NOTHING


def _held_description(held: HeldSr) -> str:
    size = human_size(held.size) if held.size else ""
    return middle_cut(_dotted(one_line(held.uuid) if held.name.strip() else "", size), MOST_LABEL)
