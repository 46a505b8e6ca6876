from __future__ import annotations

import struct

import pytest

from deploy.sandbox.pool.network.files import mounting, rpc, xdr
from deploy.sandbox.pool.network.files.entries import Entry, srs_among
from deploy.sandbox.pool.network.files.xdr import Reader
from deploy.sandbox.pool.network.iscsi import chap
from deploy.sandbox.pool.network.iscsi.addresses import endpoint_in
from deploy.sandbox.pool.network.iscsi.chap import Challenge, Credentials
from deploy.sandbox.pool.network.iscsi.pdu import LONGEST_DATA, lengths
from deploy.sandbox.pool.network.troubles import DeniedError, ProtocolError

UUID = "1d7f3a52-8e04-4c1b-9a66-3b5c70d2e101"


def test_a_chap_digest_is_that_of_identifier_password_and_challenge() -> None:
    found = chap.answer(Challenge(1, bytes.fromhex("81c3e7")), "password")
    assert found.hex() == "f8a31fa4a60e22a4baef9e3843dfdccf"


def test_credentials_have_no_representation() -> None:
    credentials = Credentials(("user", "canary"), ("back", "canary"))
    assert "canary" not in repr(credentials)


@pytest.mark.parametrize(
    ("text", "host", "port", "group"),
    [
        ("192.0.2.1", "192.0.2.1", 3260, None),
        ("192.0.2.1:3261,4", "192.0.2.1", 3261, 4),
        ("[2001:DB8::1]:860,65535", "2001:db8::1", 860, 65535),
        ("array.example,1", "array.example", 3260, 1),
    ],
)
def test_a_portals_address_is_read(text: str, host: str, port: int, group: int | None) -> None:
    found = endpoint_in(text)
    assert (found.endpoint.host, found.endpoint.port, found.group) == (host, port, group)


@pytest.mark.parametrize("text", ["", "a b", "1.2.3.4:0", "1.2.3.4:65536", "1.2.3.4,70000", "[1::2::3]", "::1", "x,y"])
def test_what_is_no_portal_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError):
        endpoint_in(text)


def test_a_pdu_that_is_longer_than_declared_is_refused() -> None:
    header = bytearray(48)
    header[4], header[5:8] = 2, LONGEST_DATA.to_bytes(3, "big")
    assert lengths(bytes(header)) == (8, LONGEST_DATA)
    header[5:8] = (LONGEST_DATA + 1).to_bytes(3, "big")
    with pytest.raises(ProtocolError, match="more than 65536 bytes"):
        lengths(bytes(header))
    with pytest.raises(ProtocolError, match="48 bytes"):
        lengths(b"")


def test_words_and_opaques_are_whole() -> None:
    packed = xdr.word(7) + xdr.double_word(2**40) + xdr.opaque(b"abcde") + xdr.word(1)
    reader = Reader(packed)
    assert (reader.word(), reader.double_word(), reader.opaque(5), reader.flag()) == (7, 2**40, b"abcde", True)
    with pytest.raises(ProtocolError, match="cut off"):
        reader.word()


@pytest.mark.parametrize("data", [xdr.word(2), xdr.opaque(b"a\nb"), xdr.opaque(b"abcdefghi")])
def test_what_is_too_long_or_no_name_is_refused(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        Reader(data).text(8)
    if data == xdr.word(2):
        with pytest.raises(ProtocolError):
            Reader(data).flag()


def test_a_list_of_exports_that_has_no_end_is_refused() -> None:
    one = xdr.word(1) + xdr.opaque(b"/a") + xdr.word(0)
    with pytest.raises(ProtocolError, match="no end"):
        mounting.exported_in(Reader(one * 5000))


@pytest.mark.parametrize(
    ("words", "error"),
    [((1, 1, 0, 0, 0, 0), ProtocolError), ((0, 0, 0, 0, 0, 0), ProtocolError), ((0, 1, 1, 0, 0, 0), DeniedError),
     ((0, 1, 0, 0, 0, 1), DeniedError)],
)  # fmt: skip
def test_a_reply_that_is_none_or_a_no_is_refused(words: tuple[int, ...], error: type[Exception]) -> None:
    with pytest.raises(error):
        rpc.check_reply(Reader(struct.pack(">6I", *words)), 0)


def test_the_folders_of_srs_are_told_by_their_names() -> None:
    entries = [Entry(UUID, folder=True, size=0), Entry("x" + UUID, folder=True, size=0)]
    assert srs_among([*entries, Entry(UUID, folder=False, size=1)]) == [UUID]
