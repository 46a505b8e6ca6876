from __future__ import annotations

import base64
import os
import re
from pathlib import Path

import pytest

from bot.codes import AlreadyEnrolled, SecretsFolder
from bot.settings.sealing import SecretError

ANNA = "U0ANNA"


@pytest.fixture
def folder(tmp_path: Path) -> SecretsFolder:
    return SecretsFolder(tmp_path / "secrets" / "codes")


def test_who_is_enrolled_has_a_secret_that_only_the_owner_of_the_files_can_read(folder: SecretsFolder) -> None:
    before = os.umask(0)
    try:
        secret = folder.enrol(ANNA)
    finally:
        os.umask(before)
    assert folder.secret_of(ANNA) == secret
    assert (folder.path / ANNA).stat().st_mode & 0o777 == 0o600
    assert folder.path.stat().st_mode & 0o777 == 0o700
    assert (folder.people(), list(folder.loose_permissions())) == ([ANNA], [])


def test_nobody_has_a_secret_before(folder: SecretsFolder) -> None:
    assert (folder.secret_of(ANNA), folder.people(), folder.revoke(ANNA)) == (None, [], False)


def test_a_secret_is_not_replaced_by_mistake(folder: SecretsFolder) -> None:
    first = folder.enrol(ANNA)
    with pytest.raises(AlreadyEnrolled):
        folder.enrol(ANNA)
    assert folder.secret_of(ANNA) == first
    assert folder.enrol(ANNA, again=True) != first
    assert folder.secret_of(ANNA) != first


def test_what_is_revoked_is_gone(folder: SecretsFolder) -> None:
    folder.enrol(ANNA)
    assert folder.revoke(ANNA)
    assert folder.secret_of(ANNA) is None


@pytest.mark.parametrize("name", ["../U0ANNA", "U0/../../etc", "", "u0anna", "U0ANNA\n", "C0CHANNEL", "U" + "0" * 99])
def test_what_is_no_persons_id_names_no_file(folder: SecretsFolder, name: str) -> None:
    with pytest.raises(ValueError, match=rf"\A{re.escape(name)}\Z"):
        folder.enrol(name)
    assert (folder.secret_of(name), folder.revoke(name)) == (None, False)
    assert not folder.path.exists()


def test_a_file_that_was_not_written_whole_leaves_nothing(
    folder: SecretsFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = folder.enrol(ANNA)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        folder.enrol(ANNA, again=True)
    assert folder.secret_of(ANNA) == first
    assert [entry.name for entry in folder.path.iterdir()] == [ANNA]


def test_what_others_can_reach_is_named(folder: SecretsFolder) -> None:
    folder.enrol(ANNA)
    (folder.path / ANNA).chmod(0o640)
    folder.path.chmod(0o755)
    assert list(folder.loose_permissions()) == [
        f"{folder.path} can be looked into by others: chmod 700",
        f"{folder.path / ANNA} can be read or written by others: chmod 600",
    ]


def test_a_file_that_holds_no_text_is_an_error_that_repeats_nothing(folder: SecretsFolder) -> None:
    folder.enrol(ANNA)
    (folder.path / ANNA).write_bytes(base64.b32encode(b"canary") + b"\n\n")
    with pytest.raises(SecretError) as refused:
        folder.secret_of(ANNA)
    assert "MNQW" not in str(refused.value)
