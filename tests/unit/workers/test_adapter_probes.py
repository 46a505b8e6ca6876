"""The probes of adapters, over a session that answers as told."""

from __future__ import annotations

import pytest

from tests.unit.workers.logins import NOTHING, NOWHERE
from workers.xen.errors import BadAnswerError, RefusedError
from workers.xen.probes.adapters import AdapterProber
from workers.xen.session import PoolSession
from workers.xen.tasks import Waiting

ONE = "<Devlist><BlockDevice><SCSIid>3600</SCSIid></BlockDevice></Devlist>"
NONE = "<Devlist></Devlist>"
EMPTY = "<SRlist></SRlist>"
HELD = "<SRlist><SR><UUID>uuid-1</UUID><Devlist>/dev/x</Devlist><size>1</size></SR></SRlist>"


class Told(PoolSession):
    """One answer for the list of disks, one for what is on the LUN."""

    def __init__(self, code: str = "107", listed: str = ONE, held: str = EMPTY) -> None:
        super().__init__(NOWHERE, NOTHING)
        self.code, self.listed, self.held = code, listed, held
        self.asked: list[tuple[object, ...]] = []

    @property
    def host(self) -> str:
        return "told"

    def call(self, method: str, *args: object) -> object:
        if method == "Async.SR.probe":
            self.asked.append(args)
            return "look" if args[1] else "list"
        if method != "task.get_record":
            return None
        if args[0] == "look":
            return {"status": "success", "result": self.held}
        if not self.code:
            return {"status": "success", "result": self.listed}
        return {"status": "failure", "error_info": [f"SR_BACKEND_FAILURE_{self.code}", "", "missing", self.listed]}


def prober(session: Told) -> AdapterProber:
    return AdapterProber(session, Waiting(1.0), "OpaqueRef:host")


@pytest.mark.parametrize("code", ["107", "90"])
def test_the_list_comes_with_the_failure_of_either_release(code: str) -> None:
    assert [lun.scsi_id for lun in prober(Told(code)).luns().items] == ["3600"]


def test_any_other_failure_is_what_it_is() -> None:
    with pytest.raises(RefusedError, match="SR_BACKEND_FAILURE_150"):
        prober(Told("150")).luns()
    with pytest.raises(BadAnswerError):
        prober(Told("")).luns()


@pytest.mark.parametrize(
    ("listed", "held", "seen"),
    [
        (ONE, EMPTY, ((), True)),
        (ONE, HELD, (("uuid-1",), True)),
        (ONE, "<SRlist><SR>", ((), False)),
        (NONE, EMPTY, None),
        (NONE, HELD, None),
        ("<Devlist><Blo", EMPTY, ((), False)),
    ],
)
def test_an_empty_list_of_srs_counts_only_where_the_host_shows_the_lun(
    listed: str, held: str, seen: tuple[tuple[str, ...], bool] | None
) -> None:
    probing = prober(Told(listed=listed, held=held))
    with probing.looking("3600") as begun:
        reading = probing.seen(begun)
    assert seen == (None if reading is None else (tuple(found.uuid for found in reading.items), reading.complete))


def test_only_the_lun_is_named_and_names_are_read_where_they_are_wanted() -> None:
    session = Told(held=HELD)
    reading = prober(session).content("3600", names=True)
    assert reading is not None
    prober(session).content("3600")
    with prober(session).looking("3600", names=True):
        pass
    assert [args[1:] for args in session.asked] == [
        ({"SCSIid": "3600"}, "lvmohba", {"metadata": "true"}),
        ({"SCSIid": "3600"}, "lvmohba", {}),
        ({}, "lvmohba", {}),
        ({"SCSIid": "3600"}, "lvmohba", {"metadata": "true"}),
    ]
