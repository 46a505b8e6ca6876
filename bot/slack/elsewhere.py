"""Another address to look at, as somebody typed it: in a dialog, or at the command line."""

from __future__ import annotations

from collections.abc import Sequence

from bot.request import acting
from bot.request.events import Event
from bot.request.grammar.host import Portal, read_portal
from bot.request.model import Address, Request
from bot.request.refused import Refused
from bot.settings import Refusal, Settings, allowed, credential_for
from bot.slack.cards.parts import may_go_elsewhere
from bot.slack.cards.sentences import plain_refusal

Place = tuple[Address, str | None]
"""An address, and the name of the credential for it."""


class MisreadError(Exception):
    """What was typed can't be taken; the sentence says why. `credential`: it is about that, not about the address."""

    def __init__(self, sentence: str, *, credential: bool = False) -> None:
        super().__init__(sentence)
        self.credential = credential


def read_place(settings: Settings, typed: str, wanted: str | None) -> Place:
    """Read an address and the name of a credential, None for the one that is configured; raises MisreadError."""
    portal = read_portal(typed.strip())
    if not isinstance(portal, Portal):
        raise MisreadError(portal.sentence)
    if not allowed(settings.targets, portal.host):
        raise MisreadError(plain_refusal("address_not_allowed", {"address": portal.host}))
    return Address(portal.host, portal.port), _credential(settings, portal.host, wanted, "chap")


def go_there(request: Request, actor: str, place: Place, now: float) -> Sequence[Event]:
    """Look at another address, where one could help; raises Refused."""
    events = acting.change_address(request, actor, *place, now)
    if not may_go_elsewhere(request):
        raise Refused("not_now")
    return events


def log_in_otherwise(
    settings: Settings, request: Request, actor: str, wanted: str | None, now: float
) -> Sequence[Event]:
    """Look at a share once more with another credential; raises Refused, and MisreadError for one that doesn't fit."""
    acting.change_credential(request, actor, wanted, now)  # who may not learns nothing of credentials
    server = request.share.server if request.share is not None else ""
    return acting.change_credential(request, actor, _credential(settings, server, wanted, "cred"), now)


def _credential(settings: Settings, host: str, wanted: str | None, option: str) -> str | None:
    found = credential_for(settings, host, wanted, option)
    if isinstance(found, Refusal):
        raise MisreadError(found.sentence, credential=True)
    return None if found is None else found.name
