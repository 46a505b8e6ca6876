from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

from redis import Redis

from bot.audit import Entry
from bot.copying import CopyFolder
from bot.settings.model import Credential, Incoming, PasswordEnv, PasswordFile, Pool, Settings, Slack, Targets
from deploy.doctor import Finding, examine
from tests.servers import empty_url

TOKENS = {"SRBOT_SLACK_BOT_TOKEN": "xoxb-canary", "SRBOT_SLACK_APP_TOKEN": "xapp-canary"}
TARGETS = Targets(networks=(ip_network("10.0.0.0/16"),))
NOWHERE = PasswordEnv("NO_SUCH_PASSWORD")


def settings(tmp_path: Path, mode: int = 0o600) -> Settings:
    secret = tmp_path / "password"
    secret.write_text("canary-password\n")
    secret.chmod(mode)
    source = PasswordFile(secret)
    return Settings(
        Slack("T1", "A1"),
        {"xenct": Pool("xenct", "https://xen1.example", "srbot", source)},
        {},
        TARGETS,
        {"tecmint": Credential("tecmint", "tecmint", source, TARGETS)},
    )


def mends(findings: list[Finding]) -> list[str]:
    return [finding.line for finding in findings if finding.bad]


def test_a_good_installation_has_nothing_to_mend(tmp_path: Path) -> None:
    findings = examine(settings(tmp_path), TOKENS | {"SRBOT_REDIS_URL": empty_url()})
    assert mends(findings) == []
    assert "canary" not in "".join(finding.line for finding in findings)


def test_missing_tokens_and_targets_are_named(tmp_path: Path) -> None:
    findings = mends(examine(replace(settings(tmp_path), targets=Targets()), {}))
    assert any("SRBOT_SLACK_BOT_TOKEN" in line for line in findings)
    assert any("none are allowed" in line for line in findings)


def test_a_password_that_others_can_read_is_named(tmp_path: Path) -> None:
    findings = mends(examine(settings(tmp_path, 0o644), TOKENS))
    assert len(findings) == 2
    assert all("chmod 600" in line for line in findings)


def test_the_password_of_an_array_is_looked_at_too(tmp_path: Path) -> None:
    both = Credential("tecmint", "tecmint", PasswordFile(tmp_path / "password"), TARGETS, Incoming("array", NOWHERE))
    findings = mends(examine(replace(settings(tmp_path), credentials={"tecmint": both}), TOKENS))
    assert any("NO_SUCH_PASSWORD" in line and "credential tecmint" in line for line in findings)


def test_a_password_that_is_not_there_is_named(tmp_path: Path) -> None:
    gone = settings(tmp_path)
    (tmp_path / "password").unlink()
    assert all("can't be read" in line for line in mends(examine(gone, TOKENS)))


def test_a_ledger_that_forgets_or_does_not_answer_is_named(tmp_path: Path) -> None:
    url = empty_url()
    with Redis.from_url(url) as redis:
        redis.config_set("appendfsync", "everysec")
        try:
            findings = mends(examine(settings(tmp_path), TOKENS | {"SRBOT_REDIS_URL": url}))
        finally:
            redis.config_set("appendfsync", "always")
    assert any("appendfsync" in line for line in findings)
    gone = mends(examine(settings(tmp_path), TOKENS | {"SRBOT_REDIS_URL": "unix:///nowhere/s.sock"}))
    assert any("does not answer" in line for line in gone)
    wrong = mends(examine(settings(tmp_path), TOKENS | {"SRBOT_REDIS_URL": "http://x"}))
    assert any("redis://" in line for line in wrong)


def test_the_second_copy_of_the_trail_is_said_to_be_missing_empty_unreadable_or_how_far_it_has_come(
    tmp_path: Path,
) -> None:
    without, folder = settings(tmp_path), tmp_path / "copy"
    copying = replace(without, audit_folder=folder)

    def told(made: Settings) -> tuple[str, bool]:
        (found,) = [finding for finding in examine(made, TOKENS) if finding.subject == "audit trail"]
        return found.sentence, found.bad

    assert told(without) == (
        "it has no second copy, outside of Redis: audit.folder says where to write it",
        False,
    )
    assert told(copying) == (f"nothing was copied yet ({folder})", False)
    folder.mkdir()
    CopyFolder(folder).add([Entry("1700000000000-0", b"junk")])
    assert told(copying) == (f"its second copy ends with entry 1700000000000-0 ({folder})", False)
    (folder / "audit-2027-01-15.jsonl").mkdir()
    assert told(copying) == (f"{folder}: can't be read: Is a directory", True)
