from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

import pytest

from deploy.sandbox.pool.serving import RunningPool, running_pool
from deploy.sandbox.showing import _verdict
from deploy.sandbox.tour.person import Baffled, Person, Seen
from deploy.sandbox.tour.playing import Conversation, Stage, _check, _ended, _pbds_and_hosts

ISO_LIBRARY = "f2c37b99-5ea6-4d81-83fa-90b4e6d5c909"
NOBODY = Person("http://127.0.0.1:1", "U1", "Nobody")


def stage(pool: RunningPool, password: str = "") -> Stage:
    return Stage("http://127.0.0.1:1", {}, pool.url, password or pool.password)


def seen(**body: object) -> Seen:
    return Seen("C1", {"ts": "1.0", **body})


def test_the_pool_is_asked_for_the_pbds_of_the_sr_and_all_its_hosts(tmp_path: Path) -> None:
    with running_pool(tmp_path) as pool:
        pbds, hosts = _pbds_and_hosts(stage(pool), ISO_LIBRARY)
    assert [pbd["currently_attached"] for pbd in pbds] == [True, True]
    assert len(hosts) == 2


def test_an_sr_that_is_not_there_and_a_login_that_fails_baffle(tmp_path: Path) -> None:
    with running_pool(tmp_path) as pool:
        with pytest.raises(Baffled, match="the pool answered UUID_INVALID"):
            _pbds_and_hosts(stage(pool), "00000000-0000-0000-0000-000000000000")
        with pytest.raises(Baffled, match="SESSION_AUTHENTICATION_FAILED"):
            _pbds_and_hosts(stage(pool, "wrong"), ISO_LIBRARY)


def test_a_card_without_a_uuid_baffles(tmp_path: Path) -> None:
    talk = Conversation(NOBODY, "C1", str, print)
    with running_pool(tmp_path) as pool, pytest.raises(Baffled, match="the card names no UUID"):
        _check(stage(pool), seen(text="The SR is ready"), talk)


@pytest.mark.parametrize(("state", "ended"), [("succeeded", "succeeded"), ("failed", "failed"), ("running", None)])
def test_the_end_of_a_request_is_read_from_its_card(state: str, ended: str | None) -> None:
    assert _ended(seen(metadata={"event_payload": {"state": state}})) == ended


def test_the_verdict_is_0_for_a_uuid_and_1_with_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    good: Future[str] = Future()
    good.set_result("a-uuid")
    bad: Future[str] = Future()
    bad.set_exception(Baffled("nobody came"))
    assert (_verdict(good, print), _verdict(bad, print)) == (0, 1)
    said = capsys.readouterr().out
    assert "The tour is over: SR a-uuid" in said
    assert "The tour did not come to its end: nobody came" in said
