"""What discovery shows, hides and refuses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.request.events import Cancelled
from bot.request.found import Portal
from bot.request.model import Address, State
from tests.integration.workers.clock import START
from tests.integration.workers.world import CLEAN, EQUALLOGIC, NETAPP, REQUESTER, World, a_world, trouble_of


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with a_world(tmp_path) as world:
        yield world


@pytest.mark.parametrize(
    ("address", "credential", "reason"),
    [
        (Address("10.0.0.99", 3260), None, "target_unreachable"),
        (Address("10.0.0.5", 3261), None, "target_unreachable"),
        (Address("nobody.example", 3260), None, "name_not_resolved"),
        (Address("192.0.2.1", 3260), None, "address_not_allowed"),
        (Address("forbidden.example", 3260), None, "address_not_allowed"),
        (EQUALLOGIC, None, "chap_missing"),
        (EQUALLOGIC, "wrong", "chap_wrong"),
        (EQUALLOGIC, "lost", "credential_missing"),
        (EQUALLOGIC, "unheard-of", "credential_missing"),
        (NETAPP, "tecmint", "credential_not_for_address"),
    ],
)
def test_what_keeps_targets_from_being_found_pauses_the_request(
    world: World, address: Address, credential: str | None, reason: str
) -> None:
    trouble = trouble_of(world.targets(world.ask(address, credential)))
    assert trouble.reason == reason
    assert "canary-wrong-chap" not in repr(trouble)
    assert world.leftovers() == CLEAN


def test_the_trouble_names_what_its_sentence_needs(world: World) -> None:
    trouble = trouble_of(world.targets(world.ask(EQUALLOGIC, "wrong")))
    assert trouble.code == "SR_BACKEND_FAILURE_68"
    assert (trouble.fact("address"), trouble.fact("credential")) == ("10.0.0.5:3260", "wrong")
    assert (trouble.fact("pool"), trouble.fact("detail")) == ("xenct", "ISCSILogin")


def test_a_host_without_an_initiator_iqn_is_told_apart(world: World) -> None:
    world.host(host="xenct-xen1", iqn="")
    assert trouble_of(world.targets(world.ask())).reason == "host_iqn_missing"


def test_portals_outside_of_what_is_allowed_are_left_out(world: World) -> None:
    request_id = world.ask(NETAPP, None)
    request = world.targets(request_id)
    assert [portal.address for portal in world.offered_targets(request)[0].portals] == [
        "10.0.1.11",
        "10.0.1.12",
        "10.0.1.13",
        "10.0.1.14",
    ]
    world.narrow("10.0.1.0/28", "10.0.1.11")
    narrowed = world.targets(world.ask(NETAPP, None))
    assert world.offered_targets(narrowed)[0].portals == (Portal("10.0.1.11", 3260),)


def test_targets_without_an_allowed_portal_are_hidden_and_counted(world: World) -> None:
    # The array answers at an address that is allowed and names portals that are not.
    world.array(op="put_array", array=OTHER_NETWORK)
    world.array(op="name", name="san.example", address="10.0.7.9")
    trouble = trouble_of(world.targets(world.ask(Address("san.example", 3260), None)))
    assert trouble.reason == "no_targets"
    assert trouble.fact("hidden") == "1"


def test_an_array_without_targets_says_so(world: World) -> None:
    world.array(op="put_array", array={**OTHER_NETWORK, "targets": [], "portals": [{"address": "10.0.3.90"}]})
    assert trouble_of(world.targets(world.ask(Address("10.0.3.90", 3260), None))).reason == "no_targets"


def test_ten_thousand_targets_are_stored_once_and_left_to_the_requester(world: World) -> None:
    request = world.targets(world.ask(Address("10.0.2.5", 3260), None))
    assert request.state is State.CHOOSING_TARGET
    assert request.targets is not None
    assert request.targets.count == len(world.offered_targets(request)) == 10_000


def test_an_ipv6_portal_on_another_port_is_found_and_logged_in_to(world: World) -> None:
    request_id = world.choosing_lun(Address("fd00:10::5", 3261), None)
    (offered,) = world.offered_luns(world.look(request_id))
    assert offered.lun.size == 80 * 1024**3


def test_a_name_is_resolved_by_the_pool_and_logged_in_to_at_an_allowed_portal(world: World) -> None:
    trouble = trouble_of(world.targets(world.ask(Address("san.example", 3260), "tecmint")))
    assert trouble.reason == "credential_not_for_address"
    world.array(op="name", name="san.example", address="10.0.1.12")
    request = world.look(world.choosing_lun(Address("san.example", 3260), None))
    assert request.luns is not None
    assert request.luns.count == 60


def test_used_luns_are_marked_with_their_sr(world: World) -> None:
    request_id = world.choosing_lun(NETAPP, None)
    rows = {row.lun.lun_id: row.used_by for row in world.offered_luns(world.look(request_id))}
    used = {lun_id: usage.sr_name for lun_id, usage in rows.items() if usage is not None}
    assert used == {0: "netapp-gold", 1: "netapp-silver", 2: "netapp-vdi"}
    assert world.leftovers() == CLEAN


def test_a_target_without_luns_pauses_the_request(world: World) -> None:
    request_id = world.ask(Address("10.0.3.5", 3260), None)
    world.targets(request_id)
    assert trouble_of(world.luns(request_id)).reason == "no_luns"


def test_an_iqn_that_is_no_longer_offered_pauses_the_request(world: World) -> None:
    request_id = world.ask()
    request = world.targets(request_id)
    assert request.target is not None
    world.array(op="remove_target", array="equallogic", iqn=request.target.iqn)
    trouble = trouble_of(world.luns(request_id))
    assert (trouble.reason, trouble.fact("iqn")) == ("iqn_not_offered", request.target.iqn)


def test_a_portal_that_may_not_be_reached_any_more_is_not_logged_in_to(world: World) -> None:
    request_id = world.ask()
    world.targets(request_id)
    world.narrow('"10.0.0.0/24", ', "")
    assert trouble_of(world.luns(request_id)).reason == "address_not_allowed"


def test_damaged_documents_are_not_taken_for_empty_ones(world: World) -> None:
    cut = ["SR_BACKEND_FAILURE_96", "", "The request is missing the target IQN parameter", "<?xml version='1.0' ?><isc"]
    world.pool.fault("SR.probe", "error", details=cut)
    trouble = trouble_of(world.targets(world.ask()))
    assert trouble.reason == "unreadable_answer"


def test_a_used_lun_of_another_pool_is_marked_and_a_silent_pool_left_out(tmp_path: Path) -> None:
    with a_world(tmp_path / "one") as other:
        other.create(other.approved())
        others = [("elsewhere", other.pool.url, other.pool.password), ("silent", "http://127.0.0.1:9", "none")]
        with a_world(tmp_path / "two", others=others) as world:
            request_id = world.choosing_lun()
            (offered,) = world.offered_luns(world.look(request_id))
            assert offered.used_by is not None
            assert offered.used_by.pool == "elsewhere"


def test_a_target_whose_credential_may_not_go_to_its_portals_is_not_logged_in_to(world: World) -> None:
    request_id = world.ask()
    world.targets(request_id)
    world.narrow('addresses = ["10.0.0.5"]\npassword_file = "chap"', 'addresses = ["10.0.0.6"]\npassword_file = "chap"')
    assert trouble_of(world.luns(request_id)).reason == "credential_not_for_address"


def test_a_pool_whose_password_cannot_be_read_is_told_without_it(world: World) -> None:
    (world.folder / "xenct").unlink()
    assert trouble_of(world.targets(world.ask())).reason == "pool_password_missing"


def test_an_error_of_our_own_pauses_the_request(world: World) -> None:
    world.pool.do(lambda model: model.objects.set("pool", model.pool()[0], master=""))
    request = world.targets(world.ask())
    assert request.state is State.PAUSED


def test_a_request_that_expired_before_its_turn_ends(world: World) -> None:
    request_id = world.ask()
    world.clock.now = START + 4000
    assert world.targets(request_id).state is State.EXPIRED
    assert world.calls() == {}


def test_a_discovery_that_was_cancelled_meanwhile_leaves_without_a_trace(world: World) -> None:
    request_id = world.ask()

    def cancel(seconds: float) -> None:
        del seconds
        if not world.look(request_id).ended:
            world.happens(request_id, Cancelled(at=world.clock(), actor=REQUESTER))

    world.workplace = replace(world.workplace, pause=cancel)
    world.pool.fault("SR.probe", "delay", seconds=0.2)
    assert world.targets(request_id).state is State.CANCELLED
    assert world.leftovers() == CLEAN


def test_an_accident_of_ours_in_a_discovery_pauses_it(world: World) -> None:
    def broken(seconds: float) -> None:
        raise ZeroDivisionError(seconds)

    world.workplace = replace(world.workplace, pause=broken)
    world.pool.fault("SR.probe", "delay", seconds=0.2)
    assert trouble_of(world.targets(world.ask())).reason == "internal"


@pytest.mark.parametrize(("kind", "reason"), [("hang", "xen_timeout"), ("cut_before", "connection_lost")])
def test_a_pool_that_hangs_or_breaks_off_pauses_the_request(tmp_path: Path, kind: str, reason: str) -> None:
    with a_world(tmp_path, read=0.5) as world:
        world.pool.fault("pool.get_all_records", kind)
        trouble = trouble_of(world.targets(world.ask()))
        assert trouble.reason == reason
        assert trouble.fact("host").startswith("127.0.0.1")
        assert world.leftovers() == CLEAN


def test_a_pool_that_refuses_our_login_is_told_apart(world: World) -> None:
    (world.folder / "xenct").write_text("canary-wrong-root", encoding="utf-8")
    trouble = trouble_of(world.targets(world.ask()))
    assert trouble.reason == "xen_login_refused"
    assert "canary" not in repr(trouble)


def test_a_pool_whose_master_is_down_is_unreachable(world: World) -> None:
    world.narrow(world.pool.url, "http://127.0.0.1:9")
    assert trouble_of(world.targets(world.ask())).reason == "host_unreachable"


def test_a_pool_whose_master_moved_is_followed(world: World) -> None:
    if world.pool.slave_url is None:
        pytest.skip("a second loopback address can't be bound here")
    world.narrow(world.pool.url, world.pool.slave_url)
    assert world.targets(world.ask()).state is State.DISCOVERING_LUNS
    assert world.leftovers() == CLEAN


OTHER_NETWORK = {
    "name": "other-network",
    "portals": [{"address": "10.0.7.9"}],
    "targets": [{"iqn": "iqn.2026-01.com.example:other", "luns": []}],
}
