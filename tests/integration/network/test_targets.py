from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.sandbox.pool.network.dialling import Endpoint
from deploy.sandbox.pool.network.iscsi.chap import Credentials
from deploy.sandbox.pool.network.iscsi.login import Purpose
from deploy.sandbox.pool.network.iscsi.session import opened
from deploy.sandbox.pool.network.settings import OWN_INITIATOR, Times
from tests.integration.network import tgt as bench
from tests.integration.network.pools import Asking, asking, rows
from tests.integration.network.tgt import MIB, Tgt

PLAIN_LUN = "360000000000000000e00000000010001"


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Asking]:
    with asking(tmp_path) as one:
        yield one


def at(tgt: Tgt, iqn: str = "", **more: str) -> dict[str, str]:
    return {"target": "127.0.0.1", "port": str(tgt.port), **({"targetIQN": iqn} if iqn else {}), **more}


def chap(user: str = bench.USER, password: str = bench.PASSWORD) -> dict[str, str]:
    return {"chapuser": user, "chappassword": password}


def test_a_probe_lists_the_true_targets(pool: Asking, tgt: Tgt) -> None:
    code, empty, text, document = pool.fails(at(tgt))
    assert (code, empty) == ("SR_BACKEND_FAILURE_96", "")
    assert text == "The request is missing or has an incorrect target IQN parameter"
    listed = rows(document, "TGT")
    assert [row["TargetIQN"] for row in listed] == [bench.PLAIN, bench.GUARDED, bench.MUTUAL, bench.BARE, "*"]
    assert listed[0] == {"Index": "0", "IPAddress": "127.0.0.1", "Port": str(tgt.port), "TargetIQN": bench.PLAIN}


def test_a_probe_of_a_target_lists_its_true_luns(pool: Asking, tgt: Tgt) -> None:
    code, _, text, document = pool.fails(at(tgt, bench.PLAIN))
    assert (code, text) == ("SR_BACKEND_FAILURE_107", "The SCSIid parameter is missing or incorrect")
    plain, twelfth, netapp = rows(document, "LUN")
    assert plain == {
        "vendor": "IET", "serial": "beaf11", "LUNid": "1", "size": str(64 * MIB), "SCSIid": PLAIN_LUN,
    }  # fmt: skip
    assert (twelfth["LUNid"], twelfth["vendor"], twelfth["size"]) == ("12", "DELL", str(128 * MIB))
    assert (netapp["vendor"], netapp["serial"], netapp["size"]) == ("NETAPP", "wOj4$42", str(3 * 1024 * MIB))
    assert netapp["SCSIid"].startswith("36000")


def test_a_target_without_luns_has_an_empty_list(pool: Asking, tgt: Tgt) -> None:
    code, _, _, document = pool.fails(at(tgt, bench.BARE))
    assert code == "SR_BACKEND_FAILURE_107"
    assert "<iscsi-target/>" in document


def test_what_is_on_a_lun_is_unknown_and_never_empty(pool: Asking, tgt: Tgt) -> None:
    code, _, text, document = pool.fails(at(tgt, bench.PLAIN, SCSIid=PLAIN_LUN))
    assert code == "SR_BACKEND_FAILURE_200"
    assert "the content of the LUN is unknown" in text
    assert document == ""


def test_a_lun_that_is_not_there_is_told_as_by_a_real_pool(pool: Asking, tgt: Tgt) -> None:
    assert pool.fails(at(tgt, bench.PLAIN, SCSIid="3600"))[0::3] == ["SR_BACKEND_FAILURE_107", ""]


def test_chap_lets_in_who_knows_the_password(pool: Asking, tgt: Tgt) -> None:
    code, _, _, document = pool.fails(at(tgt, bench.GUARDED, **chap()))
    assert code == "SR_BACKEND_FAILURE_107"
    assert [row["size"] for row in rows(document, "LUN")] == [str(32 * MIB)]


@pytest.mark.parametrize("given", [{}, chap(password="wrong-password"), chap(user="somebody")])
def test_without_the_right_password_the_login_fails_as_documented(
    pool: Asking, tgt: Tgt, given: dict[str, str]
) -> None:
    code, _, text, document = pool.fails(at(tgt, bench.GUARDED, **given))
    assert (code, document) == ("SR_BACKEND_FAILURE_68", "")
    assert text.startswith("ISCSI login failed")
    assert given.get("chappassword", "canary") not in text


def test_a_secret_of_the_pool_gives_the_password(pool: Asking, tgt: Tgt) -> None:
    uuid = pool.api.secret.get_uuid(pool.api.secret.create({"value": bench.PASSWORD, "other_config": {}}))
    config = at(tgt, bench.GUARDED, chapuser=bench.USER, chappassword_secret=uuid)
    assert pool.fails(config)[0] == "SR_BACKEND_FAILURE_107"


@pytest.mark.parametrize(
    ("password", "code"),
    [(bench.BACK_PASSWORD, "107"), ("another-password", "68"), (bench.PASSWORD, "68")],
)
def test_a_target_that_must_prove_itself_has_to(pool: Asking, tgt: Tgt, password: str, code: str) -> None:
    back = {"incoming_chapuser": bench.BACK_USER, "incoming_chappassword": password}
    assert pool.fails(at(tgt, bench.MUTUAL, **chap(), **back))[0] == f"SR_BACKEND_FAILURE_{code}"


def test_a_target_that_asks_for_nothing_can_not_pass_for_one_that_proved_itself(pool: Asking, tgt: Tgt) -> None:
    back = {"incoming_chapuser": bench.BACK_USER, "incoming_chappassword": bench.BACK_PASSWORD}
    assert pool.fails(at(tgt, bench.PLAIN, **chap(), **back))[0] == "SR_BACKEND_FAILURE_68"


def test_the_target_sees_the_pools_own_initiator_and_no_hosts(tmp_path: Path, tgt: Tgt) -> None:
    extra = f'[network]\ninitiator = "{bench.ADMITTED}"\n'
    with asking(tmp_path, extra) as pool:
        listed = rows(pool.fails(at(tgt))[3], "TGT")
        assert bench.CHOOSY in [row["TargetIQN"] for row in listed]
        assert pool.fails(at(tgt, bench.CHOOSY))[0] == "SR_BACKEND_FAILURE_107"


def test_a_target_that_is_not_offered_comes_with_the_true_list(pool: Asking, tgt: Tgt) -> None:
    code, _, text, document = pool.fails(at(tgt, "iqn.2026-01.com.example:none"))
    assert (code, text) == ("SR_BACKEND_FAILURE_83", "ISCSI discovery failed [opterr=check target settings]")
    assert rows(document, "TGT")[0]["TargetIQN"] == bench.PLAIN


def test_every_target_at_once_lists_the_luns_of_those_that_let_us_in(pool: Asking, tgt: Tgt) -> None:
    code, _, _, document = pool.fails(at(tgt, "*", **chap()))
    assert code == "SR_BACKEND_FAILURE_107"
    assert {row["size"] for row in rows(document, "LUN")} >= {str(size * MIB) for size in (64, 128, 32)}


def test_several_targets_that_all_refuse_are_a_general_error(pool: Asking, tgt: Tgt) -> None:
    config = at(tgt, f"{bench.GUARDED},{bench.MUTUAL}")
    assert pool.fails(config)[0] == "SR_BACKEND_FAILURE_202"


def test_no_session_is_left_behind(pool: Asking, tgt: Tgt) -> None:
    assert asyncio.run(_sessions_within(tgt)) == 1
    pool.fails(at(tgt, bench.PLAIN))
    pool.fails(at(tgt, bench.GUARDED))
    assert tgt.sessions() == 0


async def _sessions_within(tgt: Tgt) -> int:
    """As many as tgt tells of while one is open."""
    purpose = Purpose(OWN_INITIATOR, Credentials(), bench.PLAIN)
    async with opened(Endpoint("127.0.0.1", tgt.port), purpose, Times()):
        return await asyncio.to_thread(tgt.sessions)


def test_an_old_release_prints_as_it_did(tmp_path: Path, tgt: Tgt) -> None:
    with asking(tmp_path, flavour="6.5") as pool:
        document = pool.fails(at(tgt, bench.PLAIN))[3]
        assert f"<SCSIid>\n\t\t\t{PLAIN_LUN}\n" in document
        text = pool.fails(at(tgt, bench.GUARDED))[2]
        assert text == "ISCSI login failed, verify CHAP credentials"


def test_a_host_that_takes_the_pools_own_initiator_name_is_not_asked_for(pool: Asking, tgt: Tgt) -> None:
    own = "IQN.2026-11.example.srbot:sandbox-that-only-looks"
    pool.api.host.remove_from_other_config(pool.host, "iscsi_iqn")
    pool.api.host.add_to_other_config(pool.host, "iscsi_iqn", own)
    assert pool.fails(at(tgt))[0] == "SR_BACKEND_FAILURE_70"
