from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.request.grammar import AddHba, Mistake, parse, render
from tests.unit.grammar.test_any_text import OPTIONAL, UNTIMED, escaped


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("add hba", AddHba()),
        ("Add HBA pool=xenct", AddHba("xenct")),
        ('add hba name-label="Nightly builds" reason=room', AddHba(name="Nightly builds", reason="room")),
        ("attach hba", AddHba(attach=True)),
        ('attach hba pool=xenct name="Old"', AddHba("xenct", "Old", attach=True)),
    ],
)
def test_adapters_are_asked_for_without_an_address(typed: str, command: AddHba) -> None:
    assert parse(typed) == command


@pytest.mark.parametrize(
    ("typed", "reason", "corrected"),
    [
        ("add hba 10.0.0.5", "word_unexpected", "/sr add hba"),
        ("attach hba 3600a pool=x", "word_unexpected", "/sr attach hba pool=x"),
        ("add hba pool xenct", "equals_missing", "/sr add hba pool=xenct"),
        ("add hba name=Nightly builds", "quotes_missing", '/sr add hba name="Nightly builds"'),
        ("add hba nam=x", "option_unknown", "/sr add hba name=x"),
        ("add hba chap=tecmint", "option_unknown", None),
        ("ad hba", "verb_unknown", "/sr add hba"),
        ("hba add", "verb_unknown", "/sr add hba"),
    ],
)
def test_a_mistake_is_named_and_corrected(typed: str, reason: str, corrected: str | None) -> None:
    outcome = parse(typed)
    assert isinstance(outcome, Mistake)
    assert (outcome.reason, outcome.corrected) == (reason, corrected)


@UNTIMED
@given(st.builds(AddHba, OPTIONAL, OPTIONAL, OPTIONAL, st.booleans()))
def test_a_rendered_command_reads_back_to_itself(command: AddHba) -> None:
    assert parse(escaped(render(command))) == command
