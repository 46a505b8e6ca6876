from __future__ import annotations

import asyncio
import socket
import struct
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.sandbox.pool.network import dialling
from deploy.sandbox.pool.network.dialling import Endpoint
from deploy.sandbox.pool.network.files import mounting, nfs3, smb
from deploy.sandbox.pool.network.files.entries import Entry
from deploy.sandbox.pool.network.iscsi.connection import connect
from deploy.sandbox.pool.network.settings import Network
from deploy.sandbox.pool.network.troubles import NetworkError, ProtocolError, SilentError
from deploy.sandbox.pool.scenario.reading import read_scenario
from deploy.sandbox.pool.serving import running_pool
from deploy.sandbox.pool.storage.files.shares import Login
from tests.integration.network import fake_target as fake
from tests.integration.network.pools import SCENARIO, logged_in
from tests.integration.network.samba import Samba

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
LOGIN = Login("user", "LAB", "canary")


def saying(data: bytes) -> Serve:
    """Say it to whoever comes, then wait for what they say."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        while await reader.read(1024):
            pass

    return serve


async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


def exported(serve: Serve) -> list[mounting.Exported]:
    async def look() -> list[mounting.Exported]:
        async with fake.listening(serve) as at:
            network = Network(portmapper_port=at.port, times=fake.QUICK)
            async with dialling.in_time(0.3, "the list of exports"):
                return await mounting.exports(network, at.host)

    return asyncio.run(look())


def shared(serve: Serve) -> list[Entry]:
    async def look() -> list[Entry]:
        async with fake.listening(serve) as at:
            return await smb.listed(smb.Place(at, "ISO"), LOGIN, fake.QUICK)

    return asyncio.run(look())


def test_a_port_mapper_that_says_nothing_is_left_in_time() -> None:
    with pytest.raises(SilentError):
        exported(saying(b""))


def test_a_port_mapper_that_hangs_up_is_left() -> None:
    with pytest.raises(ProtocolError, match="ended the connection"):
        exported(hang_up)


@pytest.mark.parametrize("data", [b"\xff" * 400, struct.pack(">I", 0) * 300, struct.pack(">I", 0x7FFFFFFF) * 9])
def test_a_record_that_has_no_end_is_left(data: bytes) -> None:
    with pytest.raises(ProtocolError, match="no end"):
        exported(saying(data))


@settings(max_examples=40)
@given(st.binary(max_size=200))
def test_any_bytes_end_a_call(data: bytes) -> None:
    with pytest.raises(NetworkError):
        exported(saying(struct.pack(">I", 0x80000000 | len(data)) + data))


def test_a_server_that_does_not_speak_nfs_is_told() -> None:
    async def look() -> bool:
        async with fake.listening(hang_up) as at:
            return await nfs3.speaks(at, 3, 1.0)

    assert asyncio.run(look()) is False


def test_an_smb_server_that_hangs_up_is_left() -> None:
    with pytest.raises(NetworkError) as caught:
        shared(hang_up)
    assert "canary" not in str(caught.value)


def test_an_smb_server_that_says_nothing_is_left_in_time() -> None:
    with pytest.raises(SilentError, match="listing //"):
        shared(saying(b""))


@pytest.mark.parametrize(
    "data", [b"\0\0\0\4abcd", b"\0\0\0\x40\xfeSMB" + bytes(60), b"\0\0\0\x60\xfeSMB" + b"\xff" * 92]
)
def test_an_smb_server_that_makes_no_sense_is_left(data: bytes) -> None:
    with pytest.raises(NetworkError):
        shared(saying(data))


def test_a_target_that_resets_the_connection_ends_what_is_sent() -> None:
    async def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async def look() -> None:
        async with fake.listening(reset) as at:
            connection = await connect(at, 1.0)
            try:
                while True:
                    await connection.send(bytes(48))
            finally:
                await connection.close()

    with pytest.raises(ProtocolError, match="ended the connection"):
        asyncio.run(look())


def test_a_server_that_takes_calls_and_answers_none_speaks_no_version(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        quick = Network(nfs_port=silent.getsockname()[1], times=replace(fake.QUICK, files=0.2))
        path = tmp_path / "bench.toml"
        path.write_text(SCENARIO, encoding="utf-8")
        scenario = replace(read_scenario(path), network=quick)
        with (
            running_pool(tmp_path / "pool", scenario=lambda: scenario) as running,
            logged_in(running.url, running.password) as pool,
        ):
            failure = pool.fails({"server": "127.0.0.1", "serverpath": "/x"}, "nfs")
    assert failure[0] == "SR_BACKEND_FAILURE_72"


def test_without_the_extra_a_share_is_told_what_is_lacking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "smbprotocol.connection", None)
    with pytest.raises(NetworkError, match="with its extra `network`"):
        shared(saying(b""))


def test_a_folder_that_has_no_end_is_left(samba: Samba, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smb, "MOST_ENTRIES", 2)
    place = smb.Place(Endpoint("127.0.0.1", samba.port), "ISO")
    with pytest.raises(ProtocolError, match="no end"):
        asyncio.run(smb.listed(place, Login(), fake.PATIENT))


def test_a_file_with_control_characters_in_its_name_is_refused(samba: Samba) -> None:
    (samba.folder / "odd" / "a\u202eb.iso").write_bytes(b"")
    place = smb.Place(Endpoint("127.0.0.1", samba.port), "odd")
    with pytest.raises(ProtocolError, match="control characters"):
        asyncio.run(smb.listed(place, Login(), fake.PATIENT))


def test_names_resolve_or_are_left_out() -> None:
    async def look() -> dict[str, str]:
        return await dialling.addresses_of(["Localhost", "::1", "[::1]", "none.invalid", "x" * 300, ""], 2.0)

    found = asyncio.run(look())
    assert found["localhost"] in {"127.0.0.1", "::1"}
    assert found["::1"] == "::1"
    assert set(found) == {"localhost", "::1"}


def test_without_the_right_to_a_reserved_port_any_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialling, "_bound", lambda *_: None)

    async def look() -> int:
        async with fake.listening(saying(b"")) as at:
            wire = await dialling.dial(at, 1.0, reserved=True)
            port = wire.writer.get_extra_info("sockname")[1]
            await wire.close()
            return int(port)

    assert asyncio.run(look()) >= 1024


def test_a_server_that_is_gone_is_told_from_a_reserved_port_too() -> None:
    async def look() -> None:
        async with fake.listening(saying(b"")) as at:
            gone = at
        await dialling.dial(Endpoint(gone.host, gone.port), 1.0, reserved=True)

    with pytest.raises(NetworkError, match="can't be reached"):
        asyncio.run(look())
