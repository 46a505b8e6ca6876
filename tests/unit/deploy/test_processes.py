from __future__ import annotations

from pathlib import Path

from bot.settings.model import Channel, Credential, Incoming, PasswordEnv, PasswordFile, Pool, Settings, Slack, Targets
from deploy.processes import bot_process, command, worker_process

INCOMING = Incoming("array", PasswordEnv("ARRAY_PASSWORD"))
SETTINGS = Settings(
    slack=Slack("T1", "A1"),
    pools={"xenct": Pool("xenct", "https://xen1.example", "srbot", PasswordEnv("XENCT_PASSWORD"))},
    channels={"C1": Channel("C1", ("xenct",), frozenset({"U1"}))},
    credentials={
        "tecmint": Credential("tecmint", "tecmint", PasswordEnv("CHAP_PASSWORD"), Targets()),
        "other": Credential("other", "other", PasswordFile(Path("/etc/chap")), Targets(), INCOMING),
    },
)
ENVIRON = {
    "PATH": "/usr/bin",
    "SRBOT_SLACK_BOT_TOKEN": "xoxb-1",
    "SRBOT_SLACK_APP_TOKEN_FILE": "/run/app",
    "XENCT_PASSWORD": "hunter2",
    "CHAP_PASSWORD": "hunter3",
    "ARRAY_PASSWORD": "hunter4",
    "AWS_SECRET_ACCESS_KEY": "not ours",
}
CONFIG = Path("/etc/srbot/srbot.toml")
URL = "redis://127.0.0.1/0"


def test_the_bot_gets_its_tokens_and_no_password_of_xenserver() -> None:
    env = bot_process(CONFIG, URL, ENVIRON).env
    assert env["SRBOT_SLACK_BOT_TOKEN"] == "xoxb-1"
    assert env["SRBOT_SLACK_APP_TOKEN_FILE"] == "/run/app"
    assert not {"hunter2", "hunter3", "hunter4", "not ours"} & set(env.values())


def test_a_worker_gets_the_passwords_and_no_token_of_slack() -> None:
    env = worker_process("xenct", SETTINGS, CONFIG, URL, ENVIRON).env
    assert (env["XENCT_PASSWORD"], env["CHAP_PASSWORD"], env["ARRAY_PASSWORD"]) == ("hunter2", "hunter3", "hunter4")
    assert not [name for name in env if name.startswith("SRBOT_SLACK")]
    assert "AWS_SECRET_ACCESS_KEY" not in env


def test_both_are_told_where_the_configuration_and_the_ledger_are() -> None:
    for child in (bot_process(CONFIG, URL, ENVIRON), worker_process("xenct", SETTINGS, CONFIG, URL, ENVIRON)):
        assert child.env["SRBOT_CONFIG"] == str(CONFIG)
        assert child.env["SRBOT_REDIS_URL"] == URL
        assert "hunter" not in repr(child)


def test_no_secret_is_an_argument() -> None:
    assert command("bot")[-3:] == ("-m", "deploy.cli", "bot")
    child = worker_process("xenct", SETTINGS, CONFIG, URL, ENVIRON)
    assert child.argv[-4:] == ("worker", "xenct", "--config", str(CONFIG))
