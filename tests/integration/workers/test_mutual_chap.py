"""Mutual CHAP: the array shows itself to each host, and its password is a secret as the hosts' own is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.request.model import State
from tests.integration.workers.recording import recorded
from tests.integration.workers.world import (
    CLEAN,
    OLDEST_AND_NEWEST,
    SCSI_ID,
    World,
    a_world,
    reason_of,
    trouble_of,
)

MUTUAL = 'incoming_user = "array"\nincoming_password_file = "array"\n'
FORWARD = 'addresses = ["10.0.0.5"]\npassword_file = "chap"\n'


@pytest.fixture(params=OLDEST_AND_NEWEST)
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with a_world(tmp_path, flavour=request.param) as world:
        shows_itself(world)
        (tmp_path / "array").write_text(world.pool.chap_password("array") + "\n", encoding="utf-8")
        world.narrow(FORWARD, FORWARD + MUTUAL)
        yield world


def shows_itself(world: World, user: str = "array") -> None:
    """The EqualLogic shows itself as that user from now on."""
    target = world.pool.do(lambda model: model.arrays["equallogic"].targets[0].iqn)
    world.array(op="put_target", array="equallogic", target={"iqn": target, "mutual_user": user})


def test_an_sr_is_created_with_secrets_of_its_own_for_both_passwords(world: World) -> None:
    request_id = world.approved()
    plan = world.look(request_id).plan
    assert plan is not None
    assert plan.way is not None
    assert plan.way.mutual
    request = world.create(request_id)
    assert request.state is State.SUCCEEDED, request.trouble
    assert request.outcome is not None
    configs = [pbd["device_config"] for pbd in world.pbds(request.outcome.sr.uuid).values()]
    assert [(config["chapuser"], config["incoming_chapuser"]) for config in configs] == [("tecmint", "array")] * 2
    secrets = [config[key] for config in configs for key in ("chappassword_secret", "incoming_chappassword_secret")]
    assert len(set(secrets)) == 4
    assert world.leftovers() == CLEAN
    assert world.overwritten() == [SCSI_ID]


def test_no_password_stands_in_a_call_but_those_that_make_secrets(world: World) -> None:
    with recorded() as record:
        world.create(world.approved())
    sent = [(method, args) for method, args in record.calls if method != "secret.create"]
    for user in ("tecmint", "array"):
        assert world.pool.chap_password(user) not in repr(sent)


def test_a_discovery_does_not_ask_the_array_to_show_itself(world: World) -> None:
    with recorded() as record:
        world.targets(world.ask())
    (config,) = record.configs()
    assert "chapuser" in config
    assert not [key for key in config if key.startswith("incoming")]


def test_an_array_that_can_not_show_itself_is_refused(world: World) -> None:
    shows_itself(world, "")
    request_id = world.ask()
    world.targets(request_id)
    assert trouble_of(world.luns(request_id)).reason == "chap_wrong"
    assert world.leftovers() == CLEAN


def test_an_array_that_shows_itself_as_somebody_else_is_refused(world: World) -> None:
    (world.folder / "array").write_text("canary-wrong\n", encoding="utf-8")
    request_id = world.ask()
    world.targets(request_id)
    trouble = trouble_of(world.luns(request_id))
    assert trouble.reason == "chap_wrong"
    assert "canary" not in repr(trouble)


def test_a_password_that_can_not_be_read_stops_it(world: World) -> None:
    (world.folder / "array").unlink()
    assert reason_of(world.targets(world.ask())) == "credential_missing"
    assert world.leftovers() == CLEAN


def test_a_plan_with_mutual_chap_does_not_run_without_it(world: World) -> None:
    request_id = world.approved()
    world.narrow(MUTUAL, "")
    request = world.create(request_id)
    assert (request.state, request.changes) == (
        State.STALE,
        ("CHAP with that credential is not mutual any more",),
    )
    other = world.approved()
    world.narrow(FORWARD, FORWARD + MUTUAL)
    assert world.create(other).changes == ("CHAP with that credential is mutual now",)
    assert world.overwritten() == []


def test_a_create_that_fails_leaves_no_copy_of_either(world: World) -> None:
    request_id = world.approved()
    target = world.pool.do(lambda model: model.arrays["equallogic"].targets[0].iqn)
    world.array(op="put_lun", array="equallogic", iqn=target, lun={"lun_id": 0, "block_size": 4096})
    assert world.create(request_id).state is State.FAILED
    assert world.pool.report()["secrets"] == []
