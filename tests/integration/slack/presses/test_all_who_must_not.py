"""Everything that can be pressed is pressed by all who must not: each is told so, and nothing changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, cast

import pytest
from slack_bolt import App

from bot.ledger.effects import EXPIRE
from bot.slack.cards import buttons
from bot.slack.cards.dialogs import adding
from bot.slack.context import Context
from bot.slack.listeners import register_all
from deploy.sandbox.slack.workspace.model import PARTNER_TEAM
from tests.integration.slack.answers import answers
from tests.integration.slack.presses.delivering import LEAVER, Hand, Who, prepare, record
from tests.integration.slack.presses.registered import Registered
from tests.integration.slack.presses.surface import IN_NO_CHANNEL, Does, Kind, Surface
from tests.integration.slack.presses.table import TABLE
from tests.integration.slack.stage import Stage

STRANGER: Final = "srbot only works for members of this workspace. Nothing was changed"
NOBODYS: Final = {
    "guest": (Who("guest"), "Guests can't use srbot"),
    "stranger": (Who("stranger", user_team=PARTNER_TEAM), STRANGER),
    "stranger who passes for a member": (Who("stranger"), STRANGER),
    "member of another company": (Who("approver-1", user_team=PARTNER_TEAM), STRANGER),
    "unknown": (Who("approver-1", user="U0NOBODY01"), STRANGER),
    "deactivated": (Who(LEAVER), "This account is deactivated"),
    "bot": (Who("srbot"), "Bots and workflows can't use srbot"),
}
"""Who may press nothing at all, and is told why."""

UNANSWERED: Final = {
    "another workspace": {"team": PARTNER_TEAM},
    "another app": {"app": "A0ANOTHER1"},
    "no person": {"user": ""},
}
"""Who is not even answered."""

NOWHERE: Final = {
    "general": "This channel isn't set up for storage",
    "partners": "This channel is shared with another company",
}


MONTH: Final = 30 * 86_400.0


@pytest.fixture(scope="module")
def board(shared_stage: Stage) -> Stage:
    prepare(shared_stage)
    return shared_stage


@pytest.fixture
def hand(board: Stage) -> Iterator[Hand]:
    hand = Hand(board)
    yield hand
    for name in board.ledger.open_requests():
        board._is_over(name)
    for person in ("requester", "approver-1"):
        board._dialogs_are_closed(person)


def named(surface: Surface) -> str:
    return f"{surface.kind.name.lower()}-{surface.id}"


each_surface = pytest.mark.parametrize("surface", TABLE, ids=named)


def test_whatever_the_bot_listens_for_has_its_row(board: Stage) -> None:
    (bot,) = board.bots
    registered = Registered()
    register_all(cast("App", registered), cast("Context", None))
    assert registered.pressed == {(surface.kind.listener, surface.id) for surface in TABLE}
    assert len(TABLE) == len(registered.pressed)
    assert registered.typed == {"/sr"}
    assert registered.events == {"app_home_opened"}
    app = bot.handler.app
    assert len(app._listeners) == registered.count, "something listens beside what the surfaces register"


@each_surface
def test_who_may_press_nothing_is_told_so_and_changes_nothing(hand: Hand, surface: Surface) -> None:
    subject = surface.stands(hand.stage)
    part, before = surface.carries(subject, surface.shown(subject)), record(hand.stage)
    for why, changed in UNANSWERED.items():
        assert hand.delivers(surface, Who(surface.by, **changed), part).get("payload") is None, why
        assert not hand.has_dialog(Who(surface.by, **changed)), why
    unanswered = list(hand.urls)
    for why, (who, told) in NOBODYS.items():
        assert is_said(surface, told, hand.told(surface, who, part)), why
    assert not any(answers(hand.stage, url) for url in unanswered)
    assert record(hand.stage) == before


@each_surface
def test_who_else_presses_or_forges_is_told_so_and_changes_nothing(hand: Hand, surface: Surface) -> None:
    subject, by = surface.stands(hand.stage), Who(surface.by)
    part, before = surface.carries(subject, surface.shown(subject)), record(hand.stage)
    for name, told in surface.others.items():
        assert told in hand.told(surface, Who(name), part), name
        assert hand.stage.person(name).dialog() is None, name
    for forged, told in surface.forged(subject):
        assert told in hand.told(surface, by, forged), forged
    for shown, told in surface.older.items():
        assert told in hand.told(surface, by, surface.carries(subject, shown)), shown
    assert hand.stage.person(surface.by).dialog() is None
    assert record(hand.stage) == before


@pytest.mark.parametrize("surface", [each for each in TABLE if each.kind not in IN_NO_CHANNEL], ids=named)
def test_in_another_channel_nothing_can_be_pressed(hand: Hand, surface: Surface) -> None:
    subject = surface.stands(hand.stage)
    part, before, channels = (
        surface.carries(subject, surface.shown(subject)),
        record(hand.stage),
        hand.stage.slack.channels,
    )
    for channel, told in NOWHERE.items():
        assert is_said(surface, told, hand.told(surface, Who(surface.by, channel=channels[channel]), part)), channel
    if surface.elsewhere is not None:
        assert surface.elsewhere in hand.told(surface, Who(surface.by, channel=channels["random"]), part)
    assert hand.stage.person(surface.by).dialog() is None
    assert record(hand.stage) == before


@each_surface
def test_the_right_person_presses_once(hand: Hand, surface: Surface) -> None:
    subject, by = surface.stands(hand.stage), Who(surface.by)
    part, before = surface.carries(subject, surface.shown(subject)), record(hand.stage)
    if surface.does is Does.SHOWS:
        assert hand.told(surface, by, part)
    else:
        hand.delivers(surface, by, part)
    if surface.does is Does.OPENS:
        hand.stage.dialog(surface.by)
    after = record(hand.stage)
    assert (after == before) is (surface.does is not Does.CHANGES)
    if surface.again is not None:
        assert surface.again in hand.told(surface, by, part)
        assert record(hand.stage) == after


def is_said(surface: Surface, expected: str, told: str) -> bool:
    """Say whether somebody was refused: to a load nothing is offered."""
    return not told if surface.kind is Kind.LOAD else expected in told


_OF_NONE: Final = {buttons.RETRY, buttons.ADD_STORAGE, adding.STORAGE}
ON_OPEN_CARDS: Final = [each for each in TABLE if each.does is not Does.SHOWS and each.id not in _OF_NONE]
"""What is pressed about a request that has not ended."""


@pytest.mark.parametrize("surface", ON_OPEN_CARDS, ids=named)
def test_a_request_that_is_over_takes_nothing_any_more(hand: Hand, surface: Surface) -> None:
    stage, by = hand.stage, Who(surface.by)
    subject = surface.stands(stage)
    part = surface.carries(subject, surface.shown(subject))
    stage.ledger.forget_due(EXPIRE, subject)  # nobody has noticed yet
    before = record(stage)
    stage.clock.offset = MONTH
    try:
        assert "The time for this is over" in hand.told(surface, by, part)
    finally:
        stage.clock.offset = 0.0
    assert record(stage) == before
    stage._is_over(subject)
    before = record(stage)
    assert "This request has ended already" in hand.told(surface, by, part)
    assert record(stage) == before
