"""Adding storage by filling in fields instead of typing a line: the same words, read by the same verbs.

A new way to add is a new row of `FORMS`, and appears in the dialog by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.request.devices import BY_ID
from bot.request.grammar.adding import iso, local, nfs
from bot.request.grammar.adding.shares import MAX_CREDENTIAL, MAX_VERSION, Way
from bot.request.grammar.commands import MAX_NAME, MAX_POOL, MAX_REASON, Command
from bot.request.grammar.passwords import holds_password
from bot.request.grammar.paths import MAX_PATH
from bot.request.grammar.reading import PASSWORD_TYPED
from bot.request.grammar.rendering import render_words
from bot.request.grammar.slack_text import normalised, printable
from bot.request.grammar.slip import Slip
from bot.request.grammar.verbs import read_verb
from bot.request.grammar.words import Word
from bot.request.sr_types import ON_DEVICES

if TYPE_CHECKING:
    from collections.abc import Mapping

_UUID_LENGTH: Final = 36
_MAX_ADDRESS: Final = 300


@dataclass(frozen=True, slots=True)
class Field:
    """What is filled in once. `key` is that of the option, empty for a word that stands by itself.

    `most` is counted in characters. `choices` are value and label; without any, text is typed.
    """

    name: str
    label: str
    most: int
    key: str = ""
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One way to add storage: the words that a line would begin with, what they make, and what is filled in."""

    words: tuple[str, ...]
    makes: str
    fields: tuple[Field, ...]

    @property
    def name(self) -> str:
        return " ".join(self.words)

    @property
    def attaches(self) -> bool:
        return self.words[0] == _ATTACH


@dataclass(frozen=True, slots=True)
class Misfilled:
    """The field that can't be taken, a stable code, and a sentence that says why. Texts are data."""

    field: str
    reason: str
    sentence: str


_ADD: Final = "add"
_ATTACH: Final = "attach"
PLACE: Final = "place"
"""The field that says where the storage is."""

CREDENTIAL: Final = "credential"
"""The field that names a credential."""

POOL: Final = Field("pool", "Pool", MAX_POOL, "pool", required=True)
CHAP: Final = Field(CREDENTIAL, "CHAP credential", MAX_CREDENTIAL, "chap")
CRED: Final = Field(CREDENTIAL, "Credential for SMB", MAX_CREDENTIAL, "cred")
REASON: Final = Field("reason", "What it is for, with a ticket where the policy wants one", MAX_REASON, "reason")
_NAME: Final = Field("name", "Name of the SR", MAX_NAME, "name")
_COMMON: Final = (_NAME, REASON)

_ADDRESS: Final = Field(
    PLACE, "Address or name of the array, with :port if it is not 3260", _MAX_ADDRESS, required=True
)
_PORTALS: Final = Field(
    "multihomed",
    "Portals that the hosts log in to",
    3,
    "multihomed",
    choices=(("yes", "All portals of the target"), ("no", "Only the portal of the plan")),
)
_EXPORT: Final = Field(PLACE, "Server, or server:/path; without a path its exports are listed", MAX_PATH, required=True)
_SHARE: Final = Field(PLACE, "Share, as //server/share", MAX_PATH, required=True)
_LIBRARY: Final = Field(PLACE, "NFS export as server:/path, or SMB share as //server/share", MAX_PATH, required=True)
_FOLDER: Final = Field(PLACE, "Folder on the host, from / on", MAX_PATH, required=True)
_DEVICE: Final = Field(PLACE, f"Device, as {BY_ID}…; without one you pick it later", MAX_PATH)
_HOST: Final = Field("host", "Host by name or UUID; without one you pick it later", MAX_NAME, "host")
_UUID: Final = Field("uuid", "UUID of the SR, if you know it", _UUID_LENGTH)
_NEEDED_UUID: Final = Field("uuid", "UUID of the SR, which nothing there tells", _UUID_LENGTH, required=True)


def _chosen(name: str, label: str, values: tuple[str, ...]) -> Field:
    return Field(name, label, max(map(len, values)), name, choices=tuple((value, value) for value in values))


def _versions(label: str, way: Way) -> Field:
    choices = [(one, f"{protocol.upper()} {one}") for protocol, known in way.versions.items() for one in known]
    return Field("version", label, MAX_VERSION, "version", choices=tuple(choices))


_NFS_VERSION: Final = _versions("Version of NFS", nfs.ADD)
_ISO_VERSION: Final = _versions("Version of NFS or SMB", iso.ADD)
_NEW_TYPE: Final = _chosen("type", "Type of the SR", local.TYPES)
_HELD_TYPE: Final = _chosen("type", "Type of the SR", tuple(ON_DEVICES))

_ROWS: Final[tuple[Form, ...]] = (
    Form((_ADD, "iscsi"), "An SR on an iSCSI LUN", (_ADDRESS, CHAP, _PORTALS)),
    Form((_ADD, "hba"), "An SR on a Fibre Channel or SAS LUN", ()),
    Form((_ADD, "nfs"), "An SR on an NFS export", (_EXPORT, _NFS_VERSION)),
    Form((_ADD, "smb"), "An SR on an SMB share", (_SHARE, CRED)),
    Form((_ADD, "iso"), "An ISO library on a share", (_LIBRARY, CRED, _ISO_VERSION)),
    Form((_ADD, "iso", "local"), "An ISO library in a folder of a host", (_FOLDER, _HOST)),
    Form((_ADD, "local"), "An SR on a device of a host, which is erased", (_DEVICE, _HOST, _NEW_TYPE)),
    Form((_ATTACH, "iscsi"), "The SR on an iSCSI LUN", (_ADDRESS, CHAP, _PORTALS)),
    Form((_ATTACH, "hba"), "The SR on a Fibre Channel or SAS LUN", ()),
    Form((_ATTACH, "nfs"), "The SR on an NFS export", (_EXPORT, _UUID, _NFS_VERSION)),
    Form((_ATTACH, "smb"), "The SR on an SMB share", (_SHARE, _UUID, CRED)),
    Form((_ATTACH, "iso"), "The ISO library on a share", (_LIBRARY, _NEEDED_UUID, CRED, _ISO_VERSION)),
    Form((_ATTACH, "iso", "local"), "The ISO library in a folder of a host", (_FOLDER, _NEEDED_UUID, _HOST)),
    Form((_ATTACH, "local"), "The SR on a device of a host", (_DEVICE, _HOST, _HELD_TYPE)),
)
FORMS: Final[Mapping[str, Form]] = {
    row.name: Form(row.words, row.makes, (POOL, *row.fields, *_COMMON)) for row in _ROWS
}
"""By the words that a line would begin with."""


MISSING: Final = "field_missing"


def read(form: Form, filled: Mapping[str, str]) -> Command | Misfilled:
    """Read what was filled in, by the names of fields. Never raises."""
    verb = tuple(map(Word, form.words))
    given: list[tuple[Field, Word]] = []
    for field in form.fields:
        text = normalised(filled.get(field.name, "")).strip()
        word = Word(text, field.key or None)
        if text and holds_password(render_words((*verb, word)), (*verb, word)):
            return Misfilled(field.name, PASSWORD_TYPED.reason, PASSWORD_TYPED.sentence)
        if field.required and not text:
            return Misfilled(field.name, MISSING, "This is to be filled in.")
        given += [(field, word)] if text else []
    return _read(verb, given)


def _read(verb: tuple[Word, ...], given: list[tuple[Field, Word]]) -> Command | Misfilled:
    """The first field with which the line can't be read as the whole of it can't is the one to blame."""
    outcomes = [(field, _with(verb, given[: at + 1])) for at, (field, _) in enumerate(given)]
    last = outcomes[-1][1]
    if not isinstance(last, Slip):
        return last
    blamed = next(field for field, each in outcomes if isinstance(each, Slip) and each.reason == last.reason)
    return Misfilled(blamed.name, last.reason, printable(last.sentence))


def _with(verb: tuple[Word, ...], given: list[tuple[Field, Word]]) -> Command | Slip:
    return read_verb((*verb, *(word for _, word in given)))
