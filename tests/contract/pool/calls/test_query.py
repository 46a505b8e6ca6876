from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.sandbox.pool.classes.schema.query import parse
from deploy.sandbox.pool.wire import ApiFailureError

RECORD = {"type": "nfs", "shared": True, "name_label": "gold", "physical_size": 5, "other_config": {}, "tags": []}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("true", True),
        (" false ", False),
        ('field "type" = "nfs"', True),
        ('"nfs" = field "type"', True),
        ('field "type"="lvm"', False),
        ('field "shared" = "true"', True),
        ('field "physical_size" = "5"', True),
        ('field "name__label" = "gold"', True),
        ('not field "type" = "nfs"', False),
        ('not (field "type" = "lvm") and true', True),
        ("true or false and false", True),
        ("(true or false) and false", False),
        ('field "other_config" = "x"', False),
    ],
)
def test_an_expression_selects_records(expression: str, expected: bool) -> None:  # noqa: FBT001 - a row's value
    assert parse(expression)(RECORD) is expected


@pytest.mark.parametrize(
    "expression",
    ["", "tru", "true true", "(true", 'field type = "x"', 'field "type" = field', 'field "type" "x"', "=="],
)
def test_what_cannot_be_read_is_an_internal_error(expression: str) -> None:
    with pytest.raises(ApiFailureError) as caught:
        parse(expression)
    assert caught.value.details[0] == "INTERNAL_ERROR"


def test_an_unknown_field_is_an_internal_error() -> None:
    with pytest.raises(ApiFailureError):
        parse('field "warp" = "1"')(RECORD)


@given(st.lists(st.sampled_from(['"x"', "true", "false", "(", ")", "field", '"type"', "and", "or", "not", "=", "?"])))
def test_no_expression_does_more_than_fail(words: list[str]) -> None:
    with contextlib.suppress(ApiFailureError):
        assert parse(" ".join(words))(RECORD) in {True, False}
