"""A form is another way to type the same command."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.request.grammar import parse, render
from bot.request.grammar.forms import FORMS, MISSING, POOL, REASON, Form, Misfilled, read
from bot.request.grammar.verbs import VERBS

UUID = "f0e1d2c3-0000-4000-8000-00000000abcd"
BY_ID = "/dev/disk/by-id/scsi-3600a"
COMMON = {"pool": "xenct", "name": 'A "good" name', "reason": "OPS-1: room, for=all"}
TAIL = 'pool=xenct name="A ""good"" name" reason="OPS-1: room, for=all"'
LINES: dict[str, dict[str, str]] = {
    "add iscsi": {"place": "10.0.0.5:3261", "credential": "tecmint", "multihomed": "no"},
    "add hba": {},
    "add nfs": {"place": "nas.example:/srs", "version": "4.1"},
    "add smb": {"place": "//files.example/My Share", "credential": "builds"},
    "add iso": {"place": "nas.example:/isos", "version": "3"},
    "add iso local": {"place": "/srv/isos", "host": "xen 1"},
    "add local": {"place": BY_ID, "host": "xen1", "type": "lvm"},
    "attach iscsi": {"place": "nas.example"},
    "attach hba": {},
    "attach nfs": {"place": "nas.example:/srs", "uuid": UUID},
    "attach smb": {"place": "\\\\files.example\\srs", "uuid": UUID.upper()},
    "attach iso": {"place": "//files.example/ISO", "uuid": UUID, "version": "3.0"},
    "attach iso local": {"place": "/srv/isos", "uuid": UUID},
    "attach local": {"place": BY_ID},
}
"""What is filled in beside the rest, by form."""


def test_there_is_a_form_for_every_way_to_add_and_to_attach_but_by_keys() -> None:
    typed = {" ".join(verb.words) for verb in VERBS if verb.words[0] in {"add", "attach"}}
    assert set(FORMS) == {line for line in typed if "|" not in line} == set(LINES)


@pytest.mark.parametrize("name", FORMS)
def test_what_is_filled_in_is_the_command_that_is_typed(name: str) -> None:
    filled = LINES[name]
    known = {field.name: field for field in FORMS[name].fields}
    words = [f'{known[one].key}="{text}"' if known[one].key else f'"{text}"' for one, text in filled.items()]
    typed = parse(" ".join([name, *words, TAIL]))
    assert read(FORMS[name], filled | COMMON) == typed


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_what_has_to_be_there_is_asked_for_where_it_is_missing(form: Form) -> None:
    filled = {field.name: text for field in form.fields if (text := (LINES[form.name] | COMMON).get(field.name))}
    for field in form.fields:
        if field.required:
            assert read(form, filled | {field.name: " \n"}) == Misfilled(
                field.name, MISSING, "This is to be filled in."
            )
        else:
            assert not isinstance(read(form, filled | {field.name: ""}), Misfilled), field.name


@pytest.mark.parametrize(
    ("name", "filled", "field", "reason"),
    [
        ("add iscsi", {"place": "-p hunter2"}, "place", "password_typed"),
        ("add iscsi", {"place": "nas", "name": "secret=hunter2"}, "name", "password_typed"),
        ("add smb", {"place": "//user:hunter2@nas/share"}, "place", "password_typed"),
        ("add smb", {"place": "nas:/export"}, "place", "share_of_other_kind"),
        ("attach iso", {"place": "//nas/ISO", "uuid": "yes"}, "uuid", "uuid_unreadable"),
        ("add iso", {"place": "nas:/isos", "version": "1.0"}, "version", "version_unknown"),
        ("add iso", {"place": "nas:/isos", "credential": "builds"}, "credential", "credential_unused"),
        ("add local", {"place": "/dev/sda"}, "place", "device_not_by_id"),
        ("add local", {"place": "xen2", "host": "xen1"}, "host", "several_hosts"),
        ("add hba", {"reason": "x" * 501}, "reason", "value_too_long"),
    ],
)
def test_the_field_to_blame_is_named(name: str, filled: dict[str, str], field: str, reason: str) -> None:
    outcome = read(FORMS[name], {"pool": "xenct", **filled})
    assert isinstance(outcome, Misfilled)
    assert (outcome.field, outcome.reason) == (field, reason)
    assert "hunter2" not in outcome.sentence


@given(
    st.sampled_from(sorted(FORMS)),
    st.dictionaries(st.sampled_from(["place", "host", "uuid", "name", "pool"]), st.text()),
)
def test_whatever_is_filled_in_is_read_or_blamed_on_a_field_of_the_form(name: str, filled: dict[str, str]) -> None:
    outcome = read(FORMS[name], filled)
    if isinstance(outcome, Misfilled):
        assert outcome.field in {field.name for field in FORMS[name].fields}
        assert outcome.sentence
    else:
        assert parse(render(outcome)) == outcome


def test_every_form_begins_with_the_pool_and_ends_with_the_reason() -> None:
    assert all((form.fields[0], form.fields[-1]) == (POOL, REASON) for form in FORMS.values())
    assert all(len({field.name for field in form.fields}) == len(form.fields) for form in FORMS.values())
