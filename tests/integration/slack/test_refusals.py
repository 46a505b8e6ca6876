from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.request.model import OfferedLun, State, Usage
from tests.integration.slack.stage import Stage
from tests.stories import FREE, LUN, TARGET


def test_a_mistake_is_told_to_the_one_who_typed_it_with_the_corrected_line(stage: Stage) -> None:
    stage.person("requester").types(stage.channel, "/sr add iscsi 10.0.0.5 nam=Builds")
    stage.private("requester", "name=Builds", "You typed", "nam=Builds")
    assert not [seen for seen in stage.person("outsider").reads(stage.channel) if seen.says("nam=Builds")]


def test_a_password_that_was_typed_is_refused_and_kept_nowhere(stage: Stage) -> None:
    stage.person("requester").types(stage.channel, "/sr add iscsi 10.0.0.5 password=canary-77")
    told = stage.private("requester", "Passwords are never typed")
    assert "canary-77" not in str(told.blocks) + str(told.body["text"])
    assert not [key for key in stage.redis.scan_iter() if b"canary-77" in (stage.redis.dump(key) or b"")]


def test_the_help_shows_what_can_be_typed(stage: Stage) -> None:
    stage.person("requester").types(stage.channel, "/sr help")
    stage.private("requester", "/sr add iscsi", "/sr list")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("/sr add iscsi 192.0.2.9", "is not among the allowed targets"),
        ("/sr add iscsi 10.0.0.5 pool=other", "In this channel the pool is one of: xenct"),
        ("/sr list pool=other", "In this channel the pool is one of: xenct"),
        ("/sr add iscsi 10.0.0.9 chap=tecmint", "names no credential that may be sent to 10.0.0.9"),
    ],
)
def test_what_the_configuration_does_not_allow_is_refused_when_typed(stage: Stage, typed: str, told: str) -> None:
    stage.person("requester").types(stage.channel, typed)
    stage.private("requester", told, "You typed")
    assert not stage.ledger.open_requests()


@pytest.mark.parametrize(
    ("channel", "told"),
    [
        ("general", "This channel isn't set up for storage"),
        ("partners", "shared with another company"),
        ("random", "/invite @srbot"),
    ],
)
def test_a_channel_where_srbot_does_nothing_is_refused_with_what_to_do(stage: Stage, channel: str, told: str) -> None:
    where = stage.slack.channels[channel]
    stage.person("requester").types(where, "/sr add iscsi 10.0.0.5")
    stage.private("requester", told, channel=where)
    assert not stage.ledger.open_requests()


def test_a_direct_message_is_refused(stage: Stage) -> None:
    where = stage.slack.workspace["direct_messages"][stage.slack.users["requester"]]
    stage.person("requester").types(where, "/sr list")
    stage.private("requester", "Storage is asked for in a channel", channel=where)


def test_a_guest_is_refused(stage: Stage) -> None:
    stage.person("guest").types(stage.channel, "/sr add iscsi 10.0.0.5")
    stage.private("guest", "Guests can't use srbot")
    assert not stage.ledger.open_requests()


@pytest.mark.parametrize(
    ("fields", "told"), [({"deleted": True}, "deactivated"), ({"is_bot": True}, "Bots and workflows can't")]
)
def test_bots_and_the_deactivated_are_refused(own_stage: Stage, fields: dict[str, Any], told: str) -> None:
    outsider = own_stage.slack.users["outsider"]
    own_stage.control("user", {"user": outsider, **fields})
    payload = command(own_stage) | {"user_id": outsider}
    answer = own_stage.control("deliver", {"type": "slash_commands", "payload": payload})
    assert told in answer["ack"]["payload"]["text"]


@pytest.mark.parametrize("forged", [{"team_id": "T0OTHER"}, {"api_app_id": "A0OTHER"}, {"user_id": ""}])
def test_another_workspace_or_app_is_acked_and_not_answered(stage: Stage, forged: dict[str, str]) -> None:
    answer = stage.control("deliver", {"type": "slash_commands", "payload": command(stage) | forged})
    assert (answer["delivered"], answer["ack"].get("payload")) == (True, None)
    assert not stage.ledger.open_requests()


def command(stage: Stage) -> dict[str, str]:
    return {
        "command": "/sr",
        "text": "add iscsi 10.0.0.5",
        "team_id": stage.slack.workspace["team_id"],
        "api_app_id": stage.slack.workspace["app_id"],
        "user_id": stage.slack.users["requester"],
        "channel_id": stage.channel,
        "trigger_id": "1.2.3",
    }


def click(stage: Stage, person: str, action: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    user = {"id": stage.slack.users[person], "team_id": stage.slack.workspace["team_id"]}
    return {
        "type": "block_actions",
        "team": {"id": stage.slack.workspace["team_id"]},
        "api_app_id": stage.slack.workspace["app_id"],
        "user": user,
        "channel": {"id": stage.channel},
        "actions": [{"type": "button", "block_id": "b", "action_ts": "1.1", **action}],
        "trigger_id": "1.2.3",
        **more,
    }


def test_a_click_of_somebody_from_another_company_changes_nothing(stage: Stage) -> None:
    name = stage.awaiting()
    action = {"action_id": "approve", "value": f"{name}:1"}
    payload = click(stage, "approver-1", action, user={"id": stage.slack.users["approver-1"], "team_id": "T0PARTNER1"})
    assert stage.control("deliver", {"type": "interactive", "payload": payload})["delivered"]
    assert stage.now(name).state is State.AWAITING_APPROVAL


@pytest.mark.parametrize(
    "action",
    [
        {"action_id": "approve", "value": "nosuchone:1"},
        {"action_id": "approve", "value": "forged"},
        {"action_id": "change_address", "value": "nosuchone:1"},
        {"action_id": "change_address", "value": "forged"},
        {"action_id": "pick_target", "block_id": "forged"},
        {"action_id": "pick_lun", "block_id": "pick:nosuchone:f", "selected_option": {"value": "f:0"}},
        {"action_id": "pick_lun", "block_id": "pick:nosuchone:f", "selected_option": {"value": "forged"}},
        {"action_id": "next_page", "value": "nosuchone:1"},
        {"action_id": "next_page", "value": "forged"},
        {"action_id": "of-an-older-version", "value": "x"},
    ],
)
def test_a_click_on_what_srbot_does_not_know_is_acked_and_changes_nothing(stage: Stage, action: dict[str, Any]) -> None:
    payload = click(stage, "requester", action)
    answer = stage.control("deliver", {"type": "interactive", "payload": payload})
    assert answer["delivered"]
    assert answer["ack"] is not None
    assert not stage.ledger.open_requests()


def test_only_the_requester_can_pick_and_others_are_told_so_privately(stage: Stage) -> None:
    name = stage.asked().id
    stage.targets_are_found(name, [TARGET, replace(TARGET, iqn="iqn.x:2")])
    card = stage.card("Choose a target")
    stage.person("outsider").picks(card, lambda _, label: label == TARGET.iqn)
    stage.private("outsider", "Only the person who asked can do that")
    assert stage.now(name).state is State.CHOOSING_TARGET


def test_a_lun_in_use_changes_nothing_and_its_sr_is_named(stage: Stage) -> None:
    name = stage.asked().id
    stage.targets_are_found(name, [TARGET])
    stage.person("requester").picks(stage.card("Choose a target"), lambda *_: True)
    used = OfferedLun(replace(LUN, lun_id=3), Usage("xenct", "0b2f-uuid", "<!channel>"))
    stage.luns_are_found(name, [used, OfferedLun(replace(LUN, lun_id=300)), FREE])
    card = stage.card("Choose a LUN")
    stage.person("requester").picks(card, lambda group, _: group == "In use")
    stage.private("requester", "is in use by the SR `&lt;!channel&gt;` `0b2f-uuid`")
    stage.person("requester").picks(card, lambda group, _: group == "Not supported")
    stage.private("requester", "ids go up to 255")
    assert stage.now(name).state is State.CHOOSING_LUN
    assert "<!channel>" not in {ping for message in stage.transcript() for ping in message["pings"]}


def test_the_requester_and_outsiders_cannot_approve(stage: Stage) -> None:
    name = stage.awaiting()
    card = stage.card("Waiting for approval")
    stage.person("requester").presses(card, "Approve")
    stage.private("requester", "somebody else has to decide")
    stage.person("outsider").presses(card, "Approve")
    stage.private("outsider", "You are not an approver of this channel")
    stage.person("outsider").presses(card, "Reject")
    stage.person("outsider").presses(card, "Cancel")
    stage.private("outsider", "Only the person who asked can do that")
    assert stage.now(name).state is State.AWAITING_APPROVAL


def test_a_picker_that_is_out_of_date_is_told_and_changes_nothing(stage: Stage) -> None:
    name = stage.asked().id
    stage.targets_are_found(name, [TARGET, replace(TARGET, iqn="iqn.x:2")])
    for finding, index in (("other", 0), (f"targets1{name}", 9)):
        option = {"selected_option": {"value": f"{finding}:{index}"}}
        action = {"action_id": "pick_target", "block_id": f"pick:{name}:{finding}", **option}
        stage.control("deliver", {"type": "interactive", "payload": click(stage, "requester", action)})
    assert stage.now(name).state is State.CHOOSING_TARGET


def test_slack_that_does_not_say_in_time_who_somebody_is_means_no(stage: Stage) -> None:
    stage.control("fault", {"method": "users.info", "delay": 4, "times": 1})
    stage.person("requester").types(stage.channel, "/sr add iscsi 10.0.0.5")
    stage.private("requester", "could not check in time who you are", "Nothing was changed")
    assert not stage.ledger.open_requests()


def test_a_person_that_slack_does_not_know_is_refused(stage: Stage) -> None:
    stage.control("fault", {"method": "users.info", "error": "user_not_found", "times": 1})
    stage.person("requester").types(stage.channel, "/sr list")
    stage.private("requester", "only works for members of this workspace")


def test_a_channel_that_slack_does_not_tell_about_is_refused(stage: Stage) -> None:
    stage.control("fault", {"method": "conversations.info", "error": "internal_error", "times": 1})
    stage.person("approver-1").types(stage.channel, "/sr list")
    stage.private("approver-1", "could not check this channel in time")


def test_a_ledger_that_does_not_answer_is_told_in_time_and_nothing_is_changed(stage: Stage) -> None:
    name = stage.awaiting()
    card = stage.card("Waiting for approval")
    stage.person("requester").types(stage.channel, "/sr help")
    stage.person("approver-1").types(stage.channel, "/sr help")
    stage.redis.client_pause(2500)
    stage.person("requester").types(stage.channel, "/sr add iscsi 10.0.0.5")
    stage.private("requester", "could not record that in time. Nothing was changed")
    stage.person("approver-1").presses(card, "Approve")
    stage.private("approver-1", "could not record that in time. Nothing was changed")
    assert stage.now(name).state is State.AWAITING_APPROVAL


def test_a_failure_of_srbot_itself_is_told_with_a_reference(own_stage: Stage) -> None:
    name = own_stage.awaiting()
    card = own_stage.card("Waiting for approval")
    own_stage.redis.hset(f"srbot:request:{name}", "doc", b"{}")
    own_stage.person("approver-1").presses(card, "Approve")
    own_stage.private("approver-1", "Something went wrong in srbot itself", "Reference")
