"""The pages of the form for adding storage, within Slack's limits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.request.grammar.commands import MAX_POOL
from bot.request.grammar.forms import FORMS, Form
from bot.slack.cards.blocks import MOST_OPTIONS
from bot.slack.cards.dialogs.adding import Begun, place_view, read_metadata, storage_view
from deploy.sandbox.slack.blocks.layout import view_problems

names = st.text(min_size=1, max_size=MAX_POOL).filter(str.strip)
channels = st.dictionaries(
    st.from_regex(r"C[A-Z0-9]{1,10}", fullmatch=True), st.text(min_size=1, max_size=80), min_size=1
)


@given(channels)
def test_the_first_page_fits(known: dict[str, str]) -> None:
    assert view_problems(place_view(known), "modal") is None


def test_a_person_in_very_many_channels_is_told_that_some_are_left_out() -> None:
    known = {f"C{number}": f"team-{number:03}" for number in range(MOST_OPTIONS + 1)}
    view = place_view(known)
    assert view_problems(view, "modal") is None
    assert len(view["blocks"][0]["element"]["options"]) == MOST_OPTIONS
    assert f"Only the first {MOST_OPTIONS} of your channels" in view["blocks"][1]["elements"][0]["text"]
    assert "Only the first" not in str(place_view(dict(list(known.items())[1:])))


def test_the_only_channel_is_chosen_already() -> None:
    assert place_view({"C1": "storage"})["blocks"][0]["element"]["initial_option"]["value"] == "C1"
    assert "initial_option" not in place_view({"C1": "storage", "C2": "builds"})["blocks"][0]["element"]


@given(st.lists(names, min_size=1, max_size=120, unique=True), st.lists(names, max_size=120, unique=True))
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_second_page_fits_whatever_the_kind(form: Form, pools: list[str], credentials: list[str]) -> None:
    assert view_problems(storage_view(Begun("r1", "C1", form), pools, credentials), "modal") is None


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_second_page_says_what_it_stands_for(form: Form) -> None:
    begun = Begun("abc", "C0STORAGE1", form)
    view = storage_view(begun, ["xenct", "other"], ["tecmint"])
    assert read_metadata(view["private_metadata"]) == begun
    assert view["blocks"][0]["text"]["text"].startswith("*Attach: the " if form.attaches else "*Make: an ")
    assert [block["block_id"] for block in view["blocks"][1:-1]] == [field.name for field in form.fields]


@pytest.mark.parametrize("text", ["", "abc", "abc:C1", "abc:C1:add", ":C1:add iscsi", "abc::add iscsi"])
def test_what_stands_for_no_form_is_not_read(text: str) -> None:
    assert read_metadata(text) is None
