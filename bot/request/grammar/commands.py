"""What a person can ask for by typing, and what an unreadable line turns into."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from bot.request.found import Share
from bot.request.model import Kind

COMMAND: Final = "/sr"

# The port that IANA assigned to iSCSI, and storage managers take when none is given (RFC 7143).
ISCSI_PORT: Final = 3260
MAX_PORT: Final = 65535

# XenAPI sets no limit on labels; these keep a card readable and far below Slack's 3,000 characters a text.
MAX_NAME: Final = 128
MAX_POOL: Final = 128
MAX_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class Help:
    pass


@dataclass(frozen=True, slots=True)
class AddIscsi:
    """`host` is an address (IPv6 without brackets) or a lower-case name; `chap` names a credential.

    `multihomed`: whether hosts log in to all portals of the target; None leaves that to their multipathing.
    `all_targets`: they log in to every target that the host offers, at all portals.
    """

    host: str
    port: int = ISCSI_PORT
    pool: str | None = None
    name: str | None = None
    reason: str | None = None
    chap: str | None = None
    multihomed: bool | None = None
    all_targets: bool = False


@dataclass(frozen=True, slots=True)
class AttachIscsi(AddIscsi):
    """The same, where the LUN holds an SR already that is to be attached as it is."""


@dataclass(frozen=True, slots=True)
class AddHba:
    """A LUN that the pool's own adapters show; `attach`: the SR on it is to be attached as it is."""

    pool: str | None = None
    name: str | None = None
    reason: str | None = None
    attach: bool = False


@dataclass(frozen=True, slots=True)
class AddShare:
    """`credential` names one for SMB; `version` is that of NFS or SMB to speak.

    `attach`: an SR that is on the share is to be attached as it is, `sr` being its UUID, where that was given.
    """

    share: Share
    pool: str | None = None
    name: str | None = None
    reason: str | None = None
    credential: str | None = None
    version: str | None = None
    kind: Kind = Kind.ISO
    attach: bool = False
    sr: str = ""


@dataclass(frozen=True, slots=True)
class AddLocal:
    """Storage of one host: a device, or a folder of ISOs. `host` is a UUID or name; what is empty is picked later.

    `attach`: the SR that is there is to be attached as it is; of a folder nothing tells its UUID, which is `sr` then.
    An empty `sr_type` leaves it to what is found on the device.
    """

    kind: Kind
    host: str
    device: str
    sr_type: str
    pool: str | None = None
    name: str | None = None
    reason: str | None = None
    attach: bool = False
    sr: str = ""


@dataclass(frozen=True, slots=True)
class AddOther:
    """`given` is the device_config, its keys in small letters; `host` is for types that only one host has."""

    sr_type: str
    given: tuple[tuple[str, str], ...]
    host: str = ""
    pool: str | None = None
    name: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ListSrs:
    pool: str | None = None
    name_label: str | None = None


class Chore(StrEnum):
    """What can be done to an SR that a pool knows, as it is typed."""

    SHOW = "show"
    SCAN = "scan"
    REPAIR = "repair"
    RENAME = "rename"
    DEFAULT = "default"
    DETACH = "detach"
    FORGET = "forget"
    DESTROY = "destroy"


@dataclass(frozen=True, slots=True)
class ManageSr:
    """`sr` is a UUID or a name; `name` is the new one."""

    chore: Chore
    sr: str
    pool: str | None = None
    name: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Explain:
    """`text` is what was pasted, its lines and blanks kept. It can hold passwords: it is shown nowhere as it is."""

    text: str = field(repr=False)


class Whose(StrEnum):
    """Which requests a list shows, as it is typed."""

    MINE = "mine"
    WAITING = "waiting"  # those of the channel that wait for who asks to decide
    ALL = "all"  # the open ones of the channel


@dataclass(frozen=True, slots=True)
class ListRequests:
    whose: Whose = Whose.MINE


@dataclass(frozen=True, slots=True)
class ShowRequest:
    """`request` is its id, as far as can be told from how it is written."""

    request: str


@dataclass(frozen=True, slots=True)
class CancelRequest:
    """The same."""

    request: str


@dataclass(frozen=True, slots=True)
class Why:
    """The same."""

    request: str


@dataclass(frozen=True, slots=True)
class Freeze:
    """Without a `pool` all are meant, or the one that the reason begins with."""

    reason: str
    pool: str | None = None


@dataclass(frozen=True, slots=True)
class Thaw:
    """Without a `pool` the freeze of all is lifted."""

    pool: str | None = None


Asking = AddIscsi | AddHba | AddShare | AddLocal | AddOther | ManageSr
Command = Asking | Help | ListSrs | Explain | ListRequests | ShowRequest | CancelRequest | Why | Freeze | Thaw


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line that can't be done as typed.

    `reason` is a stable code, `sentence` says what is wrong, `corrected` is a whole line to type instead
    (`<host>` in it is left to be filled in), `typed` is what was typed: empty for `password_typed`.
    All texts are data: escape them where they are shown.
    """

    reason: str
    sentence: str
    corrected: str | None
    typed: str
