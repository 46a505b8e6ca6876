from __future__ import annotations

from dataclasses import asdict

import pytest
from hypothesis import given

from bot.request.grammar import AddIscsi, AttachIscsi, Mistake, parse, render
from tests.unit.grammar.test_any_text import COMMANDS, UNTIMED, escaped


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("attach iscsi 10.0.0.5", AttachIscsi("10.0.0.5")),
        ("Attach iSCSI [fd00::5]:3261 pool=xenct", AttachIscsi("fd00::5", 3261, pool="xenct")),
        ('attach iscsi san name="Old builds" chap=tecmint', AttachIscsi("san", name="Old builds", chap="tecmint")),
    ],
)
def test_attaching_is_typed_as_adding_is(text: str, command: AttachIscsi) -> None:
    assert parse(text) == command
    assert parse(text) != AddIscsi(**asdict(command))


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ("atach iscsi 10.0.0.5", "/sr attach iscsi 10.0.0.5"),
        ("iscsi attach 10.0.0.5", "/sr attach iscsi 10.0.0.5"),
        ("attach 10.0.0.5", "/sr attach iscsi 10.0.0.5"),
        ("attach iscsi", "/sr attach iscsi <host>"),
        ("attach iscsi host=10.0.0.5 nam=x", "/sr attach iscsi 10.0.0.5 name=x"),
        ("ad iscsi 10.0.0.5", "/sr add iscsi 10.0.0.5"),
    ],
)
def test_a_mistake_while_attaching_is_corrected_as_one_while_adding_is(typed: str, corrected: str) -> None:
    outcome = parse(typed)
    assert isinstance(outcome, Mistake)
    assert (outcome.corrected or "").removesuffix(" <host>") == corrected.removesuffix(" <host>")


def test_a_password_is_refused_there_too() -> None:
    outcome = parse("attach iscsi 10.0.0.5 password=canary")
    assert isinstance(outcome, Mistake)
    assert "canary" not in repr(outcome)


@UNTIMED
@given(COMMANDS)
def test_every_line_reads_back_as_it_was_written(command: object) -> None:
    if isinstance(command, AddIscsi):
        attach = AttachIscsi(**asdict(command))
        assert parse(escaped(render(attach))) == attach
