"""What people may do to a request by the policy in force: pure, the caller commits what follows."""

from __future__ import annotations

from bot.deciding.asking import may_ask, request_approval
from bot.deciding.calling import call_again, next_call
from bot.deciding.overriding import format_over, may_be_formatted_over, may_be_overridden
from bot.deciding.running import LOOK_AGAIN_SECONDS, NotNow, held_back, may_run, release
from bot.deciding.speaking import ask_question, claim, withdraw
from bot.deciding.standing import Standing
from bot.deciding.tracing import traced
from bot.deciding.verdicts import approve, approve_typed, is_awaited, may_decide, reject, retry

__all__ = [
    "LOOK_AGAIN_SECONDS",
    "NotNow",
    "Standing",
    "approve",
    "approve_typed",
    "ask_question",
    "call_again",
    "claim",
    "format_over",
    "held_back",
    "is_awaited",
    "may_ask",
    "may_be_formatted_over",
    "may_be_overridden",
    "may_decide",
    "may_run",
    "next_call",
    "reject",
    "release",
    "request_approval",
    "retry",
    "traced",
    "withdraw",
]
