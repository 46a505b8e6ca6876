from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.request.found import OfferedLun, Portal, Target, Usage
from bot.request.model import Request
from bot.request.plan import Purpose
from bot.slack.cards import labels
from bot.slack.cards.buttons import read_picker_id, read_value
from tests import stories
from tests.stories import LUN
from tests.unit.slack import hostile

pytestmark = pytest.mark.no_cover
"""What they run is covered by the tests beside; counting it here too would double their time."""

LONG = "iqn.2001-05.com.equallogic:0-8a0906-" + "0d9a4ab02-46600020343560ef-" * 6 + "xenct-xen"

CHOOSING = stories.choosing_lun().request
TO_ATTACH = replace(CHOOSING, purpose=Purpose.ATTACH)


def options(choices: dict[str, object]) -> list[dict[str, object]]:
    groups = choices.get("option_groups") or [{"options": choices.get("options")}]
    return [each for group in groups for each in group["options"]]  # type: ignore[attr-defined]


def texts(choices: dict[str, object]) -> list[str]:
    return [each["text"]["text"] for each in options(choices)]  # type: ignore[index]


@settings(deadline=None)
@given(st.lists(hostile.targets, min_size=1, max_size=100))
def test_no_two_targets_of_a_menu_look_the_same(rows: list[Target]) -> None:
    made = texts(labels.target_choices("f", list(enumerate(rows))))
    assert len(set(made)) == len(rows)
    assert all(0 < len(text) <= 75 for text in made)


@settings(deadline=None)
@given(st.lists(hostile.offered, min_size=1, max_size=100))
def test_no_two_luns_of_a_menu_look_the_same_and_the_used_ones_stand_last(rows: list[OfferedLun]) -> None:
    choices = labels.lun_choices(CHOOSING, "f", list(enumerate(rows)))
    made = texts(choices)
    assert len(set(made)) == len(rows)
    names = [group["label"]["text"] for group in choices["option_groups"]]
    assert names == [name for name in ("Free", "Not supported", "In use") if name in names]
    indexes = sorted(int(str(each["value"]).rpartition(":")[2]) for each in options(choices))
    assert indexes == list(range(len(rows)))


def test_long_iqns_are_shortened_in_the_middle_so_that_their_ends_stay() -> None:
    one, two = Target(LONG + "1", ()), Target(LONG + "2", ())
    first, second = texts(labels.target_choices("f", [(0, one), (1, two)]))
    assert first.startswith("iqn.2001-05.com")
    assert (first[-10:], second[-10:]) == ("xenct-xen1", "xenct-xen2")


def test_iqns_that_differ_only_in_the_middle_get_their_numbers() -> None:
    rows = [(n, Target("iqn.a" + "x" * 40 + str(n) + "y" * 150, ())) for n in range(2)]
    first, second = texts(labels.target_choices("f", rows))
    assert first.endswith(" · 1")
    assert second.endswith(" · 2")


def test_a_hundred_entries_at_most_the_free_ones_first() -> None:
    rows = [OfferedLun(replace(LUN, lun_id=n), Usage("p", "u", "n") if n < 150 else None) for n in range(200)]
    made = options(labels.lun_choices(CHOOSING, "f", list(enumerate(rows))))
    assert len(made) == 100
    assert str(made[0]["value"]) == "f:150"


def test_a_lun_says_its_id_size_vendor_serial_and_scsi_id() -> None:
    offered = OfferedLun(replace(LUN, serial="S1"))
    assert labels.lun_label(offered) == "LUN 0 · 100.0 GiB · EQLOGIC"
    assert labels.lun_description(offered) == "serial S1 · 36090a028b04a9a0def60353420006046"
    assert labels.lun_description(OfferedLun(LUN, Usage("xenct", "u", "Builds"))) == "Builds in xenct"
    assert labels.lun_label(OfferedLun(replace(LUN, lun_id=None, vendor=None, size=None))) == "LUN · unknown size"


@pytest.mark.parametrize("nothing", [None, "", " "])
def test_no_dot_hangs_beside_what_an_array_leaves_out(nothing: str | None) -> None:
    bare = OfferedLun(replace(LUN, serial=nothing, vendor=nothing))
    assert labels.lun_label(bare) == "LUN 0 · 100.0 GiB"
    assert labels.lun_description(bare) == "36090a028b04a9a0def60353420006046"
    nameless = OfferedLun(replace(LUN, serial="S1", scsi_id=nothing))
    assert labels.lun_description(nameless) == "serial S1 · no SCSIid"
    assert labels.lun_description(OfferedLun(replace(LUN, serial=nothing, scsi_id=nothing))) == "no SCSIid"


@pytest.mark.parametrize(
    ("request_", "offered", "group"),
    [
        (CHOOSING, OfferedLun(LUN), "Free"),
        (CHOOSING, OfferedLun(replace(LUN, lun_id=256)), "Not supported"),
        (CHOOSING, OfferedLun(replace(LUN, scsi_id=None)), "Not supported"),
        (CHOOSING, OfferedLun(replace(LUN, lun_id=256), Usage("p", "u", "n")), "In use"),
        (CHOOSING, OfferedLun(LUN, Usage("xenct", "u", "n", attached=False)), "In use"),
        (TO_ATTACH, OfferedLun(LUN), "Not in use"),
        (TO_ATTACH, OfferedLun(LUN, Usage("xenct", "u", "n", attached=False)), "Detached here"),
        (TO_ATTACH, OfferedLun(LUN, Usage("other", "u", "n", attached=False)), "In use"),
        (TO_ATTACH, OfferedLun(LUN, Usage("xenct", "u", "n")), "In use"),
    ],
)
def test_luns_are_grouped_by_what_the_request_may_do_with_them(
    request_: Request, offered: OfferedLun, group: str
) -> None:
    assert labels.lun_group(request_, offered) == group


def test_portals_are_shown_and_the_rest_counted() -> None:
    target = Target("iqn.x:y", tuple(Portal(f"10.0.0.{n}", 3260) for n in range(5)))
    assert labels.target_description(target) == "10.0.0.0:3260, 10.0.0.1:3260 and 3 more"
    assert labels.portal_text(Portal("fd00::5", 3260)) == "[fd00::5]:3260"


def test_the_search_finds_every_word_anywhere() -> None:
    target = Target("iqn.2001-05.com.example:vol-4711", (Portal("10.0.0.9", 3260),))
    assert labels.target_matches(target, "VOL 10.0.0.9")
    assert labels.target_matches(target, "")
    assert not labels.target_matches(target, "vol 4712")
    assert labels.lun_matches(OfferedLun(LUN, Usage("p", "u", "Builds")), "builds lun eqlogic")
    assert not labels.lun_matches(OfferedLun(LUN), "builds")


@pytest.mark.parametrize("text", ["", ":", "a:", ":1", "a:b", "a:-1", "a:²", "a:1:x"])
def test_a_forged_value_is_no_choice(text: str) -> None:
    assert labels.read_choice(text) is None
    assert read_value(text) is None


@pytest.mark.parametrize("text", ["", "pick", "pick:", "pick:a", "pick:a:", "pick::b", "other:a:b"])
def test_a_forged_block_is_no_picker(text: str) -> None:
    assert read_picker_id(text) is None
