"""`srbot policy`, as an operator types it, against a real server and the local Slack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from redis import Redis

from bot.ledger.policies import Policies, fallback_of
from bot.ledger.store import Ledger
from bot.settings import load
from deploy.cli import main
from deploy.doctor import examine
from deploy.sandbox.slack.serving import Running, start
from tests import stories
from tests.servers import empty_url

CONFIGURATION = """
[slack]
team = "T0WORK0001"
app = "A0SRBOT001"
api_url = "{api_url}"

[pools.xenct]
url = "https://xenct-xen1.example"
user = "root"
password_env = "XENCT_PASSWORD"

[channels.C1]
pools = ["xenct"]
approvers = ["UAPPROVER1"]

[targets]
networks = ["10.0.0.0/16"]

[policy]
file = "policy.toml"
"""
POLICY = """
[groups.storage-admins]
slack = "S0STORADM1"

[rules.all]
when = { pools = ["xenct"] }
decide = ["1 of storage-admins"]
"""
CASES = """
[members]
storage-admins = ["UAPPROVER1"]

[cases.one-is-enough]
pool = "xenct"
channel = "C1"
action = "add iscsi"
requester = "UREQUESTER"
at = 2026-11-23T10:00:00+01:00
approved_by = ["UAPPROVER1"]
expect = "permit"

[cases.nobody-is-not]
pool = "xenct"
channel = "C1"
action = "add iscsi"
requester = "UREQUESTER"
at = 2026-11-23T10:00:00+01:00
expect = "pending"
missing = ["1 of storage-admins"]
"""


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with start(tmp_path_factory.mktemp("slack")) as running:
        yield running


@dataclass
class Desk:
    """Where an operator sits."""

    folder: Path
    environ: dict[str, str]
    redis: Redis

    @property
    def policies(self) -> Policies:
        return Policies(self.redis, fallback_of(load(self.folder / "srbot.toml", {})))

    def writes(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return str(self.folder / name)

    def types(self, *words: str, **environ: str | None) -> Result:
        config = ["--config", str(self.folder / "srbot.toml")]
        return CliRunner().invoke(main, ["policy", *words, *config], env={**self.environ, **environ})

    def told(self, *words: str) -> str:
        done = self.types(*words)
        assert (done.exit_code, done.stderr) == (0, ""), done.stderr
        return done.stdout

    def refused(self, *words: str, **environ: str | None) -> str:
        done = self.types(*words, **environ)
        assert (done.exit_code, done.stdout) == (1, "")
        assert "Traceback" not in done.stderr
        return done.stderr


@pytest.fixture
def desk(tmp_path: Path, slack: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    url = empty_url()
    environ = {
        "SRBOT_REDIS_URL": url,
        "SRBOT_SLACK_BOT_TOKEN": slack.bot_token,
        "SRBOT_SLACK_APP_TOKEN": slack.app_token,
    }
    with Redis.from_url(url) as redis:
        desk = Desk(tmp_path, environ, redis)
        desk.writes("srbot.toml", CONFIGURATION.format(api_url=slack.api_url))
        yield desk


def test_a_policy_is_checked_applied_and_shown_as_it_was_written(desk: Desk) -> None:
    file = desk.writes("policy.toml", POLICY)
    assert "right; 1 rules" in desk.told("check", file)
    assert desk.told("apply", file, "--by", "anna").startswith("policy 1 is now in force; digest ")
    assert desk.told("apply", file).startswith("policy 1 was in force; digest ")
    shown = desk.told("show")
    assert shown.startswith("# Policy 1, put in force by anna at ")
    assert POLICY.strip() in shown
    assert "  anna" in desk.told("show", "--history")
    applied = desk.policies.applied()
    assert applied is not None
    assert applied.text == POLICY


def test_before_one_is_applied_what_the_channels_say_is_shown(desk: Desk) -> None:
    shown = desk.told("show")
    assert shown.startswith("# No policy was applied yet")
    assert 'people = ["UAPPROVER1"]' in shown
    assert desk.told("show", "--history") == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[rules.all]\n", "line 1, rules.all.decide: is missing"),
        ("nonsense", "policy.toml: "),
        (POLICY.replace("xenct", "prod"), "rules.all.when.pools: prod: not configured"),
        (POLICY.replace("1 of", "3 of"), "takes 3 people, and no more than 2 can be found"),
        (POLICY.replace("S0STORADM1", "S0NOBODY01"), "the members of storage-admins could not be read"),
        ("[rules.all]\nautomatic = { per_day = 3 }\n", "which always needs another person"),
    ],
)
def test_a_policy_that_is_wrong_or_cannot_be_met_is_refused_and_the_one_before_stays(
    desk: Desk, text: str, said: str
) -> None:
    desk.told("apply", desk.writes("good.toml", POLICY))
    file = desk.writes("policy.toml", text)
    assert said in desk.refused("check", file)
    assert said in desk.refused("apply", file)
    assert desk.policies.in_force().policy.text == POLICY


def test_without_tokens_the_groups_are_not_looked_at_which_is_said_and_applies_nothing(desk: Desk) -> None:
    file = desk.writes("policy.toml", POLICY)
    done = desk.types("check", file, SRBOT_SLACK_BOT_TOKEN=None)
    assert done.exit_code == 0
    assert "nobody looked at who is in storage-admins" in done.stdout
    assert "nobody looked at who is in storage-admins" in desk.refused("apply", file, SRBOT_SLACK_BOT_TOKEN=None)
    wrong = desk.writes("policy.toml", POLICY.replace("xenct", "prod"))
    assert "prod: not configured" in desk.refused("check", wrong, SRBOT_SLACK_BOT_TOKEN=None)
    assert desk.policies.applied() is None


@pytest.mark.parametrize(
    ("api_url", "why"), [("http://127.0.0.1:9/api/", "Slack can't be reached"), ("", "Slack says")]
)
def test_a_slack_that_does_not_say_who_is_in_a_group_applies_nothing(desk: Desk, api_url: str, why: str) -> None:
    if api_url:
        desk.writes("srbot.toml", CONFIGURATION.format(api_url=api_url))
    file = desk.writes("policy.toml", POLICY)
    token = desk.environ["SRBOT_SLACK_BOT_TOKEN"] if api_url else "xoxb-wrong"
    assert why in desk.refused("apply", file, SRBOT_SLACK_BOT_TOKEN=token)


def test_a_file_that_cannot_be_read_is_told_in_a_sentence(desk: Desk) -> None:
    assert "can't be read" in desk.refused("check", str(desk.folder / "nowhere.toml"))
    (desk.folder / "latin.toml").write_bytes(b"\xff\xfe")
    assert "is not UTF-8 text" in desk.refused("check", str(desk.folder / "latin.toml"))
    assert "can't be read" in desk.refused("test", str(desk.folder / "nowhere.toml"))
    assert "can't be read" in desk.refused("explain", "x", "--cases", str(desk.folder / "nowhere.toml"))


def test_cases_are_tried_and_a_wrong_answer_is_named(desk: Desk) -> None:
    policy, cases = desk.writes("policy.toml", POLICY), desk.writes("cases.toml", CASES)
    assert desk.told("test", cases, "--policy", policy) == "2 cases, each answered as expected\n"
    desk.told("apply", policy)
    assert desk.told("test", cases).startswith("2 cases")
    wrong = desk.writes("cases.toml", CASES.replace('expect = "permit"', 'expect = "deny"'))
    assert "one-is-enough: expected deny, got permit (approved)" in desk.refused("test", wrong)
    assert "cases: is missing" in desk.refused("test", desk.writes("none.toml", ""))


def test_a_hypothetical_and_a_request_are_explained_rule_by_rule(desk: Desk) -> None:
    desk.told("apply", desk.writes("policy.toml", POLICY))
    cases = desk.writes("cases.toml", CASES)
    told = desk.told("explain", "nobody-is-not", "--cases", cases)
    assert told.startswith("not yet: Approvals are missing.\nall matches: ")
    assert "all misses 1 (1 of storage-admins). Now it could be: UAPPROVER1." in told
    assert "has no case 'other'; it has: one-is-enough" in desk.refused("explain", "other", "--cases", cases)
    assert "there is no such request" in desk.refused("explain", "nosuchone")
    recorded(desk, stories.awaiting_approval())
    told = desk.told("explain", "abc234xyz")
    assert "Not readable: storage-admins." in told


def recorded(desk: Desk, story: stories.Story, name: str = "abc234xyz") -> None:
    ledger = Ledger(desk.redis)
    ledger.open(stories.asked(request=name))
    for event in story.events[1:]:
        ledger.commit(name, lambda _, happened=event: [happened])  # type: ignore[misc]  # a lambda's default has no type


def test_what_was_asked_before_is_answered_anew(desk: Desk) -> None:
    recorded(desk, stories.queued())
    recorded(desk, stories.awaiting_approval(), "abc234xy2")
    recorded(desk, stories.confirming(), "abc234xy3")
    told = desk.told("simulate", "10")
    assert "abc234xyz  add iscsi in xenct: yes, approved\n" in told
    assert "abc234xy2  add iscsi in xenct: not yet, approvals_missing\n" in told
    assert told.endswith("2 requests, 0 with another answer than they got\n")
    two = desk.writes("two.toml", '[rules.all]\ndecide = ["2 of UAPPROVER1 or UAPPROVER2"]\n')
    told = desk.told("simulate", "1", "--policy", two)
    assert told.endswith("1 requests, 0 with another answer than they got\n")
    told = desk.told("simulate", "--policy", two)
    assert "abc234xyz  add iscsi in xenct: not yet, approvals_missing  (was: yes)\n" in told


def test_the_doctor_tells_a_policy_file_that_is_not_the_one_in_force(desk: Desk) -> None:
    def found() -> list[str]:
        settings = load(desk.folder / "srbot.toml", {})
        return [finding.line for finding in examine(settings, desk.environ) if finding.subject == "policy"]

    assert any("policy.toml: can't be read" in line for line in found())
    file = desk.writes("policy.toml", POLICY)
    assert found()[0] == "ok    policy: none was applied: what the channels say stands in"
    assert found()[1].startswith("MEND  policy: ")
    desk.told("apply", file)
    assert found() == ["ok    policy: 1 is in force"]
    desk.writes("policy.toml", f"# changed\n{POLICY}")
    assert found()[1].endswith("policy.toml is not the one in force: `srbot policy apply`")


def test_the_doctor_tells_that_nobody_can_have_the_codes_that_a_policy_wants(desk: Desk) -> None:
    desk.told("apply", desk.writes("policy.toml", f'{POLICY}step_up = "always"\n'))
    found = examine(load(desk.folder / "srbot.toml", {}), desk.environ)
    assert any(
        "it wants one-time codes, which nobody can have: codes.folder" in each.line for each in found if each.bad
    )


def test_a_server_that_does_not_answer_is_told_in_a_sentence(desk: Desk) -> None:
    assert "does not answer" in desk.refused("show", SRBOT_REDIS_URL="unix:///nowhere/s.sock")
