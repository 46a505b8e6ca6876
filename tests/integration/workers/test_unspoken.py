"""A driver may repeat the password that it was given: nobody reads it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.request.found import Protocol, Share
from bot.request.model import Kind, State
from tests.integration.workers.world import OLDEST_AND_NEWEST, World, a_world, trouble_of


@pytest.fixture(params=OLDEST_AND_NEWEST)
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        yield world


def kept(world: World) -> bytes:
    redis = world.ledger.redis
    return b"".join(redis.dump(key) or b"" for key in redis.keys("*"))


def test_a_chap_password_in_what_a_probe_is_refused_for_is_masked(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    password = world.pool.chap_password("tecmint")
    world.pool.fault(
        "SR.probe", "error", details=["SR_BACKEND_FAILURE_68", "", f"login of tecmint with {password}", ""]
    )
    trouble = trouble_of(world.targets(world.ask()))
    assert "login of tecmint with ***" in trouble.raw
    assert password.encode() not in kept(world)
    assert password not in capsys.readouterr().out


def test_a_password_that_is_refused_itself_is_masked(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    password = world.pool.chap_password("tecmint")
    world.pool.fault("secret.create", "error", details=["INTERNAL_ERROR", f"can't store {password}"])
    trouble = trouble_of(world.targets(world.ask()))
    assert "can't store ***" in trouble.raw
    assert password.encode() not in kept(world)
    assert password not in capsys.readouterr().out


def test_the_password_of_a_share_in_what_a_task_failed_for_is_masked(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    password = world.pool.share_password("backup")
    share = Share(Protocol.SMB, "files.example", "ISO")
    request_id = world.ask(None, "backup", kind=Kind.ISO, share=share)
    world.inspect(request_id)
    text = f"mount.cifs //files.example/ISO as backup {password} failed"
    world.pool.fault("SR.create", "error", details=["SR_BACKEND_FAILURE_222", "", text, ""])
    request = world.create(world.approve(request_id))
    assert request.state is not State.SUCCEEDED
    assert request.trouble is not None
    assert "as backup *** failed" in request.trouble.raw
    assert password.encode() not in kept(world)
    assert password not in capsys.readouterr().out
