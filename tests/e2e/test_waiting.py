from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from deploy.sandbox.tour.person import Seen
from tests.e2e import asking
from tests.e2e.sandboxes import Sandbox, opened

# docs.slack.dev: slash commands: an acknowledgement within 3000 milliseconds.
ACK_WITHIN = 3.0
HANG = 60.0


@pytest.fixture
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with opened(tmp_path_factory.mktemp("waiting") / "state", impatient=True) as running:
        yield running


def acked_within(sandbox: Sandbox, text: str) -> float:
    """Type a command and give the seconds until its ack; raises where Slack says that none came."""
    began = time.monotonic()
    sandbox.person("requester").types(sandbox.storage, text)
    return time.monotonic() - began


def test_a_pool_that_hangs_delays_no_ack_and_the_cards_say_what_they_wait_for(sandbox: Sandbox) -> None:
    sandbox.changes("fault", method="SR.probe", kind="hang", seconds=HANG)
    assert acked_within(sandbox, f'{asking.COMMAND} name="First"') < ACK_WITHIN
    waiting = asking.is_shown(sandbox, "First", "Still waiting")
    assert waiting.says("Looking for targets", "Pool `xenct` takes its time", "already (since")
    for text in (f'{asking.COMMAND} name="Second"', "/sr list", "/sr help", "/sr ad"):
        assert acked_within(sandbox, text) < ACK_WITHIN
    behind = asking.is_shown(sandbox, "Second", "Still waiting")
    assert behind.says("The worker of pool `xenct` is busy with something else; this comes next.", "already (since")
    asking.is_shown(sandbox, "hasn't answered yet")
    presses_cancel(sandbox, behind)
    assert asking.is_shown(sandbox, "Second", "cancelled").says("Second")


def presses_cancel(sandbox: Sandbox, card: Seen) -> None:
    began = time.monotonic()
    sandbox.person("requester").presses(card, "Cancel")
    assert time.monotonic() - began < ACK_WITHIN


def test_a_login_that_hangs_delays_no_ack_and_the_card_says_so(sandbox: Sandbox) -> None:
    sandbox.changes("fault", method="session.login_with_password", kind="hang", seconds=HANG)
    assert acked_within(sandbox, f'{asking.COMMAND} name="Builds"') < ACK_WITHIN
    waiting = asking.is_shown(sandbox, "Builds", "Still waiting")
    assert waiting.says("Pool `xenct` takes its time", "already (since", "Cancel")
    assert acked_within(sandbox, "/sr help") < ACK_WITHIN
