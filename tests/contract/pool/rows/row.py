"""A row of the table of answers, and what the flavours say differently."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Answer: TypeAlias = Any
"""A list is an ErrorDescription, anything else the Value."""

LOGIN_TEXT = (
    "ISCSI login failed - check access settings for the initiator on the storage, "
    "if CHAP is used verify CHAP credentials"
)
OLD_LOGIN_TEXT = "ISCSI login failed, verify CHAP credentials"
IQN_MISSING_TEXT = "The request is missing or has an incorrect target IQN parameter"
SCSI_ID_TEXT = "The SCSIid parameter is missing or incorrect"
PORT_TEXT = "Incorrect value for iSCSI port, must be a number between 1 and 65535"
MOUNT_TEXT = "Could not mount the directory specified in Device Configuration"
MOUNT_FAILED = "mount failed with return code 32"
DNS_TEXT = "Incorrect DNS name, unable to resolve."
NFS_TEXT = "Unable to detect an NFS service on this target."
VERSION_TEXT = "Required NFS server version unsupported"
EXTENDED_TEXT = "XenServer does not support extended characters in CIFS paths, usernames, passwords, and file names."
SM = "sm: BaseISCSI.py, LVHDoISCSISR.py"
XAPI_SR = "xapi: xapi_sr.ml"
SERVER = "xapi: the generated server"

EVERY = ("6.5", "7.6", "8.2", "xcpng-8.2", "xcpng-8.3", "8")
PADDED = frozenset({"6.5"})
OLD_WORDS = frozenset({"6.5", "7.6"})
GUESSED_WORDS = frozenset({"7.6"})
"""Those of which nobody knows whether they still say the old words."""
XCPNG = ("xcpng-8.2", "xcpng-8.3")
_LEAF = re.compile(r"^\t\t<(\w+)>(.*)</\1>$", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    name: str
    method: str
    arguments: tuple[Any, ...]
    answer: Answer
    """As most flavours give it, documents compact and texts of today."""
    source: str
    certainty: Literal["sure", "guessed"] = "sure"
    elsewhere: Mapping[str, Answer] = field(default_factory=dict)
    """The answers of those flavours that give another one."""

    def answer_of(self, flavour: str) -> Answer:
        return _as_told_by(flavour, self.elsewhere.get(flavour, self.answer))

    def certainty_of(self, flavour: str) -> Literal["sure", "guessed"]:
        """A row that is sure elsewhere is guessed where its words are."""
        guessed = flavour in GUESSED_WORDS and OLD_LOGIN_TEXT in str(self.answer_of(flavour))
        return "guessed" if guessed else self.certainty


def failure(code: int, text: str, printed: str = "") -> list[str]:
    return [f"SR_BACKEND_FAILURE_{code}", "", text, printed]


def pad(document: str) -> str:
    """As Python 2.4's minidom lays it out: each text on a line of its own."""
    return _LEAF.sub(r"\t\t<\1>\n\t\t\t\2\n\t\t</\1>", document)


def _as_told_by(flavour: str, answer: Answer) -> Answer:
    if isinstance(answer, list):
        return [_as_told_by(flavour, one) for one in answer]
    if not isinstance(answer, str):
        return answer
    told = answer.replace(LOGIN_TEXT, OLD_LOGIN_TEXT) if flavour in OLD_WORDS else answer
    return pad(told) if flavour in PADDED else told
