"""What may be said beside an iSCSI array's address: all portals of the target, and CHAP both ways."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.asking import asks, is_created, is_shown, picks_a_lun
from tests.e2e.sandboxes import Sandbox, opened

PORTALS = ["10.0.1.11:3260", "10.0.1.12:3260", "10.0.1.13:3260", "10.0.1.14:3260"]

CONTROLLERS = ("iqn.1986-03.com.hp:storage.msa.a", "iqn.1986-03.com.hp:storage.msa.b")


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with opened(tmp_path_factory.mktemp("options") / "state") as running:
        yield running


def test_every_host_logs_in_to_all_portals_where_that_was_asked_for(sandbox: Sandbox) -> None:
    asks(sandbox, "All portals", "/sr add iscsi 10.0.1.11 multihomed=yes")
    picks_a_lun(sandbox, "All portals")
    is_shown(sandbox, "All portals", "Request approval", "all portals")
    uuid = is_created(sandbox, "All portals")
    pbds = [pbd for pbd in sandbox.model()["pbds"] if pbd["sr_uuid"] == uuid]
    assert [pbd["device_config"]["multihomed"] for pbd in pbds] == ["true", "true"]
    assert [sorted(pbd["portals"]) for pbd in pbds] == [PORTALS, PORTALS]
    assert all(pbd["currently_attached"] for pbd in pbds)


def test_every_host_logs_in_to_all_targets_of_an_array_where_that_was_asked_for(sandbox: Sandbox) -> None:
    asks(sandbox, "Both controllers", "/sr add iscsi 10.0.3.9 target=*")
    picks_a_lun(sandbox, "Both controllers")
    is_shown(sandbox, "Both controllers", "Request approval", "all that the array offers", *CONTROLLERS)
    uuid = is_created(sandbox, "Both controllers")
    pbds = [pbd for pbd in sandbox.model()["pbds"] if pbd["sr_uuid"] == uuid]
    assert [pbd["device_config"]["targetIQN"] for pbd in pbds] == ["*", "*"]
    assert [sorted(pbd["portals"]) for pbd in pbds] == [["10.0.3.10:3260", "10.0.3.9:3260"]] * 2
    assert all(pbd["currently_attached"] for pbd in pbds)


def test_an_array_that_shows_itself_too_is_used_with_a_credential_for_both_ways(sandbox: Sandbox) -> None:
    asks(sandbox, "Both ways", "/sr add iscsi 10.0.3.8 chap=both-ways")
    picks_a_lun(sandbox, "Both ways")
    is_shown(sandbox, "Both ways", "Request approval", ", mutual")
    uuid = is_created(sandbox, "Both ways")
    configs = [pbd["device_config"] for pbd in sandbox.model()["pbds"] if pbd["sr_uuid"] == uuid]
    assert [(config["chapuser"], config["incoming_chapuser"]) for config in configs] == [("tecmint", "qnap")] * 2
    kept = [config[key] for config in configs for key in ("chappassword_secret", "incoming_chappassword_secret")]
    assert set(kept) == {secret["uuid"] for secret in sandbox.model()["secrets"] if secret["uuid"] in kept}
    assert len(set(kept)) == len(kept)
    assert not any(key in config for config in configs for key in ("chappassword", "incoming_chappassword"))


def test_an_array_that_shows_itself_is_not_trusted_with_a_credential_for_one_way(sandbox: Sandbox) -> None:
    before = len(sandbox.model()["srs"])
    sandbox.person("requester").types(sandbox.storage, '/sr add iscsi 10.0.3.8 chap=tecmint name="One way"')
    is_shown(sandbox, "names no credential that may be sent to", "10.0.3.8")
    assert len(sandbox.model()["srs"]) == before
