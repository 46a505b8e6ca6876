from __future__ import annotations

import copy
import pickle
import traceback
from pathlib import Path

import pytest

from bot.settings import SettingsError, redis_url, slack_tokens
from bot.settings.model import PasswordEnv, PasswordFile, PasswordSource
from bot.settings.secrets import Secret, SecretError, loose_permissions, open_password

CANARY = "canary-pass"
BOT, APP = "SRBOT_SLACK_BOT_TOKEN", "SRBOT_SLACK_APP_TOKEN"


def held(folder: Path, data: bytes, mode: int = 0o600) -> PasswordFile:
    path = folder / "secret"
    path.write_bytes(data)
    path.chmod(mode)
    return PasswordFile(path)


def test_a_secret_is_shown_by_reveal_only() -> None:
    secret = Secret(CANARY)
    assert secret.reveal() == CANARY
    assert CANARY not in f"{secret} {secret!r} {[secret]}"
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="neither pickled nor copied"):
            leak(secret)
    with pytest.raises(TypeError):
        hash(secret)


def test_secrets_are_equal_by_value() -> None:
    assert Secret("a\u00e9") == Secret("a\u00e9")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_password_file_loses_its_line_end_and_nothing_else(tmp_path: Path, end: bytes) -> None:
    assert open_password(held(tmp_path, b" canary-pass " + end), {}).reveal() == " canary-pass "


def test_a_password_file_can_stand_where_the_environment_says(tmp_path: Path) -> None:
    held(tmp_path, CANARY.encode())
    source = PasswordFile(Path("${CREDENTIALS_DIRECTORY}/secret"))
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert open_password(source, environ).reveal() == CANARY
    assert not loose_permissions(source, environ)


def test_a_password_comes_from_the_environment() -> None:
    assert open_password(PasswordEnv("X"), {"X": CANARY}).reveal() == CANARY


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"canary-pass\nmore\n", "must hold one line"),
        (b"canary-pass\xff", "must hold one line"),
        (b"canary-pass" * 1000, "has more than"),
    ],
)
def test_a_file_that_holds_no_password_is_refused_without_its_content(
    tmp_path: Path, data: bytes, sentence: str
) -> None:
    with pytest.raises(SecretError, match=sentence) as error:
        open_password(held(tmp_path, data), {})
    assert CANARY not in "".join(traceback.format_exception(error.value))


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (PasswordFile(Path("/nonexistent/secret")), "can't be read: No such file"),
        (PasswordFile(Path("a\x00b")), "is no path"),
        (PasswordEnv("X"), "X is not set"),
    ],
)
def test_a_password_that_is_not_there_is_told(source: PasswordSource, sentence: str) -> None:
    with pytest.raises(SecretError, match=sentence):
        open_password(source, {})


@pytest.mark.parametrize(("mode", "notes"), [(0o600, 0), (0o400, 0), (0o640, 1), (0o604, 1), (0o666, 1)])
def test_a_file_that_others_can_read_is_noted(tmp_path: Path, mode: int, notes: int) -> None:
    assert len(loose_permissions(held(tmp_path, b"x", mode), {})) == notes


def test_there_is_nothing_to_note_where_there_is_no_file() -> None:
    assert loose_permissions(PasswordEnv("X"), {}) == ()
    assert loose_permissions(PasswordFile(Path("/nonexistent/secret")), {}) == ()


def test_tokens_come_from_variables_or_files_and_are_not_shown(tmp_path: Path) -> None:
    file = held(tmp_path, b"xapp-canary\n")
    tokens = slack_tokens({BOT: "xoxb-canary", f"{APP}_FILE": str(file.path)})
    assert (tokens.bot.reveal(), tokens.app.reveal()) == ("xoxb-canary", "xapp-canary")
    assert "canary" not in repr(tokens)


@pytest.mark.parametrize(
    ("environ", "sentences"),
    [
        ({}, (f"{BOT}: set either", f"{APP}: set either")),
        ({BOT: "xapp-canary", APP: "xoxb-canary"}, (f"{BOT}: the token must start with xoxb-", f"{APP}: the token")),
        ({BOT: "xoxb-1", APP: ""}, (f"{APP}: it is empty",)),
        ({BOT: "xoxb-1", f"{BOT}_FILE": "/x", APP: "xapp-1"}, (f"{BOT}: set either",)),
        ({f"{BOT}_FILE": "/nonexistent/x", APP: "xapp-1"}, (f"{BOT}: the file /nonexistent/x can't be read",)),
    ],
)
def test_all_that_is_wrong_with_tokens_is_told_at_once(environ: dict[str, str], sentences: tuple[str, ...]) -> None:
    with pytest.raises(SettingsError) as error:
        slack_tokens(environ)
    assert len(error.value.mistakes) == len(sentences)
    assert all(map(str.startswith, error.value.mistakes, sentences))
    assert "canary" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://user:canary@host:6379/0", "redis://host:6379/0"),
        ("rediss://:canary@host", "rediss://host"),
        ("unix:///run/redis.sock?password=canary", "unix:///run/redis.sock"),
    ],
)
def test_the_redis_url_is_shown_without_its_password(url: str, shown: str) -> None:
    found = redis_url({"SRBOT_REDIS_URL": url})
    assert found is not None
    assert found.url.reveal() == url
    assert found.shown == shown
    assert "canary" not in repr(found)


def test_without_a_redis_url_there_is_none() -> None:
    assert redis_url({}) is None


@pytest.mark.parametrize("url", ["http://canary", "canary", "redis://", "redis://[canary"])
def test_a_redis_url_that_is_none_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(SettingsError, match="must be a redis://") as error:
        redis_url({"SRBOT_REDIS_URL": url})
    assert "canary" not in "".join(traceback.format_exception(error.value))
