from __future__ import annotations

from collections.abc import Iterator

import pytest

from deploy.sandbox.pool.serving import running_pool
from tests.contract.pool.rows.calls import CALLS
from tests.contract.pool.rows.probes import PROBES
from tests.contract.pool.rows.row import EVERY, Row
from tests.contract.pool.wire_client import Answer, Client, FailedError, log_in

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


@pytest.mark.parametrize("row", [*PROBES, *CALLS], ids=lambda row: row.name)
def test_the_answer_is_the_one_in_the_table(shared_client: Client, row: Row) -> None:
    client = shared_client
    names = {
        "$master": client.host(),
        "$slave": client.host("xenct-xen2"),
        "$sr": client.call("SR.get_by_uuid", NETAPP_GOLD),
        "$secret": client.tecmint()["chappassword_secret"],
    }
    assert _answer(client, row, names) == _fill(row.answer_of(client.pool.flavour), names)
