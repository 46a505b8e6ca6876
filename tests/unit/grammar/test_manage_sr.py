from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.request.grammar import Chore, ManageSr, Mistake, parse, render
from tests.unit.grammar.test_any_text import OPTIONAL, UNTIMED, VALUES, escaped

UUID = "5d1c3f0e-0000-4000-8000-000000000001"


@pytest.mark.parametrize("chore", [chore for chore in Chore if chore is not Chore.RENAME])
def test_an_sr_is_named_by_its_uuid_or_its_name(chore: Chore) -> None:
    assert parse(f"{chore} {UUID}") == ManageSr(chore, UUID)
    assert parse(f'{chore} "Old builds" pool=xenct reason="no longer needed"') == ManageSr(
        chore, "Old builds", pool="xenct", reason="no longer needed"
    )


def test_renaming_takes_the_new_name() -> None:
    assert parse('rename old name="New one"') == ManageSr(Chore.RENAME, "old", name="New one")
    assert parse("rename old name-label=new") == ManageSr(Chore.RENAME, "old", name="new")


@pytest.mark.parametrize(
    ("typed", "reason", "corrected"),
    [
        ("detach", "sr_missing", None),
        ('detach ""', "sr_missing", None),
        ("detach iSCSI virtual disk storage", "quotes_missing", '/sr detach "iSCSI virtual disk storage"'),
        ("destroy Old builds pool=xenct", "quotes_missing", '/sr destroy "Old builds" pool=xenct'),
        (f"forget uuid={UUID}", "sr_as_option", f"/sr forget {UUID}"),
        ("forget uuid= gold", "sr_as_option", "/sr forget gold"),
        ("scan gold reason=it is old", "quotes_missing", '/sr scan gold reason="it is old"'),
        ("scan gold pool xenct", "equals_missing", "/sr scan gold pool=xenct"),
        ("rename gold", "name_missing", None),
        ("scan gold name=x", "option_unknown", None),
        ("detatch gold", "verb_unknown", "/sr detach gold"),
        (f"repair {'x' * 129}", "value_too_long", None),
    ],
)
def test_a_mistake_is_named_and_corrected_where_that_is_possible(
    typed: str, reason: str, corrected: str | None
) -> None:
    outcome = parse(typed)
    assert isinstance(outcome, Mistake)
    assert (outcome.reason, outcome.corrected) == (reason, corrected)


def test_a_password_is_refused_there_too() -> None:
    outcome = parse('destroy gold reason="password=canary"')
    assert isinstance(outcome, Mistake)
    assert "canary" not in repr(outcome)


NAMES = VALUES.filter(lambda name: "=" not in name)
COMMANDS = st.builds(
    ManageSr,
    st.sampled_from([chore for chore in Chore if chore is not Chore.RENAME]),
    NAMES,
    OPTIONAL,
    st.none(),
    OPTIONAL,
) | st.builds(ManageSr, st.just(Chore.RENAME), NAMES, OPTIONAL, VALUES, OPTIONAL)


@UNTIMED
@given(COMMANDS)
def test_every_line_reads_back_as_it_was_written(command: ManageSr) -> None:
    assert parse(escaped(render(command))) == command
