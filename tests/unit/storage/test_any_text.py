from __future__ import annotations

import time
from string import ascii_letters, digits
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.request.model import Lun, Portal, Target
from bot.storage import FoundSr, Reading, explain, read_failure, read_luns, read_srs, read_targets, task_value
from bot.storage.documents import documents
from tests.unit.storage.texts import DECLARATION, laid_out

if TYPE_CHECKING:
    from collections.abc import Callable

# A few times what the slowest of these takes on a small machine; a quadratic reader takes minutes.
PATIENCE_S = 20

TAGS = [
    f"{before}{name}{after}"
    for name in ("SRlist", "SR", "UUID", "iscsi-target", "LUN", "LUNid", "iscsi-target-iqns", "TGT", "Devlist", "value")
    for before, after in (("<", ">"), ("</", ">"), ("<", "/>"), ("&lt;", "&gt;"), ("&lt;/", "&gt;"))
]
REFERENCES = ["&amp;", "&lt;", "&#9;", "&#x41;", "&#0;", "&#xd800;", "&#99999999;", "&nbsp;", "&"]
SCRAPS = [
    "<",
    ">",
    "<>",
    "</>",
    "]]>",
    "<1>",
    "<a/>",
    "<a />",
    "</a >",
    "<a b='1'>",
    "<?pi?>",
    "<!-- -->",
    "<![CDATA[",
    "\x00",
]
WORDS = ["<!DOCTYPE a>", "<?xml", "?>", "\ud800", "\ufffe", "*", "[opterr=", "SR_BACKEND_FAILURE_47", DECLARATION]
TEXTS = st.lists(st.sampled_from(TAGS + REFERENCES + SCRAPS + WORDS) | st.text(max_size=5), max_size=30).map("".join)
INSIDE = st.lists(
    st.sampled_from(["<SR>", "</SR>", "<UUID>", "</UUID>", "text", *REFERENCES, *SCRAPS]), max_size=12
).map("".join)

WORD = st.text(ascii_letters + digits + ":.-_ <>&'\"/é漢", min_size=1, max_size=40).map(str.strip).filter(bool)
BYTES = st.integers(min_value=0, max_value=2**64 - 1)
ADDRESSES = st.sampled_from(["192.0.2.7", "2001:db8::1", "fe80::1%eth0", "storage.example.com"])
PORTALS = st.builds(Portal, ADDRESSES, st.integers(1, 65535))
TARGETS = st.lists(
    st.builds(Target, WORD.filter(lambda iqn: iqn != "*"), st.lists(PORTALS, min_size=1, unique=True).map(tuple)),
    unique_by=lambda target: target.iqn,
)
LUNS = st.lists(
    st.builds(
        Lun,
        lun_id=st.integers(0, 16383),
        vendor=st.none() | WORD,
        serial=st.none() | WORD,
        size=st.none() | BYTES,
        scsi_id=st.none() | WORD,
    ),
)
PATHS = st.lists(st.text(ascii_letters + "/-", min_size=1), max_size=3).map(tuple)
SRS = st.lists(st.builds(FoundSr, WORD, st.none() | BYTES, PATHS, st.none() | WORD))
READERS: list[Callable[[str], object]] = [read_targets, read_luns, read_srs, task_value, documents]


@given(TEXTS)
def test_no_text_makes_a_reader_raise(text: str) -> None:
    for reader in READERS:
        reader(text)
    explain(read_failure([text]))
    explain(read_failure(["SR_BACKEND_FAILURE_47", "", text, text]))


@given(INSIDE)
def test_what_is_called_whole_is_well_formed_xml(inside: str) -> None:
    (document,) = documents(f"<SRlist>{inside}</SRlist>")

    if document.whole:
        ET.fromstring(f"<SRlist>{inside}</SRlist>".replace("\x00", ""))  # noqa: S314 - made here, without a DTD


@pytest.mark.parametrize("padded", [True, False])
@given(targets=TARGETS)
def test_targets_parse_back_to_themselves(targets: list[Target], *, padded: bool) -> None:
    rows = [_target_row(target, portal) for target in targets for portal in target.portals]
    everything = [("IPAddress", "storage.example.com,192.0.2.8"), ("TargetIQN", "*")]

    text = laid_out("iscsi-target-iqns", "TGT", [*rows, everything], padded=padded)

    assert read_targets(text) == Reading(tuple(targets), complete=True)


@pytest.mark.parametrize("padded", [True, False])
@given(luns=LUNS)
def test_luns_parse_back_to_themselves(luns: list[Lun], *, padded: bool) -> None:
    text = laid_out("iscsi-target", "LUN", [_lun_row(lun) for lun in luns], padded=padded)

    assert read_luns(text) == Reading(tuple(sorted(luns, key=lambda lun: lun.lun_id or 0)), complete=True)


@pytest.mark.parametrize("padded", [True, False])
@given(srs=SRS)
def test_srs_parse_back_to_themselves(srs: list[FoundSr], *, padded: bool) -> None:
    text = laid_out("SRlist", "SR", [_sr_row(sr) for sr in srs], padded=padded)

    assert read_srs(text) == Reading(tuple(srs), complete=True)


def test_an_entity_bomb_expands_to_nothing() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 30))
    text = f"{DECLARATION}<!DOCTYPE SRlist [<!ENTITY e0 'x'>{entities}]><SRlist><SR><UUID>&e29;</UUID></SR></SRlist>"

    assert read_srs(text) == Reading((), complete=False)


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        ">",
        "&",
        "<a",
        "<a ",
        "</",
        "<a>",
        "</a>",
        "<SRlist>",
        "<SRlist><SR>",
        "<SRlist/>",
        "<SRlist",
        "&lt;",
        "&lt;SRlist&gt;",
        "<?xml",
        "<?xml ?>",
        "<value>",
        "</value>",
        "<!DOCTYPE",
        "password=",
        "password='",
        'passwd="\\',
        "password ",
        "password -v ",
        "OpaqueRef:",
        "SR_BACKEND_FAILURE_4",
        "[opterr=",
        " ",
        "\x00",
        "9",
    ],
)
@pytest.mark.parametrize("start", ["", f"{DECLARATION}<iscsi-target><LUN><vendor>"])
def test_a_long_text_of_anything_takes_linear_time(piece: str, start: str) -> None:
    _read_in_time(start + piece * (100_000 // len(piece)))


@pytest.mark.parametrize("piece", ["junk ", "<", "&lt;", "<SRlist/>"])
def test_a_megabyte_of_junk_takes_linear_time(piece: str) -> None:
    _read_in_time(piece * (1_000_000 // len(piece)))


def _read_in_time(text: str) -> None:
    began = time.perf_counter()
    for reader in READERS:
        reader(text)
    explain(read_failure(["SR_BACKEND_FAILURE_47", "", text, ""]))
    assert time.perf_counter() - began < PATIENCE_S


def _target_row(target: Target, portal: Portal) -> list[tuple[str, str]]:
    address = f"[{portal.address}]" if ":" in portal.address else portal.address
    port = [] if portal.port == 3260 else [("Port", str(portal.port))]
    return [("Index", "0"), ("IPAddress", address), *port, ("TargetIQN", target.iqn)]


def _lun_row(lun: Lun) -> list[tuple[str, str]]:
    fields = (
        ("vendor", lun.vendor),
        ("serial", lun.serial),
        ("LUNid", lun.lun_id),
        ("size", lun.size),
        ("SCSIid", lun.scsi_id),
    )
    return [(name, str(value)) for name, value in fields if value is not None]


def _sr_row(sr: FoundSr) -> list[tuple[str, str]]:
    fields = (("UUID", sr.uuid), ("Devlist", ",".join(sr.devices)), ("size", sr.size), ("name_label", sr.name_label))
    return [(name, str(value)) for name, value in fields if value is not None]
