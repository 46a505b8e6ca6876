"""The XenAPI edge against every flavour of pool: sessions, tasks, secrets, probes, records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.request.found import Portal
from bot.storage import read_failure
from deploy.sandbox.pool.flavours import FLAVOURS
from deploy.sandbox.pool.serving import RunningPool, running_pool
from tests.contract.xen.pools import Known, login, password
from workers.xen.errors import RefusedError, TaskFailedError
from workers.xen.probes.iscsi import Chap, IscsiProber
from workers.xen.records import read_contents, read_hosts
from workers.xen.secrets import stored_secret
from workers.xen.session import PoolSession, open_pool
from workers.xen.tasks import Waiting, run_task, started_task, wait_for

pytestmark = pytest.mark.no_cover
"""What they run is covered by the tests beside; counting it here too would double their time."""

WAITING = Waiting(patience=10.0, outage=5.0)
EQUALLOGIC = Portal("10.0.0.5", 3260)
EQUALLOGIC_IQN = "iqn.2001-05.com.equallogic:0-8a0906-0d9a4ab02-46600020343560ef-xenct-xen2"
EQUALLOGIC_ID = "36090a028b04a9a0def60353420006046"
NETAPP = Portal("10.0.1.11", 3260)
NETAPP_IQN = "iqn.1992-08.com.netapp:sn.4082369311:vs.3"
NETAPP_ID = "3600a0980383045586b2b4a4a{:08x}"
HELD = "7d3e0a64-1f9b-4b52-8c17-55aa02f6d404"
OVER_IPV6 = Portal("fd00:10::5", 3261)


@pytest.fixture(scope="module", params=FLAVOURS)
def pool(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPool]:
    with running_pool(tmp_path_factory.mktemp("pool"), flavour=request.param) as running:
        yield running


@pytest.fixture
def session(pool: RunningPool) -> Iterator[PoolSession]:
    with open_pool(login(pool.url), password(pool)) as session:
        yield session
    report = pool.report()
    assert (report["sessions"], report["tasks"]) == ([], [])


@pytest.fixture
def prober(session: PoolSession) -> IscsiProber:
    return IscsiProber(session, WAITING, read_hosts(session).master.ref, NETAPP, iqn=NETAPP_IQN)


@pytest.fixture
def with_chap(pool: RunningPool, prober: IscsiProber) -> Iterator[IscsiProber]:
    with stored_secret(prober.session, Known(pool.chap_password("tecmint"))) as secret:
        yield replace(prober, portal=EQUALLOGIC, chap=Chap("tecmint", secret), iqn=EQUALLOGIC_IQN)
    assert pool.report()["secrets"] == []


def test_hosts_are_read_with_their_iqns(session: PoolSession) -> None:
    hosts = read_hosts(session)
    assert [(host.name, host.iqn, host.multipathing) for host in hosts.all] == [
        ("xenct-xen1", "iqn.2026-01.com.example:xenct-xen1", False),
        ("xenct-xen2", "iqn.2026-01.com.example:xenct-xen2", False),
    ]


def test_srs_are_read_with_their_pbds(session: PoolSession) -> None:
    contents = read_contents(session)
    (gold,) = (sr for sr in contents.srs if sr.name == "netapp-gold")
    assert (gold.type, gold.size) == ("lvmoiscsi", 107361599488)
    assert [pbd.attached for pbd in contents.pbds_of(gold)] == [True, True]
    assert {pbd.device_config["SCSIid"] for pbd in contents.pbds_of(gold)} == {NETAPP_ID.format(0)}


def test_targets_are_read_with_their_portals(prober: IscsiProber) -> None:
    (target,) = prober.targets().items
    assert target.iqn == NETAPP_IQN
    assert [portal.address for portal in target.portals] == [f"10.0.1.{at}" for at in (11, 12, 13, 14)]


def test_an_ipv6_target_is_read_with_its_port(prober: IscsiProber) -> None:
    (target,) = replace(prober, portal=OVER_IPV6).targets().items
    assert target.portals == (OVER_IPV6,)


def test_targets_and_luns_behind_chap_are_read(with_chap: IscsiProber) -> None:
    (target,) = with_chap.targets().items
    assert target.iqn == EQUALLOGIC_IQN
    (lun,) = with_chap.luns().items
    assert (lun.scsi_id, lun.size, lun.vendor) == (EQUALLOGIC_ID, 107379425280, "EQLOGIC")


def test_without_chap_the_failure_is_of_the_login(prober: IscsiProber) -> None:
    with pytest.raises(TaskFailedError) as caught:
        replace(prober, portal=EQUALLOGIC).targets()
    failure = read_failure(caught.value.details)
    assert failure.number == 68
    assert "CHAP credentials" in str(caught.value.details)


def test_sixty_luns_are_read(prober: IscsiProber) -> None:
    reading = prober.luns()
    assert reading.complete
    assert len({lun.scsi_id for lun in reading.items}) == 60


@pytest.mark.parametrize("lun_id", [3, 9, 10, 12], ids=["blank", "vmfs", "ext4", "partition table"])
def test_what_is_no_sr_looks_like_nothing(prober: IscsiProber, lun_id: int) -> None:
    reading = prober.content(NETAPP_ID.format(lun_id))
    assert reading is not None
    assert (reading.items, reading.complete) == ((), True)


def test_an_sr_on_a_lun_is_read(prober: IscsiProber) -> None:
    reading = prober.content(NETAPP_ID.format(7))
    assert reading is not None
    (found,) = reading.items
    assert found.uuid == HELD


def test_the_name_of_an_sr_on_a_lun_is_read_too(prober: IscsiProber) -> None:
    reading = prober.content(NETAPP_ID.format(7), names=True)
    assert reading is not None
    (found,) = reading.items
    assert found.name_label == "old-projects"


def test_a_lun_that_is_gone_is_none(prober: IscsiProber) -> None:
    assert prober.content("36gone") is None


def test_a_task_gives_the_text_that_the_call_gives(prober: IscsiProber) -> None:
    arguments: tuple[Any, ...] = (prober.host, prober.config(NETAPP_ID.format(7)), "lvmoiscsi", {})
    assert run_task(prober.session, WAITING, "SR.probe", *arguments) == prober.session.call("SR.probe", *arguments)


def test_an_sr_is_created_by_a_task_and_its_secrets_are_its_own(pool: RunningPool, with_chap: IscsiProber) -> None:
    config = with_chap.config(EQUALLOGIC_ID)
    arguments: tuple[Any, ...] = (with_chap.host, config, "0", "gold", "", "lvmoiscsi", "user", True, {})
    sr = run_task(with_chap.session, WAITING, "SR.create", *arguments)
    record = with_chap.session.call("SR.get_record", sr)
    assert record["name_label"] == "gold"
    pbds = [pbd for pbd in pool.report()["pbds"] if pbd["SR"] == sr]
    assert [pbd["currently_attached"] for pbd in pbds] == [True, True]
    named = {pbd["device_config"]["chappassword_secret"] for pbd in pbds}
    assert len(named) == 2
    assert with_chap.chap is not None
    assert with_chap.chap.secret not in named
    for pbd in pbds:
        with_chap.session.call("PBD.unplug", pbd["ref"])
    with_chap.session.call("SR.destroy", sr)


def test_a_create_that_fails_tells_the_real_reason_within(prober: IscsiProber) -> None:
    config = {
        **prober.config(NETAPP_ID.format(3)),
        "target": EQUALLOGIC.address,
        "targetIQN": EQUALLOGIC_IQN,
    }
    arguments: tuple[Any, ...] = (prober.host, config, "0", "gold", "", "lvmoiscsi", "user", True, {})
    with (
        pytest.raises(TaskFailedError) as caught,
        started_task(prober.session, "SR.create", *arguments) as task,
    ):
        wait_for(prober.session, WAITING, task)
    assert caught.value.code == "SR_BACKEND_FAILURE_47"
    assert "opterr=ISCSI login failed" in caught.value.details[2]


def test_a_refusal_is_one_error_with_its_code(session: PoolSession) -> None:
    with pytest.raises(RefusedError) as caught:
        session.call("SR.get_by_uuid", "none")
    assert caught.value.code == "UUID_INVALID"
