"""Every reason that the code can give has its words, and no words are left over: read from the sources themselves."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

import pytest

from bot.policy import Reason, Reply
from bot.slack.cards.reasons import OF_SRS, ROWS
from bot.slack.cards.sentences import REFUSALS
from bot.slack.cards.troubles import _UNKNOWN, _UNNAMED, _texts
from bot.storage.failures import seldom
from bot.storage.failures.sentences import SENTENCES
from tests.unit.slack.reasons import ROOT, Given, given, sources
from workers.troubles import _RENAMED, _WAYS, CHAP_REASONS

EVERYWHERE = sources("bot", "workers")
FAILED = given(EVERYWHERE, frozenset({"CannotDoError", "Trouble"}))
REFUSED = given(EVERYWHERE, frozenset({"Refused", "_deny"}))
SAID = given(sources("bot/slack"), frozenset({"refusal", "plain_refusal"}))


def reasons(places: Iterable[Given]) -> set[str]:
    return {reason for place in places for reason in place.reasons}


RUN_REFUSED = reasons(place for place in REFUSED if place.function in {"may_run", "_approved_plan"})
"""What a worker is refused, it gives as the trouble of its step."""

OF_ERRORS = {*_RENAMED.values(), *(reason for _, reason in _WAYS), *CHAP_REASONS}
UNREAD = "unknown"
"""What a failure is called whose code nobody knows."""
TROUBLES = reasons(FAILED) | RUN_REFUSED | OF_ERRORS


GATES = ("bot/slack/gate.py", "bot/slack/listeners/adding.py")
"""Where it is said who gets in: at the door, and, since a form is in no channel, where one is submitted."""


def at_the_gate(path: str) -> set[str]:
    """Give what a gate returns, or hands on as the answer to a look-up."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    answers: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Call):
            answers.append(node.value)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_looked_up":
            answers += node.args
    values = (each for answer in answers for each in ends_of(answer))
    return {value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)}


def ends_of(node: ast.AST) -> list[ast.AST]:
    """Give what a condition, an `or` or a lambda can end in."""
    if isinstance(node, ast.BoolOp):
        return [end for value in node.values for end in ends_of(value)]
    if isinstance(node, ast.IfExp):
        return [*ends_of(node.body), *ends_of(node.orelse)]
    return ends_of(node.body) if isinstance(node, ast.Lambda) else [node]


NO_REFUSALS = {Reason.APPROVED, Reason.AUTOMATIC, Reason.EXECUTION_EXPIRED}
WAITING = {Reason.APPROVALS_MISSING, Reason.STEP_UP_MISSING, Reason.NOT_ENOUGH_PEOPLE}
NO_ANSWERS = {Reply.ALLOWED, Reply.NOTHING_MISSING, Reply.REFUSED}
BY_POLICY = {str(each) for each in (*(set(Reason) - NO_REFUSALS - WAITING), *(set(Reply) - NO_ANSWERS))}
"""What the policy itself says no for."""
REFUSALS_GIVEN = reasons(REFUSED) | reasons(SAID) | BY_POLICY.union(*map(at_the_gate, GATES))


@pytest.mark.parametrize("place", [*FAILED, *REFUSED], ids=lambda place: place.where)
def test_it_can_be_read_from_the_source_which_reasons_a_place_gives(place: Given) -> None:
    assert not place.unclear


@pytest.mark.parametrize("reason", sorted(TROUBLES))
def test_every_reason_that_a_step_can_fail_for_has_a_sentence_of_its_own(reason: str) -> None:
    assert _texts(reason) != _UNKNOWN


@pytest.mark.parametrize("reason", sorted(REFUSALS_GIVEN))
def test_every_reason_of_a_refusal_has_a_sentence_of_its_own(reason: str) -> None:
    assert reason in REFUSALS


def test_no_sentence_is_left_over() -> None:
    of_storage = {*SENTENCES, *seldom.SENTENCES, UNREAD}
    assert set(REFUSALS) - REFUSALS_GIVEN == set()
    assert set(ROWS) - TROUBLES - of_storage == set()
    assert set(OF_SRS) - TROUBLES == set()


@pytest.mark.parametrize("sentence", [text for text, _ in (*ROWS.values(), *OF_SRS.values())])
def test_every_gap_of_a_sentence_can_be_left_open_and_no_word_for_one_is_left_over(sentence: str) -> None:
    assert set(re.findall(r"\{(\w+)\}", sentence)) <= set(_UNNAMED)
    gaps = {gap for text, _ in (*ROWS.values(), *OF_SRS.values()) for gap in re.findall(r"\{(\w+)\}", text)}
    assert gaps == set(_UNNAMED)


def test_the_reasons_were_found() -> None:
    assert {"lun_in_use", "host_iqn_missing", "left_behind", "pbd_missing", "pbd_unplugged", "lun_taken"} <= TROUBLES
    assert {"no_targets", "unreadable_answer", "xapi_failed", "share_in_use", "hosts_not_accepted"} <= TROUBLES
    assert {"typed_differs", "name_differs", "not_the_requester", "stranger", "bot_not_in_channel"} <= REFUSALS_GIVEN
