from __future__ import annotations

import pytest

from bot.request.grammar import AddIscsi, Command, Freeze, Help, ListSrs, Mistake, Thaw, Why, parse, render, usage
from bot.request.grammar.verbs import VERBS

READS: dict[str, Command] = {
    "": Help(),
    "   ": Help(),
    "?": Help(),
    "--help": Help(),
    "help": Help(),
    "HELP add": Help(),
    "add iscsi 10.0.0.5": AddIscsi("10.0.0.5"),
    "/sr add iscsi 10.0.0.5": AddIscsi("10.0.0.5"),
    "Add iSCSI 10.0.0.5:3261": AddIscsi("10.0.0.5", 3261),
    "add iscsi san.example": AddIscsi("san.example"),
    "add iscsi SAN.Example.": AddIscsi("san.example"),
    "add iscsi '10.0.0.5'": AddIscsi("10.0.0.5"),
    "add iscsi 10.0.0.5/": AddIscsi("10.0.0.5"),
    "add iscsi fd00::5": AddIscsi("fd00::5"),
    "add iscsi FD00:0::5": AddIscsi("fd00::5"),
    "add iscsi [fd00::5]": AddIscsi("fd00::5"),
    "add iscsi [fd00::5]:3261": AddIscsi("fd00::5", 3261),
    "add iscsi ::ffff:10.0.0.5": AddIscsi("10.0.0.5"),
    "add iscsi 10.0.0.5:0003261": AddIscsi("10.0.0.5", 3261),
    "add iscsi pool=xenct 10.0.0.5": AddIscsi("10.0.0.5", pool="xenct"),
    "add iscsi chap=tecmint 10.0.0.5": AddIscsi("10.0.0.5", chap="tecmint"),
    "add iscsi name=SAN 10.0.0.5": AddIscsi("10.0.0.5", name="SAN"),
    "add iscsi name=SAN san1": AddIscsi("san1", name="SAN"),
    'add iscsi 10.0.0.5 name="a=b" POOL=x': AddIscsi("10.0.0.5", name="a=b", pool="x"),
    'add iscsi 10.0.0.5 name-label="My SAN"': AddIscsi("10.0.0.5", name="My SAN"),
    'add iscsi 10.0.0.5 "name=My SAN"': AddIscsi("10.0.0.5", name="My SAN"),
    'add iscsi 10.0.0.5 name = "My SAN"': AddIscsi("10.0.0.5", name="My SAN"),
    "add iscsi 10.0.0.5 pool= xenct name =x": AddIscsi("10.0.0.5", pool="xenct", name="x"),
    'add iscsi 10.0.0.5 name="  My SAN "': AddIscsi("10.0.0.5", name="My SAN"),
    'add iscsi 10.0.0.5\npool=xenct\nreason="two\nlines"': AddIscsi("10.0.0.5", pool="xenct", reason="two lines"),
    "add\u00a0iscsi\u00a010.0.0.5\u00a0reason=\u201cfor\u00a0Bob\u2019s lab\u201d": AddIscsi(
        "10.0.0.5", reason="for Bob's lab"
    ),
    "add iscsi 10.0.0.5 reason='it's for Bob's lab'": AddIscsi("10.0.0.5", reason="it's for Bob's lab"),
    'add iscsi 10.0.0.5 reason="a 19"" shelf"': AddIscsi("10.0.0.5", reason='a 19" shelf'),
    'add iscsi 10.0.0.5 reason="say ""hi"" now"': AddIscsi("10.0.0.5", reason='say "hi" now'),
    "add iscsi 10.0.0.5 name=C:\\": AddIscsi("10.0.0.5", name="C:\\"),
    "add iscsi 10.0.0.5 name=Bob's": AddIscsi("10.0.0.5", name="Bob's"),
    "add iscsi san\u2011a.example": AddIscsi("san-a.example"),
    "list": ListSrs(),
    "list pool=xenct": ListSrs("xenct"),
    'list name-label="Local storage"': ListSrs(name_label="Local storage"),
    "list name\u2011label=x": ListSrs(name_label="x"),
    "list name=x": ListSrs(name_label="x"),
}

# docs.slack.dev: the forms that a typed text takes when the manifest says should_escape.
ESCAPED: dict[str, Command] = {
    "add iscsi <http://10.0.0.5>": AddIscsi("10.0.0.5"),
    "add iscsi <http://10.0.0.5/>": AddIscsi("10.0.0.5"),
    "add iscsi <http://san.example|san.example>": AddIscsi("san.example"),
    "add iscsi <https://san.example/|san.example/>": AddIscsi("san.example"),
    "add iscsi <http://10.0.0.5:3261|10.0.0.5:3261>": AddIscsi("10.0.0.5", 3261),
    "add iscsi <http://10.0.0.5|10.0.0.6>": AddIscsi("10.0.0.5"),
    'add iscsi 10.0.0.5 name="a &amp; b &lt;c&gt;"': AddIscsi("10.0.0.5", name="a & b <c>"),
    'add iscsi 10.0.0.5 name="&amp;lt;"': AddIscsi("10.0.0.5", name="&lt;"),
    'add iscsi 10.0.0.5 reason="<@U01|alice> in <#C01|storage>"': AddIscsi("10.0.0.5", reason="@alice in #storage"),
    'add iscsi 10.0.0.5 reason="<@U01>, <#C01>, <#C02|>"': AddIscsi("10.0.0.5", reason="@U01, #C01, #C02"),
    'add iscsi 10.0.0.5 reason="<!subteam^S01|@sans> <!subteam^S02> <!here>"': AddIscsi(
        "10.0.0.5", reason="@sans @S02 @here"
    ),
    'add iscsi 10.0.0.5 reason="<mailto:a@b.example|a@b.example>"': AddIscsi("10.0.0.5", reason="a@b.example"),
}


@pytest.mark.parametrize(("text", "command"), [*READS.items(), *ESCAPED.items()])
def test_a_line_is_read_as_the_command_that_it_means(text: str, command: Command) -> None:
    assert parse(text) == command


def test_the_help_has_a_row_for_every_verb_and_each_row_can_be_typed() -> None:
    rows = usage()
    assert len(rows) == len(VERBS)
    assert all(syntax.startswith("/sr ") and does.endswith(".") for syntax, does in rows)


@pytest.mark.parametrize("typed", READS)
def test_a_command_is_written_so_that_it_reads_the_same(typed: str) -> None:
    command = parse(typed)
    assert not isinstance(command, Mistake)
    assert parse(render(command)) == command


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("freeze", "reason_missing"),
        ("freeze host=x storm", "option_unknown"),
        (f"freeze {'x' * 501}", "value_too_long"),
        ("thaw one two", "several_pools"),
        ("thaw why=x", "option_unknown"),
        ("why", "id_missing"),
    ],
)
def test_a_mistake_in_freezing_thawing_and_asking_why_is_named(typed: str, reason: str) -> None:
    outcome = parse(typed)
    assert isinstance(outcome, Mistake)
    assert outcome.reason == reason


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("freeze the array is moved", Freeze("the array is moved")),
        ('freeze pool=xenct reason="a storm"', Freeze("a storm", "xenct")),
        ("thaw", Thaw()),
        ("thaw xenct", Thaw("xenct")),
        ("why abc234xyz", Why("abc234xyz")),
    ],
)
def test_freezing_thawing_and_why_read_back_as_they_are_written(typed: str, command: Freeze | Thaw | Why) -> None:
    assert parse(typed) == command
    assert parse(render(command)) == command
