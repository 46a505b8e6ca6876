from __future__ import annotations

import pytest

from bot.request.grammar import AddIscsi, AttachIscsi, Mistake, parse, render


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("add iscsi 10.0.0.5 target=*", AddIscsi("10.0.0.5", all_targets=True)),
        ('add iscsi target="*" 10.0.0.5:3261', AddIscsi("10.0.0.5", 3261, all_targets=True)),
        ("attach iscsi 10.0.0.5 target=* chap=tecmint", AttachIscsi("10.0.0.5", chap="tecmint", all_targets=True)),
    ],
)
def test_all_targets_are_wanted_only_where_that_is_said(typed: str, command: AddIscsi) -> None:
    assert parse(typed) == command
    assert parse(render(command)) == command


@pytest.mark.parametrize(
    ("typed", "reason", "corrected"),
    [
        ("add iscsi target=10.0.0.5", "host_as_option", "/sr add iscsi 10.0.0.5"),
        ("add iscsi 10.0.0.5 target=iqn.2001-05.com.example:a", "host_as_option", None),
        ("add iscsi 10.0.0.5 target=", "host_as_option", "/sr add iscsi 10.0.0.5"),
        ("add iscsi 10.0.0.5 target=* target=*", "option_twice", None),
        ("add iscsi 10.0.0.5 target=* multihomed=no", "switch_unused", "/sr add iscsi 10.0.0.5 target=*"),
        ("add iscsi 10.0.0.5 multihomed=yes target=*", "switch_unused", "/sr add iscsi 10.0.0.5 target=*"),
    ],
)
def test_what_else_is_said_of_a_target_is_a_mistake(typed: str, reason: str, corrected: str | None) -> None:
    mistake = parse(typed)
    assert isinstance(mistake, Mistake)
    assert mistake.reason == reason
    if corrected is not None:
        assert mistake.corrected == corrected
