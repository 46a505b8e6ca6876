from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable

import pytest

from deploy.sandbox.pool.network.dialling import Endpoint, in_time
from deploy.sandbox.pool.network.iscsi.discovery import Offered, send_targets
from deploy.sandbox.pool.network.iscsi.inquiring import FoundLun, found_luns
from deploy.sandbox.pool.network.iscsi.session import opened
from deploy.sandbox.pool.network.troubles import DeniedError, ProtocolError, SilentError, UnreachableError
from tests.integration.network import fake_target as fake
from tests.integration.network.fake_target import (
    LOGIN,
    LOGOUT,
    NOP_OUT,
    SCSI,
    TEXT,
    THE_LUN,
    Heard,
    Target,
    luns,
    stage,
    targets,
)
from tests.programs import free_port

OWN, BACK = ("lab", "canary-one"), ("array", "canary-two")


def test_a_well_behaved_target_tells_its_luns() -> None:
    target = Target()
    assert luns(target) == [THE_LUN]
    assert [heard.kind for heard in target.heard][-1] == LOGOUT
    first = target.heard[0]
    assert first.pairs == {
        "InitiatorName": fake.INITIATOR, "SessionType": "Normal", "TargetName": fake.IQN, "AuthMethod": "None",
    }  # fmt: skip
    assert first.header[8] == 0x80


def test_only_commands_that_look_are_ever_sent() -> None:
    target = Target(units={0x9E: lambda _: None, 0x25: lambda _: bytes(8)})
    luns(target)
    sent = [heard for heard in target.heard if heard.kind == SCSI]
    assert {heard.cdb[0] for heard in sent} == {0xA0, 0x12, 0x00, 0x9E, 0x25}
    assert all(heard.header[1] & 0x20 == 0 and not heard.data for heard in sent)


def test_commands_are_numbered_one_after_another() -> None:
    target = Target()
    luns(target)
    numbers = [heard.command_number for heard in target.heard if heard.kind == SCSI]
    assert numbers == list(range(1, len(numbers) + 1))


def test_each_session_has_an_id_of_its_own() -> None:
    target = Target()
    luns(target)
    luns(target)
    ids = {heard.header[8:14] for heard in target.heard if heard.kind == LOGIN}
    assert len(ids) == 2


@pytest.mark.parametrize("kind", [LOGIN, TEXT])
def test_a_target_that_says_nothing_is_left_in_time(kind: int) -> None:
    with pytest.raises(SilentError, match="took longer than"):
        targets(Target(on={kind: lambda _: []}), times=fake.QUICK)


def test_a_target_that_carries_nothing_out_is_left_in_time() -> None:
    with pytest.raises(SilentError, match="the inquiry took longer than"):
        asyncio.run(_inquire_in_time(Target(on={SCSI: lambda _: []})))


async def _inquire_in_time(target: Target) -> None:
    async with (
        fake.listening(target.serve) as at,
        in_time(0.2, "the inquiry"),
        opened(at, fake.looking(), fake.QUICK) as session,
    ):
        await found_luns(session)


def test_a_target_that_never_says_goodbye_is_left_without() -> None:
    assert luns(Target(on={LOGOUT: lambda _: []}), times=fake.QUICK) == [THE_LUN]


def test_a_target_that_drips_is_left_in_time() -> None:
    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing():
            writer.write(b"\x23")
            await asyncio.sleep(0.02)

    async def look() -> None:
        async with fake.listening(drip) as at, opened(at, fake.looking(), fake.QUICK):
            pass

    with pytest.raises(SilentError):
        asyncio.run(look())


def test_nobody_there_is_told() -> None:
    async def look() -> None:
        await send_targets(Endpoint("127.0.0.1", free_port()), fake.looking(target=""), fake.PATIENT)

    with pytest.raises(UnreachableError, match="can't be reached"):
        asyncio.run(look())


def test_a_ping_in_between_is_answered() -> None:
    target = Target()
    target.on[SCSI] = lambda heard: [fake.nop_in(heard), fake.nop_in(heard, 0xFFFFFFFF), *target.politely(heard)]
    assert luns(target) == [THE_LUN]
    answers = [heard for heard in target.heard if heard.kind == NOP_OUT]
    assert answers
    assert {(heard.tag, heard.header[20:24]) for heard in answers} == {(0xFFFFFFFF, bytes((0, 0, 0, 7)))}


def test_a_target_that_only_pings_is_left() -> None:
    target = Target(on={SCSI: lambda heard: [fake.nop_in(heard)] * 70})
    with pytest.raises(ProtocolError, match="other things"):
        luns(target)


def test_an_event_of_a_unit_is_passed_over_and_any_other_ends_the_session() -> None:
    target = Target()
    target.on[SCSI] = lambda heard: [fake.event(heard, 0), *target.politely(heard)]
    assert luns(target) == [THE_LUN]
    for kind in (1, 2, 3, 4, 255):
        target = Target(on={SCSI: lambda heard, kind=kind: [fake.event(heard, kind)]})  # type: ignore[misc]
        with pytest.raises(ProtocolError, match=f"event {kind}"):
            luns(target)


@pytest.mark.parametrize(
    "reply",
    [
        lambda heard: [fake.response(0x3F, heard)],
        lambda heard: [fake.response(0x31, heard)],
        lambda heard: [fake.response(0x26, heard)],
        lambda heard: [fake.data_in(heard, b"", flags=0x81)[:16] + bytes(32)],
        lambda heard: [fake.data_in(heard, bytes(8), offset=4)],
        lambda heard: [fake.data_in(heard, bytes(9000))],
        lambda heard: [fake.data_in(heard, bytes(4000), flags=0), fake.data_in(heard, bytes(4), offset=0)],
        lambda heard: [fake.response(0x21, heard)[:2] + b"\x01" + fake.response(0x21, heard)[3:]],
        lambda heard: [fake.data_in(heard, bytes(4))],
        lambda heard: [fake.response(0x21, heard, data=b"")],
    ],
)
def test_an_answer_to_a_command_that_has_no_sense_is_left(reply: fake.Reply) -> None:
    with pytest.raises(ProtocolError):
        luns(Target(on={SCSI: reply}))


@pytest.mark.parametrize(
    "reply",
    [
        lambda heard: [fake.response(0x25, heard)],
        lambda heard: [fake.response(0x24, heard, data=b"TargetName=iqn.x y\0")],
        lambda heard: [fake.response(0x24, heard, data=b"TargetName=iqn." + b"x" * 230)],
        lambda heard: [fake.response(0x24, heard, data=b"TargetName=iqn.x\0TargetAddress=a:0\0")],
        lambda heard: [fake.response(0x24, heard, data=b"TargetName=iqn.x\0TargetAddress=[1:2]\0")],
        lambda heard: [fake.response(0x24, heard, flags=0, target_tag=1, data=b"x" * 60000)],
        lambda heard: [fake.response(0x24, heard, flags=0, target_tag=1)],
    ],
)
def test_a_discovery_that_has_no_end_or_no_sense_is_left(reply: fake.Reply) -> None:
    with pytest.raises(ProtocolError):
        targets(Target(on={TEXT: reply}))


def test_a_discovery_in_several_parts_is_heard_out() -> None:
    def reply(heard: Heard) -> list[bytes]:
        if heard.header[20:24] == b"\xff" * 4:
            return [fake.response(0x24, heard, flags=0, target_tag=5, data=b"TargetName=iqn.a\0TargetAddress=[::")]
        assert heard.data == b""
        return [fake.response(0x24, heard, data=b"1],3\0TargetAddress=other.example:3261\0X=1\0TargetName=eui.b\0")]

    async def look() -> list[Offered]:
        async with fake.listening(Target(on={TEXT: reply}).serve) as at:
            found = await send_targets(at, fake.looking(target=""), fake.PATIENT)
            assert found[-1].portal.endpoint == at
            return found

    first, second, third = asyncio.run(look())
    assert (first.iqn, str(first.portal.endpoint), first.portal.group) == ("iqn.a", "[::1]:3260", 3)
    assert (second.iqn, str(second.portal.endpoint), second.portal.group) == ("iqn.a", "other.example:3261", None)
    assert third.iqn == "eui.b"


def test_a_window_that_is_shut_is_waited_for() -> None:
    def reply(heard: Heard) -> list[bytes] | None:
        if stage(heard) == 1:
            shut = fake.response(0x23, heard, flags=heard.header[1], window=0xFFFFFFFF)
            return [shut, fake.nop_in(heard)]
        return [fake.response(0x23, heard, flags=heard.header[1], window=0xFFFFFFFF)]

    target = Target(on={LOGIN: reply})
    assert luns(target) == [THE_LUN]
    assert [heard.kind for heard in target.heard[2:4]] == [NOP_OUT, SCSI]


def attention(times: int) -> Callable[[Heard], list[bytes] | None]:
    """Each unit has something to tell first."""
    told: dict[bytes, int] = {}

    def reply(heard: Heard) -> list[bytes] | None:
        unit = heard.header[8:16]
        told[unit] = told.get(unit, 0) + 1
        if told[unit] > times:
            return None
        return [fake.response(0x21, heard, status=2, data=b"\x00\x08\x72\x06" + bytes(6))]

    return reply


def test_a_unit_that_was_reset_is_asked_again() -> None:
    assert luns(Target(on={SCSI: attention(2)})) == [THE_LUN]
    with pytest.raises(ProtocolError, match="something else to tell"):
        luns(Target(on={SCSI: attention(99)}))


def test_a_target_that_lists_no_luns_is_told() -> None:
    with pytest.raises(DeniedError, match="does not list its LUNs"):
        luns(Target(units={0xA0: lambda _: None}))


def test_what_is_no_disk_is_passed_over() -> None:
    assert luns(Target(units={0x12: lambda cdb: b"\x0c" + fake.DISK[1:] if not cdb[1] else None})) == []
    assert luns(Target(units={0x12: lambda _: None})) == []


def test_a_disk_without_pages_is_listed_without_what_they_tell() -> None:
    target = Target(units={0x12: lambda cdb: None if cdb[1] else fake.DISK})
    assert luns(target) == [FoundLun(3, "", 4096, "ACME", "")]


def test_a_disk_that_is_not_ready_has_no_size() -> None:
    assert luns(Target(units={0x00: lambda _: None}))[0].size == 0
    assert luns(Target(units={0x9E: lambda _: None, 0x25: lambda _: None}))[0].size == 0


def test_a_disk_of_the_old_kind_tells_its_size_too() -> None:
    units = {0x9E: lambda _: None, 0x25: lambda _: struct.pack(">II", 99, 512)}
    assert luns(Target(units=units))[0].size == 51200
