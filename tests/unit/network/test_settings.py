from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from deploy.sandbox.pool.__main__ import main
from deploy.sandbox.pool.network.settings import NetworkSettingsError
from deploy.sandbox.pool.scenario.reading import read_scenario
from deploy.sandbox.pool.serving import running_pool

OWN = "iqn.2026-11.example.srbot:sandbox-that-only-looks"
SCENARIO = """
[pool]
name = "bench"
storage = "{storage}"
[[hosts]]
name = "bench-1"
address = "127.0.0.1"
iqn = "{iqn}"
"""


def written(folder: Path, extra: str = "", storage: str = "network", iqn: str = "iqn.2026-01.com.example:one") -> Path:
    path = folder / "bench.toml"
    path.write_text(SCENARIO.format(storage=storage, iqn=iqn) + extra, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("extra", "storage", "words"),
    [
        ('[[arrays]]\nname = "a"\nportals = ["192.0.2.1"]\n', "network", r"\[arrays\] has nothing to say"),
        ("[[vms]]\nname = 'a'\n", "network", r"\[vms\] has nothing to say"),
        ("[names]\nx = '192.0.2.1'\n", "network", r"\[names\] has nothing to say"),
        ("[network]\nnfs_port = 2049\n", "simulated", r"\[network\] has nothing to say"),
        ("", "real", "is neither"),
        ("[network]\nport = 1\n", "network", r"\[network\] port: there is no such setting"),
        ("[network]\nsmb_port = 0\n", "network", "between 1 and 65535"),
        ("[network]\nsmb_port = 'x'\n", "network", "between 1 and 65535"),
        ("[network]\ninitiator = 7\n", "network", "a text is wanted"),
    ],
)
def test_a_scenario_that_contradicts_itself_is_refused(tmp_path: Path, extra: str, storage: str, words: str) -> None:
    with pytest.raises(NetworkSettingsError, match=words):
        read_scenario(written(tmp_path, extra, storage))


def test_simulated_storage_may_be_named(tmp_path: Path) -> None:
    assert read_scenario(written(tmp_path, storage="simulated")).network is None


@pytest.mark.parametrize(
    ("extra", "iqn", "words"),
    [
        ("", OWN.upper(), "is the name of a host"),
        ("[network]\ninitiator = 'iqn.2026-01.com.example:one'\n", "iqn.2026-01.com.example:ONE ", "name of a host"),
        ("[network]\ninitiator = 'no name'\n", "", "is no iSCSI name"),
        (f"[network]\ninitiator = 'iqn.2026-01.{'x' * 220}'\n", "", "is no iSCSI name"),
    ],
)
def test_a_pool_does_not_start_under_the_name_of_a_host(tmp_path: Path, extra: str, iqn: str, words: str) -> None:
    scenario = partial(read_scenario, written(tmp_path, extra, iqn=iqn))
    with pytest.raises(NetworkSettingsError, match=words), running_pool(tmp_path / "pool", scenario=scenario):
        pass


def test_the_pool_as_a_process_says_so_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, iqn=OWN)
    assert main(["--data", str(tmp_path / "pool"), "--scenario", str(path)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(("first", "then"), [("network", "simulated"), ("simulated", "network")])
def test_a_pool_keeps_the_kind_of_storage_that_it_began_with(tmp_path: Path, first: str, then: str) -> None:
    folder = tmp_path / "pool"
    for _ in range(2):
        with running_pool(folder, scenario=partial(read_scenario, written(tmp_path, storage=first))):
            pass
    scenario = partial(read_scenario, written(tmp_path, storage=then))
    with pytest.raises(NetworkSettingsError, match="start with a fresh one"), running_pool(folder, scenario=scenario):
        pass
