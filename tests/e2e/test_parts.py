from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from tests.e2e import asking
from tests.e2e.parts import Surroundings, surroundings
from tests.e2e.pids import descendants, gone
from tests.e2e.sandboxes import Command, Sandbox, environment, srbot
from tests.servers import empty_url

READY = '{"ready": true}'


@pytest.fixture(scope="module")
def around(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Surroundings]:
    with surroundings(tmp_path_factory.mktemp("parts")) as running:
        yield running


def test_run_brings_a_server_a_worker_and_the_bot_and_ends_them(around: Surroundings, tmp_path: Path) -> None:
    arguments = ("run", "--config", around.config, "--state", str(tmp_path / "state"))
    env = environment(**around.tokens)
    command = Command(*arguments, said=tmp_path / "run.out", env=env)
    command.says("srbot runs for xenct; its logs are in")
    running = descendants(command.process.pid)
    asking.gets_a_plan(Sandbox(around.house.folder, command), "Run", asking.NETAPP)
    again = srbot(*arguments, cwd=tmp_path, env=env)
    assert again.returncode == 1
    assert "Stop that one first, or choose another folder." in again.stderr
    assert command.interrupted() == 0
    assert len(running) >= 3
    assert [line for pid, line in running.items() if not gone(pid)] == []


def test_without_a_worker_the_card_says_so_and_for_how_long_until_one_comes(
    around: Surroundings, tmp_path: Path
) -> None:
    url = empty_url()
    env = environment(SRBOT_REDIS_URL=url, SRBOT_CONFIG=around.config)
    bot = Command("bot", said=tmp_path / "bot.out", env=env | around.tokens)
    bot.says(READY)
    alone = Sandbox(around.house.folder, bot)
    asking.asks(alone, "Alone", asking.NETAPP)
    card = asking.is_shown(alone, "Alone", "Still waiting")
    assert card.says("No worker is running for pool `xenct`. An operator must start one.", "already (since")
    worker = Command("worker", "xenct", said=tmp_path / "worker.out", env=env)
    worker.says(READY)
    asking.picks_a_lun(alone, "Alone")
    assert bot.interrupted() == 0
    assert worker.interrupted() == 0


def test_the_doctor_finds_nothing_to_mend_in_a_good_installation(around: Surroundings, tmp_path: Path) -> None:
    env = environment(SRBOT_REDIS_URL=empty_url(), **around.tokens)
    done = srbot("doctor", "--config", around.config, cwd=tmp_path, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(line.startswith("ok  ") for line in done.stdout.splitlines())


def test_the_doctor_names_what_to_mend_and_ends_with_1(around: Surroundings, tmp_path: Path) -> None:
    done = srbot("doctor", "--config", around.config, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert "MEND  Slack tokens: " in done.stdout
    assert "SRBOT_SLACK_BOT_TOKEN" in done.stdout


def test_the_bot_without_a_ledger_says_what_to_set(around: Surroundings, tmp_path: Path) -> None:
    env = environment(**around.tokens)
    done = srbot("bot", "--config", around.config, cwd=tmp_path, env=env)
    assert done.returncode == 1
    assert done.stderr == (
        "srbot: SRBOT_REDIS_URL is not set. Set it to your Redis or Valkey server, "
        "or use `srbot run`, which brings one.\n"
    )


def test_the_bot_without_tokens_names_both(around: Surroundings, tmp_path: Path) -> None:
    env = environment(SRBOT_REDIS_URL=empty_url())
    done = srbot("bot", "--config", around.config, cwd=tmp_path, env=env)
    assert done.returncode == 1
    assert "SRBOT_SLACK_BOT_TOKEN" in done.stderr
    assert "SRBOT_SLACK_APP_TOKEN" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_worker_for_a_pool_that_is_not_configured_names_those_that_are(around: Surroundings, tmp_path: Path) -> None:
    env = environment(SRBOT_REDIS_URL=empty_url())
    done = srbot("worker", "nopool", "--config", around.config, cwd=tmp_path, env=env)
    assert done.returncode == 1
    assert done.stderr == f"srbot: there is no pool 'nopool' in {around.config}; there are: xenct\n"


def test_a_server_that_may_forget_is_warned_of_at_the_start(around: Surroundings, tmp_path: Path) -> None:
    url = empty_url()
    env = environment(SRBOT_REDIS_URL=url)
    with Redis.from_url(url) as redis:
        redis.config_set("appendfsync", "everysec")
        try:
            worker = Command("worker", "xenct", "--config", around.config, said=tmp_path / "worker.out", env=env)
            worker.says(READY)
        finally:
            redis.config_set("appendfsync", "always")
    assert worker.interrupted() == 0
    assert "srbot: Redis has appendfsync `everysec`" in worker.said


@pytest.mark.parametrize("name", ["bot", "worker"])
def test_a_server_that_does_not_answer_is_told_without_a_traceback(
    around: Surroundings, tmp_path: Path, name: str
) -> None:
    env = environment(SRBOT_REDIS_URL=f"unix://{tmp_path}/nobody.sock", **(around.tokens if name == "bot" else {}))
    pool = ("xenct",) if name == "worker" else ()
    done = srbot(name, *pool, "--config", around.config, cwd=tmp_path, env=env)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "does not answer" in done.stderr
