from __future__ import annotations

import re

import pytest

from bot.storage import explain, explain_text, explanation, read_failure
from bot.storage.failures import seldom
from bot.storage.failures.codes import SYMBOLS, XCPNG_SYMBOLS, symbol
from bot.storage.failures.sentences import SENTENCES

RAW = "Raw text of somebody else."
NUMBERS = [*SYMBOLS, *XCPNG_SYMBOLS]


def test_there_are_173_codes_and_three_of_xcp_ng() -> None:
    assert len(SYMBOLS) == 173
    assert sorted(XCPNG_SYMBOLS) == [462, 5000, 5001]


@pytest.mark.parametrize("number", NUMBERS)
def test_every_code_has_a_sentence_and_a_next_step_of_ours(number: int) -> None:
    told = explain(read_failure([f"SR_BACKEND_FAILURE_{number}", "", RAW, RAW]))

    assert told.reason != "unknown"
    assert explanation(told.reason) == told
    for text in (told.sentence, told.next_step):
        assert re.fullmatch(r"[A-Z].*\.", text)
        assert RAW not in text
        assert symbol(number) not in text.split()


@pytest.mark.parametrize("number", NUMBERS)
def test_every_code_is_explained_in_a_pasted_text(number: int) -> None:
    told = explain_text(f"Error code: SR_BACKEND_FAILURE_{number}\nError parameters: , {RAW}, \n")

    listing = {96: "targets", 101: "exports"}
    assert (told.kind, told.code) == (listing.get(number, "error"), f"SR_BACKEND_FAILURE_{number}")
    if told.kind == "error":
        assert told.sentence == explain(read_failure([f"SR_BACKEND_FAILURE_{number}"])).sentence


def test_no_reason_is_used_twice() -> None:
    assert not set(SENTENCES) & set(seldom.SENTENCES)


def test_no_number_has_two_sentences() -> None:
    assert {
        number: explain(read_failure([f"SR_BACKEND_FAILURE_{number}"])).reason for number in seldom.NUMBERS
    } == dict(seldom.NUMBERS)


@pytest.mark.parametrize("reason", [*SENTENCES, *seldom.SENTENCES])
def test_every_reason_is_a_stable_word(reason: str) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", reason)
    assert explanation(reason).reason == reason


def test_a_reason_that_nobody_gives_has_no_sentence() -> None:
    with pytest.raises(KeyError):
        explanation("nonsense")
