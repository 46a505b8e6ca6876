"""Going on with a request at the command line by what its card has buttons for in Slack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.ledger.store import Ledger
from bot.request import events as e
from bot.request.found import HeldSr, Protocol
from bot.request.lifecycle import begin
from bot.request.model import Kind, Request, State
from bot.request.plan import Purpose, to_type
from bot.slack.cards import buttons
from deploy.requests.ways import WAYS
from tests import stories
from tests.integration.command_line import Desk, desk_of
from tests.stories import APPROVER, OUTSIDER, REQUESTER

OTHER_VERBS = {
    buttons.REQUEST_APPROVAL: "confirm",
    buttons.APPROVE: "approve",
    buttons.APPROVE_OVER: "approve",
    buttons.REJECT: "reject",
    buttons.CLAIM: "claim",
    buttons.ASK_QUESTION: "ask",
    buttons.WITHDRAW: "withdraw",
    buttons.CANCEL: "cancel",
    buttons.PICK_TARGET: "pick",
    buttons.PICK_LUN: "pick",
    buttons.PICK_PLACE: "pick",
    buttons.ATTACH_ONE: "pick",
    buttons.FORMAT_OVER: "pick",
    buttons.NEXT_REQUESTS: "list",
    buttons.PREVIOUS_REQUESTS: "list",
    buttons.ADD_STORAGE: "add",
}
OF_SLACK_ALONE = {buttons.DETAILS, buttons.NEXT_PAGE, buttons.PREVIOUS_PAGE}
"""What XenServer wrote stands in the worker's log; pages are those of `/sr list`, a question and no request."""

OVERRIDING = f"""
[rules.all]
decide = ["1 of {APPROVER}"]
[rules.overriding]
when = {{ dangers = ["overrides"] }}
decide = ["1 of {APPROVER}"]
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with desk_of(REQUESTER, tmp_path, monkeypatch) as desk:
        yield desk


def numbered(desk: Desk, name: str, shown: str) -> str:
    """Give the number under which a way is shown."""
    told = desk.types("pick", name).stdout
    (line,) = [line for line in told.splitlines() if line.strip().partition("  ")[2].startswith(shown)]
    return line.split()[0]


def takes(desk: Desk, name: str, shown: str, *words: str) -> str:
    return desk.confirms("pick", name, typed=(numbered(desk, name, shown), *words))


def test_every_button_of_a_card_has_its_way_at_the_command_line() -> None:
    names = {
        value for name, value in vars(buttons).items() if name.isupper() and name[0] != "_" and isinstance(value, str)
    }
    assert names == WAYS.keys() | OTHER_VERBS.keys() | OF_SLACK_ALONE


def accepting() -> stories.Story:
    return stories.choosing_lun().lun_is_picked().plan_is_made(replace(stories.plan(), hosts=stories.ONE_SEES))


@pytest.mark.parametrize(
    ("story", "shown", "state"),
    [
        (stories.found_sr, "Attach it", State.CONFIRMING),
        (stories.found_sr, "Pick another LUN", State.CHOOSING_LUN),
        (stories.found_sr, "Pick another target", State.CHOOSING_TARGET),
        (accepting, "Accept that", State.CONFIRMING),
        (accepting, "Look again", State.INSPECTING),
        (stories.partial, "Retry", State.REPAIRING),
        (lambda: stories.choosing_target().target_is_picked().pauses(), "Try again", State.DISCOVERING_LUNS),
    ],
)
def test_what_a_card_offers_is_taken_at_the_command_line_too(
    desk: Desk, story: Callable[[], stories.Story], shown: str, state: State
) -> None:
    name = desk.recorded(story())
    assert f"You picked {shown}" in takes(desk, name, shown)
    assert desk.now(name).state is state
    (*_, taken) = desk.ledger.trail(name)
    assert taken.via.startswith("command line, ")
    assert taken.code_step is not None


def paused_at_once() -> stories.Story:
    return stories.Story(begin(stories.asked()), [stories.asked()]).pauses()


def test_another_address_is_searched_where_it_is_allowed(desk: Desk) -> None:
    name = desk.recorded(paused_at_once())
    number = numbered(desk, name, "Change address")
    assert "192.168.0.1 is not among the allowed" in desk.refused("pick", name, answers=(number, "192.168.0.1", ""))
    assert desk.refused("pick", name, answers=(number, "10.0.0.6:", ""))
    takes(desk, name, "Change address", "10.0.0.6", "")
    assert str(desk.now(name).address) == "10.0.0.6:3260"
    assert desk.now(name).state is State.DISCOVERING_TARGETS


def test_another_credential_is_taken_only_where_it_may_be_sent(desk: Desk) -> None:
    name = desk.recorded(paused_at_once())
    number = numbered(desk, name, "Change credential")
    told = desk.refused("pick", name, answers=(number, "nobody"))
    assert "names no credential that may be sent to 10.0.0.5" in told
    with desk.config.open("a", encoding="utf-8") as config:
        config.write('[credentials.lab]\nuser = "u"\npassword_env = "LAB"\naddresses = ["10.0.0.5"]\n')
    takes(desk, name, "Change credential", "lab")
    assert desk.now(name).credential == "lab"


def exported() -> stories.Story:
    begun = stories.asked(kind=Kind.NFS, share=stories.EXPORT, address=None, credential=None)
    return stories.Story(begin(begun), [begun])


def test_one_of_the_srs_that_are_there_is_taken(desk: Desk) -> None:
    story = exported()
    found = (stories.HELD, HeldSr("0b2f"))
    story.happens([e.SrsFound(at=story.now, step=story.step, plan=stories.nfs_plan(), held=found)])
    name = desk.recorded(story)
    takes(desk, name, "Attach the SR without a name (0b2f)")
    (*_, picked) = desk.ledger.trail(name)
    assert isinstance(picked, e.SrPicked)
    assert picked.sr == "0b2f"


def test_a_path_is_typed_where_the_server_could_not_tell(desk: Desk) -> None:
    name = desk.recorded(exported().pauses())
    number = numbered(desk, name, "Type the export")
    assert "is no path: it begins with a slash" in desk.refused("pick", name, answers=(number, "srs"))
    takes(desk, name, "Type the export", "/export/srs")
    share = desk.now(name).share
    assert share is not None
    assert share.path == "/export/srs"


def test_another_credential_for_a_share_is_taken_only_where_it_may_be_sent(desk: Desk) -> None:
    begun = stories.asked(kind=Kind.ISO, share=replace(stories.SHARE, protocol=Protocol.SMB), address=None)
    name = desk.recorded(stories.Story(begin(begun), [begun]).pauses())
    number = numbered(desk, name, "Change credential")
    assert "cred= names no credential" in desk.refused("pick", name, answers=(number, "nobody"))
    takes(desk, name, "Change credential", "")
    assert desk.now(name).state is State.INSPECTING


def test_an_sr_is_formatted_over_in_a_request_of_its_own_where_its_end_is_typed(desk: Desk) -> None:
    name = desk.recorded(stories.found_sr())
    desk.applies(OVERRIDING)
    number = numbered(desk, name, "Format over it")
    end = to_type(desk.now(name).lun)
    assert "That is not the end" in desk.refused("pick", name, answers=(number, "nonsense"))
    told = takes(desk, name, "Format over it", end)
    new = desk.now(name).followed_by
    assert f"That is request {new} now." in told
    assert desk.now(new).purpose is Purpose.FORMAT
    assert desk.now(new).typed == end
    assert desk.ledger.trail(new)[0].via.startswith("command line, ")
    assert desk.ledger.open_requests() == [new]


def test_what_went_another_way_meanwhile_leaves_no_second_request(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    name = desk.recorded(stories.found_sr())
    desk.applies(OVERRIDING)
    number, end = numbered(desk, name, "Format over it"), to_type(desk.now(name).lun)
    opened = Ledger.open

    def slow(ledger: Ledger, asked: Any) -> Request:  # noqa: ANN401 - as the ledger has it
        ledger.commit(name, lambda _: [e.Cancelled(at=desk.at)])
        return opened(ledger, asked)

    monkeypatch.setattr(Ledger, "open", slow)
    assert "ended already" in desk.refused("pick", name, answers=(number, end, desk.code()))
    assert desk.ledger.open_requests() == []


def test_others_see_to_hosts_that_were_left_behind_where_they_may_decide(desk: Desk) -> None:
    name = desk.recorded(stories.partial())
    desk.sits(OUTSIDER)
    assert "Only who asked and those who decide can have the hosts tried again" in desk.refused(
        "pick", name, answers=(numbered(desk, name, "Retry"),)
    )
    desk.sits(APPROVER)
    takes(desk, name, "Retry")
    assert desk.now(name).state is State.REPAIRING


def test_what_waits_for_others_offers_no_way_on(desk: Desk) -> None:
    name = desk.recorded(stories.awaiting_approval())
    assert "That isn't possible at this point" in desk.refused("pick", name)
