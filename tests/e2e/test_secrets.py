from __future__ import annotations

import base64
import urllib.parse
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from tests.e2e import asking
from tests.e2e.leaks import dumped, found_in, readable
from tests.e2e.pids import descendants, environment_of
from tests.e2e.sandboxes import Sandbox, opened

IQN = "iqn.2001-05.com.equallogic:0-8a0906-0d9a4ab02-46600020343560ef-xenct-xen2"
WRONG = "canary-root-9/wrong+Zq"
CANARY = "canary/pass word+1"


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with opened(tmp_path / "state") as running:
        yield running


def chap_user(sandbox: Sandbox, name: str) -> None:
    target = {"iqn": IQN, "chap_user": name}
    sandbox.changes("array", op="put_target", array="equallogic", target=target)


def login_to_the_pool_fails(sandbox: Sandbox, password: Path) -> None:
    """The worker opens the file at each login; the pool has read it at its start."""
    right = password.read_text(encoding="utf-8")
    password.write_text(WRONG + "\n", encoding="utf-8")
    asking.asks(sandbox, "Third")
    asking.is_shown(sandbox, "Third", "XenServer refused the login")
    password.write_text(right, encoding="utf-8")


def login_to_the_array_fails(sandbox: Sandbox) -> None:
    chap_user(sandbox, "somebody-else")
    asking.asks(sandbox, "Second")
    asking.is_shown(sandbox, "Second", "The array refused the CHAP login with the credential `tecmint`.")
    chap_user(sandbox, "tecmint")


def with_its_password(sandbox: Sandbox, chap: str) -> None:
    """Somebody types a password into a command, in the three ways in which people do."""
    for word in (f"password={chap}", f"chappassword={chap}", f"chap=tecmint:{chap}"):
        sandbox.person("requester").types(sandbox.storage, f"/sr add iscsi 10.0.0.5 {word}")


def test_no_password_is_found_anywhere_after_good_and_failed_logins(sandbox: Sandbox) -> None:
    pool = sandbox.folder / "pool"
    root, chap = (pool / name for name in ("root-password", "chap-tecmint"))
    passwords = {root.read_text().strip(), chap.read_text().strip(), WRONG}
    login_to_the_array_fails(sandbox)
    asking.gets_a_plan(sandbox, "First")
    asking.is_created(sandbox, "First")
    login_to_the_pool_fails(sandbox, root)
    started = descendants(sandbox.command.process.pid)
    with Redis.from_url(sandbox.facts["redis_url"]) as redis:
        stored = dumped(redis)
    files = {str(path): path.read_bytes() for path in sandbox.folder.rglob("*") if _is_searched(path, pool)}
    texts = {"processes": repr(started).encode(), "log of Slack": repr(sandbox.slack_log()).encode()}
    searched = stored | files | texts | {"output": sandbox.command.said.encode()}
    assert {"bot.log", "worker-xenct.log", "pool.log", "slack.log", "server.log"} <= {Path(name).name for name in files}
    assert any(".aof" in name for name in files)
    assert b"10.0.0.5" in b"".join(stored.values())
    assert found_in(searched, passwords) == []
    assert [secret for secret in sandbox.model()["secrets"] if not secret["pbds"]] == []


def _is_searched(path: Path, pool: Path) -> bool:
    return path.is_file() and pool not in path.parents


def test_a_password_typed_into_a_command_is_kept_by_nobody_but_slack(sandbox: Sandbox) -> None:
    with_its_password(sandbox, CANARY.replace(" ", "-"))
    seen = asking.is_shown(sandbox, "password")
    assert seen.private
    with Redis.from_url(sandbox.facts["redis_url"]) as redis:
        stored = dumped(redis)
    folders = (sandbox.folder / "logs", sandbox.folder / "ledger")
    files = {str(path): path.read_bytes() for each in folders for path in each.rglob("*") if path.is_file()}
    said = [entry for entry in sandbox.slack_log() if entry["direction"] == "in" or entry["what"] == "ack"]
    assert said
    texts = {"what srbot said": repr(said).encode()}
    assert found_in(stored | files | texts, {CANARY.replace(" ", "-")}) == []


def test_the_bot_knows_no_secret_of_xenserver_and_the_worker_none_of_slack(sandbox: Sandbox) -> None:
    started = descendants(sandbox.command.process.pid)
    bots, workers = (
        [environment_of(pid) for pid, line in started.items() if mark in line] for mark in ("cli bot", "cli worker")
    )
    assert len(bots) == 1
    assert workers
    assert "SRBOT_SLACK_BOT_TOKEN_FILE" in bots[0]
    assert not [name for name in bots[0] if "PASSWORD" in name or name == "CREDENTIALS_DIRECTORY"]
    passwords = {path.read_text().strip() for path in (sandbox.folder / "pool").glob("*-password")}
    passwords.add((sandbox.folder / "pool" / "chap-tecmint").read_text().strip())
    assert found_in({"bot": repr(bots).encode()}, passwords) == []
    tokens = {(sandbox.folder / "slack" / name).read_text().strip() for name in ("bot-token", "app-token")}
    for env in workers:
        assert not [name for name in env if name.startswith("SRBOT_SLACK_")]
        assert found_in({"worker": repr(env).encode()}, tokens) == []


@pytest.mark.parametrize(
    "hidden",
    [
        CANARY.encode(),
        urllib.parse.quote(CANARY, safe="").encode(),
        urllib.parse.quote_plus(CANARY).encode(),
        CANARY.encode().hex().encode(),
        CANARY.encode().hex().upper().encode(),
        *(base64.b64encode(before + CANARY.encode() + b"!!") for before in (b"", b"u", b"us", b"usr:")),
        base64.urlsafe_b64encode(CANARY.encode()),
        b"head" + zlib.compress(b'{"p": "' + CANARY.encode() + b'"}') + b"tail",
        base64.b64encode(zlib.compress(CANARY.encode() * 3)),
    ],
)
def test_the_search_finds_a_password_in_every_form(hidden: bytes) -> None:
    assert found_in({"place": b"before " + hidden + b" after"}, {CANARY}) == ["place"]


def test_the_search_finds_nothing_where_nothing_is() -> None:
    assert found_in({"place": b"eJwrong x\x9c and more" + base64.b64encode(b"something else")}, {CANARY}) == []
    assert list(readable(b"plain")) == [b"plain"]
