"""The same calls as JSON: both versions, errors as xapi shapes them, and what it doesn't take."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import pytest

from deploy.sandbox.pool.serving import RunningPool, running_pool
from tests.contract.pool.rows.row import EVERY

JSON: TypeAlias = Any


@pytest.fixture(params=EVERY)
def pool(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[RunningPool]:
    with running_pool(tmp_path / "pool", flavour=request.param) as running:
        yield running


def post(pool: RunningPool, body: str | dict[str, JSON]) -> tuple[int, str, str]:
    parts = urlsplit(pool.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    text = body if isinstance(body, str) else json.dumps(body)
    try:
        connection.request("POST", "/jsonrpc", text, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.headers["Content-Type"].partition(";")[0], answer.read().decode()
    finally:
        connection.close()


def call(pool: RunningPool, method: str, *params: JSON, **more: JSON) -> dict[str, JSON]:
    status, content_type, body = post(pool, {"method": method, "params": params, "id": 7, **more})
    assert (status, content_type) == (200, "application/json")
    answer: dict[str, JSON] = json.loads(body)
    assert answer["id"] == 7
    return answer


def session_of(pool: RunningPool) -> str:
    return str(call(pool, "session.login_with_password", "root", pool.password, "1.0", "json")["result"])


def test_version_1_answers_with_a_result_and_an_error_of_which_one_is_null(pool: RunningPool) -> None:
    session = session_of(pool)
    (ref,) = call(pool, "SR.get_by_name_label", session, "netapp-gold")["result"]
    assert call(pool, "SR.get_physical_size", session, ref) == {"result": "107361599488", "error": None, "id": 7}
    refused = call(pool, "SR.get_uuid", session, "OpaqueRef:no")
    assert refused == {"result": None, "error": ["HANDLE_INVALID", "SR", "OpaqueRef:no"], "id": 7}


def test_version_2_answers_with_one_of_them(pool: RunningPool) -> None:
    session = session_of(pool)
    found = call(pool, "SR.get_by_name_label", session, "netapp-gold", jsonrpc="2.0")
    assert set(found) == {"jsonrpc", "result", "id"}
    (ref,) = found["result"]
    refused = call(pool, "SR.destroy", session, ref, jsonrpc="2.0")
    error = {"code": 1, "message": "SR_HAS_PBD", "data": [ref]}
    assert refused == {"jsonrpc": "2.0", "error": error, "id": 7}


def test_dates_and_whole_numbers_are_texts_and_booleans_are_not(pool: RunningPool) -> None:
    session = session_of(pool)
    (ref,) = call(pool, "VM.get_by_name_label", session, "web-1")["result"]
    record = call(pool, "VM.get_record", session, ref)["result"]
    assert (record["snapshot_time"], record["memory_static_max"]) == ("19700101T00:00:00Z", "0")
    assert record["is_a_template"] is False


def test_a_number_may_be_one_in_what_is_sent(pool: RunningPool) -> None:
    session = session_of(pool)
    (host,) = call(pool, "host.get_by_name_label", session, "xenct-xen1")["result"]
    config = {"location": "nas.example:/export/iso", "type": "nfs_iso"}
    created = call(pool, "SR.create", session, host, config, 0, "iso", "", "iso", "iso", True, {})  # noqa: FBT003 - positional
    assert created["result"].startswith("OpaqueRef:")


def test_events_come_over_json_too(pool: RunningPool) -> None:
    session = session_of(pool)
    answer = call(pool, "event.from", session, ["vdi"], "", 0.0, jsonrpc="2.0")["result"]
    assert {event["snapshot"]["name_label"] for event in answer["events"]} >= {"web-1 system", "spare"}


def test_methods_are_listed_without_parameters(pool: RunningPool) -> None:
    _, _, body = post(pool, {"jsonrpc": "2.0", "method": "system.listMethods", "id": "a"})
    answer = json.loads(body)
    assert answer["id"] == "a"
    assert {"VDI.destroy", "Async.VDI.destroy"} <= set(answer["result"])


def test_named_parameters_are_one(pool: RunningPool) -> None:
    _, _, body = post(pool, {"jsonrpc": "2.0", "method": "pool.get_all", "params": {"session_id": "x"}, "id": 7})
    assert json.loads(body)["error"]["message"] == "SESSION_INVALID"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "nonsense",
        "[]",
        '{"method": "pool.get_all", "id": 1}',
        '{"method": "pool.get_all", "params": {}, "id": 1}',
        '{"method": "pool.get_all", "params": []}',
        '{"method": "pool.get_all", "params": [], "id": null}',
        '{"method": "pool.get_all", "params": [], "id": true}',
        '{"method": 5, "params": [], "id": 1}',
        '{"params": [], "id": 1}',
        '{"jsonrpc": "1.0", "method": "pool.get_all", "params": [], "id": 1}',
        '{"jsonrpc": "2.0", "method": "pool.get_all", "params": "x", "id": 1}',
    ],
)
def test_what_is_no_call_gets_a_page_with_500(body: str, tmp_path: Path) -> None:
    with running_pool(tmp_path / "pool") as pool:
        status, content_type, page = post(pool, body)
    assert (status, content_type) == (500, "text/html")
    assert page.startswith("<html>")
