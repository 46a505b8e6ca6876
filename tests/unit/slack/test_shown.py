from __future__ import annotations

from dataclasses import replace

import pytest

from bot.request.found import Trouble
from bot.request.model import HostPbd
from bot.request.plan import Purpose
from bot.request.question import Question, ShownSr, SrRow
from bot.slack.cards.managed.origin import Origin
from bot.slack.cards.managed.shown import sr_message
from tests import stories
from tests.stories import REQUESTER
from tests.unit.slack.reading import fits, words

ROW = SrRow("0f2c1b9e", "Builds", "nfs", "user", 2**40, 2**30, "<shared>", 1, 2)
UNPLUGGED = Trouble("pbd_unplugged", facts=(("host", "xen2"),))
SHOWN = ShownSr(
    row=ROW,
    description="nightly",
    shared=True,
    is_default=True,
    virtual=2**31,
    disks=7,
    pbds=(
        HostPbd("xen1", attached=True, iqn="iqn.x:1"),
        HostPbd("xen2", attached=False, iqn="iqn.x:2", trouble=UNPLUGGED),
    ),
    device_config=(("server", "nas"), ("serverpath", "/vol`1`")),
)
QUESTION = Question("quest1on2", "T1", "C1", REQUESTER, "xenct", 1.0, 1800.0, sr="Builds", shown=SHOWN, answered_at=2.0)
LINK = "https://example.slack.com/archives/C1/p1"


def test_an_sr_is_shown_with_all_that_an_administrator_looks_for() -> None:
    card = sr_message(QUESTION)
    fits(card)
    for text in (
        "SR Builds",
        "*UUID*\\n`0f2c1b9e`",
        "*Description*\\n`nightly`",
        "`nfs`, content `user`",
        "1.0 GiB of 1.0 TiB",
        "*Promised to its disks*\\n2.0 GiB",
        "*Disks*\\n7 disks",
        "*Shared*\\nyes",
        "*The pool's default*\\nyes",
        "`&lt;shared&gt;`",
        "server: nas\\nserverpath: /vol\u02cb1\u02cb",
        "`xen2`: *PBD not attached*. The PBD of host `xen2` is not plugged. `/sr repair` plugs it",
        "`xen1`: PBD attached",
        "as of <!date^2^",
    ):
        assert text in words(card)
    assert words(card).index("`xen2`") < words(card).index("`xen1`")
    assert "initiator" not in words(card)
    assert "asked for it" not in words(card)


def test_what_an_sr_lacks_is_left_out_or_said() -> None:
    bare = replace(SHOWN, description=" ", shared=False, is_default=False, pbds=(), device_config=(), virtual=None)
    shown = words(sr_message(replace(QUESTION, shown=bare, answered_at=None)))
    assert "Description" not in shown
    assert "device-config" not in shown
    assert "as of" not in shown
    assert "*Shared*\\nno" in shown
    assert "*The pool's default*\\nno" in shown
    assert "No host has a PBD for it. `/sr repair` makes and plugs them" in shown
    assert "*Promised to its disks*\\nunknown size" in shown


def test_of_a_long_device_config_the_first_keys_are_shown_and_the_rest_is_counted() -> None:
    many = tuple((f"key{n}", "x") for n in range(20))
    assert "key11: x\\nand 8 more" in words(sr_message(replace(QUESTION, shown=replace(SHOWN, device_config=many))))


def test_an_initiator_is_named_where_the_sr_is_on_a_lun() -> None:
    on_lun = replace(SHOWN, device_config=(("SCSIid", "3609"),))
    assert "*PBD not attached*, initiator `iqn.x:2`." in words(sr_message(replace(QUESTION, shown=on_lun)))


@pytest.mark.parametrize(("purpose", "word"), [(Purpose.CREATE, "Made"), (Purpose.ATTACH, "Attached")])
def test_who_asked_for_it_and_when_is_said_with_a_way_to_the_thread(purpose: Purpose, word: str) -> None:
    request = replace(stories.succeeded().request, purpose=purpose)
    shown = words(sr_message(QUESTION, Origin(request, LINK)))
    assert f"{word} with request `abc234xyz` (<{LINK}|its thread>): <@{REQUESTER}> asked for it <!date^" in shown


@pytest.mark.parametrize("link", ["", "https://x|<!channel>", "javascript:alert(1)", "https://x> <!channel>"])
def test_what_is_no_link_is_left_out(link: str) -> None:
    shown = words(sr_message(QUESTION, Origin(stories.succeeded().request, link)))
    assert f"Made with request `abc234xyz`: <@{REQUESTER}> asked for it" in shown
    assert "thread" not in shown


def test_an_sr_that_can_not_be_shown_is_said_with_what_to_do() -> None:
    trouble = Trouble("sr_ambiguous", facts=(("sr", "Builds"), ("sr_uuid", "u1, u2")), reference="ref-1")
    card = sr_message(replace(QUESTION, shown=None, trouble=trouble))
    fits(card)
    assert "Several SRs of the pool have the name `Builds`: `u1, u2`." in words(card)
    assert "Ask with the UUID of the one that is meant" in words(card)
    assert "There is no answer." in words(sr_message(replace(QUESTION, shown=None)))
