"""What holds whatever the policy says, tried with policies, people and approvals that are made up."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy import Action, Approval, Danger, Members, Outcome, Policy, Subject, evaluate, may_approve
from bot.policy.model import ANYONE, Automatic, Denial, Group, Part, Rule, When
from bot.policy.people import People, people
from bot.policy.subject import DESTRUCTIVE
from tests.unit.policy.policies import NOON, TIB

pytestmark = pytest.mark.no_cover
"""What they run is covered by the tests beside; counting it here too would double their time."""

CROWD: Final = ("UA", "UB", "UC", "UD", "UE")
PERSON = st.sampled_from(CROWD)
SOME = st.frozensets(PERSON)
NAMES = st.sampled_from(["red", "blue", "far", "UA", "UB"])
GROUPS = st.builds(
    lambda red, blue: {"red": Group("red", red), "blue": Group("blue", blue), "far": Group("far", slack="S1")},
    SOME,
    SOME,
)
MEMBERS = st.builds(lambda far: Members({"S1": far}), st.none() | SOME)
DANGERS = st.frozensets(st.sampled_from(Danger))
WHENS = st.builds(
    When,
    actions=st.frozensets(st.sampled_from(Action), max_size=2),
    dangers=DANGERS,
    harmless=st.booleans(),
    over=st.none() | st.just(TIB),
    up_to=st.none() | st.just(2 * TIB),
)
PARTS = st.builds(Part, st.none() | st.integers(0, 3), st.lists(NAMES, min_size=1, max_size=2, unique=True).map(tuple))
AUTOMATIC = st.builds(Automatic, st.just((ANYONE,)), st.just(5), st.just(5), st.just(ZoneInfo("UTC")))
RULES = st.builds(
    Rule,
    name=st.sampled_from(["one", "two", "three", "four"]),
    when=WHENS,
    ask=st.just((ANYONE,)) | st.just(("red", "far")),
    decide=st.lists(PARTS, max_size=3).map(tuple),
    automatic=st.none() | AUTOMATIC,
    step_up_over=st.none() | st.just(-1) | st.just(TIB),
    approval_waits=st.sampled_from([60.0, 3600.0]),
)
POLICIES = st.builds(
    lambda rules, groups: Policy("", tuple(rules), groups=groups),
    st.lists(RULES, max_size=4, unique_by=lambda rule: rule.name),
    GROUPS,
)
SUBJECTS = st.builds(
    Subject,
    pool=st.just("xenct"),
    channel=st.just("C1"),
    action=st.sampled_from(Action),
    requester=PERSON,
    asked_at=st.just(NOON),
    size=st.none() | st.sampled_from([TIB, 2 * TIB, 3 * TIB]),
    dangers=DANGERS,
)
Given = tuple[Approval, ...]
APPROVALS = st.lists(
    st.builds(Approval, PERSON, st.sampled_from([NOON, NOON + 100.0, NOON + 4000.0]), st.booleans()), max_size=6
).map(tuple)
NOW = NOON + 50.0


@given(POLICIES, SUBJECTS, MEMBERS, APPROVALS)
def test_the_requester_never_counts(policy: Policy, subject: Subject, members: Members, given: Given) -> None:
    others = tuple(yes for yes in given if yes.person != subject.requester)
    decision = evaluate(policy, subject, members, given, NOW)
    assert decision == evaluate(policy, subject, members, others, NOW)
    assert subject.requester not in decision.counted | decision.deciders
    assert all(subject.requester not in missing.from_whom for missing in decision.missing)


@given(POLICIES, SUBJECTS, MEMBERS, APPROVALS)
def test_to_approve_twice_changes_nothing(policy: Policy, subject: Subject, members: Members, given: Given) -> None:
    assert evaluate(policy, subject, members, given, NOW) == evaluate(policy, subject, members, (*given, *given), NOW)


@given(POLICIES, SUBJECTS, MEMBERS, APPROVALS)
def test_what_destroys_has_another_person(policy: Policy, subject: Subject, members: Members, given: Given) -> None:
    decision = evaluate(policy, subject, members, given, NOW)
    if decision.permitted and subject.dangers & DESTRUCTIVE:
        assert decision.counted - {subject.requester}
        assert decision.counted <= {yes.person for yes in given}


@given(POLICIES, SUBJECTS, MEMBERS, APPROVALS, RULES)
def test_a_rule_more_makes_nothing_easier(
    policy: Policy, subject: Subject, members: Members, given: Given, rule: Rule
) -> None:
    before = evaluate(policy, subject, members, given, NOW)
    more = replace(policy, rules=(*policy.rules, replace(rule, name="five")))
    after = evaluate(more, subject, members, given, NOW)
    if after.permitted and before.rules and subject.dangers <= DESTRUCTIVE:
        assert before.permitted


@given(POLICIES, SUBJECTS, MEMBERS, APPROVALS)
def test_a_denial_is_the_last_word(policy: Policy, subject: Subject, members: Members, given: Given) -> None:
    closed = replace(policy, denials=(Denial("closed", When(), "Closed."),))
    assert evaluate(closed, subject, members, given, NOW).outcome is Outcome.DENY


@given(POLICIES, SUBJECTS, MEMBERS, APPROVALS, PERSON)
def test_one_approval_more_takes_nothing_back_and_helps_if_it_was_missing(
    policy: Policy, subject: Subject, members: Members, given: Given, person: str
) -> None:
    before = evaluate(policy, subject, members, given, NOW)
    after = evaluate(policy, subject, members, (*given, Approval(person, NOW, stepped_up=True)), NOW)
    assert after.permitted or not before.permitted
    if may_approve(before, subject, person).allowed:
        assert sum(each.count for each in after.missing) < sum(each.count for each in before.missing)
    elif before.outcome is Outcome.PENDING:
        assert sum(each.count for each in after.missing) == sum(each.count for each in before.missing)


@given(POLICIES, SUBJECTS, MEMBERS, APPROVALS)
def test_what_the_rules_say_is_what_trying_all_ways_says(
    policy: Policy, subject: Subject, members: Members, given: Given
) -> None:
    decision = evaluate(policy, subject, members, given, NOW)
    waits = decision.terms.approval_waits
    by_name = {rule.name: rule for rule in policy.rules}
    for ruling in decision.rulings:
        rule = by_name[ruling.rule]
        if ruling.outcome is Outcome.DENY or ruling.automatic or not ruling.matched:
            continue
        code = rule.step_up_over is not None and (subject.size is None or subject.size > rule.step_up_over)
        counting = {
            yes.person
            for yes in given
            if yes.person != subject.requester and yes.at < NOON + waits and (yes.stepped_up or not code)
        }
        enough = _by_trying(policy, rule, members, subject.requester, counting)
        assert (ruling.outcome is Outcome.PERMIT) is enough


def _by_trying(policy: Policy, rule: Rule, members: Members, requester: str, given: set[str]) -> bool:
    places: list[frozenset[str]] = []
    for part in rule.decide:
        able: People = people(policy, members, part.names, NOW)
        those = able.known - {requester}
        if part.count is not None:
            places += [those] * part.count
        else:
            places += [frozenset({one}) for one in those] if those and not able.unreadable else [frozenset()]
    orders = permutations(sorted(given), len(places))
    return any(all(who in place for who, place in zip(order, places, strict=True)) for order in orders)


@settings(max_examples=50)
@given(POLICIES, SUBJECTS, APPROVALS)
def test_an_unreadable_group_only_takes_away(policy: Policy, subject: Subject, given: Given) -> None:
    if evaluate(policy, subject, Members(), given, NOW).permitted:
        assert evaluate(policy, subject, Members({"S1": frozenset()}), given, NOW).permitted
