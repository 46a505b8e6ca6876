"""A bare XML-RPC client: what is sent and what comes back, with no XenAPI package between."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
import xmlrpc.client
from dataclasses import dataclass
from typing import Any, TypeAlias, cast
from urllib.parse import urlsplit

from deploy.sandbox.pool.serving import RunningPool

Answer: TypeAlias = Any
"""Whatever the wire brings; the test knows what it asked for."""
EQUALLOGIC = "10.0.0.5"
EQUALLOGIC_IQN = "iqn.2001-05.com.equallogic:0-8a0906-0d9a4ab02-46600020343560ef-xenct-xen2"
EQUALLOGIC_SCSI_ID = "36090a028b04a9a0def60353420006046"
NETAPP = "10.0.1.11"
NETAPP_IQN = "iqn.1992-08.com.netapp:sn.4082369311:vs.3"
ONLY_XEN1 = "10.0.3.6"
ONLY_XEN1_IQN = "iqn.2005-10.org.freenas.ctl:onlyxen1"
ONLY_XEN1_SCSI_ID = "36589cfc000000a1b2c3d4e5f60718293"


def netapp_scsi_id(lun_id: int) -> str:
    return f"3600a098038304558{0x6B2B4A4A00000000 + lun_id:016x}"


def netapp(lun_id: int | None = None) -> dict[str, str]:
    config = {"target": NETAPP, "targetIQN": NETAPP_IQN}
    return config if lun_id is None else {**config, "SCSIid": netapp_scsi_id(lun_id)}


class FailedError(Exception):
    def __init__(self, details: list[str]) -> None:
        super().__init__(details)
        self.details = details


def post(url: str, body: bytes) -> tuple[int, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    try:
        connection.request("POST", "/", body, {"Content-Type": "text/xml"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def raw_call(url: str, method: str, *arguments: object) -> dict[str, Any]:
    _, body = post(url, xmlrpc.client.dumps(cast("Any", arguments), method).encode())
    (struct,), _ = xmlrpc.client.loads(body)
    assert isinstance(struct, dict)
    return struct


@dataclass(frozen=True)
class Client:
    pool: RunningPool
    session: str

    def call(self, method: str, *arguments: object) -> Answer:
        struct = raw_call(self.pool.url, method, self.session, *arguments)
        if struct["Status"] == "Failure":
            raise FailedError(struct["ErrorDescription"])
        return struct["Value"]

    def details(self, method: str, *arguments: object) -> list[str]:
        try:
            value = self.call(method, *arguments)
        except FailedError as failed:
            return failed.details
        message = f"{method} succeeded: {value!r}"
        raise AssertionError(message)

    def host(self, name: str = "xenct-xen1") -> str:
        (ref,) = self.call("host.get_by_name_label", name)
        return str(ref)

    def probe(self, config: dict[str, str], host: str = "xenct-xen1", **sm_config: str) -> Answer:
        return self.call("SR.probe", self.host(host), config, "lvmoiscsi", sm_config)

    def probe_fails(self, config: dict[str, str], host: str = "xenct-xen1") -> list[str]:
        return self.details("SR.probe", self.host(host), config, "lvmoiscsi", {})

    def tecmint(self) -> dict[str, str]:
        """CHAP for the EqualLogic by a secret of ours."""
        value = self.pool.chap_password("tecmint")
        ref = self.call("secret.create", {"value": value, "other_config": {"srbot": "test"}})
        return {"chapuser": "tecmint", "chappassword_secret": self.call("secret.get_uuid", ref)}

    def share_secret(self, user: str) -> str:
        """The uuid of a secret of ours with the password of a share's user."""
        value = self.pool.do(lambda model: model.files.of_share(user).value)
        ref = self.call("secret.create", {"value": value, "other_config": {"srbot": "test"}})
        return str(self.call("secret.get_uuid", ref))

    def equallogic(self) -> dict[str, str]:
        config = {"target": EQUALLOGIC, "targetIQN": EQUALLOGIC_IQN, "SCSIid": EQUALLOGIC_SCSI_ID}
        return {**config, **self.tecmint()}

    def create_arguments(self, config: dict[str, str], name: str = "new", text: str = "") -> list[Any]:
        return [self.host(), config, "0", name, text, "lvmoiscsi", "user", True, {}]

    def create(self, config: dict[str, str], name: str = "new") -> str:
        return str(self.call("SR.create", *self.create_arguments(config, name)))

    def finished(self, task: str) -> dict[str, Any]:
        """The task's record, once it has ended."""
        token = ""
        record: dict[str, Any] = self.call("task.get_record", task)
        while record["status"] == "pending":
            token = self.call("event.from", [f"task/{task}"], token, 10.0)["token"]
            record = self.call("task.get_record", task)
        return record


def log_in(pool: RunningPool, user: str = "root", originator: str = "test") -> Client:
    arguments = (user, pool.user_password(user), "1.0", originator)
    struct = raw_call(pool.url, "session.login_with_password", *arguments)
    return Client(pool, struct["Value"])


def control(pool: RunningPool, name: str, body: dict[str, Any] | None = None, **headers: str) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    sent = {"X-Sandbox": "1", "Content-Type": "application/json", **headers}
    request = urllib.request.Request(f"{pool.control_url}/control/{name}", data, sent)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - loopback
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)
