"""The sandbox with a pool whose storage is real: tgt, looked at from the chat."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import asking
from tests.e2e.sandboxes import opened, srbot
from tests.integration.network import tgt as bench
from tests.integration.network.tgt import Tgt, furnish, running_tgt

SCENARIO = """
[pool]
name = "bench"
storage = "network"

[[hosts]]
name = "bench-1"
address = "127.0.0.1"
iqn = "{iqn}"

[targets]
networks = ["127.0.0.0/8"]

[credentials.lab]
user = "{user}"
addresses = ["127.0.0.1"]
password_file = "lab-password"
"""
IQN = "iqn.2026-01.com.example:bench-1"


@pytest.fixture
def tgt() -> Iterator[Tgt]:
    with running_tgt() as running:
        furnish(running)
        yield running


def scenario(folder: Path, iqn: str = IQN) -> Path:
    path = folder / "bench.toml"
    path.write_text(SCENARIO.format(user=bench.USER, iqn=iqn), encoding="utf-8")
    password = folder / "lab-password"
    password.write_text(bench.PASSWORD, encoding="utf-8")
    password.chmod(0o600)
    return path


def test_the_true_luns_of_an_array_are_shown_and_nothing_is_done_to_them(tmp_path: Path, tgt: Tgt) -> None:
    with opened(tmp_path / "state", "--scenario", str(scenario(tmp_path)), impatient=True) as sandbox:
        requester = sandbox.person("requester")
        asking.asks(sandbox, "Bench", f"/sr add iscsi 127.0.0.1:{tgt.port} chap=lab")
        requester.picks(asking.is_shown(sandbox, "Bench", "Choose a target"), lambda _, label: bench.GUARDED in label)
        choosing = asking.is_shown(sandbox, "Bench", "Choose a LUN")
        assert requester.picks(choosing, lambda _, label: "IET" in label) == "LUN 1 · 32.0 MiB · IET"
        paused = asking.is_shown(sandbox, "Bench", "This needs your help")
        assert paused.says("360000000000000000e00000000020001", "beaf21", "SR_BACKEND_FAILURE_200")
        assert not paused.says("Request approval")
    assert tgt.sessions() == 0


def test_a_pool_under_the_name_of_a_host_is_told_in_a_sentence(tmp_path: Path) -> None:
    taken = scenario(tmp_path, "iqn.2026-11.example.srbot:sandbox-that-only-looks")
    done = srbot("sandbox", "--state", str(tmp_path / "state"), "--scenario", str(taken), cwd=tmp_path)
    assert done.returncode == 1
    assert "is the name of a host" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_tour_is_for_the_pool_that_is_built_in(tmp_path: Path) -> None:
    done = srbot("sandbox", "--tour", "--scenario", str(scenario(tmp_path)), cwd=tmp_path)
    assert done.returncode == 2
    assert "--tour plays on the pool that is built in" in done.stderr
