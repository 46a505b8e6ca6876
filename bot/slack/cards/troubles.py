"""Why a step could not be done, as people read it: what happened and what to do next, with the facts of a Trouble."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.request.found import Trouble
from bot.slack.cards.reasons import OF_SRS, ROWS
from bot.slack.cards.texts import MOST_DATA, code, fill
from bot.storage import explanation

_TO_TYPE: Final = "Attach it as it is with {typed}, or pick or ask for another."
"""The next step where something can be typed instead; the fact is the whole line."""

_GAPS: Final = re.compile(r" +(?=[ .:])()")
_UNKNOWN: Final = (
    "The step could not be done.",
    "Try again; if it stays so, give the operator the reference below.",
)


@dataclass(frozen=True, slots=True)
class Told:
    """mrkdwn, all data in it escaped."""

    sentence: str
    next_step: str


def told(trouble: Trouble, *, managed: bool = False) -> Told:
    """Say what happened and what to do next; `managed` where it is about an SR that the pool knows."""
    of_srs = OF_SRS.get(trouble.reason) if managed else None
    sentence, next_step = of_srs or _texts(trouble.reason)
    filled = fill(sentence, lambda name: _fact(trouble, name))
    typed = trouble.fact("typed")
    if 0 < len(typed) <= MOST_DATA:  # what is cut can't be typed
        next_step = fill(_TO_TYPE, lambda _: code(typed))
    return Told(_GAPS.sub(r"\1", filled), next_step)


def _texts(reason: str) -> tuple[str, str]:
    if reason in ROWS:
        return ROWS[reason]
    try:
        found = explanation(reason)
    except KeyError:
        return _UNKNOWN
    return found.sentence, found.next_step


_UNNAMED: Final = {
    "address": "that address",
    "iqn": "the target",
    "host": "",
    "sr_name": "",
    "hosts": "of the pool",
    "count": "some",
    "request": "of somebody else",
    "what": "its own record",
    "sr_uuid": "",
    "sr": "that was asked for",
    "vms": "some VM",
    "type": "that was asked for",
    "pool": "",
    "credential": "given",
    "path": "that was asked for",
    "key": "like that",
    "near": "none",
    "known": "none",
}


def _fact(trouble: Trouble, name: str) -> str:
    value = trouble.fact(name)
    in_use = trouble.reason == "lun_in_use"
    if not value:
        return "by something else" if in_use and name == "sr_name" else _UNNAMED[name]
    return f"(pool {code(value)})" if in_use and name == "pool" else code(value)


def details(trouble: Trouble) -> str:
    """What an operator looks for: XenServer's code, its name for the error, the host, our reference."""
    named = dict.fromkeys(part for part in (trouble.code, trouble.fact("detail")) if part)
    parts = [code(part) for part in named]
    if trouble.fact("host"):
        parts.append(f"host {code(trouble.fact('host'))}")
    if trouble.reference:
        parts.append(f"reference {code(trouble.reference)}")
    return " · ".join(parts)
