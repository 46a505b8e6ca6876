"""What has to be written for one request or question, derived from what is stored and what stands in Slack.

Level-triggered: however many entries there are, the newest state is shown, and every line of the thread once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from http.client import HTTPException
from typing import Final

import structlog
from slack_sdk.errors import SlackApiError

from bot.ledger.findings import Findings
from bot.ledger.outbox import Outbox, Shown
from bot.ledger.questions import Questions
from bot.ledger.store import Ledger, is_id
from bot.request import events as e
from bot.request import found as f
from bot.request.found import OfferedLun, Target
from bot.request.lifecycle import apply, begin
from bot.request.model import Request, State
from bot.request.question import Question
from bot.settings import Settings
from bot.slack.cards.answers import list_page
from bot.slack.cards.blocks import MOST_TEXT, Message, cut, message, section
from bot.slack.cards.card import menu_finding, request_card
from bot.slack.cards.lines import line
from bot.slack.cards.managed.origin import Origin
from bot.slack.cards.managed.shown import sr_message
from bot.slack.cards.news import news
from bot.slack.cards.sentences import question_waits
from bot.slack.cards.states.around import Offers
from bot.slack.errors import PERSON_GONE, name_of
from bot.slack.publishing.posting import Place, Poster, metadata

LOG = structlog.get_logger(__name__)

_MOST_REMEMBERED: Final = 1000


@dataclass(slots=True)
class Shower:
    """Writes what is missing. Raises what Redis, the ledger and the Poster raise; then it is simply asked again."""

    settings: Settings
    ledger: Ledger
    findings: Findings
    questions: Questions
    outbox: Outbox
    poster: Poster
    _told: dict[str, str] = field(default_factory=dict)
    _doubted: set[str] = field(default_factory=set)

    def show_request(self, request_id: str) -> None:
        """Post or redraw the card, then post the missing lines of its thread, in order."""
        request = self.ledger.load(request_id)
        if request is None:
            LOG.warning("outbox_names_no_request", request=request_id)
            return
        shown = self._show_card(request, self.outbox.shown(request_id))
        self._show_lines(request, shown)
        self._doubted.discard(request_id)

    def doubt(self, request_id: str) -> None:
        """Something may stand in Slack that isn't written down: look before the next post."""
        self._doubted.add(request_id)

    def _show_card(self, request: Request, shown: Shown) -> Shown:
        card = request_card(request, self._offers(request))
        if shown.ts and shown.digest == card.digest:
            return shown
        carried, place = metadata(request.id, 0, request.state.value), Place(shown.channel or request.channel)
        if shown.ts:
            self.poster.update(place, shown.ts, card, carried)
            after = replace(shown, digest=card.digest)
        else:
            ts, fresh = self._posted(request.id, place, card, carried)
            after = replace(shown, channel=place.channel, ts=ts, digest=card.digest if fresh else "")
        self.outbox.note_shown(request.id, after)
        if not after.digest:
            return self._show_card(request, after)
        LOG.info("card_shown", request=request.id, state=request.state.value)
        return after

    def _show_lines(self, request: Request, shown: Shown) -> None:
        trail = self.ledger.trail(request.id)
        for number, event, before, after in _missing(trail, shown.lines):
            self._tell(shown.channel, after, number, news(event, after))
            text = line(event, after, before)
            if text is not None:
                said = Message(cut(text, MOST_TEXT), ())
                place = Place(shown.channel, shown.ts)
                self._posted(request.id, place, said, metadata(request.id, number))
            shown = replace(shown, lines=number)
            self.outbox.note_shown(request.id, shown)

    def _tell(self, channel: str, request: Request, number: int, text: str | None) -> None:
        """Tell who asked, once however often the line after it is tried; whoever left the channel hears nothing."""
        phase = f"{request.id}:{number}"
        if text is None or phase in self._told:
            return
        try:
            self.poster.tell(channel, request.requester, message(text, [section(text)]))
        except SlackApiError as error:
            if name_of(error) not in PERSON_GONE:
                raise
            LOG.info("nobody_there_to_tell", request=request.id, error=name_of(error))
        self._remember(phase, "told")

    def _posted(self, request_id: str, place: Place, said: Message, carried: dict[str, object]) -> tuple[str, bool]:
        """Post once: where an answer may have been lost, look first whether the message stands.

        Gives its ts, and whether it says what is to be said: one that was found may say something older.
        """
        found = self.poster.find(place, carried) if request_id in self._doubted else None
        if found is not None:
            return found, False
        try:
            return self.poster.post(place, said, carried), True
        except (OSError, HTTPException):
            self.doubt(request_id)
            raise

    def _offers(self, request: Request) -> Offers:
        found = menu_finding(request)
        if found is None:
            return ()
        rows: Offers | None
        if request.state is State.CHOOSING_TARGET:
            rows = self.findings.rows(found.id, Target)
        elif request.state is State.CHOOSING_PLACE:
            rows = self.findings.rows(found.id, f.Place)
        else:
            rows = self.findings.rows(found.id, OfferedLun)
        return rows or ()

    def forget_card(self, request_id: str) -> None:
        """Slack no longer has the card: the next look posts a new one."""
        shown = self.outbox.shown(request_id)
        self.outbox.note_shown(request_id, replace(shown, ts="", digest=""))

    def show_question(self, question_id: str) -> None:
        """Give the answer of a question to who asked, or say once that it takes longer."""
        question = self.questions.load(question_id)
        if question is None:
            return
        phase, said = self._answer(question)
        if said is None or self._told.get(question_id) == phase:
            return
        self.poster.tell(question.channel, question.actor, said)
        self._remember(question_id, phase)
        LOG.info("question_told", question=question_id, phase=phase)

    def _remember(self, subject: str, phase: str) -> None:
        while len(self._told) >= _MOST_REMEMBERED:
            self._told.pop(next(iter(self._told)))
        self._told[subject] = phase

    def _answer(self, question: Question) -> tuple[str, Message | None]:
        if question.answered:
            return "answered", self._answered(question)
        if question.noticed_at is None:
            return "asked", None
        text = question_waits(question.pool)
        return "waiting", message(text, [section(text)])

    def _answered(self, question: Question) -> Message:
        if not question.sr:
            return list_page(question)
        return sr_message(question, None if question.shown is None else self._origin(question.shown.request))

    def _origin(self, request_id: str) -> Origin | None:
        """Find the request that an SR came with, if the ledger has it: the pool's tag may say anything."""
        request = self.ledger.load(request_id) if is_id(request_id) else None
        if request is None:
            return None
        shown = self.outbox.shown(request.id)
        return Origin(request, self.poster.link(Place(shown.channel), shown.ts) if shown.ts else "")


def _missing(trail: Sequence[e.Event], lines: int) -> Iterator[tuple[int, e.Event, State | None, Request]]:
    """Give each event that has no line yet: its number (from 1), the state before it, and the request after it."""
    request: Request | None = None
    for number, event in enumerate(trail, start=1):
        before = None if request is None else request.state
        request = begin(event) if request is None else apply(request, event)
        if number > lines:
            yield number, event, before, request
