"""No bytes of a server's make a parser raise anything but its own error, or go on for ever."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.sandbox.pool.network.dialling import Endpoint
from deploy.sandbox.pool.network.files.mounting import exported_in, handle_in
from deploy.sandbox.pool.network.files.nfs3 import listing_in
from deploy.sandbox.pool.network.files.rpc import check_reply
from deploy.sandbox.pool.network.files.xdr import Reader
from deploy.sandbox.pool.network.iscsi import chap, pdu, scsi, texts
from deploy.sandbox.pool.network.iscsi.addresses import endpoint_in
from deploy.sandbox.pool.network.iscsi.discovery import offered_in
from deploy.sandbox.pool.network.iscsi.identity import scsi_id
from deploy.sandbox.pool.network.iscsi.pdu import Numbers
from deploy.sandbox.pool.network.iscsi.scsi import Standard
from deploy.sandbox.pool.network.troubles import NetworkError, ProtocolError

PORTAL = Endpoint("192.0.2.1", 3260)
PARSERS: dict[str, Callable[[bytes], object]] = {
    "header": lambda data: pdu.lengths(data[:48]),
    "pairs": lambda data: texts.by_key(texts.unpacked(data)),
    "targets": lambda data: offered_in(data, PORTAL),
    "luns": scsi.luns,
    "standard": scsi.standard,
    "page": lambda data: scsi.page(data, 0x83),
    "capacity-16": scsi.capacity_16,
    "capacity-10": scsi.capacity_10,
    "sense": scsi.sense,
    "identity": lambda data: scsi_id(Standard(True, data[:8], data[8:24]), data, data[:4]),  # noqa: FBT003 - a field
    "reply": lambda data: check_reply(Reader(data), 0),
    "exports": lambda data: exported_in(Reader(data)),
    "handle": lambda data: handle_in(Reader(data)),
    "listing": lambda data: listing_in(Reader(data)),
    "name": lambda data: Reader(data).text(64),
    "flag": lambda data: Reader(data).flag(),
}
WORDS = st.lists(st.sampled_from([0, 1, 2, 3, 4, 255, 0x83, 0x80000000, 0xFFFFFFFF]), max_size=40).map(
    lambda numbers: struct.pack(f">{len(numbers)}I", *numbers)
)
NAMED = st.lists(
    st.sampled_from([b"TargetName=", b"TargetAddress=", b"iqn.x", b"\0", b"1.2.3.4:3260,1", b"[::1]", b"=", b"\xff"]),
    max_size=30,
).map(b"".join)
BYTES = st.binary(max_size=300) | WORDS | NAMED


@pytest.mark.parametrize("name", PARSERS)
@given(data=BYTES)
def test_any_bytes_are_read_or_refused(name: str, data: bytes) -> None:
    with contextlib.suppress(NetworkError):
        PARSERS[name](data)


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    with contextlib.suppress(ProtocolError):
        assert 0 < endpoint_in(text).endpoint.port < 65536


@given(st.text(max_size=8), st.text(max_size=40))
def test_any_challenge_is_read_or_refused(identifier: str, value: str) -> None:
    with contextlib.suppress(ProtocolError):
        found = chap.challenge_in({"CHAP_A": "5", "CHAP_I": identifier, "CHAP_C": value})
        assert 0 <= found.identifier < 256


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=8), st.binary(max_size=64))
def test_a_scsi_id_has_no_blanks_and_nothing_that_breaks_xml(text: str, serial: bytes) -> None:
    found = scsi_id(Standard(True, text.encode().ljust(8), bytes(16)), b"", serial)  # noqa: FBT003 - a field
    assert found.isascii()
    assert " " not in found
    assert found.isprintable()


@given(st.dictionaries(st.from_regex(r"[A-Za-z0-9.-]{1,60}", fullmatch=True), st.from_regex(r"[^\0]*", fullmatch=True)))
def test_pairs_come_back_as_they_were_packed(pairs: dict[str, str]) -> None:
    assert texts.by_key(texts.unpacked(texts.packed(pairs))) == pairs


@given(st.binary(max_size=200), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_a_request_carries_its_lengths_and_numbers(data: bytes, command: int, status: int) -> None:
    raw = pdu.text(7, pdu.NO_TAG, Numbers(command, status, 0), data)
    header, body = raw[:48], raw[48:]
    assert pdu.lengths(header) == (0, len(data))
    assert len(body) == pdu.padded(len(data))
    assert struct.unpack(">IIII", header[16:32]) == (7, pdu.NO_TAG, command, status)


@settings(max_examples=60)
@given(st.binary(max_size=400) | WORDS.map(lambda data: b"\x23\x87" + data))
def test_any_bytes_on_the_wire_end_a_login(data: bytes) -> None:
    from deploy.sandbox.pool.network.iscsi.session import opened  # noqa: PLC0415 - beside what it is tried with
    from tests.integration.network import fake_target as fake  # noqa: PLC0415 - the same

    async def blurt(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    async def look() -> None:
        async with fake.listening(blurt) as at, opened(at, fake.looking(), fake.QUICK):
            pass

    with pytest.raises(NetworkError):
        asyncio.run(look())
