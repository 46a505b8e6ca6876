from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from redis import Redis

from deploy.embedded import FolderInUseError, ServerFailedError, UnsafeFolderError, choose, start
from deploy.embedded.place import LONGEST_SOCKET_PATH, socket_path
from tests.integration.supervision.processes import ENV, gone

ROOT = Path(__file__).parents[3]
RUN_SERVER = """
import signal, sys
from pathlib import Path
from deploy.embedded import start
server = start(Path(sys.argv[1]))
print(server.pid, server.url, flush=True)
signal.pause()
"""


def client(url: str) -> Redis:
    return Redis.from_url(url, decode_responses=True)


def test_a_server_keeps_its_data_between_runs(tmp_path: Path) -> None:
    with start(tmp_path) as server, client(server.url) as redis:
        redis.set("request", "7")
    with start(tmp_path) as server, client(server.url) as redis:
        assert redis.get("request") == "7"


def test_a_server_is_set_to_lose_nothing(tmp_path: Path) -> None:
    wanted = {"appendonly": "yes", "appendfsync": "always", "save": "", "maxmemory-policy": "noeviction", "port": "0"}
    with start(tmp_path) as server, client(server.url) as redis:
        assert redis.config_get(*wanted) == wanted


def test_a_server_can_be_reached_by_its_owner_only(tmp_path: Path) -> None:
    with start(tmp_path / "data") as server:
        assert server.socket.stat().st_mode & 0o077 == 0
        assert server.folder.stat().st_mode & 0o077 == 0


def test_a_folder_with_odd_characters_makes_a_url_that_works(tmp_path: Path) -> None:
    with start(tmp_path / "a ?#%41ö") as server, client(server.url) as redis:
        assert redis.ping()
        assert server.socket.parent == server.folder


def test_a_long_folder_puts_the_socket_into_a_short_private_one_and_cleans_up(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * LONGEST_SOCKET_PATH)
    with start(folder) as server, client(server.url) as redis:
        assert redis.ping()
        assert len(os.fsencode(server.socket)) <= LONGEST_SOCKET_PATH
        assert server.socket.parent.stat().st_mode & 0o077 == 0
    assert not server.socket.parent.exists()
    assert socket_path(folder) == server.socket
    server.socket.parent.rmdir()


@pytest.mark.parametrize("mode", [0o755, 0o770])
def test_a_short_folder_that_others_can_open_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = tmp_path / ("x" * LONGEST_SOCKET_PATH)
    socket_path(folder).parent.chmod(mode)
    with pytest.raises(UnsafeFolderError, match="others can open it"):
        start(folder)


def test_a_second_server_in_the_same_folder_is_refused_by_name(tmp_path: Path) -> None:
    with start(tmp_path) as server:
        with pytest.raises(FolderInUseError) as caught:
            start(tmp_path)
        assert str(tmp_path) in str(caught.value)
        assert str(os.getpid()) in str(caught.value)
        assert server.poll() is None


def test_the_death_of_a_server_is_noticed_and_its_folder_can_be_used_again(tmp_path: Path) -> None:
    with start(tmp_path) as server:
        os.kill(server.pid, signal.SIGKILL)
        assert gone(server.pid)
        assert server.poll() == -signal.SIGKILL
    with start(tmp_path) as again:
        assert again.poll() is None


def test_a_server_that_does_not_end_when_asked_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.embedded.server.STOP_WITHIN", 0.2)
    with start(tmp_path) as server:
        os.kill(server.pid, signal.SIGSTOP)
    assert server.poll() == -signal.SIGKILL


def test_a_stale_socket_is_removed(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(tmp_path / "s.sock"))
    with start(tmp_path) as server, client(server.url) as redis:
        assert redis.ping()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
def test_a_server_dies_with_its_killed_supervisor_and_loses_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", RUN_SERVER, str(tmp_path)]
    env = ENV | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(  # noqa: S603 - our own script
        command, env=env, stdout=subprocess.PIPE, text=True
    ) as supervisor:
        assert supervisor.stdout is not None
        pid, url = supervisor.stdout.readline().split()
        with client(url) as redis:
            redis.set("request", "7")
            supervisor.kill()
            supervisor.wait()
    assert gone(int(pid))
    with start(tmp_path) as server, client(server.url) as redis:
        assert redis.get("request") == "7"


def test_a_damaged_file_is_told_with_the_end_of_the_log(tmp_path: Path) -> None:
    with start(tmp_path) as server, client(server.url) as redis:
        redis.set("request", "7")
    parts = list((tmp_path / "appendonlydir").glob("*.incr.aof"))
    for part in parts:
        part.write_bytes(b"*nonsense\r\n" * 100)
    with pytest.raises(ServerFailedError) as caught:
        start(tmp_path)
    assert parts
    assert "ended at once" in str(caught.value)
    assert "Bad file format" in str(caught.value)


def test_a_program_that_never_answers_is_given_up_and_ended(tmp_path: Path) -> None:
    program = tmp_path / "mute"
    program.write_text("#!/bin/sh\necho I am mute\nexec sleep 1000\n")
    program.chmod(0o700)
    with pytest.raises(ServerFailedError, match=r"did not answer within 0\.5 s(?s:.*)I am mute"):
        start(tmp_path, binary=program, within=0.5)
    with start(tmp_path) as server:
        assert server.poll() is None


def test_a_url_in_the_environment_is_used_as_it_is(tmp_path: Path) -> None:
    with choose({"SRBOT_REDIS_URL": " redis://:canary@db:6379/0 "}, tmp_path / "data") as chosen:
        assert chosen.url == "redis://:canary@db:6379/0"
        assert chosen.poll() is None
        assert "canary" not in repr(chosen)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("environ", [{}, {"SRBOT_REDIS_URL": " "}])
def test_without_a_url_a_server_is_started(tmp_path: Path, environ: dict[str, str]) -> None:
    with choose(environ, tmp_path) as chosen, client(chosen.url) as redis:
        assert redis.ping()
