from __future__ import annotations

from dataclasses import replace

from bot.policy import Decision, Members, Outcome, Reason, Ruling, explain
from bot.policy.explaining import SENTENCES
from tests.unit.policy.policies import ASKED, DESTROY, SHARE, UNREADABLE, approvals, ask


def test_a_decision_is_explained_rule_by_rule() -> None:
    assert explain(ask(DESTROY, approvals("U0SEC1", code=True)), name=lambda person: f"<@{person}>") == (
        "not yet: Approvals are missing.",
        "destroy matches: Approvals are missing.",
        "destroy counts: <@U0SEC1>.",
        "destroy misses 2 (2 of storage-admins). Now it could be: <@U0ADM2>, <@U0ADM3>, <@U0BOTH>.",
        "forget-in-prod is about another pool, action.",
        "shares is about another action, danger.",
        "block is about another action.",
        "large is about another action, size.",
        "overriding is about another danger.",
        "everything-in-the-lab is about another pool.",
    )


def test_what_could_not_be_read_is_said() -> None:
    lines = explain(ask(ASKED, members=UNREADABLE))
    assert lines[2] == (
        "block misses 1 (1 of on-call or storage-admins). Now it could be: U0CALL1. Not readable: storage-admins."
    )


def test_why_it_is_not_automatic_is_said() -> None:
    assert "shares is not automatic here: It is not automatic for who asked." in explain(ask(SHARE))


def test_that_nobody_could_is_said() -> None:
    alone = Members({"S0STORAGE": frozenset({"U0ADM1"})})
    lines = explain(ask(replace(SHARE, requester="U0ADM1", pool="lab", dangers=DESTROY.dangers), members=alone, now=0))
    assert any(line.endswith("Now it could be nobody.") for line in lines)


def test_many_people_are_counted() -> None:
    crowd = Members({"S0STORAGE": frozenset(f"U{number:02}" for number in range(12))})
    (line,) = [line for line in explain(ask(SHARE, members=crowd)) if "misses" in line]
    assert line.endswith("U08, U09 and 2 more.")


def test_a_denial_says_its_own_sentence() -> None:
    decision = Decision(
        Outcome.DENY,
        Reason.DENIED_BY_RULE,
        (Ruling("closed", outcome=Outcome.DENY, reason_code=Reason.DENIED_BY_RULE, because="Closed."),),
    )
    assert explain(decision)[1] == "closed matches: A rule says that nobody may do this. Closed."


def test_each_reason_has_its_sentence() -> None:
    assert SENTENCES.keys() == set(Reason)
    assert len(set(SENTENCES.values())) == len(Reason)


def test_a_ticket_that_is_missing_is_described() -> None:
    lines = explain(ask(replace(DESTROY, reason="old")))
    assert lines[1] == "destroy matches: Its reason has to name a ticket. a change, CHG and 7 digits"
