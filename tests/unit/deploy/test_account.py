from __future__ import annotations

import os
import pwd
from dataclasses import replace
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError
from bot.settings.model import Slack
from deploy.requests import account
from deploy.requests.account import who_works

OWN = pwd.getpwuid(os.getuid()).pw_name


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    accounts = {OWN: "U0OWN", "nobody": "U0NOBODY"}
    return Settings(Slack("T1", "A1"), {}, {}, codes_folder=tmp_path, accounts=accounts)


def test_who_works_is_whose_account_the_process_has_whatever_the_environment_says(settings: Settings) -> None:
    worker = who_works(settings, {"USER": "nobody", "LOGNAME": "nobody"})
    assert (worker.person, worker.account) == ("U0OWN", OWN)
    assert worker.via == f"command line, {OWN}@{worker.host}"


def test_an_account_that_is_nobodys_is_named(settings: Settings) -> None:
    with pytest.raises(SettingsError, match=rf"accounts\.{OWN}: is missing"):
        who_works(replace(settings, accounts={}), {})


def test_behind_sudo_it_is_who_called_that_where_the_secrets_are_ones_own(settings: Settings) -> None:
    nobody = str(pwd.getpwnam("nobody").pw_uid)
    assert who_works(settings, {"SUDO_UID": nobody}).person == "U0NOBODY"


@pytest.mark.parametrize("number", ["", "nobody", "-1", "\u0661", "9" * 30])
def test_what_sudo_does_not_say_is_no_account(settings: Settings, number: str) -> None:
    try:
        assert who_works(settings, {"SUDO_UID": number}).person == "U0OWN"
    except SettingsError as error:
        assert f"accounts.{number}" in str(error)  # noqa: PT017 - either is right, as long as nobody else is meant


def test_whoever_does_not_own_the_secrets_cannot_say_to_be_somebody_else(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = str(pwd.getpwnam("nobody").pw_uid)
    monkeypatch.setattr(account, "_ROOT", -1)
    elsewhere = replace(settings, codes_folder=Path("/nowhere"))
    assert who_works(elsewhere, {"SUDO_UID": nobody}).person == "U0OWN"
    assert who_works(replace(settings, codes_folder=None), {"SUDO_UID": nobody}).person == "U0OWN"
