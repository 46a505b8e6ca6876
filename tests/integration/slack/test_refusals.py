from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.deciding import Standing
from bot.policy import ChannelApprovers, Policy, fallback_policy
from bot.request import events as e
from bot.request.found import OfferedLun, Usage
from bot.request.grammar.verbs import VERBS
from bot.request.model import State
from bot.request.plan import digest
from bot.slack.rules import Rules
from tests.integration.slack.stage import Stage
from tests.stories import FREE, LUN, TARGET

UNKNOWN_REQUEST = "This card belongs to no request that srbot knows"
PICK = {"action_id": "pick_lun", "block_id": "pick:nosuchone:f"}


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
    stage.private("requester", *(f"`/sr {' '.join(verb.words)}" for verb in VERBS))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("/sr add iscsi 192.0.2.9", "is not among the allowed targets"),
        ("/sr add iscsi 10.0.0.5 pool=other", "In this channel the pool is one of: xenct"),
        ("/sr list pool=other", "In this channel the pool is one of: xenct"),
        ("/sr add iscsi 10.0.0.9 chap=tecmint", "names no credential that may be sent to 10.0.0.9"),
        ("/sr add iso 192.0.2.9:/isos", "is not among the allowed targets"),
        ("/sr add iso 10.0.0.5:/isos pool=other", "In this channel the pool is one of: xenct"),
        ("/sr add iso //10.0.0.8/ISO", "choose one with cred=, of other"),
        ("/sr add iscsi 10.0.0.8", "Several credentials are configured for 10.0.0.8: choose one with chap=, of other"),
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


APPROVED = {"action_id": "approve", "value": "{name}:1"}


def named(action: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value.replace("{name}", name) if isinstance(value, str) else value for key, value in action.items()}


def test_a_click_from_another_company_is_not_answered_and_changes_nothing(stage: Stage) -> None:
    name = stage.awaiting()
    stage.card("Waiting for approval", name)
    since = stage.control("log")[-1]["n"]
    theirs = {"id": stage.slack.users["approver-1"], "team_id": "T0PARTNER1"}
    done = stage.clicks("approver-1", named(APPROVED, name), team={"id": "T0PARTNER1"}, user=theirs)
    assert (done["delivered"], done["ack"].get("payload")) == (True, None)
    stage.clicks("outsider", named(APPROVED, name))
    stage.private("outsider", "You are not among those who decide")
    log = stage.control(f"log?since={since}")
    assert len([each for each in log if (each["what"], each["direction"]) == ("response_url", "in")]) == 1
    assert stage.now(name).state is State.AWAITING_APPROVAL


def test_a_click_of_a_member_of_another_company_in_this_workspace_is_refused(stage: Stage) -> None:
    name = stage.awaiting()
    theirs = {"id": stage.slack.users["approver-1"], "team_id": "T0PARTNER1"}
    stage.clicks("approver-1", named(APPROVED, name), user=theirs)
    stage.private("approver-1", "srbot only works for members of this workspace. Nothing was changed")
    assert stage.now(name).state is State.AWAITING_APPROVAL


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ({"action_id": "approve", "value": "nosuchone:1"}, UNKNOWN_REQUEST),
        ({"action_id": "approve", "value": "forged"}, UNKNOWN_REQUEST),
        ({"action_id": "change_address", "value": "nosuchone:1"}, UNKNOWN_REQUEST),
        ({"action_id": "change_address", "value": "forged"}, UNKNOWN_REQUEST),
        ({"action_id": "pick_target", "block_id": "forged"}, UNKNOWN_REQUEST),
        (PICK | {"selected_option": {"value": "f:0"}}, UNKNOWN_REQUEST),
        (PICK | {"selected_option": {"value": "forged"}}, "That list is out of date"),
        ({"action_id": "next_page", "value": "nosuchone:1"}, "This answer is no longer kept"),
        ({"action_id": "next_page", "value": "forged"}, "This answer is no longer kept"),
        ({"action_id": "of-an-older-version", "value": "x"}, "srbot doesn't know this button any more"),
    ],
)
def test_a_click_on_what_srbot_does_not_know_is_told_so_and_changes_nothing(
    stage: Stage, action: dict[str, Any], told: str
) -> None:
    answer = stage.clicks("requester", action)
    assert answer["delivered"]
    assert answer["ack"] is not None
    stage.private("requester", told)
    assert not stage.ledger.open_requests()


def test_a_command_that_is_none_of_srbots_is_told_so(stage: Stage) -> None:
    payload = command(stage) | {"command": "/other"}
    answer = stage.control("deliver", {"type": "slash_commands", "payload": payload})
    assert "srbot only knows `/sr`." in str(answer["ack"]["payload"])
    assert not stage.ledger.open_requests()


def test_a_step_that_is_not_possible_now_is_refused(stage: Stage) -> None:
    name = stage.asked().id
    for action in ("try_again", "change_target", "change_lun", "change_address", "request_approval"):
        since = len(stage.private_texts("requester"))
        stage.clicks("requester", {"action_id": action, "value": f"{name}:0"})
        stage.wait(action, lambda before=since: len(stage.private_texts("requester")) > before)  # type: ignore[misc]  # bound now
        assert stage.private_texts("requester")[-1].startswith("That isn't possible at this point of the request.")
    assert stage.now(name).version == 1


def test_a_run_that_changes_the_pool_can_not_be_cancelled(stage: Stage) -> None:
    name = stage.awaiting()
    stage.card("Waiting for approval", name, "Cancel")
    approved = e.Approved(at=stage.clock(), actor=stage.slack.users["approver-1"], plan_number=1, plan_digest="d")
    stage.happens(name, approved, e.Queued(at=stage.clock()))
    stage.is_taken_up(name)
    step = stage.now(name).work.step
    stage.happens(name, e.Progressed(at=stage.clock(), step=step, doing="creating the SR", changing=True))
    stage.clicks("requester", {"action_id": "cancel", "value": f"{name}:1"})
    stage.private("requester", "The pool is being changed already, so it is too late to cancel")
    stage.is_created(name)
    assert stage.now(name).state is State.SUCCEEDED


def test_an_approval_that_nobody_asked_for_is_refused(stage: Stage) -> None:
    name = stage.confirming()
    stage.clicks("approver-1", named(APPROVED, name))
    stage.private("approver-1", "This request isn't waiting for a decision (any more). Nothing was changed")
    assert stage.now(name).state is State.CONFIRMING


def test_nobody_approves_twice(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    name = stage.awaiting()
    card = stage.card("Waiting for approval", name)
    first, plan = stage.slack.users["approver-1"], stage.now(name).plan
    assert plan is not None
    stage.happens(name, e.Approved(at=stage.clock(), actor=first, plan_number=1, plan_digest=digest(plan)))
    approvers = stage.settings.channels[stage.channel].approvers
    two = Standing(fallback_policy([ChannelApprovers(stage.channel, approvers)], 2))
    monkeypatch.setattr(Rules, "standing", lambda *_: two)
    stage.person("approver-1").presses(card, "Approve")
    stage.private("approver-1", "You have approved this already. Nothing was changed")
    assert len(stage.now(name).approvals) == 1


def test_an_error_while_deciding_means_no(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    name = stage.awaiting()
    card = stage.card("Waiting for approval", name)
    broken = Policy("", rules=None)  # type: ignore[arg-type]  # it breaks while deciding
    monkeypatch.setattr(Rules, "standing", lambda *_: Standing(broken))
    stage.person("approver-1").presses(card, "Approve")
    stage.private("approver-1", "could not check whether you may do that, so the answer is no. Nothing was changed")
    assert stage.now(name).state is State.AWAITING_APPROVAL


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
    nameless = OfferedLun(replace(LUN, lun_id=9, scsi_id=None))
    stage.luns_are_found(name, [used, OfferedLun(replace(LUN, lun_id=300)), nameless, FREE])
    card = stage.card("Choose a LUN")
    stage.person("requester").picks(card, lambda group, _: group == "In use")
    stage.private("requester", "is in use by the SR `&lt;!channel&gt;` `0b2f-uuid`")
    stage.person("requester").picks(card, lambda group, _: group == "Not supported")
    stage.private("requester", "ids go up to 255")
    stage.person("requester").picks(card, lambda _, label: label.startswith("LUN 9"))
    stage.private("requester", "The array gives LUN `9` no SCSIid, so XenServer can't use it. Pick another")
    assert stage.now(name).state is State.CHOOSING_LUN
    assert "<!channel>" not in {ping for message in stage.transcript() for ping in message["pings"]}


def test_the_requester_and_outsiders_cannot_approve(stage: Stage) -> None:
    name = stage.awaiting()
    card = stage.card("Waiting for approval")
    stage.person("requester").presses(card, "Approve")
    stage.private("requester", "somebody else has to decide")
    stage.person("outsider").presses(card, "Approve")
    stage.private("outsider", "You are not among those who decide")
    stage.person("outsider").presses(card, "Reject…")
    stage.person("outsider").presses(card, "Cancel")
    stage.private("outsider", "Only the person who asked can do that")
    assert stage.now(name).state is State.AWAITING_APPROVAL


def test_a_picker_that_is_out_of_date_is_told_and_changes_nothing(stage: Stage) -> None:
    name = stage.asked().id
    stage.targets_are_found(name, [TARGET, replace(TARGET, iqn="iqn.x:2")])
    for finding, index in (("other", 0), (f"targets1{name}", 9)):
        option = {"selected_option": {"value": f"{finding}:{index}"}}
        action = {"action_id": "pick_target", "block_id": f"pick:{name}:{finding}", **option}
        since = len(stage.private_texts("requester"))
        stage.clicks("requester", action)
        stage.wait("an answer", lambda before=since: len(stage.private_texts("requester")) > before)  # type: ignore[misc]  # bound now
        assert stage.private_texts("requester")[-1].startswith("That list is out of date: a newer one is on the card.")
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
    opened = stage.ledger.open_requests()
    stage.redis.client_pause(2500)
    stage.person("requester").types(stage.channel, "/sr add iscsi 10.0.0.5")
    stage.private("requester", "could not record that in time. Nothing was changed")
    stage.person("approver-1").presses(card, "Approve")
    stage.private("approver-1", "could not record that in time. Nothing was changed")
    stage.redis.ping()  # answered when the pause is over, and what was sent meanwhile was looked at
    assert stage.ledger.open_requests() == opened
    assert stage.now(name).state is State.AWAITING_APPROVAL


def test_a_failure_of_srbot_itself_is_told_with_a_reference(own_stage: Stage) -> None:
    name = own_stage.awaiting()
    card = own_stage.card("Waiting for approval")
    own_stage.redis.hset(f"srbot:request:{name}", "doc", b"{}")
    own_stage.person("approver-1").presses(card, "Approve")
    own_stage.private("approver-1", "Something went wrong in srbot itself", "Reference")
