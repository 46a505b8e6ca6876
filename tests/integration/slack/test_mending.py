from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.request import events as e
from bot.request.model import OfferedLun, Portal, State, Target
from tests.integration.slack.stage import Stage
from tests.stories import FREE, LUN, TARGET

TEN_THOUSAND = [
    Target("iqn.2001-05.com.example:" + "x" * 60 + f"{n:05}", (Portal("10.0.2.5", 3260),)) for n in range(10_000)
]


@pytest.mark.parametrize(
    ("reason", "facts", "said"),
    [
        ("target_unreachable", {"address": "10.0.0.5:3260"}, "Nothing answers for iSCSI at `10.0.0.5:3260`"),
        ("name_not_resolved", {"address": "san.example:3260"}, "can't resolve `san.example:3260`"),
        ("chap_wrong", {"credential": "tecmint"}, "refused the CHAP login with the credential `tecmint`"),
        ("chap_missing", {}, "wants a CHAP login"),
        ("host_unreachable", {"host": "xenct-xen1"}, "`xenct-xen1` doesn't answer"),
        ("xen_login_refused", {}, "XenServer refused the login"),
    ],
)
def test_what_goes_wrong_is_said_with_the_next_step(
    stage: Stage, reason: str, facts: dict[str, str], said: str
) -> None:
    name = stage.asked().id
    stage.step_fails(name, reason, **facts)
    card = stage.card(said, name, "Try again", "Change address…", "Change credential…", "Cancel")
    stage.person("requester").presses(card, "Try again")
    stage.card("looking for targets", name, without=[said])
    assert stage.now(name).work.step == 2


def test_only_one_target_is_picked_and_can_be_changed(stage: Stage) -> None:
    name = stage.asked().id
    stage.targets_are_found(name, [TARGET])
    stage.happens(name, e.TargetPicked(at=stage.clock(), target=TARGET, only_one=True))
    stage.card("Only one target was offered, so it was picked", name)
    stage.luns_are_found(name, [FREE])
    card = stage.card("Choose a LUN", "Only one target was offered", name)
    stage.person("requester").presses(card, "Pick another target")
    stage.card("Choose a target", name)


def test_after_a_lun_in_use_another_one_can_be_picked(stage: Stage) -> None:
    name = stage.asked().id
    stage.targets_are_found(name, [TARGET])
    stage.person("requester").picks(stage.card("Choose a target", name), lambda *_: True)
    stage.luns_are_found(name, [FREE])
    stage.person("requester").picks(stage.card("Choose a LUN", name), lambda *_: True)
    stage.step_fails(name, "holds_sr", sr_uuid="0b2f-uuid")
    card = stage.card("holds a XenServer SR already: `0b2f-uuid`", name, without=["Try again"])
    stage.person("requester").presses(card, "Pick another LUN")
    stage.card("Choose a LUN", name)


def test_ten_thousand_targets_are_searched(stage: Stage) -> None:
    name = stage.asked().id
    stage.targets_are_found(name, TEN_THOUSAND)
    card = stage.card("Choose a target", "10,000 targets found", name)
    assert next(each["type"] for _, each in card.elements()) == "external_select"
    stage.person("requester").picks(card, lambda _, label: "04711" in label, "04711")
    stage.card(TEN_THOUSAND[4711].iqn, name)
    assert stage.now(name).target == TEN_THOUSAND[4711]


def test_ten_thousand_luns_are_searched(stage: Stage) -> None:
    name = stage.asked().id
    stage.targets_are_found(name, [TARGET])
    stage.person("requester").picks(stage.card("Choose a target", name), lambda *_: True)
    rows = [OfferedLun(replace(LUN, lun_id=n % 256, scsi_id=f"3600a{n:05}")) for n in range(10_000)]
    stage.luns_are_found(name, rows)
    card = stage.card("Choose a LUN", "10,000 LUNs found", name)
    stage.person("requester").picks(card, lambda *_: True, "3600a00815")
    assert stage.now(name).lun == rows[815].lun


def search(stage: Stage, person: str, name: str, finding: str, typed: str, action: str = "pick_target") -> Any:  # noqa: ANN401
    payload = {
        "type": "block_suggestion",
        "team": {"id": stage.slack.workspace["team_id"]},
        "api_app_id": stage.slack.workspace["app_id"],
        "user": {"id": stage.slack.users[person], "team_id": stage.slack.workspace["team_id"]},
        "container": {"type": "message", "channel_id": stage.channel},
        "channel": {"id": stage.channel},
        "action_id": action,
        "block_id": f"pick:{name}:{finding}",
        "value": typed,
    }
    answer = stage.control("deliver", {"type": "interactive", "payload": payload})["ack"]["payload"]
    groups = answer.get("option_groups") or [answer]
    return [each["text"]["text"] for group in groups for each in group["options"]]


def test_only_the_requester_sees_what_discovery_found(stage: Stage) -> None:
    name = stage.asked().id
    stage.targets_are_found(name, TEN_THOUSAND)
    finding = f"targets1{name}"
    assert len(search(stage, "requester", name, finding, "")) == 100
    assert search(stage, "outsider", name, finding, "") == ["Only the person who asked can choose here"]
    assert search(stage, "requester", name, finding, "no such") == ["Nothing matches what you typed"]
    for gone in ("gone", ""):
        assert search(stage, "requester", name, gone, "") == ["The list is gone: go back and look again"]
    assert search(stage, "requester", name, "gone", "", "pick_lun") == ["The list is gone: go back and look again"]
    assert search(stage, "requester", name, finding, "", "of-an-older-version") == []
    assert search(stage, "guest", name, finding, "") == []


def submission(stage: Stage, name: str, address: str, credential: str, person: str = "requester") -> Any:  # noqa: ANN401
    values = {
        "address": {"input": {"type": "plain_text_input", "value": address}},
        "credential": {"input": {"type": "static_select", "selected_option": {"value": credential}}},
    }
    payload = {
        "type": "view_submission",
        "team": {"id": stage.slack.workspace["team_id"]},
        "api_app_id": stage.slack.workspace["app_id"],
        "user": {"id": stage.slack.users[person], "team_id": stage.slack.workspace["team_id"]},
        "view": {
            "id": "V1",
            "type": "modal",
            "callback_id": "mend",
            "private_metadata": name,
            "state": {"values": values},
        },
    }
    return stage.control("deliver", {"type": "interactive", "payload": payload})["ack"].get("payload")


def test_another_address_is_typed_into_a_dialog_that_holds_the_old_one(stage: Stage) -> None:
    name = stage.asked().id
    stage.step_fails(name, "target_unreachable", address="10.0.0.5:3260")
    card = stage.card("Nothing answers", name)
    stage.person("requester").presses(card, "Change address…")
    (view,) = [each for each in stage.control("log") if each["what"] == "views.open"][-1:]
    assert "10.0.0.5:3260" in str(view)

    errors = submission(stage, name, "10.0.0.300", "by-address")
    assert errors["response_action"] == "errors"
    assert list(errors["errors"]) == ["address"]
    assert "allowed targets" in submission(stage, name, "192.0.2.1", "by-address")["errors"]["address"]
    assert (
        "tecmint"
        not in submission(stage, name, "10.0.0.9", "named:tecmint")["errors"]["credential"].split("10.0.0.9")[0]
    )

    assert submission(stage, name, "10.0.0.7:3261", "by-address") is None
    stage.card("looking for targets", "10.0.0.7:3261", name)
    assert stage.now(name).credential == "other"


def test_another_credential_is_picked(stage: Stage) -> None:
    name = stage.asked("/sr add iscsi 10.0.0.9").id
    stage.step_fails(name, "chap_missing")
    card = stage.card("wants a CHAP login", name)
    stage.person("requester").presses(card, "Change credential…")
    assert submission(stage, name, "10.0.0.6", "named:tecmint") is None
    stage.card("looking for targets", "10.0.0.6", name)
    assert stage.now(name).credential == "tecmint"


def test_nobody_else_changes_the_address(stage: Stage) -> None:
    name = stage.asked().id
    stage.step_fails(name, "chap_missing")
    card = stage.card("wants a CHAP login", name)
    stage.person("outsider").presses(card, "Change address…")
    stage.private("outsider", "Only the person who asked can do that")
    answer = submission(stage, name, "10.0.0.6", "by-address", "outsider")
    assert answer["response_action"] == "update"
    assert "Only the person who asked" in str(answer["view"])
    guest = submission(stage, name, "10.0.0.6", "by-address", "guest")
    assert "Guests can't" in str(guest["view"])
    assert stage.now(name).state is State.PAUSED


def test_a_dialog_that_slack_does_not_open_is_told(stage: Stage) -> None:
    name = stage.asked().id
    stage.step_fails(name, "chap_missing")
    card = stage.card("wants a CHAP login", name)
    stage.control("fault", {"method": "views.open", "error": "expired_trigger_id", "times": 1})
    stage.person("requester").presses(card, "Change address…")
    stage.private("requester", "did not open the dialog")
