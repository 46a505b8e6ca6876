from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.request.found import Protocol, Share
from bot.request.grammar import AddShare, Mistake, parse, render
from bot.request.grammar.paths import MAX_PATH, read_path
from bot.request.grammar.slip import Slip
from bot.request.model import Kind
from tests.unit.grammar.test_add_iso import SHARES
from tests.unit.grammar.test_any_text import OPTIONAL, UNTIMED, escaped

UUID = "5b0a94f1-7c52-4f0f-8d8e-3f6c1e2d5a10"
SERVER = Share(Protocol.NFS, "nas.example", "")
EXPORT = Share(Protocol.NFS, "nas.example", "/export/srs")
SMB = Share(Protocol.SMB, "files.example", "srs")


def nfs(share: Share, **more: object) -> AddShare:
    return AddShare(share, **{"kind": Kind.NFS, **more})  # type: ignore[arg-type]  # the test names the fields


def smb(share: Share, **more: object) -> AddShare:
    return AddShare(share, **{"kind": Kind.SMB, **more})  # type: ignore[arg-type]  # the test names the fields


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("add nfs nas.example", nfs(SERVER)),
        ("add nfs NAS.example version=4.1", nfs(SERVER, version="4.1")),
        ("add nfs [fd00::5]", nfs(Share(Protocol.NFS, "fd00::5", ""))),
        ("add nfs fd00::5", nfs(Share(Protocol.NFS, "fd00::5", ""))),
        ("add nfs nas.example:/export/srs/", nfs(EXPORT)),
        ("add nfs nfs://nas.example/export/srs name=Builds pool=xenct", nfs(EXPORT, name="Builds", pool="xenct")),
        ("attach nfs nas.example", nfs(SERVER, attach=True)),
        (f"attach nfs nas.example:/export/srs {UUID.upper()}", nfs(EXPORT, attach=True, sr=UUID)),
        ("add smb //files.example/srs cred=builds", smb(SMB, credential="builds")),
        (r"add smb \\files.example\srs", smb(SMB)),
        (f"attach smb //files.example/srs {UUID}", smb(SMB, attach=True, sr=UUID)),
        (f"attach iso nas.example:/export/srs {UUID}", AddShare(EXPORT, attach=True, sr=UUID)),
    ],
)
def test_a_share_is_added_and_attached_as_people_write_it(typed: str, command: AddShare) -> None:
    assert parse(typed) == command


@pytest.mark.parametrize(
    ("typed", "reason", "corrected"),
    [
        ("add nfs", "share_missing", None),
        ("add nfs //files.example/srs", "share_of_other_kind", None),
        ("add smb nas.example:/export", "share_of_other_kind", None),
        ("add nfs nas_ü", "share_unreadable", None),
        ("add nfs nas version=2", "version_unknown", None),
        ("add nfs nas cred=x", "option_unknown", None),
        ("add smb //files/srs dialect=3", "option_unknown", None),
        ("add nfs server=nas", "share_as_option", "/sr add nfs nas"),
        ("add nfs nas:/export other", "word_unexpected", None),
        ("attach nfs nas:/export 5b0a", "uuid_unreadable", None),
        (f"attach nfs nas:/export {UUID} more", "word_unexpected", None),
        ("attach iso nas:/export", "uuid_missing", None),
        ("ad nfs nas", "verb_unknown", "/sr add nfs nas"),
        ("add nsf nas.example", "verb_unknown", "/sr add nfs nas.example"),
        ("attach nas:/export", "verb_unknown", "/sr attach nfs nas:/export"),
        ("ad nfs", "verb_unknown", "/sr add nfs <server>:/<path>"),
        ("ad smb", "verb_unknown", "/sr add smb //<server>/<share>"),
    ],
)
def test_a_mistake_is_named_and_corrected_where_that_is_possible(
    typed: str, reason: str, corrected: str | None
) -> None:
    outcome = parse(typed)
    assert isinstance(outcome, Mistake)
    assert (outcome.reason, outcome.corrected) == (reason, corrected)


@pytest.mark.parametrize("typed", ["add smb //u:canary@files/srs", "add smb //files/srs password=canary"])
def test_a_password_is_refused(typed: str) -> None:
    outcome = parse(typed)
    assert isinstance(outcome, Mistake)
    assert "canary" not in repr(outcome)


UUIDS = st.uuids().map(str)
COMMANDS = st.one_of(
    st.builds(nfs, SHARES.filter(lambda share: share.protocol is Protocol.NFS) | st.just(SERVER), name=OPTIONAL),
    st.builds(smb, SHARES.filter(lambda share: share.protocol is Protocol.SMB), pool=OPTIONAL, reason=OPTIONAL),
    st.builds(nfs, st.just(EXPORT), attach=st.just(True), sr=UUIDS | st.just("")),  # noqa: FBT003 - a value to draw
    st.builds(AddShare, SHARES, attach=st.just(True), sr=UUIDS),  # noqa: FBT003 - a value to draw
)


@UNTIMED
@given(COMMANDS)
def test_every_line_reads_back_as_it_was_written(command: AddShare) -> None:
    assert parse(escaped(render(command))) == command


@pytest.mark.parametrize(
    ("typed", "read"), [("/export/srs/", "/export/srs"), (" / ", "/"), ("/dev/disk/by-id/x", "/dev/disk/by-id/x")]
)
def test_a_path_is_read_from_the_root_on(typed: str, read: str) -> None:
    assert read_path(typed) == read


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("export", "path_unreadable"),
        ("", "path_unreadable"),
        ("/" + "x" * MAX_PATH, "value_too_long"),
        ("/a\u202eb", "control_character"),
    ],
)
def test_what_is_no_path_is_named(typed: str, reason: str) -> None:
    outcome = read_path(typed)
    assert isinstance(outcome, Slip)
    assert outcome.reason == reason


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("add iso //files/isos/.", "isos"),
        ("add iso //files//isos/./old//", "isos/old"),
        ("add nfs nas:/export//srs/./", "/export/srs"),
        ("add nfs nas:/.", "/"),
        ("add nfs nas:/export/../srs", "/export/../srs"),
    ],
)
def test_a_path_is_read_as_the_place_that_it_leads_to(typed: str, path: str) -> None:
    command = parse(typed)
    assert isinstance(command, AddShare)
    assert command.share.path == path
