from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.storage import read_failure
from deploy.sandbox.pool.serving import running_pool
from tests.contract.pool.rows.afterwards import AFTERWARDS
from tests.contract.pool.rows.calls import CALLS
from tests.contract.pool.rows.disks import DISKS
from tests.contract.pool.rows.iso import ISO
from tests.contract.pool.rows.nfs import NFS
from tests.contract.pool.rows.others import OTHERS
from tests.contract.pool.rows.probes import PROBES
from tests.contract.pool.rows.row import EVERY, LOGIN_TEXT, OLD_LOGIN_TEXT, Row
from tests.contract.pool.rows.smb import SMB
from tests.contract.pool.wire_client import Answer, Client, FailedError, log_in

pytestmark = pytest.mark.no_cover
"""What they run is covered by the tests beside; measuring so many examples would double their time."""

ROWS = (*PROBES, *CALLS, *NFS, *SMB, *ISO, *DISKS, *OTHERS, *AFTERWARDS)
WRAPPED = 47
NETAPP_GOLD = "0b1c7a52-6a7e-4f0e-9d1f-2c52a0f3e101"


@pytest.fixture(scope="module", params=EVERY)
def shared_client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running_pool(tmp_path_factory.mktemp("pool"), flavour=request.param) as running:
        yield log_in(running)


def _fill(value: Answer, names: dict[str, str]) -> Answer:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, dict):
        return {key: _fill(one, names) for key, one in value.items()}
    return type(value)(_fill(one, names) for one in value) if isinstance(value, list | tuple) else value


def _answer(client: Client, row: Row, names: dict[str, str]) -> Answer:
    try:
        value = client.call(row.method, *_fill(row.arguments, names))
    except FailedError as failed:
        return failed.details
    return tuple(value) if isinstance(value, list) else value


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_answer_is_the_one_in_the_table(shared_client: Client, row: Row) -> None:
    names = _names(shared_client)
    assert _answer(shared_client, row, names) == _fill(row.answer_of(shared_client.pool.flavour), names)


def _names(client: Client) -> dict[str, str]:
    """What the names in the rows stand for."""
    library = client.call("SR.get_by_name_label", "ISO library")[0]
    (disk,) = (vdi for vdi in client.pool.report()["vdis"] if vdi["attached"])
    (pbd,) = (one for one in client.pool.report()["pbds"] if _is_golds(one) and one["host_name"] == "xenct-xen1")
    return {
        "$master": client.host(),
        "$slave": client.host("xenct-xen2"),
        "$sr": client.call("SR.get_by_uuid", NETAPP_GOLD),
        "$secret": client.tecmint()["chappassword_secret"],
        "$share": client.share_secret("backup"),
        "$pool": client.call("pool.get_all")[0],
        "$silver": client.call("SR.get_by_name_label", "netapp-silver")[0],
        "$library": library,
        "$image": client.call("SR.get_VDIs", library)[0],
        "$vdi": disk["ref"],
        "$pbd": pbd["ref"],
    }


def _is_golds(pbd: dict[str, Answer]) -> bool:
    return bool(pbd["sr_uuid"] == NETAPP_GOLD)


def test_that_7_6_still_has_the_old_words_is_a_guess() -> None:
    telling = [row for row in ROWS if LOGIN_TEXT in str(row.answer)]
    assert {row.certainty_of("7.6") for row in telling} == {"guessed"}
    assert "sure" in {row.certainty_of("6.5") for row in telling}
    assert all(OLD_LOGIN_TEXT in str(row.answer_of("7.6")) for row in telling)


def test_no_two_rows_have_one_name() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("flavour", EVERY)
def test_the_number_of_every_failure_of_the_storage_manager_is_read_back(flavour: str) -> None:
    answers = [row.answer_of(flavour) for row in ROWS if isinstance(row.answer_of(flavour), list)]
    failures = [answer for answer in answers if answer[0].startswith("SR_BACKEND_FAILURE_")]
    assert len(failures) > len(ROWS) / 3
    for details in failures:
        number = int(details[0].rpartition("_")[2])
        assert (read_failure(details).root == number) is (number != WRAPPED), details
