from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from bot.ledger.store import new_id
from bot.request import events as e
from bot.request.found import OfferedLun, Portal, Target
from bot.request.model import Request, State
from bot.slack.listeners import dialogs
from tests.integration.slack.stage import Stage
from tests.stories import FREE, LUN, TARGET, asked

TEN_THOUSAND = [
    Target("iqn.2001-05.com.example:" + "x" * 60 + f"{n:05}", (Portal("10.0.2.5", 3260),)) for n in range(10_000)
]

Order = tuple[str, dict[str, Any]]


@pytest.mark.parametrize(
    ("reason", "facts", "said"),
    [
        ("target_unreachable", {"address": "10.0.0.5:3260"}, "Nothing answers for iSCSI at `10.0.0.5:3260`"),
        ("name_not_resolved", {"address": "san.example:3260"}, "can't resolve `san.example:3260`"),
        ("chap_wrong", {"credential": "tecmint"}, "refused the CHAP login with the credential `tecmint`"),
        ("chap_missing", {}, "went without a CHAP credential"),
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


def test_after_a_lun_that_will_not_do_another_one_can_be_picked(stage: Stage) -> None:
    name = stage.asked().id
    stage.targets_are_found(name, [TARGET])
    stage.person("requester").picks(stage.card("Choose a target", name), lambda *_: True)
    stage.luns_are_found(name, [FREE])
    stage.person("requester").picks(stage.card("Choose a LUN", name), lambda *_: True)
    stage.step_fails(name, "no_sr_on_lun")
    card = stage.card("holds no SR that could be attached", name, without=["Try again"])
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
    return submitted(stage, name, "mend", {**typed_address(address), **picked_credential(credential)}, person)


def typed_address(address: str) -> dict[str, Any]:
    return {"address": {"input": {"type": "plain_text_input", "value": address}}}


def picked_credential(value: str) -> dict[str, Any]:
    return {"credential": {"input": {"type": "static_select", "selected_option": {"value": value}}}}


def credential(stage: Stage, name: str, value: str, person: str = "requester") -> Any:  # noqa: ANN401
    return submitted(stage, name, "log-in", picked_credential(value), person)


def submitted(stage: Stage, name: str, dialog: str, values: dict[str, Any], person: str) -> Any:  # noqa: ANN401
    payload = {
        "type": "view_submission",
        "team": {"id": stage.slack.workspace["team_id"]},
        "api_app_id": stage.slack.workspace["app_id"],
        "user": {"id": stage.slack.users[person], "team_id": stage.slack.workspace["team_id"]},
        "view": {
            "id": "V1",
            "type": "modal",
            "callback_id": dialog,
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
    assert "10.0.0.5:3260" in str(stage.dialog("requester", name))

    errors = submission(stage, name, "10.0.0.300", "by-address")
    assert errors["response_action"] == "errors"
    assert list(errors["errors"]) == ["address"]
    told = submission(stage, name, "192.0.2.1", "by-address")["errors"]["address"]
    assert told == "192.0.2.1 is not among the allowed targets. Ask the operator to add it."
    told = submission(stage, name, "10.0.0.9", "named:tecmint")["errors"]["credential"]
    assert told == "chap= names no credential that may be sent to 10.0.0.9. There is none for this host."
    told = submission(stage, name, "10.0.0.8", "by-address")["errors"]["credential"]
    assert told.startswith("Several credentials are configured for 10.0.0.8: choose one")

    assert submission(stage, name, "10.0.0.7:3261", "by-address") is None
    stage.card("looking for targets", "10.0.0.7:3261", name)
    assert stage.now(name).credential == "other"


def test_another_credential_is_picked(stage: Stage) -> None:
    name = stage.asked("/sr add iscsi 10.0.0.9").id
    stage.step_fails(name, "chap_missing")
    card = stage.card("went without a CHAP credential", name)
    stage.person("requester").presses(card, "Change credential…")
    assert submission(stage, name, "10.0.0.6", "named:tecmint") is None
    stage.card("looking for targets", "10.0.0.6", name)
    assert stage.now(name).credential == "tecmint"


def test_a_share_that_refused_the_login_is_looked_at_with_another_credential(stage: Stage) -> None:
    name = stage.asked("/sr add smb //10.0.0.8/srs cred=tecmint").id
    stage.step_fails(name, "111", address="10.0.0.8", credential="tecmint")
    card = stage.card(name, "Try again", "Change credential…", "Cancel", without=["Change address…"])
    stage.person("outsider").presses(card, "Change credential…")
    stage.private("outsider", "Only the person who asked can do that")
    stage.person("requester").presses(card, "Change credential…")
    view = stage.dialog("requester")
    assert "the share `//10.0.0.8/srs` is looked at anew" in str(view)

    assert "Only the person who asked" in str(credential(stage, name, "named:other", "outsider"))
    told = credential(stage, name, "by-address")["errors"]["credential"]
    assert told.startswith("Several credentials are configured for 10.0.0.8: choose one with cred=")
    assert credential(stage, name, "named:other") is None
    stage.card("looking whether it can have this share", name)
    now = stage.now(name)
    assert (now.credential, now.state, now.work.step) == ("other", State.INSPECTING, 2)
    assert "isn't possible at this point" in str(credential(stage, name, "named:tecmint")["view"])
    assert stage.now(name).credential == "other"


def test_another_credential_for_a_share_may_not_go_to_its_server(stage: Stage) -> None:
    name = stage.asked("/sr add smb //10.0.0.6/srs").id
    stage.step_fails(name, "111", address="10.0.0.6", credential="tecmint")
    told = credential(stage, name, "named:other")["errors"]["credential"]
    assert told == "cred= names no credential that may be sent to 10.0.0.6. There is tecmint."
    assert stage.now(name).state is State.PAUSED


def test_nobody_else_changes_the_address(stage: Stage) -> None:
    name = stage.asked().id
    stage.step_fails(name, "chap_missing")
    card = stage.card("went without a CHAP credential", name)
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
    card = stage.card("went without a CHAP credential", name)
    stage.control("fault", {"method": "views.open", "error": "expired_trigger_id", "times": 1})
    stage.person("requester").presses(card, "Change address…")
    stage.private("requester", "did not open the dialog")


def test_a_dialog_that_slack_opens_late_does_not_make_the_ack_late(stage: Stage) -> None:
    name = stage.asked().id
    stage.step_fails(name, "chap_missing")
    card = stage.card("went without a CHAP credential", name)
    stage.lookups_are_forgotten()
    stage.control("fault", {"method": "users.info", "delay": 1.2, "times": 1})
    stage.control("fault", {"method": "views.open", "delay": 2.5, "times": 1})
    stage.person("requester").presses(card, "Change address…")  # raises when the ack is not there within 3 s
    stage.private("requester", "did not open the dialog. Nothing was changed")


def test_a_dialog_is_not_asked_for_when_its_trigger_is_over(stage: Stage) -> None:
    name = stage.asked().id
    stage.step_fails(name, "chap_missing")
    card = stage.card("went without a CHAP credential", name)
    (bot,) = stage.bots
    load = bot.context.ledger.load
    since = stage.control("log")[-1]["n"]

    def slowly(request_id: str) -> Request | None:
        time.sleep(dialogs.TRIGGER_SECONDS)
        return load(request_id)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bot.context.ledger, "load", slowly)
        stage.person("requester").presses(card, "Change address…")
        stage.private("requester", "did not open the dialog")
    # The dialog of another test may still be on its way.
    opened = [
        each for each in stage.control(f"log?since={since}") if each["what"] == "views.open" and name in str(each)
    ]
    assert not opened


def test_a_dialog_is_refused_where_srbot_does_nothing_any_more(stage: Stage) -> None:
    name = stage.asked().id
    stage.step_fails(name, "chap_missing")
    stage.card("went without a CHAP credential", name)
    stage.outbox_is_empty()
    for change, back, told in channel_changes(stage):
        stage.control(*change)
        stage.lookups_are_forgotten()
        view = submission(stage, name, "10.0.0.6", "by-address")["view"]
        stage.control(*back)
        assert told in str(view)
    assert stage.now(name).state is State.PAUSED


def test_a_dialog_of_a_channel_that_is_no_longer_set_up_is_refused(stage: Stage) -> None:
    general = stage.slack.channels["general"]
    requester = stage.slack.users["requester"]
    name = stage.ledger.open(asked(request=new_id(), channel=general, actor=requester, requester=requester)).id
    view = submission(stage, name, "10.0.0.6", "by-address")["view"]
    assert f"This channel isn't set up for storage. Use another one, or have the operator add `{general}`." in str(view)
    assert stage.now(name).version == 1


def channel_changes(stage: Stage) -> list[tuple[Order, Order, str]]:
    """What may happen to a channel, how it is undone, and what a dialog of it then says."""
    where = {"channel": stage.channel}
    srbot = where | {"user": stage.slack.workspace["bot_user_id"]}
    return [
        (
            ("channel", where | {"is_ext_shared": True}),
            ("channel", where | {"is_ext_shared": False}),
            "This channel is shared with another company",
        ),
        (
            ("member", srbot | {"member": False}),
            ("member", srbot | {"member": True}),
            "srbot is not in this channel: type `/invite @srbot`",
        ),
    ]


def test_a_dialog_about_no_request_says_so(stage: Stage) -> None:
    assert "no request that srbot knows" in str(submission(stage, "nosuchone", "10.0.0.6", "by-address")["view"])
