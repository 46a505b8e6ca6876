from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ledger.store import new_id
from bot.request.grammar import CancelRequest, Command, ListRequests, Mistake, ShowRequest, Whose, parse, render
from tests.unit.grammar.test_any_text import LINES, UNTIMED, escaped

ID = "abc234xyz"

READS: dict[str, Command] = {
    "requests": ListRequests(Whose.MINE),
    "requests mine": ListRequests(Whose.MINE),
    "requests waiting": ListRequests(Whose.WAITING),
    "Requests ALL": ListRequests(Whose.ALL),
    "/sr requests all": ListRequests(Whose.ALL),
    "request waiting": ListRequests(Whose.WAITING),
    f"request {ID}": ShowRequest(ID),
    f"request {ID.upper()}": ShowRequest(ID),
    f"request `{ID}`": ShowRequest(ID),
    f"request '{ID}'": ShowRequest(ID),
    f"request {ID}.": ShowRequest(ID),
    f"request #{ID}": ShowRequest(ID),
    f"request <{ID}>": ShowRequest(ID),
    f"cancel {ID}": CancelRequest(ID),
    f"cancel request {ID}": CancelRequest(ID),
}


@pytest.mark.parametrize(("typed", "command"), READS.items())
def test_requests_are_listed_shown_and_cancelled_by_their_ids(typed: str, command: Command) -> None:
    assert parse(escaped(typed)) == command


def test_every_id_that_the_ledger_makes_can_be_typed() -> None:
    for _ in range(100):
        name = new_id()
        assert parse(f"request {name}") == ShowRequest(name)


# What was typed: the code of the mistake, the corrected line.
CORRECTED = {
    "requests wating": ("list_unknown", "/sr requests waiting"),
    "requests min": ("list_unknown", "/sr requests mine"),
    f"requests {ID}": ("list_unknown", None),
    "requests mine all": ("several_lists", "/sr requests mine"),
    "requests --all": ("flag", "/sr requests all"),
    "requests --verbose": ("flag", "/sr requests mine"),
    "requests pool=xenct": ("option_unknown", "/sr requests mine"),
    "requests all pool=xenct": ("option_unknown", "/sr requests all"),
    "reqests all": ("verb_unknown", "/sr requests all"),
    "requets": ("verb_unknown", "/sr requests mine"),
    "request": ("id_missing", None),
    "cancel": ("id_missing", None),
    "cancel id=": ("id_as_option", None),
    f"cancel id={ID}": ("id_as_option", f"/sr cancel {ID}"),
    f"request request={ID}": ("id_as_option", f"/sr request {ID}"),
    f"cancel {ID} def567uvw": ("several_requests", f"/sr cancel {ID}"),
    f"cancel {ID} reason=x": ("option_unknown", f"/sr cancel {ID}"),
    f"cancel --force {ID}": ("flag", f"/sr cancel {ID}"),
    "cancel @alice": ("id_unreadable", None),
    'cancel "my request"': ("id_unreadable", None),
    "cancel mine": ("id_unreadable", None),
    "cancel my request": ("several_requests", None),
    f"cancel {'x' * 10}": ("id_unreadable", None),
    f"cancel {ID}\x00": ("control_character", f"/sr cancel {ID}"),
    f"cancle {ID}": ("verb_unknown", f"/sr cancel {ID}"),
}


@pytest.mark.parametrize(("typed", "expected"), CORRECTED.items())
def test_a_mistake_is_named_and_corrected_where_it_can_be_guessed(typed: str, expected: tuple[str, str | None]) -> None:
    mistake = parse(typed)
    assert isinstance(mistake, Mistake)
    assert (mistake.reason, mistake.corrected) == expected


def test_a_missing_id_is_told_with_where_the_ids_are() -> None:
    mistake = parse("cancel")
    assert isinstance(mistake, Mistake)
    assert mistake.sentence == "The id of the request is missing; /sr requests lists yours with their ids."


def test_a_list_that_there_is_not_is_told_with_those_that_there_are() -> None:
    mistake = parse("requests yours")
    assert isinstance(mistake, Mistake)
    assert mistake.sentence.startswith('There is no list "yours"; there are mine, waiting, all.')


def test_a_password_is_refused_there_too() -> None:
    outcome = parse(f"cancel {ID} password=canary")
    assert isinstance(outcome, Mistake)
    assert "canary" not in repr(outcome)


COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(ListRequests, st.sampled_from(Whose)),
    st.builds(ShowRequest, st.from_regex(r"[a-z0-9]{9}", fullmatch=True)),
    st.builds(CancelRequest, st.from_regex(r"[a-z0-9]{9}", fullmatch=True)),
)


@UNTIMED
@given(COMMANDS)
def test_every_line_reads_back_as_it_was_written(command: Command) -> None:
    assert parse(escaped(render(command))) == command


@UNTIMED
@given(st.sampled_from(["requests ", "request ", "cancel "]), LINES)
def test_a_corrected_line_is_never_a_mistake_again(verb: str, rest: str) -> None:
    outcome = parse(verb + rest)
    if isinstance(outcome, Mistake) and outcome.corrected:
        again = parse(escaped(outcome.corrected.replace("<host>", "10.0.0.5")))
        assert not isinstance(again, Mistake), (outcome, again)
