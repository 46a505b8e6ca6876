"""From what goes wrong on the pool or the array to the words on the card, with the worker as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.request.model import Address, Request, State
from bot.request.plan import Purpose
from bot.slack.cards.card import request_card
from bot.slack.cards.details import details_message
from tests.integration.workers.world import EQUALLOGIC, NETAPP, SILENT, World, a_world
from tests.unit.slack.reading import buttons, fits, words

IQN = "iqn.2001-05.com.equallogic"
INITIATOR = "iqn.2026-01.com.example:same"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path, read=0.5) as world:
        yield world


def targets_refused(code: str, text: str = "") -> Callable[[World], Request]:
    """Let the storage manager refuse the search for targets."""

    def play(world: World) -> Request:
        world.pool.fault("SR.probe", "error", details=[code, "", text, ""])
        return world.targets(world.ask())

    return play


def inspection_refused(code: str) -> Callable[[World], Request]:
    def play(world: World) -> Request:
        request_id = world.choosing_lun()
        world.pick(request_id)
        world.pool.fault("SR.probe", "error", details=[code, "", "", ""])
        return world.inspect(request_id)

    return play


def asked(address: Address, credential: str | None, **more: str) -> Callable[[World], Request]:
    return lambda world: world.targets(world.ask(address, credential, **more))


def iqn_gone(world: World) -> Request:
    request_id = world.ask()
    request = world.targets(request_id)
    assert request.target is not None
    world.array(op="remove_target", array="equallogic", iqn=request.target.iqn)
    return world.luns(request_id)


def no_luns(world: World) -> Request:
    request_id = world.ask(Address("10.0.3.5", 3260), None)
    world.targets(request_id)
    return world.luns(request_id)


def no_targets(world: World) -> Request:
    world.array(op="put_array", array={"name": "bare", "portals": [{"address": "10.0.3.90"}], "targets": []})
    return world.targets(world.ask(Address("10.0.3.90", 3260), None))


def lun_gone(world: World) -> Request:
    request_id = world.choosing_lun()
    request = world.pick(request_id)
    assert request.target is not None
    world.array(op="remove_lun", array="equallogic", iqn=request.target.iqn, lun_id=0)
    return world.inspect(request_id)


def lun_in_use(world: World) -> Request:
    request_id = world.choosing_lun(NETAPP, None)
    world.pick(request_id, 1)
    return world.inspect(request_id)


def pool_silent(world: World) -> Request:
    world.narrow("[channels.C0STORAGE]", f"{SILENT}[channels.C0STORAGE]")
    request_id = world.choosing_lun(NETAPP, None)
    world.pick(request_id, 3)
    return world.inspect(request_id)


def nobody_overrides(world: World) -> Request:
    world.narrow('may_override = ["UAPPROVER2"]\n', "")
    return pool_silent(world)


def same_iqn(world: World) -> Request:
    request_id = world.choosing_lun()
    world.pick(request_id)
    world.host(host="xenct-xen2", iqn=INITIATOR)
    world.host(host="xenct-xen1", iqn=INITIATOR)
    return world.inspect(request_id)


def nothing_to_attach(world: World) -> Request:
    request_id = world.choosing_lun(purpose=Purpose.ATTACH)
    world.pick(request_id)
    return world.inspect(request_id)


def host_without_iqn(world: World) -> Request:
    world.host(host="xenct-xen1", iqn="")
    return world.targets(world.ask())


def hanging(world: World) -> Request:
    world.pool.fault("pool.get_all_records", "hang")
    return world.targets(world.ask())


def create_cut_off(world: World) -> Request:
    request_id = world.approved()
    world.pool.fault("Async.SR.create", "cut_before")
    return world.create(request_id)


@pytest.mark.parametrize(
    ("play", "said", "next_step"),
    [
        (targets_refused("SR_BACKEND_FAILURE_83"), "The array no longer offers the target.", "pick another target"),
        (targets_refused("SR_BACKEND_FAILURE_97"), "has no initiator IQN.", "Give it one"),
        (targets_refused("SR_BACKEND_FAILURE_140"), "can't resolve `10.0.0.5:3260`", "hosts' DNS"),
        (
            targets_refused("SR_BACKEND_FAILURE_141"),
            "Nothing answers for iSCSI at `10.0.0.5:3260`",
            "change the address",
        ),
        (targets_refused("SR_BACKEND_FAILURE_201"), "The pool is busy with the same storage.", "Wait a minute"),
        (targets_refused("SR_BACKEND_FAILURE_68"), "with the credential `tecmint`", "Change the credential"),
        (targets_refused("CANNOT_CONTACT_HOST"), "doesn't answer.", "reachable from the worker"),
        (
            inspection_refused("SR_BACKEND_FAILURE_107"),
            "The LUN that was picked is gone since the pick.",
            "its mapping",
        ),
        (inspection_refused("SR_BACKEND_FAILURE_16"), "The LUN is in use: by something else", "Pick another LUN."),
        (
            asked(EQUALLOGIC, None),
            "The array refused the login, which went without a CHAP credential.",
            "if the array wants CHAP",
        ),
        (asked(EQUALLOGIC, "lost"), "can't read the password of the credential `lost`", "An operator must"),
        (asked(NETAPP, "tecmint"), "The credential `tecmint` may not be sent to `10.0.1.11`.", "Change the credential"),
        (
            asked(Address("192.0.2.1", 3260), None),
            "`192.0.2.1:3260` is not among the allowed targets.",
            "ask the operator",
        ),
        (asked(EQUALLOGIC, None, pool="nowhere"), "The worker knows no pool `nowhere`.", "put the configuration right"),
        (host_without_iqn, "has no initiator IQN.", "allow it on the array"),
        (same_iqn, f"have the same initiator IQN `{INITIATOR}`", "Give each host an IQN of its own"),
        (nothing_to_attach, "The LUN holds no SR that could be attached.", "/sr add iscsi"),
        (hanging, "XenServer did not answer in time.", "Look at the pool's tasks"),
        (
            no_targets,
            "The array at `10.0.3.90:3260` answers, but offers no target that may be used.",
            "Allow the hosts'",
        ),
        (iqn_gone, f"The array no longer offers `{IQN}", "or pick another target"),
        (no_luns, "worked, but no LUN is mapped to this pool.", "initiator IQNs of all hosts"),
        (lun_gone, "The LUN that was picked is gone since the pick.", "or pick another LUN"),
        (lun_in_use, "The LUN is in use: `netapp-silver`", "Pick another LUN."),
        (
            nobody_overrides,
            "Pool `silent` could not be asked whether it uses this storage, so it counts as in use.",
            "try again",
        ),
    ],
)
def test_what_goes_wrong_reaches_the_card_in_words_with_the_next_step(
    world: World, play: Callable[[World], Request], said: str, next_step: str
) -> None:
    request = play(world)
    assert request.state is State.PAUSED
    card = request_card(request)
    fits(card)
    assert said in words(card)
    assert next_step in words(card)
    assert f"reference `{request.id}-{request.work.step}`" in words(card)


def test_a_create_that_nobody_knows_the_end_of_says_so_on_the_card(world: World) -> None:
    request = create_cut_off(world)
    assert request.state is State.UNKNOWN
    card = request_card(request)
    fits(card)
    assert "XenServer did not say how this ended for the SR." in words(card)
    assert "Look at the pool before anything else is done with the storage." in words(card)


def test_an_sr_that_is_found_stands_on_the_card_and_so_does_what_can_become_of_it(world: World) -> None:
    request = world.look(world.found())
    card = request_card(request)
    fits(card)
    assert "`old-projects`" in words(card) or "old-projects" in words(card)
    assert "7d3e0a64-1f9b-4b52-8c17-55aa02f6d404" in words(card)
    assert buttons(card)[:2] == ["Attach it", "Format over it…"]
    follows = world.look(world.formatting(request.id))
    assert "over the SR `7d3e0a64-1f9b-4b52-8c17-55aa02f6d404`" in words(request_card(follows))


def test_a_plan_that_was_inspected_stands_on_the_card_with_what_each_host_sees(world: World) -> None:
    request_id = world.choosing_lun()
    world.pick(request_id)
    card = request_card(world.inspect(request_id))
    fits(card)
    for host in ("xenct-xen1", "xenct-xen2"):
        assert f"`{host}`: sees the LUN · multipath off · initiator `iqn." in words(card)


def test_what_xenserver_wrote_reaches_who_asks_for_details_and_not_the_card(world: World) -> None:
    request = targets_refused("SR_BACKEND_FAILURE_141", "Unable to connect to iSCSI service [canary]")(world)
    card, said = request_card(request), details_message(request)
    assert "canary" not in words(card)
    assert "Details" in buttons(card)
    assert not isinstance(said, str)
    assert "canary" in words(said)
    assert f"reference `{request.id}-{request.work.step}`" in words(said)
