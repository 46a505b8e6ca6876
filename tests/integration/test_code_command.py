"""`srbot code`, as an operator types it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.codes import SecretsFolder
from bot.settings import load
from deploy.cli import main
from deploy.doctor import examine

CONFIGURATION = """
[slack]
team = "T0WORK0001"
app = "A0SRBOT001"

[pools.xenct]
url = "https://xenct-xen1.example"
user = "root"
password_env = "XENCT_PASSWORD"

[channels.C1]
pools = ["xenct"]
approvers = ["U0ANNA"]

[codes]
folder = "secrets/codes"

[accounts]
anna = "U0ANNA"
"""
URI = re.compile(r"otpauth://totp/srbot:U0ANNA\?secret=([A-Z2-7]{32})&issuer=srbot")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "srbot.toml"
    file.write_text(CONFIGURATION, encoding="utf-8")
    return file


def types(config: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["code", *words, "--config", str(config)])


def secret_in(done: Result) -> str:
    found = URI.search(done.stdout)
    assert found is not None, done.output
    return found[1]


def folder(config: Path) -> SecretsFolder:
    return SecretsFolder(config.parent / "secrets" / "codes")


def test_somebody_is_enrolled_shown_the_secret_once_as_a_picture_and_an_address_and_revoked(config: Path) -> None:
    done = types(config, "enrol", "U0ANNA")
    kept = folder(config).secret_of("U0ANNA")
    assert (done.exit_code, done.stderr) == (0, "")
    assert kept is not None
    assert secret_in(done) == kept.reveal()
    assert "\u2580" in done.stdout
    assert "Whoever sees it has the codes: it is shown only now." in done.stdout
    done = types(config, "revoke", "U0ANNA")
    assert done.stdout == "U0ANNA has no codes any more.\n"
    assert types(config, "revoke", "U0ANNA").stdout == "U0ANNA had no codes.\n"


def test_a_secret_is_replaced_only_where_that_is_meant(config: Path) -> None:
    first = secret_in(types(config, "enrol", "U0ANNA"))
    refused = types(config, "enrol", "U0ANNA")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == "srbot: U0ANNA: has codes already; --again replaces them\n"
    assert secret_in(types(config, "enrol", "U0ANNA", "--again")) != first


@pytest.mark.parametrize(
    ("person", "said"), [("anna", "anna: is no Slack user id"), ("../U0ANNA", "is no Slack user id")]
)
def test_only_a_slack_user_is_enrolled(config: Path, person: str, said: str) -> None:
    refused = types(config, "enrol", person)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert said in refused.stderr


@pytest.mark.parametrize("command", ["enrol", "revoke"])
def test_without_a_folder_in_the_configuration_nobody_has_codes(config: Path, command: str) -> None:
    config.write_text(CONFIGURATION.replace("[codes]\nfolder =", "[policy]\nfile ="), encoding="utf-8")
    refused = types(config, command, "U0ANNA")
    assert refused.exit_code == 1
    assert "codes.folder: is missing" in refused.stderr
    assert "the command line takes nothing without them" in "".join(found(config, bad=True))


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(config: Path) -> None:
    (config.parent / "secrets").write_text("a file", encoding="utf-8")
    for command in ("enrol", "revoke"):
        refused = types(config, command, "U0ANNA")
        assert refused.exit_code in {0, 1}
        assert "Traceback" not in refused.output
    assert "can't be written" in types(config, "enrol", "U0ANNA").stderr


def found(config: Path, *, bad: bool) -> list[str]:
    findings = examine(load(config, {}), {})
    return [each.sentence for each in findings if each.subject == "one-time codes" and each.bad is bad]


def test_the_doctor_tells_who_has_codes_who_lacks_them_and_which_files_others_can_read(config: Path) -> None:
    assert found(config, bad=False) == ["had by nobody yet: `srbot code enrol U\u2026`"]
    assert found(config, bad=True) == ["account anna: U0ANNA has none: `srbot code enrol`"]
    types(config, "enrol", "U0ANNA")
    assert (found(config, bad=False), found(config, bad=True)) == (["had by U0ANNA"], [])
    (folder(config).path / "U0ANNA").chmod(0o644)
    assert found(config, bad=True)[0].endswith("U0ANNA can be read or written by others: chmod 600")


def test_whose_account_is_whose_is_read_and_a_wrong_id_is_named(config: Path) -> None:
    assert dict(load(config, {}).accounts) == {"anna": "U0ANNA"}
    assert load(config, {}).codes_folder == config.parent / "secrets" / "codes"
    config.write_text(CONFIGURATION.replace('anna = "U0ANNA"', 'anna = "anna"'), encoding="utf-8")
    refused = types(config, "enrol", "U0ANNA")
    assert "accounts.anna: must be a person's id, U\u2026" in refused.stderr
