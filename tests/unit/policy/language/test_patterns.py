from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.language.patterns import pattern
from bot.policy.ruling import has_ticket


@pytest.mark.parametrize(
    "text",
    ["CHG[0-9]{7}", r"(INC|CHG|RITM)\d{4,10}", "[A-Z]+-[0-9]+", r"OPS\.[0-9]{1,5}", "[]ab]+", r"\(x\)*", "[(?)]"],
)
def test_a_usual_pattern_is_taken(text: str) -> None:
    assert pattern(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a" * 101,
        "(a+)+",
        "(a|b)*",
        "(a){2}",
        "(a)?",
        r"(a)\1",
        "(?i)a",
        "(?=a)a",
        "(?P<x>a)",
        "a*b*c*d*",
        "(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)",
        "a**",
        "[a",
        "(a",
        "a\nb",
        "[[a]",
        "a{99999999999999999999}",
    ],
)
def test_what_could_take_long_or_is_no_pattern_is_refused(text: str) -> None:
    assert pattern(text) is None


def test_what_is_no_text_is_no_pattern() -> None:
    assert pattern(5) is None


@pytest.mark.parametrize(
    "text", [".*.*.*x", "(a|aa)(a|aa)(a|aa)a*a*a*x", "[a-z]*[a-z]*[a-z]*1", "a{0,60}a{0,60}a{0,60}b"]
)
def test_the_worst_pattern_that_is_taken_is_matched_at_once(text: str) -> None:
    assert pattern(text) == text
    began = time.process_time()
    assert not has_ticket(text, " ".join(["a" * 64] * 5))
    assert time.process_time() - began < 1.0


@given(st.text(alphabet="ab()[]{}*+?|\\1^$.,-", max_size=20))
def test_any_text_is_a_pattern_that_compiles_or_none(text: str) -> None:
    if pattern(text) is not None:
        re.compile(text)
