"""Every reason that the code can give has its words, and no words wait for a reason that nobody gives."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from bot.slack.cards.sentences import REFUSALS, refusal
from bot.slack.cards.troubles import _ROWS, _UNKNOWN, _texts
from bot.slack.gate import FOREIGN
from bot.storage import StorageFailure, explain, read_failure
from bot.storage.failures import seldom
from bot.storage.failures.codes import SYMBOLS, XCPNG_SYMBOLS
from bot.storage.failures.explanations import _CODES
from bot.storage.failures.sentences import SENTENCES
from tests.unit.slack.reasons import Reason, Unread, given, returned, source, sources
from workers.troubles import _RENAMED, _WAYS, XAPI_FAILED

OF_TROUBLES = frozenset({"CannotDoError", "Trouble", "replace"})
OF_REFUSALS = frozenset({"Refused", "_deny", "refusal", "plain_refusal"})

GATE = source("bot/slack/gate.py")
PLACES = ("_foreign", "person_refusal", "channel_refusal", "begin_place_refusal")


def told(reasons: Iterable[Reason]) -> set[str]:
    return {reason for reason in reasons if isinstance(reason, str)}


def failures() -> Iterable[StorageFailure]:
    """Every failure that XenServer can answer with, as far as srbot has words for it, and one that it has none for."""
    numbers = [f"SR_BACKEND_FAILURE_{number}" for number in (*SYMBOLS, *XCPNG_SYMBOLS)]
    yield from (read_failure([code]) for code in (*numbers, *_CODES, "SOMETHING_NEW"))


EXPLAINED = {explain(failure).reason for failure in failures()}
MAY_RUN = told(given(source("bot/request/acting.py"), OF_REFUSALS, within="may_run"))
AT_THE_GATE = told(
    reason
    for function in PLACES
    for reason in (*returned(GATE, function), *given(GATE, frozenset({"_looked_up"}), at=slice(3, 5)))
)

# What can't be read off the sources: what each of these can be. Nothing, where it was found where it was raised.
IN_TROUBLES: dict[Unread, set[str]] = {
    Unread("workers/troubles.py", "error.reason"): set(),
    Unread("workers/troubles.py", "trouble.reason"): set(),
    Unread("workers/troubles.py", "_RENAMED.get(reason, reason)"): {_RENAMED.get(each, each) for each in EXPLAINED},
    Unread(
        "workers/troubles.py",
        "next((reason for kind, reason in _WAYS if isinstance(error, kind)), 'unreadable_answer')",
    ): {"unreadable_answer", *(reason for _, reason in _WAYS)},
    Unread("workers/steps.py", "refusal.reason_code"): MAY_RUN,
}
IN_REFUSALS: dict[Unread, set[str]] = {
    Unread("bot/request/acting.py", "decision.reason_code"): set(),
    Unread("bot/slack/listeners/settling.py", "refused.reason_code"): set(),
    Unread("bot/slack/listeners/overriding.py", "refused.reason_code"): set(),
    Unread("bot/slack/listeners/mending.py", "decision.reason_code"): set(),
    Unread("bot/slack/gate.py", "read_caller(body)"): set(),
    Unread("bot/slack/gate.py", "self.refusal(caller)"): AT_THE_GATE,
    Unread(
        "bot/slack/listeners/dialogs.py",
        "begin_place_refusal(context, request.channel, received + LOOKUP_SECONDS)()",
    ): AT_THE_GATE,
}

FOUND_IN_TROUBLES = {
    each for folder in ("bot", "workers") for read in sources(folder) for each in given(read, OF_TROUBLES)
}
FOUND_IN_REFUSALS = {each for read in sources("bot") for each in given(read, OF_REFUSALS)}
TROUBLES = told(FOUND_IN_TROUBLES).union(*IN_TROUBLES.values())
REFUSED = told(FOUND_IN_REFUSALS).union(*IN_REFUSALS.values())
OF_PASTED_TEXTS = {each for read in sources("bot/storage") for each in given(read, frozenset({"explanation"}))}


def test_what_cannot_be_read_off_the_sources_is_known() -> None:
    assert {each for each in FOUND_IN_TROUBLES if isinstance(each, Unread)} == set(IN_TROUBLES)
    assert {each for each in FOUND_IN_REFUSALS if isinstance(each, Unread)} == set(IN_REFUSALS)
    assert {"not_approved", "expired"} <= MAY_RUN


@pytest.mark.parametrize("reason", sorted(TROUBLES))
def test_every_reason_of_a_trouble_has_a_sentence_of_its_own(reason: str) -> None:
    assert _texts(reason) != _UNKNOWN


def test_every_reason_of_a_refusal_has_a_sentence_and_every_sentence_its_refusal() -> None:
    assert set(REFUSALS) == REFUSED - {FOREIGN}


def test_who_may_not_retry_is_told_who_may() -> None:
    assert "Retry is for the approvers of this channel too" in refusal("not_the_requester")


def test_no_sentence_about_a_trouble_is_unused() -> None:
    assert set(_ROWS) - TROUBLES == set()
    used = EXPLAINED | TROUBLES | told(OF_PASTED_TEXTS)
    assert (set(SENTENCES) | set(seldom.SENTENCES)) - used == set()


def test_constants_choices_and_variables_are_read() -> None:
    assert {"internal", "chap_wrong", XAPI_FAILED, "unreadable_answer", "no_targets", "host_disabled"} <= TROUBLES
    assert {"picker_is_old", "not_the_requester", "policy_error", "people_unreachable", "guest"} <= REFUSED
