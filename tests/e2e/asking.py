"""The main job, as two people do it at the page: up to the plan, and from there to the SR."""

from __future__ import annotations

import re

from deploy.sandbox.tour.person import Seen
from tests.e2e.sandboxes import Sandbox

COMMAND = "/sr add iscsi 10.0.0.5"
NETAPP = "/sr add iscsi 10.0.1.11"
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SECONDS = 60.0


def asks(sandbox: Sandbox, name: str, command: str = COMMAND) -> None:
    sandbox.person("requester").types(sandbox.storage, f'{command} name="{name}"')


def is_shown(sandbox: Sandbox, *texts: str) -> Seen:
    return sandbox.person("requester").sees(sandbox.storage, *texts, seconds=SECONDS)


def picks_a_lun(sandbox: Sandbox, name: str) -> None:
    card = is_shown(sandbox, name, "Choose a LUN")
    sandbox.person("requester").picks(card, lambda group, _label: group == "Free")


def gets_a_plan(sandbox: Sandbox, name: str, command: str = COMMAND) -> Seen:
    """Ask, pick the first free LUN, and give the card with the plan."""
    asks(sandbox, name, command)
    picks_a_lun(sandbox, name)
    return is_shown(sandbox, name, "Request approval")


def is_created(sandbox: Sandbox, name: str) -> str:
    """Request the approval of what the plan's card shows, approve it, and give the UUID."""
    sandbox.person("requester").presses(is_shown(sandbox, name, "Request approval"), "Request approval")
    is_shown(sandbox, name, "Waiting for approval")
    return is_approved(sandbox, name)


def is_approved(sandbox: Sandbox, name: str) -> str:
    approver = sandbox.person("approver-1")
    approver.presses(approver.sees(sandbox.storage, name, "Approve", "Reject…"), "Approve")
    return uuid_on(is_shown(sandbox, name, " is ready"))


def uuid_on(card: Seen) -> str:
    found = UUID.search(str(card.body))
    assert found is not None, card.body
    return found[0]
