from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from bot.settings import load
from deploy import sandbox
from deploy.embedded import FolderInUseError
from deploy.embedded.place import lock
from deploy.sandbox.configuration import write_configuration
from deploy.sandbox.house import House, NotASandboxError
from deploy.sandbox.pool.network.settings import Network
from deploy.sandbox.pool.scenario.reading import read_scenario


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "sandbox")


def test_a_new_house_is_empty_and_for_its_owner_only(house: House) -> None:
    house.prepare(fresh=False)
    assert list(house.folder.iterdir()) == [house.facts]
    assert house.folder.stat().st_mode & 0o077 == 0
    assert house.recall() == {}


def test_what_was_remembered_is_recalled_and_private(house: House) -> None:
    house.prepare(fresh=False)
    house.remember({"page_url": "http://127.0.0.1:1"})
    assert house.recall() == {"page_url": "http://127.0.0.1:1"}
    assert house.facts.stat().st_mode & 0o077 == 0


def test_only_a_fresh_start_forgets(house: House) -> None:
    house.prepare(fresh=False)
    house.remember({"a": 1})
    house.prepare(fresh=False)
    assert house.recall() == {"a": 1}
    house.prepare(fresh=True)
    assert house.recall() == {}


@pytest.mark.parametrize("fresh", [False, True])
def test_a_folder_of_something_else_is_left_alone(house: House, *, fresh: bool) -> None:
    house.folder.mkdir()
    (house.folder / "thesis.txt").write_text("years of work")
    with pytest.raises(NotASandboxError, match="choose another"):
        house.prepare(fresh=fresh)
    assert (house.folder / "thesis.txt").read_text() == "years of work"


def test_the_ledger_of_a_real_installation_is_no_sandbox(house: House) -> None:
    house.ledger.mkdir(parents=True)
    with pytest.raises(NotASandboxError, match="choose another"):
        house.prepare(fresh=True)
    assert house.ledger.is_dir()


def test_a_sandbox_that_runs_is_not_forgotten(house: House) -> None:
    house.prepare(fresh=False)
    house.ledger.mkdir()
    with lock(house.ledger), pytest.raises(FolderInUseError, match="already runs in"):
        house.prepare(fresh=True)
    assert house.ledger.is_dir()
    house.prepare(fresh=True)
    assert not house.ledger.exists()


def test_a_port_is_taken_again_only_while_it_is_free(house: House) -> None:
    house.prepare(fresh=False)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        house.remember({"ports": {"slack": port}})
        assert house.port("slack") == 0
    assert house.port("slack") == port
    assert house.port("pool") == 0


def furnished(house: House) -> None:
    house.prepare(fresh=False)
    house.slack.mkdir()
    house.pool.mkdir()
    workspace = {
        "team_id": "T0SANDBOX",
        "app_id": "A0SANDBOX",
        "channels": {"storage": "C0STORAGE", "partners": "C0PARTNERS", "random": "C0RANDOM"},
        "users": {"approver-1": "U0APPROVER1", "approver-2": "U0APPROVER2"},
    }
    (house.slack / "workspace.json").write_text(json.dumps(workspace))


def test_a_scenario_says_what_may_be_asked_and_with_which_passwords(house: House) -> None:
    furnished(house)
    example = Path(sandbox.__path__[0]) / "bench.example.toml"
    path = write_configuration(house, "http://127.0.0.1:8080/api/", "http://127.0.0.1:8081", 5, example)
    settings = load(path, {})
    assert settings.targets.names == {"nas.example"}
    assert list(settings.credentials) == ["array"]
    assert str(example.parent / "array-password") in path.read_text()
    assert read_scenario(example).network == Network()


def test_a_scenario_that_says_nothing_lets_nothing_be_asked(house: House) -> None:
    furnished(house)
    scenario = house.folder / "bench.toml"
    scenario.write_text("[pool]\nname = 'bench'\n")
    path = write_configuration(house, "http://127.0.0.1:8080/api/", "http://127.0.0.1:8081", 5, scenario)
    settings = load(path, {})
    assert (settings.targets.names, settings.credentials) == (frozenset(), {})


def test_the_configuration_is_one_that_a_real_installation_could_have(house: House) -> None:
    furnished(house)
    path = write_configuration(house, "http://127.0.0.1:8080/api/", "http://127.0.0.1:8081", 5)
    settings = load(path, {})
    assert settings.channels["C0STORAGE"].approvers == {"U0APPROVER1", "U0APPROVER2"}
    assert settings.channels["C0STORAGE"].may_override == {"U0APPROVER1"}
    assert settings.pools["xenct"].url == "http://127.0.0.1:8081"
    assert settings.times.waiting_notice.total_seconds() == 5
