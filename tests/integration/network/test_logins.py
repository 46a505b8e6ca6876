from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable

import pytest

from deploy.sandbox.pool.network.iscsi.inquiring import FoundLun, found_luns
from deploy.sandbox.pool.network.iscsi.session import opened
from deploy.sandbox.pool.network.troubles import DeniedError, NetworkError, ProtocolError
from tests.integration.network import fake_target as fake
from tests.integration.network.fake_target import (
    LOGIN,
    THE_LUN,
    Heard,
    Target,
    luns,
    stage,
    targets,
)

OWN, BACK = ("lab", "canary-one"), ("array", "canary-two")


def chap(expected: tuple[str, str], back: tuple[str, str] | None = None) -> Callable[[Heard], list[bytes] | None]:
    """A target that asks for CHAP, and proves itself with `back`."""

    def reply(heard: Heard) -> list[bytes] | None:
        pairs = heard.pairs
        if "AuthMethod" in pairs:
            return [fake.login(heard, {"AuthMethod": "CHAP"}, flags=0)]
        if "CHAP_A" in pairs:
            asked = {"CHAP_A": "5", "CHAP_I": "7", "CHAP_C": "0b" + "AQIDBAUGBwg="}
            return [fake.login(heard, asked, flags=0)]
        if "CHAP_R" in pairs:
            digest = hashlib.md5(b"\x07" + expected[1].encode() + bytes(range(1, 9)), usedforsecurity=False)
            assert pairs["CHAP_N"] == expected[0]
            assert pairs["CHAP_R"] == f"0x{digest.hexdigest()}"
            return [fake.login(heard, proof(pairs, back) if back else {})]
        return None

    return reply


def proof(pairs: dict[str, str], back: tuple[str, str]) -> dict[str, str]:
    whole = bytes((int(pairs["CHAP_I"]),)) + back[1].encode() + bytes.fromhex(pairs["CHAP_C"][2:])
    return {"CHAP_N": back[0], "CHAP_R": "0x" + hashlib.md5(whole, usedforsecurity=False).hexdigest()}


def test_chap_works_both_ways() -> None:
    assert luns(Target(on={LOGIN: chap(OWN, BACK)}), fake.looking(OWN, BACK)) == [THE_LUN]


def test_a_discovery_by_chap_takes_what_is_known_to_work() -> None:
    assert targets(Target(on={LOGIN: chap(OWN)}), fake.looking(OWN, target=""))[0].iqn == fake.IQN


def test_a_discovery_may_do_without_chap_even_where_both_sides_have_a_password() -> None:
    target = Target(on={LOGIN: lambda heard: [fake.login(heard, {"AuthMethod": "None"}, 0)] if stage(heard) == 0 and
                        not heard.header[1] & 0x80 else None})  # fmt: skip
    assert targets(target, fake.looking(OWN, BACK, target=""))


@pytest.mark.parametrize("back", [("array", "canary-wrong"), ("somebody", "canary-two")])
def test_a_target_that_can_not_prove_itself_is_left(back: tuple[str, str]) -> None:
    with pytest.raises(DeniedError, match="could not prove"):
        luns(Target(on={LOGIN: chap(OWN, back)}), fake.looking(OWN, BACK))


def test_one_password_for_both_ways_is_refused_before_it_is_used() -> None:
    target = Target(on={LOGIN: chap(OWN, BACK)})
    with pytest.raises(DeniedError, match="must be another"):
        luns(target, fake.looking(OWN, ("array", OWN[1])))
    assert not any("CHAP_R" in heard.pairs for heard in target.heard)


@pytest.mark.parametrize(
    ("outgoing", "answer", "words"),
    [
        (None, {"AuthMethod": "CHAP"}, "asks for CHAP"),
        (OWN, {"AuthMethod": "Reject"}, "does not take CHAP"),
        (OWN, {}, "does not take CHAP"),
    ],
)
def test_a_target_and_an_initiator_that_do_not_agree_part(
    outgoing: tuple[str, str] | None, answer: dict[str, str], words: str
) -> None:
    target = Target(on={LOGIN: lambda heard: [fake.login(heard, answer, 0)]})
    with pytest.raises(DeniedError, match=words):
        luns(target, fake.looking(outgoing))


@pytest.mark.parametrize(
    "challenge",
    [
        {"CHAP_A": "7", "CHAP_I": "1", "CHAP_C": "0x01"},
        {"CHAP_A": "5", "CHAP_I": "256", "CHAP_C": "0x01"},
        {"CHAP_A": "5", "CHAP_I": "x", "CHAP_C": "0x01"},
        {"CHAP_A": "5", "CHAP_I": "1", "CHAP_C": "0x"},
        {"CHAP_A": "5", "CHAP_I": "1", "CHAP_C": "0xzz"},
        {"CHAP_A": "5", "CHAP_I": "1", "CHAP_C": "0b?"},
        {"CHAP_A": "5", "CHAP_I": "1", "CHAP_C": "12"},
        {"CHAP_A": "5", "CHAP_I": "1", "CHAP_C": "0x" + "00" * 1025},
        {},
    ],
)
def test_a_challenge_that_is_none_ends_the_login(challenge: dict[str, str]) -> None:
    def reply(heard: Heard) -> list[bytes]:
        return [fake.login(heard, challenge if "CHAP_A" in heard.pairs else {"AuthMethod": "CHAP"}, 0)]

    with pytest.raises(ProtocolError):
        luns(Target(on={LOGIN: reply}), fake.looking(OWN))


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (b"\x02\x01", DeniedError, "CHAP user or password"),
        (b"\x02\x02", DeniedError, "let this initiator in"),
        (b"\x02\x03", DeniedError, "not there"),
        (b"\x02\x09", DeniedError, "status 0209"),
        (b"\x03\x01", ProtocolError, "not available"),
        (b"\x7f\x00", ProtocolError, "status 7f00"),
    ],
)
def test_a_refused_login_is_told(status: bytes, error: type[NetworkError], words: str) -> None:
    target = Target(on={LOGIN: lambda heard: [fake.login(heard, status=status)]})
    with pytest.raises(error, match=words):
        luns(target)


def test_a_target_that_has_moved_is_followed_once() -> None:
    there = Target()

    async def look() -> list[FoundLun]:
        async with fake.listening(there.serve) as new:
            moved = {"TargetAddress": f"127.0.0.1:{new.port},1"}
            here = Target(on={LOGIN: lambda heard: [fake.login(heard, moved, status=b"\x01\x01")]})
            async with fake.listening(here.serve) as old, opened(old, fake.looking(), fake.PATIENT) as session:
                return await found_luns(session)

    assert asyncio.run(look()) == [THE_LUN]


def test_a_target_that_moves_on_and_on_is_left() -> None:
    async def look() -> None:
        target = Target()
        async with fake.listening(target.serve) as at:
            moved = {"TargetAddress": f"127.0.0.1:{at.port},1"}
            target.on[LOGIN] = lambda heard: [fake.login(heard, moved, status=b"\x01\x01")]
            async with opened(at, fake.looking(), fake.PATIENT):
                pass

    with pytest.raises(DeniedError, match="and from there"):
        asyncio.run(look())


def test_a_target_that_moves_nowhere_is_told() -> None:
    target = Target(on={LOGIN: lambda heard: [fake.login(heard, {"TargetAddress": "?"}, status=b"\x01\x02")]})
    with pytest.raises(ProtocolError, match="no address"):
        luns(target)


def test_a_login_in_several_parts_is_heard_out() -> None:
    def reply(heard: Heard) -> list[bytes] | None:
        if heard.data and stage(heard) == 1:
            return [fake.response(0x23, heard, flags=0x44, data=b"TargetAlias=ab")]
        return [fake.response(0x23, heard, flags=0x87, data=b"cd\0")] if stage(heard) == 1 else None

    assert luns(Target(on={LOGIN: reply})) == [THE_LUN]


def test_what_a_target_proposes_itself_is_answered() -> None:
    def reply(heard: Heard) -> list[bytes] | None:
        if stage(heard) == 1 and "MaxConnections" in heard.pairs:
            own = {"X-com.example.speed": "9", "TargetPortalGroupTag": "1", "IFMarker": "No"}
            return [fake.login(heard, own, flags=0x04)]
        return None

    target = Target(on={LOGIN: reply})
    assert luns(target) == [THE_LUN]
    answered = [heard.pairs for heard in target.heard if heard.kind == LOGIN][-1]
    assert answered == {"X-com.example.speed": "NotUnderstood", "IFMarker": "NotUnderstood"}


@pytest.mark.parametrize(
    ("told", "words"),
    [({"HeaderDigest": "CRC32C"}, "insists on HeaderDigest"), ({"X-com.example.new": "1"}, "ended the login with a")],
)
def test_a_target_that_insists_on_more_is_left(told: dict[str, str], words: str) -> None:
    target = Target(on={LOGIN: lambda heard: [fake.login(heard, told)] if stage(heard) == 1 else None})
    with pytest.raises(ProtocolError, match=words):
        luns(target)


@pytest.mark.parametrize(
    "reply",
    [
        lambda heard: [fake.login(heard, flags=0)],
        lambda heard: [fake.login(heard, {"TargetAlias": "x" * 30000}, flags=0x40)],
        lambda heard: [fake.response(0x23, heard, data=b"AuthMethod")],
        lambda heard: [fake.response(0x23, heard, data=b"\xff=1\0")],
        lambda heard: [fake.response(0x23, heard, data=b"A=1\0A=1\0")],
        lambda heard: [fake.response(0x23, heard, data=b"A=\0" * 5000)],
        lambda heard: [fake.response(0x23, heard, tag=77)],
        lambda heard: [fake.response(0x24, heard)],
        lambda heard: [fake.response(0x23, heard)[:5] + b"\xff\xff\xff" + bytes(40)],
        lambda _: [b"HTTP/1.1 400 Bad Request\r\n\r\n" + b"x" * 100],
    ],
)
def test_a_login_that_has_no_end_or_no_sense_is_left(reply: fake.Reply) -> None:
    with pytest.raises(ProtocolError):
        luns(Target(on={LOGIN: reply}))
