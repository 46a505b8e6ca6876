"""Home tabs, drawn from the ledger: when somebody opens theirs, and while they look at it when something changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

import structlog

from bot.deciding import Standing, is_awaited
from bot.ledger import listing
from bot.ledger.homes import Homes
from bot.ledger.listing import Listing
from bot.ledger.outbox import all_shown
from bot.request.model import Request
from bot.settings import Settings
from bot.slack.cards.dialogs.notices import View
from bot.slack.cards.home.view import Rows, digest, home_view, refused_view
from bot.slack.cards.sentences import refusal, standing_by_itself
from bot.slack.directory import LOOKUP_SECONDS, Directory
from bot.slack.gate import begin_person_refusal
from bot.slack.links import Links, Place
from bot.slack.publishing.posting import Poster
from bot.slack.rules import Rules

LOG = structlog.get_logger(__name__)

MOST_ROWS: Final = 8
_MOST_REMEMBERED: Final = 1000


@dataclass(slots=True)
class HomeShower:
    """Draws what is not drawn yet. Raises what the ledger and the Poster raise; then it is simply asked again."""

    settings: Settings
    homes: Homes
    directory: Directory
    rules: Rules
    links: Links
    poster: Poster
    clock: Callable[[], float]
    _drawn: dict[str, str] = field(default_factory=dict)

    def show(self, user: str) -> None:
        """Draw somebody's Home, unless it says the same already."""
        until = time.monotonic() + LOOKUP_SECONDS
        reason = begin_person_refusal(self.directory, user, self.settings.slack.team, until)()
        view = self._view(user) if reason is None else refused_view(standing_by_itself(refusal(reason)))
        if self._drawn.get(user) == digest(view):
            return
        self.poster.publish(user, view)
        while len(self._drawn) >= _MOST_REMEMBERED:
            self._drawn.pop(next(iter(self._drawn)))
        self._drawn[user] = digest(view)
        LOG.info("home_shown", user=user)

    def _view(self, user: str) -> View:
        now = self.clock()
        standing = self.rules.standing(self.rules.members())
        waiting = list(islice(self._waiting(user, standing, now), MOST_ROWS))
        mine = Listing(self.homes.redis, listing.of_person(user, now), lambda it: it.requester == user).page(0).rows
        return home_view(self._linked(waiting), self._linked(mine[:MOST_ROWS]))

    def opened(self) -> list[str]:
        """Give those who may be looking at their Home."""
        return self.homes.open(self.clock())

    def _waiting(self, user: str, standing: Standing, now: float) -> Iterator[Request]:
        """Give those of all channels that wait for this very person."""

        def keep(request: Request) -> bool:
            return is_awaited(request, standing, user, now)

        for channel in self.settings.channels:
            yield from Listing(self.homes.redis, listing.awaiting_in(channel), keep).page(0).rows

    def _linked(self, requests: list[Request] | tuple[Request, ...]) -> Rows:
        shown = all_shown(self.homes.redis, [request.id for request in requests])
        places = [Place(card.channel, card.ts) for card in shown]
        links = self.links.find(places, time.monotonic() + LOOKUP_SECONDS)
        return list(zip(requests, links, strict=True))
