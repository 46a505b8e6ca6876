"""Adding storage by the form, from Home and from the shortcut, as people see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.ledger.store import Ledger, LedgerUnavailable
from bot.request.model import Kind, Request
from bot.request.plan import Purpose
from bot.slack.cards import buttons
from tests.integration.slack.stage import Stage
from tests.integration.slack.test_homes import says

View = dict[str, Any]
ISCSI = "An SR on an iSCSI LUN"


def begins(stage: Stage, name: str = "requester") -> View:
    """Open the form by the shortcut."""
    stage.person(name).uses(buttons.ADD_STORAGE)
    return stage.dialog(name)


def follows(stage: Stage, page: View, typed: Mapping[str, str], name: str = "requester") -> View:
    """Fill in the first page; gives the second one."""
    assert stage.person(name).submits(page, typed)["response_action"] == "push"
    return stage.dialog(name)


def details(stage: Stage, kind: str = ISCSI, name: str = "requester") -> View:
    return follows(stage, begins(stage, name), {"channel": "#storage", "kind": kind}, name)


def errors(answer: View) -> dict[str, str]:
    assert answer["response_action"] == "errors"
    return dict(answer["errors"])


def opened_requests(stage: Stage) -> list[Request]:
    loaded = [stage.ledger.load(name) for name in stage.ledger.open_requests()]
    return [request for request in loaded if request is not None]


def notice(stage: Stage, name: str) -> str:
    return str(stage.dialog(name)["blocks"])


def test_the_form_asks_for_storage_as_a_command_does(stage: Stage) -> None:
    page = details(stage)
    done = stage.person("requester").submits(
        page, {"place": "10.0.0.5:3261", "credential": "tecmint", "name": "Builds", "reason": "more: room"}
    )
    assert done["response_action"] == "clear"
    assert stage.person("requester").dialog() is None
    (request,) = opened_requests(stage)
    assert (request.requester, request.channel) == (stage.slack.users["requester"], stage.channel)
    assert (str(request.address), request.credential) == ("10.0.0.5:3261", "tecmint")
    assert (request.name, request.reason) == ("Builds", "more: room")
    stage.card("10.0.0.5:3261", request.id)


def test_home_has_the_form_too(stage: Stage) -> None:
    person = stage.person("requester")
    person.opens_home()
    says(stage, "requester", "Add storage…")
    home = person.opens_home()
    assert home is not None
    person.presses_at_home(home, "Add storage…")
    page = follows(stage, stage.dialog("requester"), {"channel": "#storage", "kind": "An SR on an NFS export"})
    assert person.submits(page, {"place": "10.0.0.9"})["response_action"] == "clear"
    (request,) = opened_requests(stage)
    says(stage, "requester", request.id)


@pytest.mark.parametrize(
    ("kind", "filled", "asked"),
    [
        ("An SR on a Fibre Channel or SAS LUN", {}, (Kind.HBA, Purpose.CREATE, None, "")),
        (
            "An SR on an SMB share",
            {"place": "//10.0.0.8/srs", "credential": "other"},
            (Kind.SMB, Purpose.CREATE, None, ""),
        ),
        (
            "The SR on an iSCSI LUN",
            {"place": "10.0.0.9", "multihomed": "Only the portal of the plan"},
            (Kind.ISCSI, Purpose.ATTACH, False, ""),
        ),
        (
            "An ISO library in a folder of a host",
            {"place": "/srv/isos/win", "host": "xen 1"},
            (Kind.ISO, Purpose.CREATE, None, "/srv/isos/win"),
        ),
    ],
)
def test_every_kind_wants_its_own_fields(
    stage: Stage, kind: str, filled: dict[str, str], asked: tuple[object, ...]
) -> None:
    page = details(stage, kind)
    assert stage.person("requester").submits(page, filled)["response_action"] == "clear"
    (request,) = opened_requests(stage)
    assert (request.kind, request.purpose, request.multihomed, request.device) == asked
    stage.card(request.id)


@pytest.mark.parametrize(
    ("filled", "block", "told"),
    [
        ({"place": "10.0.0.500"}, "place", "neither an address nor a host name"),
        ({"place": "  "}, "place", "This is to be filled in"),
        ({"place": "192.0.2.1"}, "place", "192.0.2.1 is not among the allowed targets"),
        ({"place": "10.0.0.8"}, "credential", "Several credentials are configured"),
        ({"place": "10.0.0.9", "credential": "tecmint"}, "credential", "no credential that may be sent to 10.0.0.9"),
        ({"place": "10.0.0.9", "reason": "password is hunter2"}, "reason", "Passwords are never typed"),
        ({"place": "10.0.0.9", "name": "a\u202eb"}, "name", "a character that can't be seen"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_it_and_what_was_filled_in_stays(
    stage: Stage, filled: dict[str, str], block: str, told: str
) -> None:
    page = details(stage)
    answer = stage.person("requester").submits(page, filled | {"name": filled.get("name", "Builds")})
    said = errors(answer)
    assert list(said) == [block]
    assert told in said[block]
    assert "hunter2" not in str(said)
    stays = stage.dialog("requester")
    assert stays["id"] == page["id"]
    assert stays["state"]["values"]["name"]["input"]["value"] == filled.get("name", "Builds")
    assert not opened_requests(stage)


def test_only_channels_are_offered_that_are_set_up_and_that_somebody_is_in(stage: Stage) -> None:
    offered = [option["text"]["text"] for option in begins(stage)["blocks"][0]["element"]["options"]]
    assert offered == ["#random", "#storage"]  # not #general, nor #partners, which another company shares


def test_who_is_in_no_such_channel_is_told_so(stage: Stage) -> None:
    user = stage.slack.users["outsider"]
    everywhere = [stage.channel, stage.slack.channels["random"]]
    for channel in everywhere:
        stage.control("member", {"channel": channel, "user": user, "member": False})
    stage.lookups_are_forgotten()
    try:
        stage.person("outsider").uses(buttons.ADD_STORAGE)
        assert "You are in no channel that is set up for storage" in notice(stage, "outsider")
    finally:
        for channel in everywhere:
            stage.control("member", {"channel": channel, "user": user, "member": True})


def test_who_has_left_the_channel_meanwhile_asks_for_nothing_there(stage: Stage) -> None:
    first, page = begins(stage, "outsider"), details(stage, name="outsider")
    user = stage.slack.users["outsider"]
    stage.control("member", {"channel": stage.channel, "user": user, "member": False})
    stage.lookups_are_forgotten()
    try:
        said = errors(stage.person("outsider").submits(page, {"place": "10.0.0.5"}))
        assert "You are not in that channel" in said["pool"]
        assert not opened_requests(stage)
        first = begins(stage, "outsider")
        assert "#storage" not in str(first["blocks"][0])
    finally:
        stage.control("member", {"channel": stage.channel, "user": user, "member": True})


def test_a_channel_where_srbot_is_not_takes_nothing(stage: Stage) -> None:
    said = errors(stage.person("requester").submits(begins(stage), {"channel": "#random", "kind": ISCSI}))
    assert "srbot is not in this channel" in said["channel"]


def test_slack_that_does_not_say_where_somebody_is_opens_no_form(stage: Stage) -> None:
    stage.lookups_are_forgotten()
    stage.control("fault", {"method": "users.conversations", "error": "ratelimited", "times": 1})
    stage.person("requester").uses(buttons.ADD_STORAGE)
    assert "Slack didn't say in time" in notice(stage, "requester")
    stage.person("requester").closes(stage.dialog("requester"))
    page = details(stage)
    stage.lookups_are_forgotten()
    stage.control("fault", {"method": "users.conversations", "status": 503, "times": 1})
    said = errors(stage.person("requester").submits(page, {"place": "10.0.0.5"}))
    assert "Slack didn't say in time" in said["pool"]
    assert stage.person("requester").submits(page, {"place": "10.0.0.5"})["response_action"] == "clear"


def test_a_form_that_is_sent_twice_asks_once(stage: Stage) -> None:
    page = details(stage)
    stage.person("requester").submits(page, {"place": "10.0.0.5"})
    (request,) = opened_requests(stage)
    payload = submission(stage, page, "requester")
    again = stage.control("deliver", {"type": "interactive", "payload": payload})
    assert again["ack"]["payload"] == {"response_action": "clear"}
    assert opened_requests(stage) == [request]
    others = stage.control("deliver", {"type": "interactive", "payload": submission(stage, page, "outsider")})
    assert "doesn't know this form any more" in str(others["ack"]["payload"])
    assert opened_requests(stage) == [request]


def submission(stage: Stage, page: View, name: str) -> View:
    values = {"pool": "xenct", "place": "10.0.0.5"}
    return {
        "type": "view_submission",
        "team": {"id": stage.slack.workspace["team_id"]},
        "api_app_id": stage.slack.workspace["app_id"],
        "user": {"id": stage.slack.users[name], "team_id": stage.slack.workspace["team_id"]},
        "view": page | {"state": {"values": {block: {"input": {"value": text}} for block, text in values.items()}}},
    }


@pytest.mark.parametrize("method", ["load", "open"])
def test_a_ledger_that_does_not_answer_leaves_the_form_as_it_is(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    def silent(*_: object) -> None:
        raise LedgerUnavailable("TimeoutError")

    page = details(stage)
    with monkeypatch.context() as patched:
        patched.setattr(Ledger, method, silent)
        said = errors(stage.person("requester").submits(page, {"place": "10.0.0.5"}))
    assert "srbot could not record that in time. Nothing was changed" in said["pool"]
    assert stage.person("requester").submits(page, {"place": "10.0.0.5"})["response_action"] == "clear"
    assert len(opened_requests(stage)) == 1


def test_a_guest_who_uses_the_shortcut_is_told_why_not(stage: Stage) -> None:
    stage.person("guest").uses(buttons.ADD_STORAGE)
    assert "Guests can't use srbot" in notice(stage, "guest")


def test_a_shortcut_that_there_is_no_more_is_answered(stage: Stage) -> None:
    payload = {
        "type": "shortcut",
        "callback_id": "gone",
        "trigger_id": stage.slack.slack.triggers.issue(stage.slack.users["requester"]),
        "team": {"id": stage.slack.workspace["team_id"]},
        "user": {"id": stage.slack.users["requester"], "team_id": stage.slack.workspace["team_id"]},
    }
    assert stage.control("deliver", {"type": "interactive", "payload": payload})["ack"] is not None
    assert "doesn't know this button any more" in notice(stage, "requester")


def test_slack_that_opens_no_dialog_costs_nothing_else(stage: Stage) -> None:
    stage.control("fault", {"method": "views.open", "error": "internal_error", "times": 1})
    stage.person("guest").uses(buttons.ADD_STORAGE)
    stage.wait("the failed dialog", lambda: all(fault["happened"] for fault in stage.control("faults")))
    assert stage.person("guest").dialog() is None
    begins(stage)
