"""A login on a pool: whatever happens, it is one error of ours, and nothing is left behind."""

from __future__ import annotations

import gc
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.sandbox.pool.control import change_host, change_master, restart
from deploy.sandbox.pool.serving import RunningPool, running_pool
from tests.contract.xen.pools import CANARY, Known, login, password, sessions
from workers.xen.errors import (
    BadAnswerError,
    CutOffError,
    LoginRefusedError,
    RefusedError,
    SessionLostError,
    TimedOutError,
    UnreachableError,
    XenError,
)
from workers.xen.session import open_pool
from workers.xen.transport import Patience


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPool]:
    with running_pool(tmp_path_factory.mktemp("pool")) as pool:
        yield pool


@pytest.fixture
def pool(shared: RunningPool) -> Iterator[RunningPool]:
    yield shared
    shared.do(lambda model: model.faults.scripted.clear())
    shared.do(lambda model: [model.objects.remove("session", ref) for ref in list(model.objects.tables["session"])])


def test_a_session_reads_and_logs_out(pool: RunningPool) -> None:
    with open_pool(login(pool.url), password(pool)) as session:
        assert len(session.call("host.get_all_records")) == 2
        assert sessions(pool) == 1
    assert sessions(pool) == 0


def test_a_session_logs_out_after_an_error_too(pool: RunningPool) -> None:
    with pytest.raises(ZeroDivisionError), open_pool(login(pool.url), password(pool)):
        raise ZeroDivisionError
    assert sessions(pool) == 0


def test_our_name_is_the_originator(pool: RunningPool) -> None:
    with open_pool(login(pool.url), password(pool)) as session:
        session.call("pool.get_all_records")
    assert "srbot" in pool.calls()["originators"]


def test_a_wrong_password_is_a_login_refused_that_does_not_show_it(pool: RunningPool) -> None:
    with pytest.raises(LoginRefusedError) as caught, open_pool(login(pool.url), Known(CANARY)):
        pass
    assert CANARY not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert caught.value.code == "SESSION_AUTHENTICATION_FAILED"


def test_a_host_that_lets_nobody_in_says_why(pool: RunningPool) -> None:
    pool.fault("session.login_with_password", "error", details=["HOST_STILL_BOOTING"])
    with pytest.raises(RefusedError) as caught, open_pool(login(pool.url), password(pool)):
        pass
    assert (caught.value.code, type(caught.value)) == ("HOST_STILL_BOOTING", RefusedError)


def test_the_master_is_followed_from_a_slave(pool: RunningPool) -> None:
    if pool.slave_url is None:
        pytest.skip("a second loopback address can't be bound here")
    with open_pool(login(pool.slave_url), password(pool)) as session:
        assert session.host == "127.0.0.1"
        assert len(session.call("host.get_all_records")) == 2
    assert sessions(pool) == 0


def test_the_master_is_followed_when_it_moves_during_a_session(tmp_path: Path) -> None:
    with running_pool(tmp_path) as pool:
        if pool.slave_url is None:
            pytest.skip("a second loopback address can't be bound here")
        with open_pool(login(pool.url), password(pool)) as session:
            pool.do(lambda model: change_master(model, {"host": "xenct-xen2"}))
            assert len(session.call("host.get_all_records")) == 2
            assert session.host == "127.0.0.2"
        assert sessions(pool) == 0


def test_hosts_that_name_each_other_as_master_are_left_after_two_hops(pool: RunningPool) -> None:
    pool.fault("session.login_with_password", "error", details=["HOST_IS_SLAVE", "127.0.0.1"], times=0)
    with pytest.raises(RefusedError, match="HOST_IS_SLAVE"), open_pool(login(pool.url), password(pool)):
        pass
    pool.do(lambda model: model.faults.scripted.clear())
    with open_pool(login(pool.url), password(pool)) as session:
        pool.fault("SR.get_all", "error", details=["HOST_IS_SLAVE", "127.0.0.1"], times=0)
        with pytest.raises(RefusedError, match="HOST_IS_SLAVE"):
            session.call("SR.get_all")
    assert sessions(pool) == 0


@pytest.mark.parametrize("details", [["HOST_IS_SLAVE"], ["HOST_IS_SLAVE", "192.0.2.1"], ["HOST_IS_SLAVE", "name"]])
def test_a_password_follows_no_slave_out_of_the_loopback_in_plain_http(pool: RunningPool, details: list[str]) -> None:
    pool.fault("session.login_with_password", "error", details=details)
    with pytest.raises(BadAnswerError), open_pool(login(pool.url), password(pool)):
        pass


def test_a_failure_keeps_its_list(pool: RunningPool) -> None:
    with open_pool(login(pool.url), password(pool)) as session, pytest.raises(RefusedError) as caught:
        session.call("SR.get_record", "OpaqueRef:gone")
    assert caught.value.details == ("HANDLE_INVALID", "SR", "OpaqueRef:gone")
    assert not caught.value.may_have_happened


def test_a_hung_call_ends_with_our_time_out(pool: RunningPool) -> None:
    pool.fault("SR.get_all", "hang")
    with open_pool(login(pool.url), password(pool)) as session:
        with pytest.raises(TimedOutError) as caught:
            session.call("SR.get_all")
        assert caught.value.may_have_happened
    assert sessions(pool) == 0


def test_a_pool_that_hangs_does_not_hold_up_the_tidying_up_as_long(pool: RunningPool) -> None:
    patience = Patience(connect=0.2, read=1.0)
    with open_pool(login(pool.url, patience), password(pool)) as session:
        pool.fault("SR.get_all", "hang", times=2)
        waited = []
        for _ in range(2):
            began = time.monotonic()
            with pytest.raises(TimedOutError):
                session.call("SR.get_all")
            waited.append(time.monotonic() - began)
        assert waited[0] >= 1.0 > waited[1]
        assert session.call("SR.get_all")
        assert session._session.transport._connection[1].sock.gettimeout() == 0.2


@pytest.mark.parametrize("kind", ["cut_before", "cut_after"])
def test_a_cut_connection_is_an_error_and_the_call_is_sent_once(pool: RunningPool, kind: str) -> None:
    with open_pool(login(pool.url), password(pool)) as session:
        before = pool.calls()["methods"].get("pool.get_all_records", 0)
        pool.fault("pool.get_all_records", kind)
        with pytest.raises((CutOffError, BadAnswerError)) as caught:
            session.call("pool.get_all_records")
        assert caught.value.may_have_happened
        assert pool.calls()["methods"]["pool.get_all_records"] == before + 1
        assert session.call("pool.get_all_records")
    assert sessions(pool) == 0


def test_junk_and_http_errors_are_bad_answers(pool: RunningPool) -> None:
    with open_pool(login(pool.url), password(pool)) as session:
        for kind, details in (("junk", []), ("http", ["500"])):
            pool.fault("SR.get_all", kind, details=details)
            with pytest.raises(BadAnswerError):
                session.call("SR.get_all")
    assert sessions(pool) == 0


def test_a_lost_session_is_not_opened_again_behind_our_back(pool: RunningPool) -> None:
    with open_pool(login(pool.url), password(pool)) as session:
        pool.do(lambda model: restart(model, {}))
        logins = pool.calls()["methods"]["session.login_with_password"]
        with pytest.raises(SessionLostError):
            session.call("SR.get_all")
        assert pool.calls()["methods"]["session.login_with_password"] == logins
        session.renew()
        assert session.call("SR.get_all")
    assert sessions(pool) == 0


def test_a_session_that_could_not_be_renewed_says_that_it_is_lost(pool: RunningPool) -> None:
    with open_pool(login(pool.url), password(pool)) as session:
        pool.fault("session.login_with_password", "http", details=["503"])
        with pytest.raises(BadAnswerError):
            session.renew()
        with pytest.raises(SessionLostError):
            session.call("SR.get_all")


def test_nobody_listening_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(UnreachableError) as caught, open_pool(login(f"http://127.0.0.1:{port}"), Known(CANARY)):
        pass
    assert not caught.value.may_have_happened


def test_a_connection_that_was_closed_while_it_waited_is_replaced(pool: RunningPool) -> None:
    with open_pool(login(pool.url), password(pool)) as session:
        session._session.transport._connection[1].sock.shutdown(socket.SHUT_RDWR)
        assert session.call("SR.get_all")


def test_the_package_keeps_no_password_after_the_login(pool: RunningPool) -> None:
    with open_pool(login(pool.url), password(pool)) as session:
        assert session._session.last_login_params is None
        assert pool.password not in repr(vars(session._session))


def test_a_host_that_is_down_is_one_of_our_errors(pool: RunningPool) -> None:
    pool.do(lambda model: change_host(model, {"host": "xenct-xen1", "answers": ["HOST_IN_EMERGENCY_MODE"]}))
    try:
        with pytest.raises(XenError), open_pool(login(pool.url), password(pool)):
            pass
    finally:
        pool.do(lambda model: change_host(model, {"host": "xenct-xen1", "answers": []}))
    gc.collect()
