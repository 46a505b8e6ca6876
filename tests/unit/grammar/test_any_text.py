from __future__ import annotations

import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.request.grammar import AddIscsi, Command, Help, ListSrs, Mistake, parse, render

pytestmark = pytest.mark.no_cover
"""What they run is covered by the tests beside; measuring so many examples would double their time."""

PIECES = st.sampled_from(
    [
        *("add", "iscsi", "list", "help", "pool", "name", "reason", "chap", "port", "host", "xe", "10.0.0.5"),
        *(" ", "  ", "=", '"', "'", ":", "/", ",", "-", "--", "\u2014", "[", "]", "<", ">", "|", "&amp;", "@"),
        *("\n", "\u00a0", "\u201c", "\u2019", "\x00", "\ud800", "\u202e", "<http://", "<@U1", "<!", "fd00::5"),
    ]
)
LINES = st.lists(PIECES, max_size=40).map("".join)
# Words that would make a value look like a password are a subject of their own.
VALUES = (
    st.text(st.sampled_from(string.ascii_lowercase[:8] + " \"'\\=&<>;|#\u00e9\u3042\U0001f4be"), min_size=1)
    .map(str.strip)
    .filter(bool)
    .map(lambda text: text[:128].strip())
)
HOSTS = st.one_of(
    st.ip_addresses(v=4).map(str),
    st.sampled_from(["fd00::5", "2001:db8::1", "san.example", "san", "a-b.example"]),
)
OPTIONAL = st.none() | VALUES
COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.just(Help()),
    st.builds(
        AddIscsi,
        host=HOSTS,
        port=st.integers(1, 65535),
        pool=OPTIONAL,
        name=OPTIONAL,
        reason=OPTIONAL,
        chap=st.none() | st.from_regex(r"[a-h0-9][a-h0-9._-]{0,20}", fullmatch=True),
    ),
    st.builds(ListSrs, pool=OPTIONAL, name_label=OPTIONAL),
)


# A busy machine is no failure; how the time grows has its own test.
UNTIMED = settings(deadline=None)


def escaped(text: str) -> str:
    """As Slack sends what was typed."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@UNTIMED
@given(st.text() | LINES | LINES.map(lambda rest: "add iscsi " + rest))
def test_no_text_makes_the_parser_raise_and_every_text_of_a_mistake_can_be_sent(text: str) -> None:
    outcome = parse(text)
    if isinstance(outcome, Mistake):
        f"{outcome.typed}{outcome.sentence}{outcome.corrected}".encode()
        assert outcome.reason == "password_typed" or outcome.corrected != outcome.typed


@UNTIMED
@given(LINES.map(lambda rest: "add iscsi " + rest))
def test_a_corrected_line_is_never_a_mistake_again(text: str) -> None:
    outcome = parse(text)
    if isinstance(outcome, Mistake) and outcome.corrected:
        again = parse(escaped(outcome.corrected.replace("<host>", "10.0.0.5")))
        assert not isinstance(again, Mistake), (outcome, again)


@UNTIMED
@given(COMMANDS)
def test_a_rendered_command_reads_back_to_itself(command: Command) -> None:
    assert parse(escaped(render(command))) == command


@pytest.mark.parametrize("piece", ['a="b ', '"a ', "<http:", "pass ", "name=x y ", "- ", "a.b ", "pool x ", "='", "é"])
@pytest.mark.parametrize("start", ["add iscsi ", "list name="])
def test_the_time_grows_with_the_length_only(piece: str, start: str) -> None:
    def seconds(length: int) -> float:
        text = start + piece * (length // len(piece))
        before = time.process_time()
        parse(text)
        return time.process_time() - before

    # Quadratic growth would be 64 times; the constant covers a clock of coarse steps.
    assert min(seconds(16_000) for _ in range(3)) < 24 * min(seconds(2_000) for _ in range(3)) + 0.05
