from __future__ import annotations

from typing import Final

from bot.request.found import EVERY_TARGET
from bot.request.grammar.commands import MAX_NAME, MAX_POOL, MAX_REASON, AddIscsi, AttachIscsi
from bot.request.grammar.host import Portal, canonical_host, read_portal, written
from bot.request.grammar.options import (
    Options,
    equals_missing,
    in_prose,
    option_slip,
    quotes_missing,
    swapped,
    values,
)
from bot.request.grammar.slip import Slip, quoted
from bot.request.grammar.words import Word

MAX_CREDENTIAL: Final = 64
MAX_SWITCH: Final = 5
SWITCHES: Final = {"yes": True, "true": True, "no": False, "false": False}
TARGET: Final = "target"
OPTIONS: Final = Options(
    limits={
        "pool": MAX_POOL,
        "name": MAX_NAME,
        "reason": MAX_REASON,
        "chap": MAX_CREDENTIAL,
        "multihomed": MAX_SWITCH,
        TARGET: len(EVERY_TARGET),
    },
    aliases={"name-label": "name", "name_label": "name"},
    free_text=frozenset({"name", "reason"}),
)
# What others call it: xe's device-config, targetcli, iscsiadm.
_HOST_KEYS: Final = frozenset({"host", "target", "server", "ip", "address", "addr", "portal"})
_KEYS: Final = frozenset({*OPTIONS.limits, *OPTIONS.aliases, *_HOST_KEYS, "port"})
_HOST_MISSING: Final = "The address or the name of the storage is missing."
HOST_TO_FILL_IN: Final = "<host>"


def read(words: tuple[Word, ...]) -> AddIscsi | Slip:
    """Read what stands behind `add iscsi`."""
    return _read(words, AddIscsi)


def read_attach(words: tuple[Word, ...]) -> AddIscsi | Slip:
    """Read what stands behind `attach iscsi`: the same."""
    return _read(words, AttachIscsi)


def _read(words: tuple[Word, ...], kind: type[AddIscsi]) -> AddIscsi | Slip:
    slip = _named_host(words) or _named_port(words) or option_slip(words, OPTIONS) or _bare_slip(words)
    if slip is not None:
        return slip
    at = _host_at(words)
    if at is None:
        return Slip("host_missing", _HOST_MISSING, words)
    portal = read_portal(words[at].value)
    if isinstance(portal, Slip):
        return _placed(portal, words, at)
    given = values(words, OPTIONS)
    switch = given.get("multihomed", "").lower()
    if switch and switch not in SWITCHES:
        return Slip("switch_unknown", f"multihomed is yes or no, and not {quoted(given['multihomed'])}.")
    if switch and TARGET in given:
        at = next(at for at, word in enumerate(words) if word.key == "multihomed")
        sentence = f"With target={EVERY_TARGET} the hosts log in at all portals: multihomed= has nothing to say."
        return Slip("switch_unused", sentence, swapped(words, at, 1))
    return kind(
        host=portal.host,
        port=portal.port,
        pool=given.get("pool"),
        name=given.get("name"),
        reason=given.get("reason"),
        chap=given.get("chap"),
        multihomed=SWITCHES.get(switch),
        all_targets=TARGET in given,
    )


def _placed(slip: Slip, words: tuple[Word, ...], at: int) -> Slip:
    guess = swapped(words, at, 1, *slip.guess) if slip.guess else None
    return Slip(slip.reason, slip.sentence, guess)


def _named_host(words: tuple[Word, ...]) -> Slip | None:
    for at, word in enumerate(words):
        if word.key in _HOST_KEYS and (word.key, word.value.strip()) != (TARGET, EVERY_TARGET):
            sentence = f"The host stands by itself, without {quoted(f'{word.key}=')}."
            bare = (Word(word.value),) if word.value else ()
            return Slip("host_as_option", sentence, bare + swapped(words, at, 1))
    return None


def _named_port(words: tuple[Word, ...]) -> Slip | None:
    at = next((at for at, word in enumerate(words) if word.key == "port"), None)
    if at is None:
        return None
    sentence = "The port is written behind the host, after a colon."
    return Slip("port_as_option", sentence, _with_port(swapped(words, at, 1), words[at].value))


def _with_port(words: tuple[Word, ...], port: str) -> tuple[Word, ...] | None:
    at = _host_at(words)
    host = read_portal(words[at].value) if at is not None else None
    if at is None or not isinstance(host, Portal):
        return None
    portal = read_portal(f"[{host.host}]:{port}")
    return swapped(words, at, 1, Word(written(portal))) if isinstance(portal, Portal) else None


def _host_at(words: tuple[Word, ...]) -> int | None:
    """Which bare word is the host: one that can't belong to an unquoted value, else one that looks like it."""
    bare = [at for at, word in enumerate(words) if word.key is None]
    prose = in_prose(words, OPTIONS)
    for at in bare:
        if at not in prose or _looks_like_a_host(words[at].value):
            return at
    return bare[0] if len(bare) == 1 else None


def _looks_like_a_host(text: str) -> bool:
    portal = read_portal(text)
    return isinstance(portal, Portal) and any(sign in portal.host for sign in ".:")


def _bare_slip(words: tuple[Word, ...]) -> Slip | None:
    host_at, prose = _host_at(words), in_prose(words, OPTIONS)
    for at, word in enumerate(words):
        if word.key is not None:
            continue
        if at in prose and at != host_at:
            return quotes_missing(words, at, host_at)
        slip = None if at in prose else equals_missing(words, at, _KEYS)
        if slip is None and at != host_at:
            slip = _stray(words, at, host_at)
        if slip is not None:
            return slip
    return None


def _stray(words: tuple[Word, ...], at: int, host_at: int | None) -> Slip:
    typed = words[at].value
    guess = _with_port(swapped(words, at, 1), typed.lstrip(":"))
    if guess is not None and host_at == at - 1:
        return Slip("port_apart", f"The port {quoted(typed)} is written right behind the host, after a colon.", guess)
    if canonical_host(typed) and _looks_like_a_host(typed):
        return Slip("several_hosts", "One host is given at a time.", swapped(words, at, 1))
    return Slip("word_unexpected", f"{quoted(typed)} belongs to nothing: options are written as key=value.")
