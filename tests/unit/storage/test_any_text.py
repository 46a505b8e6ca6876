from __future__ import annotations

import time
from string import ascii_letters, digits
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.request.found import Lun, Portal, Target
from bot.storage import (
    Device,
    Export,
    FoundSr,
    Reading,
    as_json,
    explain,
    explain_text,
    masked,
    read_adapter_luns,
    read_devices,
    read_exports,
    read_failure,
    read_luns,
    read_srs,
    read_targets,
    table,
    task_value,
)
from bot.storage.documents.scanning import documents
from tests.unit.storage.notations import NOTATIONS, as_slack
from tests.unit.storage.texts import DECLARATION, laid_out

if TYPE_CHECKING:
    from collections.abc import Callable

# Several times what the slowest of these takes on a small machine that is busy with other tests.
LONG, PATIENCE_S = 50_000, 5
LARGE, LARGE_PATIENCE_S = 400_000, 20

pytestmark = pytest.mark.no_cover
"""What they run is covered by the tests beside; measuring so many examples would double their time."""

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
# Nothing that ends a notation's own string, and no mark-up.
JUNK = st.text(ascii_letters + digits + " .,;:()-", max_size=20)
PATHS = st.lists(st.text(ascii_letters + "/-", min_size=1), max_size=3).map(tuple)
SRS = st.lists(st.builds(FoundSr, WORD, st.none() | BYTES, PATHS, st.none() | WORD, st.none() | WORD))
EXPORTS = st.lists(st.builds(Export, st.none() | ADDRESSES, WORD, st.none() | WORD))
DEVICES = st.lists(
    st.builds(
        Device,
        path=WORD,
        vendor=st.none() | WORD,
        serial=st.none() | WORD,
        size=st.none() | BYTES,
        scsi_id=st.none() | WORD,
        lun=st.none() | st.integers(0, 2**15),
        paths=st.none() | st.integers(1, 32),
    )
)
ADAPTER = [("host", "host4"), ("name", "qla2xxx"), ("manufacturer", "QLogic HBA Driver"), ("id", "4")]


def _explained(text: str) -> object:
    told = explain_text(text)
    return as_json(told), table(told.lists)


READERS: list[Callable[[str], object]] = [
    read_targets,
    read_luns,
    read_srs,
    read_exports,
    read_devices,
    read_adapter_luns,
    task_value,
    documents,
    masked,
    _explained,
]


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


@pytest.mark.parametrize("padded", [True, False])
@given(exports=EXPORTS)
def test_exports_parse_back_to_themselves(exports: list[Export], *, padded: bool) -> None:
    text = laid_out("nfs-exports", "Export", [_export_row(export) for export in exports], padded=padded)

    assert read_exports(text) == Reading(tuple(exports), complete=True)


@pytest.mark.parametrize("padded", [True, False])
@given(devices=DEVICES)
def test_devices_parse_back_to_themselves(devices: list[Device], *, padded: bool) -> None:
    text = laid_out("Devlist", "BlockDevice", [_device_row(device) for device in devices], padded=padded)
    adapters = laid_out("Devlist", "Adapter", [ADAPTER], padded=padded).removeprefix(f"{DECLARATION}<Devlist>\n")
    with_adapters = text.replace("</Devlist>\n", adapters)

    assert read_devices(text) == read_devices(with_adapters) == Reading(tuple(devices), complete=True)


@settings(max_examples=25)
@pytest.mark.parametrize("notation", [notation for notation in NOTATIONS if notation is not as_slack])
@given(luns=LUNS, padded=st.booleans(), junk=JUNK)
def test_what_is_printed_is_explained_in_every_notation(
    notation: Callable[[list[str]], str], luns: list[Lun], *, padded: bool, junk: str
) -> None:
    document = laid_out("iscsi-target", "LUN", [_lun_row(lun) for lun in luns], padded=padded)
    told = explain_text(notation(["SR_BACKEND_FAILURE_107", "", "The SCSIid is missing", junk + document]))

    assert (told.kind, told.complete) == ("luns", True)
    assert list(told.lists.luns) == sorted(luns, key=lambda lun: lun.lun_id or 0)


@example(
    targets=[Target("0", (Portal("::1", 1),)), Target("MESSAGE_REMOVED", (Portal("::1", 1),))], padded=False, keep=0.9
)
@given(targets=TARGETS, padded=st.booleans(), keep=st.floats(0, 1, exclude_max=True))
def test_of_a_cut_text_only_whole_targets_are_explained(targets: list[Target], *, padded: bool, keep: float) -> None:
    rows = [_target_row(target, portal) for target in targets for portal in target.portals]
    text = laid_out("iscsi-target-iqns", "TGT", rows, padded=padded)
    told = explain_text(text[: int(len(text.rstrip()) * keep)])

    assert {target.iqn for target in told.lists.targets} <= {target.iqn for target in targets}
    assert told.kind in {"targets", "unknown"}
    assert not told.complete or told.kind == "unknown"


def test_an_entity_bomb_expands_to_nothing() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 30))
    text = f"{DECLARATION}<!DOCTYPE SRlist [<!ENTITY e0 'x'>{entities}]><SRlist><SR><UUID>&e29;</UUID></SR></SRlist>"

    assert read_srs(text) == Reading((), complete=False)
    told = explain_text(text)
    assert (told.kind, told.complete, told.lists.count) == ("srs", False, 0)


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
        "--password ",
        "--a-a-",
        "\u2014\u2014password ",
        "password</methodName>",
        'password","params":[',
        'password","params":["',
        "password=u'",
        "password=\\'",
        "&lt;methodResponse&gt;",
        "<?xml ?>\\n\\\\n",
        "-pw ",
        "token: ",
        "<methodResponse>",
        "</methodResponse>",
        "<methodResponse><methodCall>",
        "<?xml ?> ",
        "<name>error_info</name><value><array><data>",
        "<name>error_info</name><value><array><data></data>",
        "password='",
        'passwd="\\',
        "password ",
        "password -v ",
        "OpaqueRef:",
        "SR_BACKEND_FAILURE_4",
        "[opterr=",
        "SR_BACKEND_FAILURE_4: [",
        "A_B: [ ",
        "A_B",
        "Error code: A_B",
        '["A_B"',
        '[\\"A_B',
        "Server_error(A_B",
        "[",
        "]",
        "> ",
        ">\\n",
        ">\\\\n",
        "\\",
        "#012",
        "\n> x",
        "'",
        "\u201c",
        "password>",
        'password=\\"',
        "password=&quot;",
        "password: x ",
        " ",
        "\n",
        "\x00",
        "9",
    ],
)
@pytest.mark.parametrize("start", ["", f"{DECLARATION}<iscsi-target><LUN><vendor>"])
def test_a_long_text_of_anything_takes_linear_time(piece: str, start: str) -> None:
    _read_in_time(start + piece * (LONG // len(piece)), PATIENCE_S)


@pytest.mark.parametrize("piece", ["junk ", "<", "&lt;", "<SRlist/>"])
def test_a_large_text_takes_linear_time(piece: str) -> None:
    _read_in_time(piece * (LARGE // len(piece)), LARGE_PATIENCE_S)


def _read_in_time(text: str, seconds: int) -> None:
    began = time.process_time()
    for reader in READERS:
        reader(text)
    explain(read_failure(["SR_BACKEND_FAILURE_47", "", text, ""]))
    assert time.process_time() - began < seconds


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
    names = (("name_label", sr.name_label), ("name_description", sr.name_description))
    fields = (("UUID", sr.uuid), ("Devlist", ",".join(sr.devices)), ("size", sr.size), *names)
    return [(name, str(value)) for name, value in fields if value is not None]


def _export_row(export: Export) -> list[tuple[str, str]]:
    fields = (("Target", export.server), ("Path", export.path), ("Accesslist", export.access))
    return [(name, value) for name, value in fields if value is not None]


def _device_row(device: Device) -> list[tuple[str, str]]:
    fields = (
        ("path", device.path),
        ("numpaths", device.paths),
        ("SCSIid", device.scsi_id),
        ("vendor", device.vendor),
        ("serial", device.serial),
        ("size", device.size),
        ("adapter", "4"),
        ("lun", device.lun),
        ("hba", "qla2xxx"),
    )
    return [(name, str(value)) for name, value in fields if value is not None]
