"""`/sr add local xenct-xen1 /dev/disk/by-id/scsi-3…`, `/sr add iso local /srv/isos host=xenct-xen1`.

And the same with `attach`, for the SR that is there already.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bot.request.devices import BY_ID, is_by_id
from bot.request.grammar.adding.shares import UUID
from bot.request.grammar.commands import MAX_NAME, MAX_POOL, MAX_REASON, AddLocal
from bot.request.grammar.options import Options, misplaced, named_in_vain, option_slip, values
from bot.request.grammar.paths import read_path
from bot.request.grammar.slip import Slip, quoted
from bot.request.grammar.words import Word
from bot.request.model import Kind
from bot.request.sr_types import ON_DEVICES

TYPES: Final = ("ext", "lvm")
PATH_TO_FILL_IN: Final = "/<path>"

_PLACE_KEYS: Final = frozenset({"device", "path", "location", "folder"})
_ALIASES: Final = {"name-label": "name", "name_label": "name"}
_LIMITS: Final = {"pool": MAX_POOL, "host": MAX_NAME, "name": MAX_NAME, "reason": MAX_REASON}
_FREE_TEXT: Final = frozenset({"name", "reason"})


@dataclass(frozen=True, slots=True)
class _Way:
    """How local storage of one kind is written. `most` bare words: the place, and beside it the host or a UUID.

    `types` are those that may be asked for, and `type` is the one where nothing is said. `attach`: an SR that is there
    is wanted.
    """

    kind: Kind
    options: Options
    most: int
    types: tuple[str, ...] = ()
    type: str = ""
    attach: bool = False

    @property
    def needs_uuid(self) -> bool:
        """Whether nothing on the storage tells which SR it holds."""
        return self.attach and self.kind is Kind.ISO


def _typed(longest: int) -> Options:
    return Options({**_LIMITS, "type": longest}, _ALIASES, _FREE_TEXT)


_DEVICE: Final = _Way(Kind.LOCAL, _typed(3), 2, TYPES, TYPES[0])
_FOLDER: Final = _Way(Kind.ISO, Options(_LIMITS, _ALIASES, _FREE_TEXT), 1, type="iso")
_HOLDING_DEVICE: Final = _Way(Kind.LOCAL, _typed(max(map(len, ON_DEVICES))), 2, ON_DEVICES, attach=True)
_LIBRARY: Final = replace(_FOLDER, most=2, attach=True)


def read(words: tuple[Word, ...]) -> AddLocal | Slip:
    """Read what stands behind `add local`."""
    return _read(words, _DEVICE)


def read_iso(words: tuple[Word, ...]) -> AddLocal | Slip:
    """Read what stands behind `add iso local`."""
    return _read(words, _FOLDER)


def read_attach(words: tuple[Word, ...]) -> AddLocal | Slip:
    """Read what stands behind `attach local`."""
    return _read(words, _HOLDING_DEVICE)


def read_attach_iso(words: tuple[Word, ...]) -> AddLocal | Slip:
    """Read what stands behind `attach iso local`: the UUID too, which nothing in the folder tells."""
    return _read(words, _LIBRARY)


def _read(words: tuple[Word, ...], way: _Way) -> AddLocal | Slip:
    slip = named_in_vain(words, _PLACE_KEYS, "path") or option_slip(words, way.options) or _bare_slip(words, way)
    if slip is not None:
        return slip
    given = values(words, way.options)
    bare = [word.value for word in words if word.key is None]
    others = [text for text in bare if not text.startswith("/")]
    place = _place(way, next((text for text in bare if text.startswith("/")), None))
    if isinstance(place, Slip):
        return place
    wanted = given.get("type", way.type)
    if "type" in given and wanted not in way.types:
        return Slip("type_unknown", f"{quoted(wanted)} is no type of local storage; there are {', '.join(way.types)}.")
    hosts, uuids = ([], others) if way.needs_uuid else (others, [])
    if len(hosts) + ("host" in given) > 1:
        return Slip("several_hosts", "One host is given at a time.")
    uuid = next(iter(uuids), "").lower()
    if way.needs_uuid and not UUID.fullmatch(uuid):
        return _uuid_slip(uuids)
    host = given.get("host") or next(iter(hosts), "")
    texts = given.get("pool"), given.get("name"), given.get("reason")
    return AddLocal(way.kind, host, place, wanted, *texts, attach=way.attach, sr=uuid)


def _uuid_slip(typed: list[str]) -> Slip:
    if not typed:
        return Slip("uuid_missing", "Nothing in such a folder tells the SR's UUID: it follows the folder.")
    return Slip("uuid_unreadable", f"{quoted(typed[0])} is no UUID of an SR.")


def _place(way: _Way, typed: str | None) -> str | Slip:
    """A device may be picked later; a folder has to be typed, as XenAPI lists none."""
    if typed is None:
        verb = "attach" if way.attach else "add"
        missing = Slip("path_missing", f"The folder on the host is missing: {verb} iso local /path/to/it.")
        return "" if way.kind is Kind.LOCAL else missing
    path = read_path(typed)
    if isinstance(path, Slip) or way.kind is Kind.ISO or is_by_id(path):
        return path
    return Slip("device_not_by_id", f"{quoted(path)} can be another disk after a restart: give {BY_ID}…")


def _bare_slip(words: tuple[Word, ...], way: _Way) -> Slip | None:
    bare = [at for at, word in enumerate(words) if word.key is None]
    slip = misplaced(words, bare, way.options)
    if slip is not None:
        return slip
    places = [at for at in bare if words[at].value.startswith("/")]
    extra = places[1:] or bare[way.most :] or [at for at in bare if way.most == 1 and at not in places]
    if extra:
        return Slip("word_unexpected", f"{quoted(words[extra[0]].value)} belongs to nothing here.")
    if any(not words[at].value.strip() for at in bare):
        return Slip("word_unexpected", "An empty text belongs to nothing here.")
    return None
