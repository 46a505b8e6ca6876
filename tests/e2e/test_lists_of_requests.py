from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from deploy.sandbox.tour.person import Person, Seen
from tests.e2e import asking
from tests.e2e.sandboxes import Sandbox, opened

ROW = re.compile(r"\* · `([a-z0-9]{9})`")
REQUEST = re.compile(r"Request `([a-z0-9]{9})`")


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with opened(tmp_path_factory.mktemp("requests") / "state") as running:
        yield running


def answered(sandbox: Sandbox, role: str, line: str, *texts: str) -> Seen:
    """Type a line and give the private answer to it."""
    person = sandbox.person(role)
    before = {seen.ts for seen in person.reads(sandbox.storage)}
    person.types(sandbox.storage, line)
    return person.waits_for(line, lambda: fresh(sandbox, person, before, texts), asking.SECONDS)


def fresh(sandbox: Sandbox, person: Person, before: set[str], texts: tuple[str, ...]) -> Seen | None:
    seen = [each for each in person.reads(sandbox.storage) if each.private and each.ts not in before]
    return next((each for each in seen if each.says(*texts)), None)


def id_on(card: Seen) -> str:
    found = REQUEST.search(str(card.blocks))
    assert found is not None, card.body
    return found[1]


def rows(seen: Seen) -> list[str]:
    return ROW.findall(str(seen.blocks))


def test_who_decides_finds_what_waits_and_who_asked_ends_what_is_no_longer_wanted(sandbox: Sandbox) -> None:
    card = asking.gets_a_plan(sandbox, "Builds")
    sandbox.person("requester").presses(card, "Request approval")
    wanted = id_on(asking.is_shown(sandbox, "Builds", "Waiting for approval"))
    asking.asks(sandbox, "Mistaken", asking.NETAPP)
    mistaken = id_on(asking.is_shown(sandbox, "Mistaken", "Choose a"))

    waiting = answered(sandbox, "approver-1", "/sr requests waiting", "Waiting for you to decide")
    assert rows(waiting) == [wanted]
    assert waiting.says("named `Builds`", "|its thread>")
    shown = answered(sandbox, "approver-1", f"/sr request {wanted}", "Waiting for approval", "xenct-xen1")
    assert shown.says("|Its card and its thread>")
    assert not list(shown.elements())

    answered(sandbox, "approver-1", f"/sr cancel {mistaken}", "Only the person who asked can do that")
    answered(sandbox, "requester", f"/sr cancel {mistaken}", f"Request `{mistaken}` is cancelled")
    asking.is_shown(sandbox, "Mistaken", "Cancelled")
    assert asking.is_approved(sandbox, "Builds")

    mine = answered(sandbox, "requester", "/sr requests", "Your requests", "0 open · 2 ended within the last 30 days")
    assert rows(mine) == [wanted, mistaken]
    assert mine.says("The SR is ready", "Cancelled", "its thread")
    answered(sandbox, "outsider", "/sr requests all", "No request of this channel is open")
    assert sandbox.sr("Mistaken") is None
