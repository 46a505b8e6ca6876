"""What people are told privately: why something was refused and what to do. mrkdwn, all data in it escaped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.slack.cards.texts import code, fill, one_line

NOTHING_CHANGED: Final = "srbot could not record that in time. Nothing was changed: press again in a moment."
NOT_RECORDED: Final = "srbot could not record that in time. Nothing was changed: send it again in a moment."
MAYBE_CHANGED: Final = "srbot could not see in time whether that was recorded. Look at the card before you press again."
MAYBE_RECORDED: Final = (
    "srbot could not see in time whether that was recorded. See if a card comes before you try again."
)
NOT_LOOKED_UP: Final = "srbot could not look that up in time. Try again in a moment."
UNKNOWN_LIST: Final = "srbot doesn't know this list any more. Ask again with `/sr requests`."
DONE_ALREADY: Final = "That was done already: this goes on as request {request}, which has a card of its own."
WENT_ON: Final = "The request that this one goes on from went another way."
UNKNOWN_REQUEST: Final = "This card belongs to no request that srbot knows. Nothing was changed: ask anew with `/sr`."
ANSWER_IS_GONE: Final = "This answer is no longer kept. Ask again with `/sr list`."
OTHERS_ANSWER: Final = "Only the person who asked can turn these pages. Ask for yourself with `/sr list`."
DIALOG_FAILED: Final = "Slack did not open the dialog. Nothing was changed: press again."
UNKNOWN_COMMAND: Final = "srbot only knows `/sr`."
NOT_KNOWN_BUTTON: Final = "srbot doesn't know this button any more. Nothing was changed."
ONLY_REQUESTER_LOOKS: Final = "Only the person who asked can choose here"
NOTHING_TO_CHOOSE: Final = "The list is gone: go back and look again"
NOTHING_MATCHES: Final = "Nothing matches what you typed"
NOT_ALLOWED: Final = "{address} is not among the allowed targets."
NO_PATH: Final = "{path} is not among the local paths that are allowed."

REFUSALS: Final[Mapping[str, str]] = {
    "picker_is_old": "That list is out of date: a newer one is on the card. Nothing was changed.",
    "lun_in_use": "That LUN is in use by the SR {sr_name} {sr_uuid} of pool {pool}. Nothing was changed: pick another.",
    "place_in_use": (
        "That one is in use by the SR {sr_name} {sr_uuid} of pool {pool}. Nothing was changed: pick another."
    ),
    "lun_unsupported": "XenServer can't use LUN {lun_id}: ids go up to 255. Nothing was changed: pick another.",
    "lun_without_scsi_id": "The array gives LUN {lun_id} no SCSIid, so XenServer can't use it. Pick another.",
    "not_now": "That isn't possible at this point of the request. Nothing was changed: look at the card again.",
    "plan_changed": "The plan has changed since that card was drawn. Nothing was changed: look at it again.",
    "not_the_requester": (
        "Only the person who asked can do that, and Retry is for those who decide too. "
        "Nothing was changed: ask for your own with `/sr`."
    ),
    "requester_never_counts": "You asked for this yourself, so somebody else has to decide. Nothing was changed.",
    "not_an_approver": "You are not among those who decide about this. Nothing was changed: the thread names them.",
    "not_needed": "This needs no approval of yours: others are still missing. Nothing was changed.",
    "members_unreadable": (
        "Slack didn't say in time who is in the groups that the policy names, so the answer is no. "
        "Nothing was changed: press again in a moment."
    ),
    "step_up_wanted": (
        "An approval of this wants a one-time code. Nothing was changed: press Approve again, and type yours."
    ),
    "denied_by_rule": "The policy lets nobody do this: {because} Nothing was changed.",
    "no_rule_matched": "No rule of the policy is about this, so nobody may do it. Ask the operator for one.",
    "no_rule_for_override": "No rule of the policy says who may override here. Ask the operator for one.",
    "not_allowed_to_ask": "The policy does not let you ask for this. Ask somebody whom it does, or the operator.",
    "reason_required": 'The policy wants a reason for this: add `reason="…"`.',
    "ticket_required": "The policy wants a ticket in the reason ({because}): add `reason=…` with it.",
    "danger_needs_people": "This is never approved automatically, and no rule says who decides. Ask the operator.",
    "not_automatic_for_you": "This is automatic for others only, and no rule says who decides. Ask the operator.",
    "budget_spent": "Today's automatic approvals are used up, and no rule says who decides. Try again tomorrow.",
    "quiet_hours": "It is quiet hours, in which nothing is approved automatically. Try again when they are over.",
    "another_person_needed": "This needs another person, and no rule says who decides. Ask the operator.",
    "approval_expired": "It was not approved in time. Nothing was changed: ask anew with `/sr`.",
    "claimed_already": "You said already that you are looking at it. Nothing was changed.",
    "nothing_to_withdraw": "There is no approval of yours to withdraw. Nothing was changed.",
    "frozen": "The pool is frozen, so nothing is started there. Nothing was changed: try again once it is thawed.",
    "may_not_freeze": "The policy does not let you freeze or thaw. Nothing was changed: ask the operator.",
    "frozen_already": "{pool} is frozen already, by {by}: {reason}. Nothing was changed.",
    "not_frozen": "{pool} is not frozen. Nothing was changed.",
    "already_approved": "You have approved this already. Nothing was changed.",
    "not_awaiting_approval": "This request isn't waiting for a decision (any more). Nothing was changed.",
    "already_ended": "This request has ended already. Nothing was changed: ask anew with `/sr`.",
    "expired": "The time for this is over. Nothing was changed: ask anew with `/sr`.",
    "already_changing": "The pool is being changed already, so it is too late to cancel.",
    "too_late_to_withdraw": "The pool is being changed already, so it is too late to withdraw an approval.",
    "typed_differs": "That is not the end of the LUN's SCSIid. Nothing was changed: look at it and type it again.",
    "name_differs": "That is not the name of the SR. Nothing was changed: look at it and type it again.",
    "code_wrong": "That is not your one-time code of now. Nothing was changed: type the one that your app shows.",
    "code_used": "That one-time code was used already. Nothing was changed: wait for the next one and type that.",
    "code_locked": (
        "Too many wrong one-time codes were typed for you. Nothing was changed: try again in {minutes} minutes, "
        "and tell the operator if it wasn't you."
    ),
    "not_enrolled": (
        "You have no one-time codes, which this wants. Nothing was changed: "
        "ask the operator for them, by `srbot code enrol` and your id {person}."
    ),
    "codes_unreadable": "srbot can't read the secret of your one-time codes. Nothing was changed: tell the operator.",
    "not_one_to_retry": ("Only who asked and those who decide can have the hosts tried again. Nothing was changed."),
    "nobody_may_override": (
        "There is nobody beside who asked who may override here. Nothing was changed: ask the operator for one."
    ),
    "hosts_not_accepted": (
        "The LUN isn't seen by {hosts}. Nothing was changed: accept that on the card first, or have it shown to them."
    ),
    "sr_known_here": (
        "The pool knows the SR on this LUN, so it isn't formatted over. Nothing was changed: attach it instead."
    ),
    "not_approved": "What should have run isn't what was approved. Nothing was changed: ask for approval again.",
    "policy_error": "srbot could not check whether you may do that, so the answer is no. Nothing was changed.",
    "address_not_allowed": f"{NOT_ALLOWED} Ask the operator to add it.",
    "path_not_allowed": (
        f"{NO_PATH} Ask the operator to add it, or the folder that it is in, to `paths` of `[local]`."
    ),
    "no_local_paths": (
        "No local path is allowed: `paths` of `[local]` in the configuration is empty. Ask the operator to fill it."
    ),
    "no_such_request": (
        "srbot knows no request {request} of yours or of this channel. Nothing was changed: "
        "`/sr requests` lists yours; those of others are looked at in their channel."
    ),
    "stranger": "srbot only works for members of this workspace. Nothing was changed.",
    "guest": "Guests can't use srbot. Ask a member of this workspace. Nothing was changed.",
    "bot": "Bots and workflows can't use srbot. Nothing was changed.",
    "deactivated": "This account is deactivated. Nothing was changed.",
    "people_unreachable": "srbot could not check in time who you are. Nothing was changed: press again in a moment.",
    "channel_unreachable": "srbot could not check this channel in time. Nothing was changed: press again in a moment.",
    "direct_message": "Storage is asked for in a channel, where others see it. Try again in the channel for it.",
    "channel_not_listed": "This channel isn't set up for storage. Use another one, or have the operator add {channel}.",
    "channel_shared": "This channel is shared with another company: srbot does nothing here. Use an internal one.",
    "in_no_channel": "You are in no channel that is set up for storage. Ask the operator which one is for you.",
    "not_in_channel": "You are not in that channel. Nothing was changed: choose one that you are in.",
    "channels_unreachable": "Slack didn't say in time in which channels you are. Nothing was changed: try again.",
    "form_is_old": "srbot doesn't know this form any more. Nothing was changed: open it again.",
    "bot_not_in_channel": "srbot is not in this channel: type `/invite @srbot` here and try again.",
}
"""By reason code. {names} are facts."""


def refusal(reason_code: str, facts: Mapping[str, str] | None = None) -> str:
    """Say in mrkdwn why something was refused."""
    return fill(_refusal(reason_code), lambda name: code((facts or {}).get(name, "")))


def plain_refusal(reason_code: str, facts: Mapping[str, str]) -> str:
    """Say the same where nothing is markup: beside an input of a dialog."""
    return fill(_refusal(reason_code), lambda name: one_line(facts.get(name, "")))


def _refusal(reason_code: str) -> str:
    return REFUSALS.get(reason_code, REFUSALS["not_now"])


def standing_by_itself(text: str) -> str:
    """Leave out of a refusal that nothing was changed, where nothing was asked for."""
    return text.replace(" Nothing was changed.", "")


def failure(reference: str) -> str:
    """Say that srbot failed."""
    return f"Something went wrong in srbot itself. Look at the card before you try again. Reference: {code(reference)}"


def cancelled(request: str) -> str:
    return f"Request {code(request)} is cancelled. Nothing was changed for it on the pool."


def maybe_cancelled(request: str) -> str:
    said = "srbot could not see in time whether that was recorded. Look with"
    return f"{said} {code(f'/sr request {request}')} before you send it again."


def question_asked(pool: str) -> str:
    return f"Asking {code(pool)} … the answer comes here, for you only."


def question_waits(pool: str) -> str:
    return f"{code(pool)} hasn't answered yet. The answer comes here as soon as it does."
