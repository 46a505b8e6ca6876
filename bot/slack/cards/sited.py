"""What a card says of storage that keys name: a device or folder of one host, or what a driver's keys lead to."""

from __future__ import annotations

from typing import Final

from bot.request.grammar.paths import MAX_PATH
from bot.request.plan import Plan, Purpose
from bot.request.sr_types import erases
from bot.slack.cards.texts import code

_OF_SHARES: Final = frozenset({"iso", "nfs", "smb"})
_ERASED: Final = "A new SR is made on the device. *All that is on it now is lost.*"
_LIBRARY: Final = "The folder becomes an ISO library of that host alone. Nothing in it changes."
_BESIDE: Final = "A new SR is made there. The files that are there stay as they are."
_ATTACHED: Final = (
    "The SR on the device is attached to that host alone as it is, with all that it holds. Nothing is erased."
)
_LIBRARY_ATTACHED: Final = (
    "The folder is attached to that host alone as the ISO library of this UUID. Nothing in it changes."
)
_FOREIGN: Final = (
    "*Warning:* no SR was seen on {device}, but XenServer can't see foreign data: whatever is on it is erased. Make "
    "sure that it is the right disk of the right host."
)
_UNLISTED: Final = (
    "*Mind:* XenServer doesn't list {device} on that host. It lists only disks behind Fibre Channel and SAS adapters, "
    "so look on the host whether the device is there."
)
_UNSEEN: Final = (
    "*Warning:* the driver for {type} can't look at the storage before: whether an SR is there already isn't known."
)


def is_sited(plan: Plan) -> bool:
    """Say whether a plan is about such storage."""
    return plan.way is None and bool(plan.config) and (bool(plan.host) or plan.sr_type not in _OF_SHARES)


def thing(plan: Plan) -> str:
    """Name the storage at the beginning of a sentence, in plain text."""
    return f"The {noun(plan)}"


def noun(plan: Plan) -> str:
    """Name the storage in a word."""
    if "device" in dict(plan.config):
        return "device"
    return "folder" if plan.host else "storage"


def happens(plan: Plan) -> str:
    """Say what is done."""
    if plan.purpose is Purpose.ATTACH:
        return _LIBRARY_ATTACHED if plan.content_type == "iso" else _ATTACHED
    if plan.content_type == "iso":
        return _LIBRARY
    return _ERASED if erases(plan.sr_type) else _BESIDE


def rows(plan: Plan) -> list[tuple[str, str]]:
    """Show the whole device_config as it stands, and the only host that has the storage."""
    hosts = [("Host", code(sight.host)) for sight in plan.hosts]
    return [*hosts, *((code(key), code(value, MAX_PATH)) for key, value in plan.config)]


def warning(plan: Plan) -> str:
    """Say what nobody can know about the storage that is to become an SR; empty where there is nothing to lose."""
    if plan.purpose is Purpose.ATTACH:
        return ""
    if erases(plan.sr_type):
        said = _FOREIGN if plan.listed else f"{_FOREIGN}\n{_UNLISTED}"
        return said.replace("{device}", code(dict(plan.config).get("device", ""), MAX_PATH))
    if plan.looked or plan.content_type == "iso":
        return ""
    return _UNSEEN.replace("{type}", code(plan.sr_type))
