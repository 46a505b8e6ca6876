from __future__ import annotations

import pytest

from bot.request.grammar import AddIscsi, AttachIscsi, Mistake, parse, render


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("add iscsi 10.0.0.5 multihomed=yes", AddIscsi("10.0.0.5", multihomed=True)),
        ("add iscsi 10.0.0.5 multihomed=No", AddIscsi("10.0.0.5", multihomed=False)),
        ("attach iscsi 10.0.0.5 multihomed=true", AttachIscsi("10.0.0.5", multihomed=True)),
        ("add iscsi 10.0.0.5 multihomed=FALSE", AddIscsi("10.0.0.5", multihomed=False)),
        ("add iscsi 10.0.0.5", AddIscsi("10.0.0.5")),
    ],
)
def test_whether_all_portals_are_used_is_said_with_yes_or_no(typed: str, command: AddIscsi) -> None:
    assert parse(typed) == command
    assert parse(render(command)) == command


def test_anything_else_is_a_mistake() -> None:
    outcome = parse("add iscsi 10.0.0.5 multihomed=maybe")
    assert isinstance(outcome, Mistake)
    assert (outcome.reason, outcome.corrected) == ("switch_unknown", None)
    assert '"maybe"' in outcome.sentence
    near = parse("add iscsi 10.0.0.5 multihome=yes")
    assert isinstance(near, Mistake)
    assert near.corrected == "/sr add iscsi 10.0.0.5 multihomed=yes"
