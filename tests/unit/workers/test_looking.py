"""A look at a LUN from all hosts, over a session that answers for each host as told."""

from __future__ import annotations

import pytest

from bot.request.found import Portal
from tests.unit.workers.logins import NOTHING, NOWHERE
from workers.inspection.hosts import Look, Looking, refuse_initiators
from workers.troubles import CannotDoError
from workers.xen.errors import RefusedError, TaskFailedError
from workers.xen.probes.iscsi import IscsiProber
from workers.xen.records import Host, Hosts
from workers.xen.session import PoolSession
from workers.xen.tasks import LONGEST_PAUSE, Waiting

EMPTY = "<SRlist></SRlist>"
ONE = "<SRlist><SR><UUID>uuid-1</UUID><Devlist>/dev/x</Devlist><size>1</size></SR></SRlist>"
CUT = "<SRlist><SR><UUID>uuid-1</UUID><Devl"
BUSY = ["SR_DEVICE_IN_USE"]
NOT_THERE = ["SR_BACKEND_FAILURE_107", "", "The SCSIid parameter is missing or incorrect", ""]
BROKEN = ["SR_BACKEND_FAILURE_70", "", "ISCSI daemon failed", ""]
MASTER = Host("a", "uuid-a", "a", "iqn.a")
OTHERS = (Host("b", "uuid-b", "b", "iqn.b"), Host("c", "uuid-c", "c", "iqn.c", multipathing=True))


class Told(PoolSession):
    """Each host's probe ends as told: with a document, or with a failure."""

    def __init__(self, **answers: str | list[str]) -> None:
        super().__init__(NOWHERE, NOTHING)
        self.answers = answers
        self.calls: list[tuple[str, object]] = []

    @property
    def host(self) -> str:
        return "told"

    def call(self, method: str, *args: object) -> object:
        self.calls.append((method, args[0]))
        if method != "task.get_record":
            return args[0]
        answer = self.answers[str(args[0])]
        if isinstance(answer, str):
            return {"status": "success", "result": answer}
        return {"status": "failure", "error_info": answer}


def look(session: Told, *others: Host) -> Look:
    probing = IscsiProber(session, Waiting(1.0), MASTER.ref, Portal("10.0.0.5", 3260), iqn="iqn.t")
    return Looking(probing, Hosts((MASTER, *others), MASTER), "3600", {}, "r-1").look()


def test_every_host_looks_at_the_same_time_and_every_task_is_destroyed() -> None:
    session = Told(a=EMPTY, b=EMPTY, c=EMPTY)
    seen = look(session, *OTHERS)
    assert [(sight.host, sight.iqn, sight.multipathing, sight.sees) for sight in seen.sights] == [
        ("a", "iqn.a", False, True),
        ("b", "iqn.b", False, True),
        ("c", "iqn.c", True, True),
    ]
    methods = [method for method, _ in session.calls]
    assert methods[:3] == ["Async.SR.probe"] * 3
    assert methods.count("task.destroy") == 3


def test_what_the_master_finds_is_what_counts() -> None:
    seen = look(Told(a=ONE, b=ONE), OTHERS[0])
    assert [found.uuid for found in seen.content.items] == ["uuid-1"]


def test_an_answer_that_is_cut_everywhere_is_told_as_it_is() -> None:
    assert look(Told(a=CUT, b=CUT), OTHERS[0]).content.complete is False


@pytest.mark.parametrize(("first", "second"), [(ONE, EMPTY), (EMPTY, ONE), (ONE, CUT), (CUT, ONE), (EMPTY, "")])
def test_hosts_that_disagree_stop_the_look(first: str, second: str) -> None:
    session = Told(a=first, b=second)
    with pytest.raises(CannotDoError) as caught:
        look(session, OTHERS[0])
    assert (caught.value.reason, caught.value.facts) == ("hosts_disagree", {"host": "b"})
    assert [method for method, _ in session.calls].count("task.destroy") == 2


@pytest.mark.parametrize(("first", "second", "host"), [(BUSY, EMPTY, "a"), (EMPTY, BUSY, "b")])
def test_a_device_that_is_open_anywhere_stops_the_look(first: str, second: str, host: str) -> None:
    with pytest.raises(CannotDoError) as caught:
        look(Told(a=first, b=second), OTHERS[0])
    assert (caught.value.reason, caught.value.facts) == ("host_busy", {"host": host})


def test_a_master_that_does_not_see_the_lun_or_cannot_look_stops_it() -> None:
    with pytest.raises(CannotDoError, match="lun_gone"):
        look(Told(a=NOT_THERE, b=EMPTY), OTHERS[0])
    with pytest.raises(TaskFailedError):
        look(Told(a=BROKEN, b=EMPTY), OTHERS[0])


def test_other_hosts_are_listed_with_what_keeps_them() -> None:
    resting = Host("d", "uuid-d", "d", "iqn.d", enabled=False)
    seen = look(Told(a=ONE, b=NOT_THERE, c=BROKEN), *OTHERS, resting)
    whys = {sight.host: sight.why.reason if sight.why else None for sight in seen.sights}
    assert (whys["a"], whys["b"], whys["d"]) == (None, "lun_not_seen", "host_disabled")
    assert whys["c"] is not None
    assert all(sight.why is None or sight.why.reference == "r-1" for sight in seen.sights)


def test_hosts_that_hang_are_waited_for_together_and_not_one_after_the_other() -> None:
    now = [0.0]

    class Hanging(Told):
        def call(self, method: str, *args: object) -> object:
            if method == "task.get_record" and args[0] != "a":
                return {"status": "pending"}
            return super().call(method, *args)

    def pause(seconds: float) -> None:
        now[0] += seconds

    waiting = Waiting(10.0, pause=pause, clock=lambda: now[0])
    probing = IscsiProber(Hanging(a=EMPTY), waiting, MASTER.ref, Portal("10.0.0.5", 3260), iqn="iqn.t")
    seen = Looking(probing, Hosts((MASTER, *OTHERS), MASTER), "3600", {}, "r-1").look()
    assert [sight.sees for sight in seen.sights] == [True, False, False]
    assert now[0] < 2 * waiting.patience - LONGEST_PAUSE


def test_a_probe_that_cannot_be_begun_stops_the_look() -> None:
    class Refusing(Told):
        def call(self, method: str, *args: object) -> object:
            if method == "Async.SR.probe" and args[0] == "b":
                raise RefusedError("told", ["RBAC_PERMISSION_DENIED"])
            return super().call(method, *args)

    session = Refusing(a=EMPTY)
    with pytest.raises(RefusedError):
        look(session, OTHERS[0])
    assert session.calls[-1] == ("task.destroy", "a")


def test_initiators_are_told_apart() -> None:
    refuse_initiators(Hosts((MASTER, *OTHERS), MASTER))
    nameless = (Host("x", "uuid-x", "x", ""), Host("y", "uuid-y", "y", ""))
    with pytest.raises(CannotDoError) as caught:
        refuse_initiators(Hosts((MASTER, *nameless), MASTER))
    assert (caught.value.reason, caught.value.facts) == ("host_iqn_missing", {"host": "x, y"})
    with pytest.raises(CannotDoError) as caught:
        refuse_initiators(Hosts((MASTER, Host("z", "uuid-z", "z", "iqn.a")), MASTER))
    assert (caught.value.reason, caught.value.facts) == ("host_iqn_duplicate", {"hosts": "a, z", "iqn": "iqn.a"})
