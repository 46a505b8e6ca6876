"""`/sr add local xenct-xen1 /dev/disk/by-id/scsi-3…`, `/sr add iso local /srv/isos host=xenct-xen1`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.request.devices import BY_ID, is_by_id
from bot.request.grammar.commands import MAX_NAME, MAX_POOL, MAX_REASON, AddLocal
from bot.request.grammar.options import Options, misplaced, named_in_vain, option_slip, values
from bot.request.grammar.paths import read_path
from bot.request.grammar.slip import Slip, quoted
from bot.request.grammar.words import Word
from bot.request.model import Kind

TYPES: Final = ("ext", "lvm")
PATH_TO_FILL_IN: Final = "/<path>"

_PLACE_KEYS: Final = frozenset({"device", "path", "location", "folder"})
_ALIASES: Final = {"name-label": "name", "name_label": "name"}
_LIMITS: Final = {"pool": MAX_POOL, "host": MAX_NAME, "name": MAX_NAME, "reason": MAX_REASON}
_FREE_TEXT: Final = frozenset({"name", "reason"})


@dataclass(frozen=True, slots=True)
class _Way:
    """How local storage of one kind is written. `most` bare words: the place, and before it the host."""

    kind: Kind
    options: Options
    most: int


_DEVICE: Final = _Way(Kind.LOCAL, Options({**_LIMITS, "type": 3}, _ALIASES, _FREE_TEXT), 2)
_FOLDER: Final = _Way(Kind.ISO, Options(_LIMITS, _ALIASES, _FREE_TEXT), 1)


def read(words: tuple[Word, ...]) -> AddLocal | Slip:
    """Read what stands behind `add local`."""
    return _read(words, _DEVICE)


def read_iso(words: tuple[Word, ...]) -> AddLocal | Slip:
    """Read what stands behind `add iso local`."""
    return _read(words, _FOLDER)


def _read(words: tuple[Word, ...], way: _Way) -> AddLocal | Slip:
    slip = named_in_vain(words, _PLACE_KEYS, "path") or option_slip(words, way.options) or _bare_slip(words, way)
    if slip is not None:
        return slip
    given = values(words, way.options)
    bare = [word.value for word in words if word.key is None]
    hosts = [text for text in bare if not text.startswith("/")]
    place = _place(way, next((text for text in bare if text.startswith("/")), None))
    if isinstance(place, Slip):
        return place
    wanted = given.get("type", TYPES[0])
    if wanted not in TYPES:
        return Slip("type_unknown", f"{quoted(wanted)} is no type of local storage; there are {', '.join(TYPES)}.")
    if len(hosts) + ("host" in given) > 1:
        return Slip("several_hosts", "One host is given at a time.")
    host = given.get("host") or next(iter(hosts), "")
    sr_type = "iso" if way.kind is Kind.ISO else wanted
    return AddLocal(way.kind, host, place, sr_type, given.get("pool"), given.get("name"), given.get("reason"))


def _place(way: _Way, typed: str | None) -> str | Slip:
    """A device may be picked later; a folder has to be typed, as XenAPI lists none."""
    if typed is None:
        missing = Slip("path_missing", "The folder on the host is missing: add iso local /path/to/it.")
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
