"""Probes over a session that answers as told."""

from __future__ import annotations

import pytest

from bot.request.found import Portal
from bot.request.model import HostPbd
from tests.unit.workers.logins import NOTHING, NOWHERE
from workers.provisioning.verifying import Verifier
from workers.xen.errors import BadAnswerError, RefusedError
from workers.xen.probes.iscsi import Chap, IscsiProber
from workers.xen.records import Contents, Host, Hosts, Pbd, Sr
from workers.xen.session import PoolSession
from workers.xen.tasks import Waiting

WAITING = Waiting(1.0)


class Told(PoolSession):
    """Each task ends with this result."""

    def __init__(self, result: str) -> None:
        super().__init__(NOWHERE, NOTHING)
        self._result = result

    @property
    def host(self) -> str:
        return "told"

    def call(self, method: str, *args: object) -> object:
        del args
        if method == "task.get_record":
            return {"status": "success", "result": f"<value>{self._result}</value>", "error_info": []}
        return "OpaqueRef:task"


def prober(result: str, chap: Chap | None = None, iqn: str = "") -> IscsiProber:
    return IscsiProber(Told(result), WAITING, "OpaqueRef:host", Portal("fd00::5", 3261), chap, iqn)


def test_a_probe_that_succeeds_where_it_cannot_is_not_believed() -> None:
    with pytest.raises(BadAnswerError):
        prober("").targets()


@pytest.mark.parametrize("answer", ["", "no document", "&lt;SRlist&gt;&lt;SR&gt;&lt;UUID&gt;x"])
def test_an_answer_that_is_no_whole_document_is_not_complete(answer: str) -> None:
    reading = prober(answer, iqn="iqn.x").content("3600")
    assert reading is not None
    assert not reading.complete


def test_an_empty_list_is_complete() -> None:
    reading = prober("&lt;SRlist/&gt;", iqn="iqn.x").content("3600")
    assert reading is not None
    assert (reading.items, reading.complete) == ((), True)


def test_the_device_config_is_texts_with_the_known_keys_only() -> None:
    assert prober("").config() == {"target": "fd00::5", "port": "3261"}
    assert prober("", Chap("user", "uuid"), "iqn.x").config("3600") == {
        "target": "fd00::5",
        "port": "3261",
        "targetIQN": "iqn.x",
        "SCSIid": "3600",
        "chapuser": "user",
        "chappassword_secret": "uuid",
    }


def test_a_host_without_a_pbd_does_not_see_the_sr() -> None:
    host = Host("OpaqueRef:host", "uuid-host", "xen1", "iqn.host")
    sr = Sr("OpaqueRef:sr", "uuid", "name", "", "lvmoiscsi", "user", None, None, {}, {})
    verifier = Verifier(Told(""), WAITING, Hosts((host,), host), {}, "r-1")
    outcome = verifier.outcome(sr, Contents((sr,), ()))
    (seen,) = outcome.hosts
    assert isinstance(seen, HostPbd)
    assert seen.trouble is not None
    assert (seen.attached, seen.iqn, seen.trouble.reason) == (False, "iqn.host", "pbd_missing")
    assert outcome.sr.host == "<not in database>"


def test_a_host_that_could_be_plugged_after_all_sees_the_sr() -> None:
    host = Host("OpaqueRef:host", "uuid-host", "xen1", "iqn.host")
    sr = Sr("OpaqueRef:sr", "uuid", "name", "", "lvmoiscsi", "user", None, None, {}, {})
    pbd = Pbd("OpaqueRef:pbd", host.ref, sr.ref, attached=False, device_config={}, other_config={})
    verifier = Verifier(Told(""), WAITING, Hosts((host,), host), {}, "r-1")
    outcome = verifier.outcome(sr, Contents((sr,), (pbd,)))
    assert outcome.hosts == (HostPbd("xen1", attached=True, iqn="iqn.host"),)
    assert outcome.sr.host == "xen1"


def test_a_refusal_says_its_code() -> None:
    assert str(RefusedError("host", ["CODE", "x"])) == "host CODE"
