"""Single values as a policy writes them: read to what they mean, or to None."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.policy.model import ANYONE, Part
from bot.policy.subject import ADD, ADDING, Action

T = TypeVar("T")

SIZE: Final = 'a size as "500 GiB" or "1.5 TiB"'
DURATION: Final = 'a duration as "90 s", "15 min", "4 h" or "2 days", up to 90 days'
NAME: Final = "a group, a schedule or a Slack user id of this policy"
PART: Final = '"2 of storage-admins", "1 of on-call or security" or "all of security"'
ZONE: Final = 'a zone of the tz database, as "Europe/Berlin"'
CLOCK: Final = 'a time of the day as "07:30"'
WHOLE: Final = "a whole number from 1 to 1000"
PERSON: Final = "a Slack user id, U…"
OWN_NAME: Final = "letters, digits, dots, dashes and underscores, up to 64, and not like a Slack id"
ACTION: Final = f'"{ADD}" or one of: {", ".join(Action)}'

MOST_PEOPLE: Final = 20
"""More than that many in one part is a mistake, not a wish."""

_MOST: Final = 1000
_LONGEST_TEXT: Final = 300
LONGEST: Final = 90 * 24 * 3600.0
_UNITS: Final = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40, "PiB": 2**50}
_SIZE: Final = re.compile(r"(\d{1,9})(?:\.(\d{1,3}))? ?([KMGTP]?i?B)", re.ASCII)
_SPANS: Final = {"s": 1.0, "min": 60.0, "h": 3600.0, "day": 86400.0, "days": 86400.0}
_DURATION: Final = re.compile(r"(\d{1,7}) ?(s|min|h|days?)", re.ASCII)
_PART: Final = re.compile(r"(all|[1-9]\d?) of (\S+(?: or \S+)*)", re.ASCII)
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
# docs.slack.dev: ids are a letter for the kind, then capital letters and digits.
_PERSON: Final = re.compile(r"[UW][A-Z0-9]+")
_USER_GROUP: Final = re.compile(r"S[A-Z0-9]+")
_CHANNEL: Final = re.compile(r"[CG][A-Z0-9]+")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def text(value: object) -> str | None:
    fits = isinstance(value, str) and value.strip() and value.isprintable() and len(value) <= _LONGEST_TEXT
    return value if fits and isinstance(value, str) else None


def flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def whole(value: object) -> int | None:
    """Read a number from 1 on."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _MOST else None


def size(value: object) -> int | None:
    found = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if found is None or found[3] not in _UNITS:
        return None
    thousandths = int(found[1]) * 1000 + int((found[2] or "").ljust(3, "0"))
    return thousandths * _UNITS[found[3]] // 1000


def duration(value: object) -> float | None:
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    seconds = int(found[1]) * _SPANS[found[2]] if found else 0.0
    return seconds if 0 < seconds <= LONGEST else None


def zone(value: object) -> ZoneInfo | None:
    try:
        return ZoneInfo(value) if isinstance(value, str) else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def clock(value: object) -> time | None:
    return time.fromisoformat(value) if isinstance(value, str) and _CLOCK.fullmatch(value) else None


def day(value: object) -> date | None:
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def local(value: object) -> datetime | None:
    """Read a date and time without an offset."""
    return value if isinstance(value, datetime) and value.tzinfo is None else None


def moment(value: object) -> float | None:
    """Read a date and time with its offset."""
    return value.timestamp() if isinstance(value, datetime) and value.tzinfo is not None else None


def person(value: object) -> str | None:
    return _matching(_PERSON, value)


def user_group(value: object) -> str | None:
    return _matching(_USER_GROUP, value)


def channel(value: object) -> str | None:
    return _matching(_CHANNEL, value)


def pool(value: object) -> str | None:
    return _matching(_NAME, value)


def own_name(name: str) -> bool:
    """Whether a group or a schedule may be called so: it can't be taken for a person, nor for all of them."""
    return bool(_NAME.fullmatch(name)) and not _PERSON.fullmatch(name) and name not in {ANYONE, "or"}


def part(value: object) -> Part | None:
    found = _PART.fullmatch(value) if isinstance(value, str) else None
    if found is None or (found[1] != "all" and int(found[1]) > MOST_PEOPLE):
        return None
    return Part(None if found[1] == "all" else int(found[1]), tuple(found[2].split(" or ")))


def actions(value: object) -> frozenset[Action] | None:
    """Read one action, or what stands for several."""
    if value == ADD:
        return ADDING
    found = one_of({action.value: action for action in Action})(value)
    return None if found is None else frozenset({found})


def _matching(pattern: re.Pattern[str], value: object) -> str | None:
    return value if isinstance(value, str) and pattern.fullmatch(value) else None


def one_of(known: Mapping[str, T]) -> Callable[[object], T | None]:
    """Make what reads one of these words."""
    return lambda value: known.get(value) if isinstance(value, str) else None
