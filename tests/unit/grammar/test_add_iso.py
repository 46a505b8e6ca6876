from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.request.found import Protocol, Share
from bot.request.grammar import AddShare, Mistake, parse, render
from bot.request.spelling import tidied
from tests.unit.grammar.test_any_text import OPTIONAL, UNTIMED, escaped

NFS = Share(Protocol.NFS, "nas.example", "/export/iso")
SMB = Share(Protocol.SMB, "files.example", "ISO")


@pytest.mark.parametrize(
    ("typed", "share"),
    [
        ("nas.example:/export/iso", NFS),
        ("NAS.example:/export/iso/", NFS),
        ("nfs://nas.example/export/iso", NFS),
        ("nas.example:/", Share(Protocol.NFS, "nas.example", "/")),
        ("[fd00::5]:/iso", Share(Protocol.NFS, "fd00::5", "/iso")),
        ('"nas.example:/my isos"', Share(Protocol.NFS, "nas.example", "/my isos")),
        ("//files.example/ISO", SMB),
        (r"\\files.example\ISO", SMB),
        ("smb://files.example/ISO/", SMB),
        ("//10.0.4.8/iso/linux", Share(Protocol.SMB, "10.0.4.8", "iso/linux")),
    ],
)
def test_a_share_is_written_as_people_do(typed: str, share: Share) -> None:
    assert parse(f"add iso {typed}") == AddShare(share)


def test_options_stand_behind_it() -> None:
    line = 'add iso //files.example/ISO cred=builds vers=3.0 pool=xenct name="Our ISOs" reason=new'
    assert parse(line) == AddShare(SMB, "xenct", "Our ISOs", "new", "builds", "3.0")


@pytest.mark.parametrize(
    ("typed", "reason", "corrected"),
    [
        ("", "share_missing", None),
        ("nas.example", "share_unreadable", None),
        ("//files.example/", "share_unreadable", None),
        ('"//files.example/ "', "share_unreadable", None),
        ("nas_ü:/iso", "host_unreadable", None),
        ("location=nas:/iso", "share_as_option", "/sr add iso nas:/iso"),
        ("nas:/iso server=", "share_as_option", "/sr add iso nas:/iso"),
        ("pool xenct nas:/iso", "equals_missing", "/sr add iso pool=xenct nas:/iso"),
        ("nas:/iso name=our isos", "quotes_missing", '/sr add iso nas:/iso name="our isos"'),
        ("nas:/iso other", "word_unexpected", None),
        ("nas:/iso version=9", "version_unknown", None),
        ("nas:/iso cred=x", "credential_unused", "/sr add iso nas:/iso"),
        (f"nas:/{'x' * 1024}", "value_too_long", None),
        ("nas:/iso dialect=3", "option_unknown", None),
    ],
)
def test_a_mistake_is_named_and_corrected_where_that_is_possible(
    typed: str, reason: str, corrected: str | None
) -> None:
    outcome = parse(f"add iso {typed}")
    assert isinstance(outcome, Mistake)
    if corrected is not None and "pool=" in corrected:
        assert outcome.corrected in {corrected, "/sr add iso nas:/iso pool=xenct"}
    else:
        assert outcome.corrected == corrected
    assert outcome.reason == reason


def test_a_line_that_lacks_only_its_share_is_shown_with_a_gap() -> None:
    outcome = parse("ad iso")
    assert isinstance(outcome, Mistake)
    assert outcome.corrected == "/sr add iso <server>:/<path>"


@pytest.mark.parametrize(
    "typed", ["//u:canary@files/iso", "//files/iso password=canary", "//files/iso cred=x pwd=canary"]
)
def test_a_password_is_refused(typed: str) -> None:
    outcome = parse(f"add iso {typed}")
    assert isinstance(outcome, Mistake)
    assert "canary" not in repr(outcome)


PATHS = (
    st.text(st.sampled_from("abcAZ09 ._-+é/"), min_size=1)
    .map(str.strip)
    .map(lambda path: tidied(path.strip("/")) or "x")
)
SHARES = st.builds(
    Share, st.just(Protocol.NFS), st.sampled_from(["nas", "10.0.4.5", "fd00::5"]), PATHS.map("/{}".format)
) | (st.builds(Share, st.just(Protocol.SMB), st.sampled_from(["files", "10.0.4.8"]), PATHS.filter(str.strip)))


@UNTIMED
@given(st.builds(AddShare, SHARES, OPTIONAL, OPTIONAL, OPTIONAL))
def test_every_line_reads_back_as_it_was_written(command: AddShare) -> None:
    assert parse(escaped(render(command))) == command
