# ruff: noqa: FBT003 - the booleans of XenAPI are positional
from __future__ import annotations

from collections.abc import Coroutine, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import XenAPI

from deploy.sandbox.pool.model import Model
from deploy.sandbox.pool.scenario.reading import read_scenario
from deploy.sandbox.pool.serving import running_pool
from deploy.sandbox.pool.storage import dispatching
from deploy.sandbox.pool.storage.errors import StorageError
from deploy.sandbox.pool.storage.srs import NewSr
from tests.integration.network.pools import SCENARIO, Asking, asking
from tests.integration.network.test_shares import library

LUN = {"target": "127.0.0.1", "targetIQN": "iqn.2026-01.com.example:plain", "SCSIid": "3600"}
REFUSED = "General backend error [opterr=this pool looks at real storage and changes nothing on it]"


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Asking]:
    with asking(tmp_path, library("library", location="//127.0.0.1/ISO", type="cifs")) as one:
        yield one


def test_nothing_that_changes_storage_is_done(pool: Asking) -> None:
    (sr,) = pool.api.SR.get_by_name_label("library")
    (pbd,) = pool.api.SR.get_PBDs(sr)
    before = pool.api.SR.get_all(), pool.api.PBD.get_all()
    attempts: list[tuple[Any, ...]] = [
        ("SR.create", pool.host, LUN, "0", "x", "", "lvmoiscsi", "user", True, {}),
        ("SR.introduce", "", "x", "", "lvmoiscsi", "user", True, {}),
        ("SR.update", sr),
        ("SR.destroy", sr),
        ("PBD.create", {"host": pool.host, "SR": sr, "device_config": LUN}),
        ("PBD.plug", pbd),
    ]
    for method, *arguments in attempts:
        assert pool.failure(method, *arguments) == ["SR_BACKEND_FAILURE_202", "", REFUSED, ""], method
    assert (pool.api.SR.get_all(), pool.api.PBD.get_all()) == before


def test_the_storage_manager_itself_refuses_too(tmp_path: Path) -> None:
    """Were a call let through by mistake."""
    path = tmp_path / "bench.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    sr = NewSr("", "", "", "", "", "")

    def refused(model: Model) -> list[int]:
        calls = (
            dispatching.create_any(model, model.master(), LUN, sr, "lvmoiscsi"),
            dispatching.attach_any(model, model.master(), LUN, sr, "lvmoiscsi"),
            dispatching.destroy_any(model, model.master(), LUN, sr, "lvmoiscsi"),
        )
        return [code_of(call) for call in calls]

    def code_of(call: Coroutine[Any, Any, object]) -> int:
        with pytest.raises(StorageError) as caught:
            call.send(None)
        return caught.value.code

    with running_pool(tmp_path / "pool", scenario=partial(read_scenario, path)) as pool:
        assert pool.do(refused) == [202, 202, 202]


def test_a_task_that_would_change_storage_fails_the_same(pool: Asking) -> None:
    task = pool.api.Async.SR.create(pool.host, LUN, "0", "x", "", "lvmoiscsi", "user", True, {})
    while pool.api.task.get_status(task) == "pending":
        pass
    assert pool.api.task.get_error_info(task)[0] == "SR_BACKEND_FAILURE_202"


def test_the_pools_own_records_can_still_be_changed(pool: Asking) -> None:
    (sr,) = pool.api.SR.get_by_name_label("library")
    pool.api.SR.set_name_label(sr, "images")
    assert pool.api.SR.get_name_label(sr) == "images"
    for pbd in pool.api.SR.get_PBDs(sr):
        pool.api.PBD.unplug(pbd)
    pool.api.SR.forget(sr)
    assert pool.api.SR.get_all() == []


def test_what_reaches_no_network_has_no_probe(pool: Asking) -> None:
    assert pool.fails({}, "lvmohba") == ["SR_OPERATION_NOT_SUPPORTED", ""]
    assert pool.fails({"device": "/dev/sda"}, "lvm") == ["SR_OPERATION_NOT_SUPPORTED", ""]
    assert pool.fails({}, "iso")[0] == "SR_BACKEND_FAILURE"
    with pytest.raises(XenAPI.Failure, match="SR_UNKNOWN_DRIVER"):
        pool.probe({}, "none")


@pytest.mark.parametrize(
    ("config", "number"),
    [
        ({}, 95),
        ({"target": "none.invalid"}, 140),
        ({"target": "[::1]"}, 140),
        ({"target": "127.0.0.1", "port": "70000"}, 142),
        ({"target": "127.0.0.1", "port": "1"}, 141),
        ({"target": "127.0.0.1", "port": "1", "targetIQN": "iqn.x"}, 68),
        ({"target": "127.0.0.1", "port": "1", "targetIQN": "*"}, 202),
    ],
)
def test_what_can_not_be_asked_answers_as_documented(pool: Asking, config: dict[str, str], number: int) -> None:
    assert pool.fails(config)[0] == f"SR_BACKEND_FAILURE_{number}"
