# ruff: noqa: FBT003 - the booleans of XenAPI are positional
from __future__ import annotations

import asyncio
import dataclasses
import http.client
import json
import shutil
import signal
import ssl
import stat
import subprocess
import sys
import time
import urllib.request
import xmlrpc.client
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import XenAPI

from deploy.sandbox.pool.__main__ import read_settings
from deploy.sandbox.pool.model import Model
from deploy.sandbox.pool.scenario.shape import SrSpec
from deploy.sandbox.pool.scenario.xenct import xenct
from deploy.sandbox.pool.serving import Settings, running_pool, start
from deploy.sandbox.pool.storage.iscsi.access import read_access
from tests.contract.pool.wire_client import control, log_in, netapp, raw_call

SCENARIO = """
[pool]
name = "bench"
[names]
"nas.example" = "192.0.2.1"
[users]
reader = "read-only"
[[hosts]]
name = "bench-1"
address = "127.0.0.1"
iqn = "iqn.2026-01.com.example:bench-1"
[[srs]]
name = "Local storage"
type = "lvm"
hosts = ["bench-1"]
uuid = "bd2b6c2e-04a3-4b1a-9d50-2b6ad1f0c599"
size = 1000
[[arrays]]
name = "one"
portals = ["192.0.2.1", {address = "192.0.2.2", port = 3261}]
[[arrays.targets]]
iqn = "iqn.2000-01.x:one"
initiators = ["iqn.2026-01.com.example:bench-1"]
[[arrays.targets.luns]]
lun_id = 0
scsi_id = "3600"
size = 1073741824
content = {kind = "vmfs"}
"""


@contextmanager
def _process(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    command = [sys.executable, "-m", "deploy.sandbox.pool", "--delays", "none", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own module
        assert process.stdout is not None
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


@contextmanager
def _package(url: str) -> Iterator[Any]:
    """A session of the XenAPI package; it leaves its connection open unless told otherwise."""
    session = XenAPI.Session(url)
    try:
        yield session
    finally:
        session("close")()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_process_within_a_second(tmp_path: Path, number: signal.Signals) -> None:
    with _process("--data", str(tmp_path)) as (process, ready):
        assert ready["ready"] is True
        password = (tmp_path / "root-password").read_text().strip()
        session = raw_call(ready["url"], "session.login_with_password", "root", password)["Value"]
        assert raw_call(ready["url"], "pool.get_all", session)["Status"] == "Success"
        begun = time.monotonic()
        process.send_signal(number)
        assert process.wait(timeout=10) == 0
        assert time.monotonic() - begun < 1.5


def test_calls_under_way_do_not_hold_the_process_back(tmp_path: Path) -> None:
    with _process("--data", str(tmp_path)) as (process, ready):
        password = (tmp_path / "root-password").read_text().strip()
        session = raw_call(ready["url"], "session.login_with_password", "root", password)["Value"]
        token = raw_call(ready["url"], "event.from", session, ["*"], "", 0.0)["Value"]["token"]
        parts = urlsplit(ready["url"])
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        waiting = xmlrpc.client.dumps((session, ["*"], token, 60.0), "event.from")
        connection.request("POST", "/", waiting.encode(), {"Content-Type": "text/xml"})
        raw_call(ready["url"], "pool.get_all", session)
        begun = time.monotonic()
        process.terminate()
        assert process.wait(timeout=10) == 0
        assert time.monotonic() - begun < 1.5
        connection.close()


def test_passwords_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    with running_pool(tmp_path / "pool") as pool:
        for name in ("root-password", "chap-tecmint", "pool.sqlite"):
            assert stat.S_IMODE((pool.data / name).stat().st_mode) == 0o600
        assert stat.S_IMODE(pool.data.stat().st_mode) == 0o700


def test_what_was_created_is_there_after_a_kill(tmp_path: Path) -> None:
    with _process("--data", str(tmp_path)) as (process, ready):
        password = (tmp_path / "root-password").read_text().strip()
        with _package(ready["url"]) as session:
            session.login_with_password("root", password, "1.0", "test")
            host = session.xenapi.host.get_by_name_label("xenct-xen1")[0]
            session.xenapi.SR.create(host, netapp(3), "0", "kept", "", "lvmoiscsi", "user", True, {})
        process.kill()
        process.wait(timeout=10)
    with running_pool(tmp_path) as pool:
        client = log_in(pool)
        (sr,) = client.call("SR.get_by_name_label", "kept")
        assert client.call("SR.get_uuid", sr) in client.probe(netapp(3))
        assert len(pool.report()["overwrites"]) == 1
        assert pool.password == password


def test_a_changed_array_and_password_outlive_the_process(tmp_path: Path) -> None:
    with running_pool(tmp_path) as pool:
        control(pool, "array", {"op": "portal", "array": "netapp", "address": "10.0.1.11", "up": False})
        control(pool, "array", {"op": "chap", "user": "tecmint", "password": "changed"})
        control(pool, "array", {"op": "name", "name": "late.example", "address": "10.0.1.12"})
    with running_pool(tmp_path) as pool:
        client = log_in(pool)
        assert client.probe_fails({"target": "10.0.1.11"})[0] == "SR_BACKEND_FAILURE_141"
        assert client.probe_fails({"target": "late.example"})[0] == "SR_BACKEND_FAILURE_96"
        assert pool.chap_password("tecmint") == "changed"


def test_a_first_start_that_fails_leaves_no_half_a_pool(tmp_path: Path) -> None:
    broken = dataclasses.replace(xenct(), srs=(SrSpec("x", "nfs", ("nobody",), "u", 1),))
    with pytest.raises(KeyError), running_pool(tmp_path, scenario=lambda: broken):
        pass
    with running_pool(tmp_path) as pool:
        assert len(pool.report()["hosts"]) == 2


def test_an_address_that_this_machine_lacks_is_left_out(tmp_path: Path) -> None:
    first, second = xenct().hosts
    elsewhere = dataclasses.replace(xenct(), hosts=(first, dataclasses.replace(second, address="192.0.2.77")))
    with running_pool(tmp_path, scenario=lambda: elsewhere) as pool:
        assert pool.slave_url is None
        assert control(pool, "master", {"host": "xenct-xen2"})[0] == 400


def test_a_password_has_no_representation(tmp_path: Path) -> None:
    with running_pool(tmp_path) as pool:
        password, config = pool.chap_password("tecmint"), {"target": "10.0.0.5", "chapuser": "tecmint"}

        def shown(model: Model) -> str:
            access = read_access(model, model.master(), {**config, "chappassword": password})
            return repr((access, model.users, model.files.of_chap("tecmint")))

        text = pool.do(shown)
        assert "Hidden(...)" in text
        assert password not in text
        assert pool.password not in text


def test_a_port_in_use_is_an_error(tmp_path: Path) -> None:
    with running_pool(tmp_path / "one") as pool:
        port = urlsplit(pool.url).port or 0
        with pytest.raises(OSError, match="in use"):
            asyncio.run(start(Settings(tmp_path / "two", port=port)))


def test_pending_tasks_have_failed_after_a_restart(tmp_path: Path) -> None:
    with running_pool(tmp_path) as pool:
        task = log_in(pool).call("task.create", "mine", "")
    with running_pool(tmp_path) as pool:
        (record,) = pool.report()["tasks"]
        assert (record["ref"], record["status"]) == (task, "failure")


def test_a_scenario_can_be_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "bench.toml"
    path.write_text(SCENARIO)
    settings = read_settings(["--data", str(tmp_path / "data"), "--scenario", str(path)])
    with running_pool(settings.data, scenario=settings.scenario) as pool:
        assert pool.slave_url is None
        client = log_in(pool, "reader")
        assert client.call("SR.get_by_uuid", "bd2b6c2e-04a3-4b1a-9d50-2b6ad1f0c599")
        root = log_in(pool)
        config = {"target": "nas.example", "targetIQN": "iqn.2000-01.x:one", "SCSIid": "3600"}
        arguments = root.call("host.get_all")[0], config, "lvmoiscsi"
        assert root.call("SR.probe", *arguments).endswith("<SRlist/>\n")
        assert pool.report()["contents"]["3600"]["kind"] == "vmfs"


def test_the_command_line_sets_what_it_says(tmp_path: Path) -> None:
    data, secret = str(tmp_path), str(tmp_path / "secret")
    given = ["--data", data, "--flavour", "6.5", "--delays", "0.5", "--password-file", secret]
    settings = read_settings([*given, "--tls-cert", "c", "--tls-key", "k", "--port", "1", "--control-port", "2"])
    assert (settings.flavour, settings.delay_factor, settings.port, settings.control_port) == ("6.5", 0.5, 1, 2)
    assert (settings.root_file, settings.tls) == (tmp_path / "secret", (Path("c"), Path("k")))
    assert read_settings(["--data", data, "--delays", "real"]) == Settings(tmp_path)


def test_a_certificate_needs_its_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_settings(["--data", str(tmp_path), "--tls-cert", "c"])
    assert "go together" in capsys.readouterr().err


def test_a_given_password_is_used(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("correct horse\n")
    with _process("--data", str(tmp_path / "data"), "--password-file", str(secret)) as (_, ready):
        struct = raw_call(ready["url"], "session.login_with_password", "root", "correct horse")
        assert struct["Status"] == "Success"
    assert not (tmp_path / "data" / "root-password").exists()


def test_the_xenapi_package_logs_in_reads_and_creates(tmp_path: Path) -> None:
    with running_pool(tmp_path) as pool, _package(pool.url) as session:
        session.login_with_password("root", pool.password, "1.0", "test")
        api = session.xenapi
        (record,) = api.pool.get_all_records().values()
        with pytest.raises(XenAPI.Failure) as caught:
            api.SR.probe(record["master"], {"target": "10.0.3.6"}, "lvmoiscsi", {})
        assert caught.value.details[0] == "SR_BACKEND_FAILURE_96"
        task = api.Async.SR.create(record["master"], netapp(3), "0", "new", "", "lvmoiscsi", "user", True, {})
        getattr(api.event, "from")([f"task/{task}"], "", 5.0)
        api.task.destroy(task)
        session.logout()
        assert pool.report()["sessions"] == []


def test_the_xenapi_package_is_sent_from_the_slave_to_the_master(tmp_path: Path) -> None:
    with running_pool(tmp_path) as pool:
        if pool.slave_url is None:
            pytest.skip("127.0.0.2 can't be bound here")
        with _package(pool.slave_url) as session, pytest.raises(XenAPI.Failure) as caught:
            session.login_with_password("root", pool.password)
        assert caught.value.details == ["HOST_IS_SLAVE", "127.0.0.1"]


def test_tls_is_served_with_the_given_certificate(tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    subprocess.run([*command, *names], check=True, capture_output=True)  # noqa: S603 - openssl, our arguments
    given = ("--data", str(tmp_path / "data"), "--tls-cert", str(certificate), "--tls-key", str(key))
    with _process(*given) as (_, ready):
        assert ready["url"].startswith("https://")
        context = ssl.create_default_context(cafile=certificate)
        with urllib.request.urlopen(ready["url"], timeout=5, context=context) as answer:  # noqa: S310 - loopback
            assert answer.status == 200
