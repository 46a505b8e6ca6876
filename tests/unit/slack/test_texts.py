from __future__ import annotations

import pytest

from bot.request.found import Trouble
from bot.request.model import HostPbd
from bot.slack.cards import blocks, texts
from bot.slack.cards.reasons import OF_SRS, ROWS
from bot.slack.cards.sentences import REFUSALS, failure, question_waits, refusal
from bot.slack.cards.states.ends import host_line
from bot.slack.cards.troubles import _UNNAMED, details, told


def test_data_is_never_markup() -> None:
    assert texts.code("<!channel> `x` & *y*") == "`&lt;!channel&gt; \u02cbx\u02cb &amp; *y*`"
    assert texts.code("") == "-"
    assert texts.code("two\nlines") == "`two lines`"
    assert texts.code("\u202eabc") == "`\ufffdabc`"
    assert len(texts.code("x" * 1000)) == texts.MOST_DATA + 2


def test_a_block_of_code_keeps_its_lines_and_its_end() -> None:
    assert texts.code_block("a: \nb```<x>\n") == "```\na: \nb\u02cb\u02cb\u02cb&lt;x&gt;\n```"
    assert len(texts.code_block("x" * 5000)) < 320


def test_a_raw_text_stands_whole_and_is_cut_between_entities() -> None:
    assert texts.raw_block("<a>\n  b`\x00</a>", 100) == "```\n&lt;a&gt;\n  b\u02cb\ufffd&lt;/a&gt;\n```"
    for most in range(30, 60):
        shown = texts.raw_block("<" * 200, most)
        assert len(shown) <= most
        assert shown.removeprefix("```\n").removesuffix("…\n```").replace("&lt;", "") == ""
    assert texts.raw_block("x" * 400, 1000).count("x") == 400


def test_people_are_mentioned_only_by_ids() -> None:
    assert texts.mention("U123") == "<@U123>"
    assert texts.mention(None) == "srbot"
    assert texts.mention("!channel") == "`!channel`"


@pytest.mark.parametrize(
    ("seconds", "words"), [(-5, "0 s"), (59.9, "59 s"), (60, "1 min"), (3599, "59 min"), (7500, "2 h 5 min")]
)
def test_lengths_of_time(seconds: float, words: str) -> None:
    assert texts.lasting(seconds) == words


def test_numbers_have_their_nouns() -> None:
    assert (texts.counted(1, "LUN"), texts.counted(10_000, "target")) == ("1 LUN", "10,000 targets")


@pytest.mark.parametrize("tail", ["&amp;", "<@U123456>", "<!date^1^{time}|x>"])
def test_a_long_text_is_never_cut_inside_an_entity_or_a_mention(tail: str) -> None:
    for length in range(20, 20 + len(tail)):
        short = blocks.cut("x" * 19 + tail + "y" * 20, length)
        assert len(short) <= length
        assert short.rstrip("…").rstrip("y") in {"x" * 19, "x" * 19 + tail} or short.startswith("x" * 18)
        assert short.count("<") == short.count(">")


def test_lines_that_do_not_fit_are_counted() -> None:
    made = blocks.paragraphs(["x" * 2000] * 9, most=3)
    assert len(made) == 4
    assert made[-1]["elements"][0]["text"] == "and 6 more"
    assert blocks.paragraphs([]) == []


def test_every_refusal_fills_its_gaps_and_says_more_than_no() -> None:
    for reason in REFUSALS:
        text = refusal(reason, {"sr_name": "{pool}", "pool": "xenct"})
        assert "{sr_name}" not in text
        assert len(text) > 30
    assert "`{pool}`" in refusal("lun_in_use", {"sr_name": "{pool}", "pool": "xenct"})
    assert refusal("never heard of") == refusal("not_now")


@pytest.mark.parametrize("reason", [*ROWS, "io_failed", "never heard of"])
def test_every_trouble_has_a_sentence_and_a_next_step_with_and_without_facts(reason: str) -> None:
    bare = told(Trouble(reason))
    assert bare.sentence.endswith(".")
    assert bare.next_step.endswith(".")
    assert "{" not in bare.sentence
    assert "  " not in bare.sentence
    full = told(Trouble(reason, facts=tuple((name, f"<{name}>") for name in _UNNAMED)))
    assert "<" not in full.sentence


def test_a_host_without_an_error_of_its_own_is_still_named() -> None:
    assert host_line(HostPbd("h", attached=False, iqn="iqn.x")) == "`h`: *PBD not attached*, initiator `iqn.x`"


def test_short_sentences() -> None:
    assert "`ab12`" in failure("ab12")
    assert "`xenct` hasn't answered yet" in question_waits("xenct")


def test_what_names_the_same_twice_is_said_once() -> None:
    trouble = Trouble("object_gone", "HANDLE_INVALID", (("detail", "HANDLE_INVALID"), ("host", "xen1")), "r-1")
    assert details(trouble) == "`HANDLE_INVALID` · host `xen1` · reference `r-1`"
    other = Trouble("login_refused", "SR_BACKEND_FAILURE_68", (("detail", "ISCSILogin"),))
    assert details(other) == "`SR_BACKEND_FAILURE_68` · `ISCSILogin`"


@pytest.mark.parametrize("reason", OF_SRS)
def test_what_is_said_differently_about_an_sr_says_nothing_of_a_lun(reason: str) -> None:
    said = told(Trouble(reason, facts=(("sr_name", "<Theirs>"), ("pool", "other"))), managed=True)
    assert "LUN" not in said.sentence + said.next_step
    assert "`&lt;Theirs&gt;`" in said.sentence
    assert said != told(Trouble(reason))
    assert "{" not in told(Trouble(reason), managed=True).sentence
