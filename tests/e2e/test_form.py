"""Storage that is asked for without a command: by the form, from Home and from the shortcut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from deploy.sandbox.tour.person import Person
from tests.e2e import asking
from tests.e2e.sandboxes import Sandbox, opened

View = dict[str, Any]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with opened(tmp_path_factory.mktemp("form") / "state") as running:
        yield running


def dialog(person: Person) -> View:
    """Wait for the dialog in front of somebody."""
    return comes(person, "a dialog", person.dialog)


def comes(person: Person, what: str, look: Callable[[], View | None]) -> View:
    found: list[View] = []

    def seen() -> Any:  # noqa: ANN401 - a view stands in for a message
        found[:] = [view] if (view := look()) else []
        return found or None

    person.waits_for(what, seen, asking.SECONDS)
    return found[0]


def home_with(person: Person, *texts: str) -> View:
    def look() -> View | None:
        view = person.opens_home()
        return view if view and all(text in str(view["blocks"]) for text in texts) else None

    return comes(person, " and ".join(texts), look)


def asks(person: Person, kind: str, filled: dict[str, str]) -> None:
    """Fill in the form that is open, both pages of it."""
    assert person.submits(dialog(person), {"channel": "#storage", "kind": kind})["response_action"] == "push"
    assert person.submits(dialog(person), filled)["response_action"] == "clear"


def test_an_sr_is_asked_for_at_home_and_decided_from_there(sandbox: Sandbox) -> None:
    requester, approver = sandbox.person("requester"), sandbox.person("approver-1")
    requester.presses_at_home(home_with(requester, "Your requests"), "Add storage…")
    asks(requester, "An SR on an iSCSI LUN", {"place": "10.0.0.5", "name": "Asked at Home", "reason": "OPS-1: room"})
    asking.picks_a_lun(sandbox, "Asked at Home")
    requester.presses(asking.is_shown(sandbox, "Asked at Home", "Request approval"), "Request approval")
    home_with(approver, "Waiting for you to decide", "Asked at Home", "its thread")
    uuid = asking.is_approved(sandbox, "Asked at Home")
    sr = sandbox.sr("Asked at Home")
    assert sr is not None
    assert sr["uuid"] == uuid
    home_with(requester, "Asked at Home", "The SR is ready")
    home_with(approver, "Nothing waits for you")


def test_an_iso_library_is_asked_for_by_the_shortcut(sandbox: Sandbox) -> None:
    requester = sandbox.person("requester")
    requester.uses("add_storage")
    asks(
        requester,
        "An ISO library on a share",
        {"place": "//files.example/iso", "credential": "backup", "name": "Images by shortcut"},
    )
    requester.presses(asking.is_shown(sandbox, "Images by shortcut", "Request approval"), "Request approval")
    asking.is_approved(sandbox, "Images by shortcut")
    sr = sandbox.sr("Images by shortcut")
    assert sr is not None
    assert sr["type"] == "iso"
