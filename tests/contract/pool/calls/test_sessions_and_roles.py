from __future__ import annotations

import time
import xmlrpc.client
from typing import Any, cast

import pytest

from deploy.sandbox.pool import sessions
from deploy.sandbox.pool.serving import RunningPool
from tests.contract.pool.wire_client import Client, control, log_in, netapp, post, raw_call

WITHOUT_RIGHT = "No permission in user session. (Roles with this permission: pool-operator, pool-admin)"


@pytest.mark.parametrize("more", [(), ("1.0",), ("1.0", "me")])
def test_a_login_takes_a_version_and_an_originator_or_not(pool: RunningPool, more: tuple[str, ...]) -> None:
    struct = raw_call(pool.url, "session.login_with_password", "root", pool.password, *more)
    assert struct["Status"] == "Success"
    (session,) = pool.report()["sessions"]
    assert session["originator"] == (more[1] if len(more) == 2 else "")


@pytest.mark.parametrize(("user", "password"), [("root", "wrong"), ("nobody", "wrong")])
def test_a_wrong_login_is_refused_after_a_while(pool: RunningPool, user: str, password: str) -> None:
    control(pool, "delays", {"factor": 1.0, "refused_login": 0.2})
    begun = time.monotonic()
    struct = raw_call(pool.url, "session.login_with_password", user, password)
    assert time.monotonic() - begun >= 0.2
    assert struct["ErrorDescription"] == ["SESSION_AUTHENTICATION_FAILED", user, "Authentication failure"]


def test_a_session_ends_with_its_logout(pool: RunningPool, client: Client) -> None:
    assert client.call("session.get_this_host", client.session) == client.host()
    uuid = client.call("session.get_uuid", client.session)
    assert client.call("session.get_by_uuid", uuid) == client.session
    client.call("session.logout")
    assert client.details("pool.get_all") == ["SESSION_INVALID", client.session]
    assert pool.report()["sessions"] == []


@pytest.mark.parametrize("arguments", [(), ("OpaqueRef:x",), (5,)])
def test_a_call_needs_a_session(pool: RunningPool, arguments: tuple[object, ...]) -> None:
    assert raw_call(pool.url, "pool.get_all", *arguments)["ErrorDescription"][0] == "SESSION_INVALID"


def test_the_slave_names_the_master(pool: RunningPool, client: Client) -> None:
    if pool.slave_url is None:
        pytest.skip("127.0.0.2 can't be bound here")
    struct = raw_call(pool.slave_url, "session.login_with_password", "root", pool.password)
    assert struct["ErrorDescription"] == ["HOST_IS_SLAVE", "127.0.0.1"]
    assert control(pool, "master", {"host": "xenct-xen2"})[0] == 200
    assert client.details("pool.get_all") == ["HOST_IS_SLAVE", "127.0.0.2"]
    assert raw_call(pool.slave_url, "pool.get_all", client.session)["ErrorDescription"][0] == "SESSION_INVALID"


def test_a_reader_reads_and_changes_nothing(pool: RunningPool) -> None:
    auditor = log_in(pool, "auditor")
    assert len(auditor.call("SR.get_all_records")) == 8
    sr = auditor.call("SR.get_by_name_label", "netapp-gold")[0]
    assert auditor.details("SR.set_name_label", sr, "x") == [
        "RBAC_PERMISSION_DENIED",
        "sr.set_name_label",
        WITHOUT_RIGHT,
    ]
    assert auditor.details("SR.probe", auditor.host(), netapp(), "lvmoiscsi")[0] == "RBAC_PERMISSION_DENIED"
    assert auditor.details("secret.get_all_records")[0] == "RBAC_PERMISSION_DENIED"


def test_an_operator_creates_but_does_not_touch_sessions(pool: RunningPool) -> None:
    operator = log_in(pool, "operator")
    operator.create(netapp(3))
    denied = operator.details("session.set_other_config", operator.session, {})
    assert denied[:2] == ["RBAC_PERMISSION_DENIED", "session.set_other_config"]


def test_a_denied_asynchronous_call_fails_in_its_task(pool: RunningPool) -> None:
    auditor = log_in(pool, "auditor")
    task = auditor.call("Async.SR.create", *auditor.create_arguments(netapp(3)))
    assert auditor.finished(task)["error_info"][:2] == ["RBAC_PERMISSION_DENIED", "sr.create"]


def test_the_longest_unused_session_of_an_originator_makes_room(
    pool: RunningPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "MAX_PER_ORIGINATOR", 2)
    other = log_in(pool, originator="other")
    first, second = log_in(pool), log_in(pool)
    first.call("pool.get_all")
    log_in(pool)
    assert second.details("pool.get_all")[0] == "SESSION_INVALID"
    assert first.call("pool.get_all") == other.call("pool.get_all")


def test_an_idle_session_ends(pool: RunningPool, client: Client) -> None:
    now = time.time()
    pool.do(lambda model: setattr(model, "clock", lambda: now + sessions.MAX_IDLE_SECONDS + 5))
    log_in(pool, originator="later")
    assert client.details("pool.get_all")[0] == "SESSION_INVALID"


@pytest.mark.parametrize(
    "body", [b"", b"nonsense", b"<methodResponse><params/></methodResponse>", b"<methodCall><params/></methodCall>"]
)
def test_what_is_no_call_gets_a_page_with_500(pool: RunningPool, body: bytes) -> None:
    status, answer = post(pool.url, body)
    assert status == 500
    assert answer.startswith(b"<html>")


def test_methods_are_listed(pool: RunningPool) -> None:
    _, body = post(pool.url, xmlrpc.client.dumps((), "system.listMethods").encode())
    names = set(cast("Any", xmlrpc.client.loads(body)[0][0]))
    assert {"SR.create", "Async.SR.create", "event.from", "task.add_to_other_config"} <= names
    assert "Async.SR.get_uuid" not in names
