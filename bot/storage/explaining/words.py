"""What people are told of a text that is no error: what it lists, and what to do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.storage.failures.explanations import explanation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.storage.explaining.listings import Listed

Words = tuple[str, str]

CUT: Final = "The text is cut off or damaged: this is what could be read of it."
UNKNOWN: Final[Words] = (
    "srbot finds nothing in this text that it knows from XenServer's storage.",
    "Paste all of one: xe sr-probe's output, a line of xensource.log, a failure's list, a task's result, or the XML.",
)
_SOME: Final[Mapping[Listed, Words]] = {
    "targets": (
        "The array offers {count}.",
        "Probe again with targetIQN set to one of them to see its LUNs.",
    ),
    "luns": (
        "The login worked, and the target shows {count}.",
        "Probe again with the SCSIid of one of them to see whether it holds an SR. LUNs in use are listed here too.",
    ),
    "srs": (
        "There is already data of XenServer here: {count}.",
        "Attach it as it is; creating an SR in its place destroys it. Check first that no other pool uses it.",
    ),
    "exports": (
        "The server offers {count}.",
        "Probe again with serverpath set to one of them, and check that its access list has every host of the pool.",
    ),
    "devices": (
        "The host's adapters show {count}.",
        "Probe again with the SCSIid or the path of one of them to see whether it holds an SR.",
    ),
}
_NOUNS: Final[Mapping[Listed, tuple[str, str]]] = {
    "targets": ("one target", "targets"),
    "luns": ("one LUN", "LUNs"),
    "srs": ("one SR", "SRs"),
    "exports": ("one export", "exports"),
    "devices": ("one disk", "disks"),
}
_NONE: Final[Mapping[Listed, Words]] = {
    "srs": (
        "The storage manager found no SR of XenServer here.",
        "Other data isn't seen, so it may not be empty: check on the array who uses it before you create an SR there.",
    ),
    "exports": (
        "The server was asked for its exports and listed none.",
        "Servers with NFS 4 only list nothing: give the path of an export as serverpath.",
    ),
    "devices": (
        "The host's adapters show no disk that is free.",
        "Check the zoning and the mapping on the array; disks that an SR or the host itself uses are not listed.",
    ),
}
_NOT_THERE: Final[Mapping[Listed, Words]] = {
    "targets": (
        "XenServer asks which target to log in to; the targets that it lists there are not in this text.",
        "Paste the whole output, with the XML that follows the error's text.",
    ),
    "exports": (
        "XenServer asks which export to use, and the text lists none.",
        "If this is all of the output, the server doesn't list its exports: give the path of one as serverpath.",
    ),
}
_UNREADABLE: Final[Words] = ("No entry of the list can be read.", "Paste it again, from its first line to its last.")


def of_list(kind: Listed, count: int, *, complete: bool) -> Words:
    """What to say of a list that was read."""
    if not count:
        return _none(kind) if complete else (f"{CUT} {_UNREADABLE[0]}", _UNREADABLE[1])
    sentence, next_step = _SOME[kind]
    one, many = _NOUNS[kind]
    said = sentence.format(count=one if count == 1 else f"{count:,} {many}")
    return said if complete else f"{said} {CUT}", next_step


def of_missing_list(kind: Listed) -> Words:
    """What to say where the code announces a list of targets or exports that isn't there."""
    return _NOT_THERE[kind]


def _none(kind: Listed) -> Words:
    if kind in _NONE:
        return _NONE[kind]
    told = explanation("no_targets" if kind == "targets" else "no_luns")
    return told.sentence, told.next_step
