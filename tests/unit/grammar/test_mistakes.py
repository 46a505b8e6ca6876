from __future__ import annotations

import pytest

from bot.request.grammar import Mistake, parse

# What was typed: the code of the mistake, the corrected line.
CORRECTED = {
    "ad iscsi": ("verb_unknown", "/sr add iscsi <host>"),
    "ad iscsi pool=x": ("verb_unknown", "/sr add iscsi <host> pool=x"),
    "ad iscsi 10.0.0.5": ("verb_unknown", "/sr add iscsi 10.0.0.5"),
    "iscsi add 10.0.0.5": ("verb_unknown", "/sr add iscsi 10.0.0.5"),
    "add-iscsi 10.0.0.5": ("verb_unknown", "/sr add iscsi 10.0.0.5"),
    "add 10.0.0.5": ("verb_unknown", "/sr add iscsi 10.0.0.5"),
    "add": ("verb_unknown", "/sr add iscsi <host>"),
    "add pool=x": ("verb_unknown", "/sr add iscsi <host> pool=x"),
    "add nfs server:export": ("share_unreadable", None),
    "ad nfs server:/export": ("verb_unknown", "/sr add nfs server:/export"),
    "lst": ("verb_unknown", "/sr list"),
    "frobnicate": ("verb_unknown", None),
    "x=y": ("verb_unknown", None),
    "add iscsi": ("host_missing", "/sr add iscsi <host>"),
    'add iscsi name="a b"': ("host_missing", '/sr add iscsi <host> name="a b"'),
    "add iscsi 10.0.0.5 port=3261": ("port_as_option", "/sr add iscsi 10.0.0.5:3261"),
    "add iscsi port=3261 fd00::5": ("port_as_option", "/sr add iscsi [fd00::5]:3261"),
    "add iscsi port=99999 fd00::5": ("port_as_option", None),
    "add iscsi port=3261 no_host!": ("port_as_option", None),
    "add iscsi port=3261": ("port_as_option", None),
    "add iscsi host=10.0.0.5 port=3261": ("host_as_option", "/sr add iscsi 10.0.0.5:3261"),
    "add iscsi target=": ("host_as_option", "/sr add iscsi <host>"),
    "add iscsi 10.0.0.5/3261": ("port_slash", "/sr add iscsi 10.0.0.5:3261"),
    "add iscsi 10.0.0.5/24": ("host_path", "/sr add iscsi 10.0.0.5"),
    "add iscsi 10.0.0.5/a/b": ("host_path", "/sr add iscsi 10.0.0.5"),
    "add iscsi /x": ("host_path", None),
    "add iscsi 10.0.0.5 3261": ("port_apart", "/sr add iscsi 10.0.0.5:3261"),
    "add iscsi 10.0.0.5 :3261": ("port_apart", "/sr add iscsi 10.0.0.5:3261"),
    "add iscsi 10.0.0.5 port 3261": ("equals_missing", "/sr add iscsi 10.0.0.5:3261"),
    "add iscsi 10.0.0.5 pool xenct": ("equals_missing", "/sr add iscsi 10.0.0.5 pool=xenct"),
    "add iscsi host 10.0.0.5": ("equals_missing", "/sr add iscsi 10.0.0.5"),
    "add iscsi 10.0.0.5:": ("port_missing", "/sr add iscsi 10.0.0.5"),
    "add iscsi 10.0.0.5:0": ("port_unreadable", None),
    "add iscsi 10.0.0.5:65536": ("port_unreadable", None),
    "add iscsi 10.0.0.5:iscsi": ("port_unreadable", None),
    "add iscsi 10.0.0.5:\u0663\u0662": ("port_unreadable", None),
    "add iscsi 10.0.0.5,10.0.0.6": ("several_hosts", "/sr add iscsi 10.0.0.5"),
    "add iscsi 10.0.0.5:3260,1": ("several_hosts", "/sr add iscsi 10.0.0.5"),
    "add iscsi ,": ("several_hosts", None),
    "add iscsi 10.0.0.5 10.0.0.6": ("several_hosts", "/sr add iscsi 10.0.0.5"),
    "add iscsi *": ("host_wildcard", None),
    "add iscsi <@U01>": ("host_unreadable", None),
    "add iscsi 10.0.0": ("host_unreadable", None),
    "add iscsi 0x0a000005": ("host_unreadable", None),
    "add iscsi fe80::1%eth0": ("host_unreadable", None),
    "add iscsi -a.example": ("flag", None),
    "add iscsi a..b": ("host_unreadable", None),
    "add iscsi " + "a." * 127 + "b": ("host_unreadable", None),
    "add iscsi s\u00e4n.example": ("host_unreadable", None),
    "add iscsi 10.0.0.5 nme=x": ("option_unknown", "/sr add iscsi 10.0.0.5 name=x"),
    "add iscsi 10.0.0.5 zzz=x": ("option_unknown", None),
    "add iscsi 10.0.0.5 pool=a pool=b": ("option_twice", None),
    "add iscsi 10.0.0.5 pool=": ("value_missing", "/sr add iscsi 10.0.0.5"),
    'add iscsi 10.0.0.5 name="  "': ("value_missing", "/sr add iscsi 10.0.0.5"),
    "add iscsi 10.0.0.5 name=" + "n" * 129: ("value_too_long", None),
    "add iscsi 10.0.0.5 reason=" + "n" * 501: ("value_too_long", None),
    "add iscsi 10.0.0.5 --pool xenct": ("flag", "/sr add iscsi 10.0.0.5 pool=xenct"),
    "add iscsi 10.0.0.5 \u2014pool=xenct": ("flag", "/sr add iscsi 10.0.0.5 pool=xenct"),
    "add iscsi 10.0.0.5 --pol xenct": ("flag", "/sr add iscsi 10.0.0.5 pool=xenct"),
    "add iscsi 10.0.0.5 --pool": ("flag", None),
    "add iscsi 10.0.0.5 --zzz": ("flag", None),
    "add iscsi 10.0.0.5 name=SAN lab": ("quotes_missing", '/sr add iscsi 10.0.0.5 name="SAN lab"'),
    "add iscsi name=SAN lab 10.0.0.5": ("quotes_missing", '/sr add iscsi 10.0.0.5 name="SAN lab"'),
    "add iscsi name=SAN lab one": ("quotes_missing", '/sr add iscsi <host> name="SAN lab one"'),
    "add iscsi 10.0.0.5 name=a - b reason=c d pool=x": (
        "quotes_missing",
        '/sr add iscsi 10.0.0.5 pool=x name="a - b" reason="c d"',
    ),
    'add iscsi 10.0.0.5 name="SAN lab pool=x': ("quote_open", '/sr add iscsi 10.0.0.5 pool=x name="SAN lab"'),
    'add iscsi 10.0.0.5 name="SAN lab': ("quote_open", '/sr add iscsi 10.0.0.5 name="SAN lab"'),
    'add iscsi 10.0.0.5 name="SAN reason="for me"': (
        "quote_open",
        '/sr add iscsi 10.0.0.5 name=SAN reason="for me"',
    ),
    'add iscsi "10.0.0.5': ("quote_open", "/sr add iscsi 10.0.0.5"),
    "add iscsi 10.0.0.5 xenct": ("word_unexpected", None),
    "add iscsi 10.0.0.5 pool=x 3261": ("word_unexpected", None),
    "add iscsi 10.0.0.5 name=a\u202eb": ("control_character", "/sr add iscsi 10.0.0.5 name=ab"),
    "add iscsi 10.0.0.5\x00": ("control_character", "/sr add iscsi 10.0.0.5"),
    "list xenct": ("word_unexpected", "/sr list pool=xenct"),
    "list pool=a b": ("word_unexpected", None),
    "list name=My SR": ("quotes_missing", '/sr list name-label="My SR"'),
    "list pool xenct": ("equals_missing", "/sr list pool=xenct"),
    "list reason=x": ("option_unknown", None),
    "list " + " ".join(f"--pool x{n}" for n in range(12)): ("flag", None),
}


@pytest.mark.parametrize(("text", "expected"), CORRECTED.items())
def test_a_mistake_is_named_and_corrected_where_it_can_be_guessed(text: str, expected: tuple[str, str | None]) -> None:
    mistake = parse(text)
    assert isinstance(mistake, Mistake)
    assert (mistake.reason, mistake.corrected) == expected


@pytest.mark.parametrize("line", [line for _, line in CORRECTED.values() if line])
def test_a_corrected_line_reads_well_but_for_the_host_to_fill_in(line: str) -> None:
    assert not isinstance(parse(line.replace("<host>", "10.0.0.5")), Mistake)


def test_a_mistake_keeps_what_was_typed_as_the_person_typed_it() -> None:
    mistake = parse("ad <http://san.example|san.example> name=\u201ca &amp; b\u201d\x00")
    assert isinstance(mistake, Mistake)
    assert mistake.typed == "ad san.example name=\u201ca & b\u201d\ufffd"


def test_a_sentence_names_the_word_and_cuts_a_long_one() -> None:
    short, long = parse("add iscsi 10.0.0.5 wat"), parse("add iscsi 10.0.0.5 " + "w" * 500)
    assert isinstance(short, Mistake)
    assert isinstance(long, Mistake)
    assert '"wat"' in short.sentence
    assert len(long.sentence) < 150
