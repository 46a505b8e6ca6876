"""What befalls the pool in the middle of a call, and states in which it refuses."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.sandbox.pool.scenario.shape import HostSpec, Role, Scenario
from deploy.sandbox.pool.serving import RunningPool, running_pool
from tests.contract.pool.wire_client import Client, control, log_in, netapp

CUT = (http.client.HTTPException, ConnectionError)
RESTARTED = ["INTERNAL_ERROR", "xapi restarted"]
UPGRADING = ["NOT_SUPPORTED_DURING_UPGRADE"]


def _until(condition: Callable[[], object]) -> None:
    ends = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < ends
        threading.Event().wait(0.01)


@pytest.mark.parametrize(("done", "overwritten"), [(False, 0), (True, 1)])
@pytest.mark.parametrize("fate", ["failed", "lost"])
def test_xapi_restarts_while_a_task_runs(
    pool: RunningPool, client: Client, fate: str, *, done: bool, overwritten: int
) -> None:
    pool.fault("SR.create", "restart", details=[fate], done=done)
    client.call("Async.SR.create", *client.create_arguments(netapp(3)))
    _until(lambda: not pool.report()["sessions"])
    report = pool.report()
    assert [task["error_info"] for task in report["tasks"]] == ([RESTARTED] if fate == "failed" else [])
    assert len(report["overwrites"]) == overwritten
    assert client.details("pool.get_all")[0] == "SESSION_INVALID"


@pytest.mark.parametrize(("done", "left"), [(False, 0), (True, 1)])
def test_xapi_restarts_while_a_call_runs(pool: RunningPool, client: Client, *, done: bool, left: int) -> None:
    pool.fault("secret.create", "restart", done=done)
    with pytest.raises(CUT):
        client.call("secret.create", {"value": "x", "other_config": {}})
    assert len(pool.report()["secrets"]) == left


def test_the_master_changes_while_a_task_runs(pool: RunningPool, client: Client) -> None:
    if pool.slave_url is None:
        pytest.skip("127.0.0.2 can't be bound here")
    pool.fault("SR.create", "master", details=["xenct-xen2"])
    client.call("Async.SR.create", *client.create_arguments(netapp(3)))
    _until(lambda: pool.report()["master"] == "xenct-xen2")
    assert client.details("pool.get_all") == ["HOST_IS_SLAVE", "127.0.0.2"]
    assert [task["error_info"] for task in pool.report()["tasks"]] == [RESTARTED]


@pytest.mark.parametrize("kind", ["cut_after", "cut_within"])
def test_a_cut_after_the_effect_has_done_it(pool: RunningPool, client: Client, kind: str) -> None:
    pool.fault("secret.create", kind)
    with pytest.raises(http.client.IncompleteRead if kind == "cut_within" else http.client.RemoteDisconnected):
        client.call("secret.create", {"value": "x", "other_config": {}})
    assert len(pool.report()["secrets"]) == 1


def test_an_answer_can_be_held_up_after_the_effect(pool: RunningPool, client: Client) -> None:
    pool.fault("secret.create", "hang", seconds=0.3, done=True)
    calling = threading.Thread(target=lambda: client.call("secret.create", {"value": "x", "other_config": {}}))
    calling.start()
    _until(lambda: pool.report()["secrets"])
    assert calling.is_alive()
    calling.join(timeout=10)


def test_a_pool_in_upgrade_makes_nothing_new(pool: RunningPool, client: Client) -> None:
    iso = client.call("SR.get_by_name_label", "ISO library")[0]
    (first, _) = client.call("SR.get_PBDs", iso)
    client.call("PBD.unplug", first)
    assert control(pool, "pool", {"upgrading": True})[0] == 200
    assert client.details("SR.create", *client.create_arguments(netapp(3))) == UPGRADING
    assert client.details("PBD.plug", first) == UPGRADING
    assert client.finished(client.call("Async.PBD.plug", first))["error_info"] == UPGRADING
    assert client.probe(netapp(3))
    control(pool, "pool", {"upgrading": False})
    client.call("PBD.plug", first)


@pytest.mark.parametrize(
    ("state", "answer"), [("booting", "HOST_STILL_BOOTING"), ("emergency", "HOST_IN_EMERGENCY_MODE")]
)
def test_a_host_that_is_not_ready_says_so_to_everything(
    pool: RunningPool, client: Client, state: str, answer: str
) -> None:
    control(pool, "host", {"host": "xenct-xen1", "state": state})
    assert client.details("pool.get_all") == [answer]
    control(pool, "host", {"host": "xenct-xen1", "state": "running"})
    assert client.call("pool.get_all")


ROLES: tuple[Role, ...] = ("read-only", "vm-operator", "vm-admin", "vm-power-admin", "pool-operator", "pool-admin")


def _of_each_role() -> Scenario:
    users = tuple((role, role) for role in ROLES)
    return Scenario(
        "roles", (HostSpec("xen1", "127.0.0.1", "iqn.x:1"),), (), (), users=(("root", "pool-admin"), *users)
    )


@pytest.mark.parametrize(
    ("method", "arguments", "allowed"),
    [
        ("SR.get_all", (), 6),
        ("SR.add_tags", ("OpaqueRef:no", "gold"), 5),
        ("SR.scan", ("OpaqueRef:no",), 3),
        ("SR.forget", ("OpaqueRef:no",), 2),
        ("secret.get_value", ("OpaqueRef:no",), 2),
        ("secret.get_other_config", ("OpaqueRef:no",), 6),
        ("session.add_to_other_config", ("OpaqueRef:no", "a", "b"), 1),
    ],
)
def test_each_role_may_do_so_much(tmp_path: Path, method: str, arguments: tuple[object, ...], allowed: int) -> None:
    with running_pool(tmp_path / "pool", scenario=_of_each_role) as running:
        may = [role for role in ROLES if _is_allowed(log_in(running, role), method, arguments)]
    assert may == list(ROLES[-allowed:])


def _is_allowed(client: Client, method: str, arguments: tuple[object, ...]) -> bool:
    try:
        return client.details(method, *arguments)[0] != "RBAC_PERMISSION_DENIED"
    except AssertionError:
        return True
