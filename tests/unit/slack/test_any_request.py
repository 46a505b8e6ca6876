from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.request import events as e
from bot.request.found import Finding, HeldSr, Lun, OfferedLun, Place, Target
from bot.request.grammar import parse
from bot.request.grammar.commands import Mistake
from bot.request.grammar.verbs import VERBS
from bot.request.model import ENDS, Request, Rival, State
from bot.request.plan import Plan, Purpose
from bot.request.question import Question
from bot.slack.cards.answers import help_message, list_page, mistake_message, pages, refusal_message
from bot.slack.cards.card import menu_finding, request_card
from bot.slack.cards.details import details_message
from bot.slack.cards.dialogs.mending import mend_view
from bot.slack.cards.dialogs.stepping_up import step_up_view
from bot.slack.cards.dialogs.typing_over import approve_view, format_view
from bot.slack.cards.dialogs.typing_place import place_view
from bot.slack.cards.lines import line
from bot.slack.cards.managed.origin import Origin
from bot.slack.cards.managed.shown import sr_message
from bot.slack.cards.texts import code
from deploy.sandbox.slack.blocks.layout import view_problems
from deploy.sandbox.slack.workspace.texts import pings
from tests import stories
from tests.stories import APPROVER, OUTSIDER, REQUESTER
from tests.unit.slack import hostile
from tests.unit.slack.reading import elements, fits, pinged, words

pytestmark = pytest.mark.no_cover
"""What they run is covered by the tests beside; measuring so many examples would double their time."""

PEOPLE = {f"<@{person}>" for person in (REQUESTER, APPROVER, OUTSIDER)}


@settings(deadline=None)
@given(
    hostile.requests(),
    st.lists(hostile.targets, max_size=100),
    st.lists(hostile.offered, max_size=100),
    st.lists(hostile.places, max_size=100),
)
def test_every_card_fits_and_pings_nobody_but_its_people(
    request: Request, targets: list[Target], luns: list[OfferedLun], places: list[Place]
) -> None:
    offers = {State.CHOOSING_TARGET: targets, State.CHOOSING_PLACE: places}.get(request.state, luns)
    card = request_card(request, offers)  # type: ignore[arg-type]  # the rows that belong to the state
    fits(card)
    assert pinged(card) <= PEOPLE
    assert card == request_card(request, offers)  # type: ignore[arg-type]  # as above


@settings(deadline=None)
@given(hostile.requests())
def test_an_end_offers_no_decision_and_a_menu_comes_only_where_one_can_pick(request: Request) -> None:
    found = list(elements(request_card(request)))
    if request.state in ENDS:
        allowed = {"details", "retry"} if request.state is State.PARTIAL else {"details"}
        assert {each["action_id"] for each in found} <= allowed
    menus = [each for each in found if each["type"] != "button"]
    choosing = {State.CHOOSING_TARGET, State.CHOOSING_LUN, State.CHOOSING_PLACE}
    assert not menus or request.state in {*choosing, State.FOUND_SR}
    if menu_finding(request) is not None:
        assert request.state in choosing


@settings(deadline=None)
@given(hostile.requests())
def test_details_fit_and_ping_nobody_and_are_offered_where_there_are_some(request: Request) -> None:
    said = details_message(request)
    offered = "details" in {each["action_id"] for each in elements(request_card(request))}
    if isinstance(said, str):
        assert not offered
    else:
        fits(said)
        assert not pinged(said)


@given(hostile.requests(), hostile.rivals, st.sampled_from((0.0, stories.START)))
def test_every_line_of_a_thread_can_be_posted(request: Request, rival: Rival, at: float) -> None:
    plan = request.plan or stories.plan()
    held = request.dies or stories.HELD
    events = [
        stories.asked(purpose=Purpose.FORMAT, dies=held, lun=plan.lun, typed="x", follows=request.id),
        stories.asked(purpose=Purpose.ATTACH, name=request.name),
        e.LunPicked(at=at, actor=REQUESTER, lun=plan.lun or stories.LUN, rivals=(rival,)),
        e.PlanMade(at=at, step=1, plan=plan, rivals=(rival,) * 20),
        e.SrFound(at=at, step=1, plan=plan),
        e.HostsAccepted(at=at, actor=REQUESTER, plan=plan),
        e.Followed(at=at, actor=REQUESTER, by=request.follows),
        stories.asked(purpose=request.purpose, sr=request.sr, name=request.name, address=None),
        stories.asked(share=request.share, address=None, kind=request.kind, purpose=request.purpose),
        e.PlacesFound(at=at, step=1, finding=Finding("f", 3)),
        e.PlacePicked(at=at, actor=REQUESTER, place=Place(request.device, request.device)),
        e.HostPicked(at=at, actor=REQUESTER, place=Place(request.host, request.host)),
        e.SrsFound(at=at, step=1, plan=plan, held=request.held),
        e.SrPicked(at=at, actor=REQUESTER, sr=request.wanted),
        *(e.Done(at=at, step=1, outcome=done) for done in filter(None, [request.outcome])),
        *(e.CreatedPartly(at=at, step=1, outcome=done) for done in filter(None, [request.outcome])),
    ]
    for event in events:
        said = line(event, request) or ""
        assert set(pings(said, [])) <= PEOPLE, said


@settings(deadline=None)
@given(hostile.questions(), st.integers(-3, 10))
def test_every_page_of_an_answer_fits_and_pings_nobody(question: Question, page: int) -> None:
    shown = list_page(question, page)
    fits(shown)
    assert not pinged(shown)
    assert pages(question) >= 1


@settings(deadline=None)
@given(hostile.questions(), st.none() | hostile.requests(), hostile.texts)
def test_every_sr_that_is_shown_fits_and_pings_nobody_but_who_asked_for_it(
    question: Question, made_with: Request | None, link: str
) -> None:
    shown = sr_message(question, None if made_with is None else Origin(made_with, link))
    fits(shown)
    assert pinged(shown) <= {f"<@{REQUESTER}>"}


@settings(deadline=None)
@given(hostile.texts, st.none() | hostile.texts, hostile.texts)
def test_whatever_was_typed_is_kept_and_pings_nobody(sentence: str, corrected: str | None, typed: str) -> None:
    shown = mistake_message(Mistake("reason", sentence or "x", corrected, typed))
    assert not pinged(shown)
    if sentence.strip():
        fits(shown)
    fits(refusal_message("No.", typed))


@given(st.text(max_size=200))
def test_every_mistake_of_the_grammar_can_be_shown(text: str) -> None:
    outcome = parse(text)
    if isinstance(outcome, Mistake):
        fits(mistake_message(outcome))


def test_the_help_fits_and_covers_everything_that_can_be_typed() -> None:
    shown = help_message()
    fits(shown)
    said = words(shown)
    for verb in VERBS:
        assert f"{code(f'/sr {verb.syntax}')}\n{verb.does}" in said.replace("\\n", "\n").replace('\\"', '"')


@settings(deadline=None)
@given(hostile.requests(), st.lists(st.from_regex(r"[A-Za-z0-9._-]{1,64}", fullmatch=True), max_size=120, unique=True))
def test_every_dialog_fits(request: Request, credentials: list[str]) -> None:
    for about_credential in (True, False):
        assert view_problems(mend_view(request, credentials, about_credential=about_credential), "modal") is None


@settings(deadline=None)
@given(hostile.requests())
def test_every_dialog_that_asks_for_a_path_fits(request: Request) -> None:
    assert view_problems(place_view(request), "modal") is None


@settings(deadline=None)
@given(hostile.requests(), hostile.plans, hostile.held, hostile.luns)
def test_every_dialog_that_asks_for_the_scsi_id_fits(request: Request, plan: Plan, held: HeldSr, lun: Lun) -> None:
    for view in (format_view(request, held, lun, "r:1:n"), approve_view(request, plan, held, "r:1")):
        assert view_problems(view, "modal") is None


@settings(deadline=None)
@given(request=hostile.requests(), plan=hostile.plans, held=hostile.held, wants_code=st.booleans())
def test_every_dialog_that_asks_for_a_one_time_code_fits(
    request: Request, plan: Plan, held: HeldSr, *, wants_code: bool
) -> None:
    over = approve_view(request, plan, held, "r:1", wants_code=wants_code)
    other = step_up_view(request, plan, "approve_over", "r:1", wants_code=wants_code)
    for view in (over, other):
        assert view_problems(view, "modal") is None
        assert ("code" in [block.get("block_id") for block in view["blocks"]]) is wants_code
