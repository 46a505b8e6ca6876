"""Probes against portals and targets that tgt can't play."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from deploy.sandbox.pool.network.settings import Network
from deploy.sandbox.pool.scenario.reading import read_scenario
from deploy.sandbox.pool.serving import running_pool
from tests.integration.network import fake_target as fake
from tests.integration.network.fake_target import LOGIN, SCSI, TEXT, Heard, Target
from tests.integration.network.pools import SCENARIO, Asking, logged_in, rows
from tests.programs import free_port

HERE = "127.0.0.1"


@contextmanager
def scripted(*targets: Target) -> Iterator[list[int]]:
    """The ports of targets that run in a thread of their own."""
    loop, ended = asyncio.new_event_loop(), asyncio.Event()
    ready, ports = threading.Event(), list[int]()

    async def serve() -> None:
        async with fake.listening(targets[0].serve) as first, fake.listening(targets[-1].serve) as last:
            ports.extend([first.port, last.port])
            ready.set()
            await ended.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    try:
        yield ports
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Asking]:
    path = tmp_path / "bench.toml"
    path.write_text(SCENARIO.replace("[[hosts]]", "[[hosts]]\nmultipathing = true"), encoding="utf-8")
    quick = replace(read_scenario(path), network=Network(times=fake.QUICK))
    with (
        running_pool(tmp_path / "pool", scenario=lambda: quick) as running,
        logged_in(running.url, running.password) as one,
    ):
        yield one


def offering(*portals: str) -> dict[int, fake.Reply]:
    listed = "".join(f"TargetAddress={portal}\0" for portal in portals)
    data = f"TargetName={fake.IQN}\0{listed}".encode()
    return {TEXT: lambda heard: [fake.response(0x24, heard, data=data)]}


def at(port: int, **more: str) -> dict[str, str]:
    return {"target": HERE, "port": str(port), "targetIQN": fake.IQN, **more}


def test_a_portal_that_is_down_is_passed_over_where_all_are_wanted(pool: Asking) -> None:
    target = Target()
    with scripted(target) as (port, _):
        target.on = offering(f"{HERE}:{free_port()},1", f"{HERE}:{port},1", f"{HERE}:{port},2", "[::1]:1,1")
        code, _, _, document = pool.fails(at(port))
        assert code == "SR_BACKEND_FAILURE_107"
        assert [row["SCSIid"] for row in rows(document, "LUN")] == ["35000c50012345678"]
        listed = rows(pool.fails({"target": HERE, "port": str(port)})[3], "TGT")
    assert [row["IPAddress"] for row in listed] == [HERE, HERE, HERE, "[::1]", HERE]
    logins = [heard for heard in target.heard if heard.kind == LOGIN and heard.pairs.get("SessionType") == "Normal"]
    assert len(logins) == 1


def test_only_the_typed_portal_is_asked_where_one_is_wanted(pool: Asking) -> None:
    target, other = Target(), Target()
    with scripted(target, other) as (port, second):
        target.on = offering(f"{HERE}:{port},1", f"127.0.0.2:{second},1")
        assert pool.fails(at(port, multihomed="false"))[0] == "SR_BACKEND_FAILURE_107"
    assert other.heard == []


def test_no_portal_that_answers_is_a_device_that_does_not_appear(pool: Asking) -> None:
    target = Target()
    with scripted(target) as (port, _):
        target.on = offering(f"{HERE}:{free_port()},1")
        code, _, text, _ = pool.fails(at(port))
    assert (code, text) == ("SR_BACKEND_FAILURE_67", "ISCSI device failed to appear [opterr=during login]")


@pytest.mark.parametrize("kind", [SCSI, LOGIN])
def test_a_target_that_falls_silent_is_a_device_that_does_not_appear(pool: Asking, kind: int) -> None:
    def stay_silent(heard: Heard) -> list[bytes] | None:
        return [] if kind == SCSI or "Normal" in heard.pairs.values() else None

    target = Target()
    with scripted(target) as (port, _):
        target.on = {**offering(f"{HERE}:{port},1"), kind: stay_silent}
        code, _, text, _ = pool.fails(at(port))
        assert code == "SR_BACKEND_FAILURE_67"
        assert "took longer than" in text
        assert pool.fails(at(port) | {"targetIQN": "*"})[0] == "SR_BACKEND_FAILURE_202"


def test_a_portal_that_falls_silent_is_passed_over_where_all_are_wanted(pool: Asking) -> None:
    target, silent = Target(), Target(on={LOGIN: lambda _: []})
    with scripted(target, silent) as (port, second):
        target.on = offering(f"{HERE}:{second},1", f"{HERE}:{port},1")
        assert pool.fails(at(port))[0] == "SR_BACKEND_FAILURE_107"


def test_a_login_that_several_targets_refuse_is_a_general_error(pool: Asking) -> None:
    def refuse(heard: Heard) -> list[bytes] | None:
        return [fake.login(heard, status=b"\x02\x02")] if "Normal" in heard.pairs.values() else None

    target = Target()
    with scripted(target) as (port, _):
        target.on = {**offering(f"{HERE}:{port},1"), LOGIN: refuse}
        assert pool.fails(at(port) | {"targetIQN": "*"})[0] == "SR_BACKEND_FAILURE_202"
        assert pool.fails(at(port))[0] == "SR_BACKEND_FAILURE_68"


def test_a_discovery_that_is_refused_is_a_failed_login(pool: Asking) -> None:
    target = Target(on={LOGIN: lambda heard: [fake.login(heard, status=b"\x02\x01")]})
    with scripted(target) as (port, _):
        assert pool.fails({"target": HERE, "port": str(port)})[0] == "SR_BACKEND_FAILURE_68"
        assert pool.fails(at(port))[0] == "SR_BACKEND_FAILURE_68"


def test_a_host_without_an_iqn_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "bench.toml"
    path.write_text(SCENARIO.replace("iqn =", "# iqn ="), encoding="utf-8")
    target = Target()
    with (
        scripted(target) as (port, _),
        running_pool(tmp_path / "pool", scenario=partial(read_scenario, path)) as one,
        logged_in(one.url, one.password) as pool,
    ):
        assert pool.fails(at(port))[0] == "SR_BACKEND_FAILURE_97"
    assert target.heard == []
