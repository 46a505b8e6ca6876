from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.request.grammar import Explain, Help, Mistake, parse, render, usage

XML = '<?xml version="1.0" ?>\n<SRlist>\n\t<SR>\n\t\t<UUID>1 &amp; 2</UUID>\n\t</SR>\n</SRlist>'


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize("typed", ["explain ", "EXPLAIN\n", "  /sr explain  ", "explain\u00a0", "/sr\texplain\n\n"])
@pytest.mark.parametrize("text", [XML, "it's \u201cquoted\u201d", "pool=xenct --help", '"open', "add iscsi 10.0.0.5"])
def test_what_stands_behind_explain_is_kept_as_it_was_pasted(typed: str, text: str) -> None:
    assert parse(escaped(typed + text)) == Explain(text)


@pytest.mark.parametrize("text", ["chappassword=hunter2", "password: hunter2", "<chappassword>hunter2</chappassword>"])
def test_a_pasted_password_is_not_refused(text: str) -> None:
    assert parse(escaped(f"explain {text}")) == Explain(text)


def test_a_pasted_text_stands_in_no_representation() -> None:
    assert "hunter2" not in repr(Explain("hunter2"))


@pytest.mark.parametrize("typed", ["explain", " explain \n", "/sr explain"])
def test_nothing_pasted_is_an_empty_text(typed: str) -> None:
    assert parse(typed) == Explain("")
    assert render(Explain("")) == "explain"


@pytest.mark.parametrize("typed", ["explained", "explain=x", "help explain", "list explain"])
def test_other_lines_are_no_explanation(typed: str) -> None:
    assert not isinstance(parse(typed), Explain)
    assert isinstance(parse(typed), Mistake | Help)


def test_a_misspelt_explain_is_shown_as_it_was_meant() -> None:
    outcome = parse("explian SR_DEVICE_IN_USE")

    assert isinstance(outcome, Mistake)
    assert outcome.corrected == "/sr explain SR_DEVICE_IN_USE"


def test_a_misspelt_explain_doesnt_repeat_a_password() -> None:
    outcome = parse("explian chappassword=hunter2")

    assert isinstance(outcome, Mistake)
    assert "hunter2" not in repr(outcome)


def test_the_help_names_it() -> None:
    assert any(syntax.startswith("/sr explain ") for syntax, _ in usage())


@given(st.text())
def test_any_text_can_be_pasted_and_reads_back_to_itself(text: str) -> None:
    command = parse(escaped(f"explain {text}"))

    assert isinstance(command, Explain)
    assert parse(escaped(render(command))) == command


@pytest.mark.parametrize("piece", [" ", "\n", "&lt;", "<http:", "explain ", "pass "])
def test_a_long_paste_takes_linear_time(piece: str) -> None:
    before = time.process_time()
    parse("explain " + piece * (200_000 // len(piece)))
    assert time.process_time() - before < 5
