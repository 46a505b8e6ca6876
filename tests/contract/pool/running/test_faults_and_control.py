from __future__ import annotations

import http.client
import threading
import time
import urllib.request
import xmlrpc.client
from collections.abc import Callable
from typing import Any
from xml.parsers.expat import ExpatError

import pytest

from deploy.sandbox.pool.model import Model
from deploy.sandbox.pool.serving import RunningPool
from tests.contract.pool.wire_client import (
    EQUALLOGIC,
    ONLY_XEN1,
    ONLY_XEN1_IQN,
    Client,
    FailedError,
    control,
    netapp,
    post,
)

CUT = (http.client.HTTPException, ConnectionError)


def _until(condition: Callable[[], object]) -> None:
    ends = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < ends
        threading.Event().wait(0.01)


def test_a_delay_comes_before_the_answer(pool: RunningPool, client: Client) -> None:
    pool.fault("pool.get_all", "delay", seconds=0.2)
    begun = time.monotonic()
    client.call("pool.get_all")
    assert time.monotonic() - begun >= 0.2


def test_a_cut_before_leaves_everything_as_it_was(pool: RunningPool, client: Client) -> None:
    pool.fault("SR.create", "cut_before")
    with pytest.raises(CUT):
        client.create(netapp(3))
    assert pool.report()["overwrites"] == []


def test_a_cut_after_has_done_it(pool: RunningPool, client: Client) -> None:
    pool.fault("SR.create", "cut_after")
    with pytest.raises(CUT):
        client.create(netapp(3))
    assert len(pool.report()["overwrites"]) == 1


def test_a_late_call_is_let_in_and_done_after_its_caller_has_gone(pool: RunningPool, client: Client) -> None:
    pool.fault("Async.SR.create", "late")
    with pytest.raises(CUT):
        client.call("Async.SR.create", *client.create_arguments(netapp(3)))
    client.call("pool.get_all")
    assert pool.report()["overwrites"] == pool.report()["tasks"] == []
    client.call("session.logout")
    _until(lambda: pool.report()["overwrites"])


def test_a_late_call_of_nobody_is_not_done(pool: RunningPool, client: Client) -> None:
    pool.fault("Async.SR.create", "late")
    with pytest.raises(CUT):
        post(pool.url, xmlrpc.client.dumps(("OpaqueRef:nobody",), "Async.SR.create").encode())
    client.call("session.logout")
    assert pool.report()["overwrites"] == []


def test_junk_is_no_xml(pool: RunningPool, client: Client) -> None:
    pool.fault("pool.get_all", "junk")
    with pytest.raises(ExpatError):
        client.call("pool.get_all")


def test_an_error_has_the_scripted_details_and_strikes_as_often_as_said(pool: RunningPool, client: Client) -> None:
    pool.fault("pool.get_all", "error", details=["HOST_STILL_BOOTING"], times=2, after=1)
    client.call("pool.get_all")
    assert client.details("pool.get_all") == ["HOST_STILL_BOOTING"]
    assert client.details("pool.get_all") == ["HOST_STILL_BOOTING"]
    client.call("pool.get_all")


def test_a_fault_without_end_strikes_until_it_is_cleared(pool: RunningPool, client: Client) -> None:
    control(pool, "fault", {"method": "*", "kind": "error", "details": ["X"], "times": 0})
    assert client.details("pool.get_all") == client.details("host.get_all") == ["X"]
    control(pool, "fault", {"clear": True})
    client.call("pool.get_all")


def test_an_http_status_comes_with_a_page(pool: RunningPool) -> None:
    pool.fault("system.listMethods", "http", details=["503"])
    assert post(pool.url, xmlrpc.client.dumps((), "system.listMethods").encode())[0] == 503


def test_noise_stands_before_the_document(pool: RunningPool, client: Client) -> None:
    pool.fault("SR.probe", "noise", details=["warning: junk\n"])
    assert client.probe_fails({"target": ONLY_XEN1})[3].startswith("warning: junk\n<?xml")
    assert client.probe_fails({"target": ONLY_XEN1})[3].startswith("<?xml")


def test_a_fault_of_the_method_strikes_within_the_task(pool: RunningPool, client: Client) -> None:
    pool.fault("SR.probe", "error", details=["OTHER_OPERATION_IN_PROGRESS"])
    arguments = (client.host(), netapp(3), "lvmoiscsi")
    task = client.call("Async.SR.probe", *arguments)
    assert client.finished(task)["error_info"] == ["OTHER_OPERATION_IN_PROGRESS"]
    pool.fault("SR.probe", "hang", seconds=0.1)
    assert client.finished(client.call("Async.SR.probe", *arguments))["status"] == "success"


@pytest.mark.parametrize("fate", ["failed", "lost"])
def test_a_restart_ends_sessions_tasks_and_calls(pool: RunningPool, client: Client, fate: str) -> None:
    pool.fault("pool.get_all", "hang")
    pool.fault("SR.create", "hang")
    task = client.call("Async.SR.create", *client.create_arguments(netapp(3)))
    ends: list[type[BaseException]] = []
    hanging = threading.Thread(target=lambda: ends.append(_error_of(client)))
    hanging.start()
    _until(lambda: pool.calls()["methods"].get("pool.get_all"))
    assert control(pool, "restart", {"tasks": fate})[0] == 200
    hanging.join(timeout=10)
    assert issubclass(ends[0], CUT)
    assert client.details("pool.get_all")[0] == "SESSION_INVALID"
    left = [record["error_info"] for record in pool.report()["tasks"] if record["ref"] == task]
    assert left == ([["INTERNAL_ERROR", "xapi restarted"]] if fate == "failed" else [])
    assert pool.report()["overwrites"] == []


def _error_of(client: Client) -> type[BaseException]:
    try:
        client.call("pool.get_all")
    except (*CUT, FailedError) as error:
        return type(error)
    return AssertionError


def test_a_create_cut_off_by_a_restart_leaves_its_record_behind(pool: RunningPool, client: Client) -> None:
    control(pool, "delays", {"factor": 1.0, "create": 30.0})
    client.call("Async.SR.create", *client.create_arguments(netapp(3), "half"))
    _until(lambda: "half" in [sr["name_label"] for sr in pool.report()["srs"]])
    control(pool, "restart", {})
    assert "half" in [sr["name_label"] for sr in pool.report()["srs"]]


def test_a_host_that_is_down_answers_nothing(pool: RunningPool, client: Client) -> None:
    control(pool, "host", {"host": "xenct-xen1", "up": False})
    with pytest.raises(CUT):
        client.call("pool.get_all")
    control(pool, "host", {"host": "xenct-xen1", "up": True, "enabled": False})
    assert client.call("host.get_enabled", client.host()) is False


def test_a_host_can_answer_everything_with_one_error(pool: RunningPool, client: Client) -> None:
    control(pool, "host", {"host": "xenct-xen1", "answers": ["HOST_IN_EMERGENCY_MODE"]})
    assert client.details("pool.get_all") == ["HOST_IN_EMERGENCY_MODE"]


def test_calls_are_counted_by_method_and_originator(pool: RunningPool, client: Client) -> None:
    client.call("pool.get_all")
    told = control(pool, "calls")[1]
    assert told["methods"] == {"session.login_with_password": 1, "pool.get_all": 1}
    assert told["originators"] == {"test": {"session.login_with_password": 1, "pool.get_all": 1}}
    assert told["sessions"] == {client.session: {"pool.get_all": 1}}
    control(pool, "calls", {})
    assert pool.calls()["methods"] == {}


def test_the_model_is_told_without_passwords(pool: RunningPool, client: Client) -> None:
    client.create(client.equallogic())
    status, model = control(pool, "model")
    assert status == 200
    assert model["master"] == "xenct-xen1"
    text = str(model)
    assert pool.chap_password("tecmint") not in text
    assert pool.password not in text
    assert pool.password not in repr(pool)


def test_a_change_of_the_chap_password_counts_at_once(pool: RunningPool, client: Client) -> None:
    chap = client.tecmint()
    control(pool, "array", {"op": "chap", "user": "tecmint", "password": "another"})
    assert client.probe_fails({"target": EQUALLOGIC, **chap})[0] == "SR_BACKEND_FAILURE_68"
    assert client.probe_fails({"target": EQUALLOGIC, **client.tecmint()})[0] == "SR_BACKEND_FAILURE_96"


def test_portals_targets_luns_and_names_come_and_go(pool: RunningPool, client: Client) -> None:
    def array(op: str, **fields: object) -> None:
        assert control(pool, "array", {"op": op, "array": "one-host-refused", **fields})[0] == 200

    lun = {"lun_id": 1, "scsi_id": "36new", "size": 5}
    array("put_lun", iqn=ONLY_XEN1_IQN, lun=lun)
    assert "36new" in client.probe_fails({"target": ONLY_XEN1, "targetIQN": ONLY_XEN1_IQN})[3]
    array("remove_lun", iqn=ONLY_XEN1_IQN, lun_id=1)
    assert "36new" not in client.probe_fails({"target": ONLY_XEN1, "targetIQN": ONLY_XEN1_IQN})[3]
    array("put_target", target={"iqn": "iqn.2000-01.x:new"})
    array("remove_target", iqn=ONLY_XEN1_IQN)
    printed = client.probe_fails({"target": ONLY_XEN1})[3]
    assert "iqn.2000-01.x:new" in printed
    assert ONLY_XEN1_IQN not in printed
    array("name", name="other.example", address=ONLY_XEN1)
    assert client.probe_fails({"target": "other.example"})[0] == "SR_BACKEND_FAILURE_96"
    array("portal", address=ONLY_XEN1, up=False)
    assert client.probe_fails({"target": ONLY_XEN1})[0] == "SR_BACKEND_FAILURE_141"
    new = {"name": "new", "portals": [{"address": "10.1.1.1"}], "targets": [{"iqn": "iqn.2000-01.x:y"}]}
    assert control(pool, "array", {"op": "put_array", "array": new})[0] == 200
    assert client.probe_fails({"target": "10.1.1.1"})[0] == "SR_BACKEND_FAILURE_96"


def test_somebody_else_can_write_to_a_lun(pool: RunningPool, client: Client) -> None:
    content = {"kind": "sr", "sr_uuid": "7d3e0a64-0000-4b52-8c17-55aa02f6d404"}
    control(pool, "array", {"op": "content", "scsi_id": netapp(3)["SCSIid"], "content": content})
    assert content["sr_uuid"] in client.probe(netapp(3))


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("fault", {"method": "x", "kind": "fire"}),
        ("fault", {"method": "x", "kind": "delay", "more": 1}),
        ("restart", {"tasks": "kept"}),
        ("host", {"host": "nobody"}),
        ("array", {"op": "explode"}),
        ("array", {"op": "content", "scsi_id": "none", "content": {}}),
        ("delays", {"warp": 9}),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(pool: RunningPool, name: str, body: dict[str, Any]) -> None:
    status, answer = control(pool, name, body)
    assert (status, answer["ok"]) == (400, False)


@pytest.mark.parametrize("headers", [{"X-Sandbox": "0"}, {"Host": "evil.example"}])
def test_control_is_for_this_machines_own_clients(pool: RunningPool, headers: dict[str, str]) -> None:
    assert control(pool, "calls", {}, **headers)[0] == 403


def test_a_browser_sees_a_page(pool: RunningPool) -> None:
    with urllib.request.urlopen(pool.url, timeout=5) as answer:  # noqa: S310 - loopback
        assert b"XenServer" in answer.read()


def test_a_master_whose_address_cannot_be_bound_is_refused(pool: RunningPool) -> None:
    def deafen(model: Model) -> None:
        model.conditions[model.host_named("xenct-xen2")].listening = False

    pool.do(deafen)
    assert control(pool, "master", {"host": "xenct-xen2"})[0] == 400


def test_probes_of_one_host_wait_for_each_other(pool: RunningPool, client: Client) -> None:
    control(pool, "delays", {"factor": 1.0, "login": 0.3})
    begun = time.monotonic()
    first, second = (client.call("Async.SR.probe", client.host(), netapp(3), "lvmoiscsi") for _ in "12")
    client.finished(first)
    client.finished(second)
    assert time.monotonic() - begun >= 0.6


def test_an_error_within_the_pools_thread_reaches_the_test(pool: RunningPool) -> None:
    with pytest.raises(ZeroDivisionError):
        pool.do(lambda _: 1 // 0)
