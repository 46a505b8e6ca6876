"""What the command line does to requests: looked at, confirmed by a one-time code, and committed like a click."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
from redis import Redis

from bot.codes import Codes, SecretsFolder
from bot.deciding import Standing, traced
from bot.ledger.codes import Guesses
from bot.ledger.policies import Policies, fallback_of
from bot.ledger.store import Ledger, LedgerUnavailable, UnknownRequest
from bot.policy import Members, slack_groups
from bot.request.events import Event
from bot.request.lifecycle import Impossible
from bot.request.model import Request
from bot.request.refused import Refused
from bot.settings import Settings
from bot.settings.sealed import Secret
from bot.slack.cards.blocks import Message
from bot.slack.cards.sentences import NOT_RECORDED, refusal
from deploy.console import note
from deploy.ledger import opened, required
from deploy.policies.checking import members_now, not_looked_at
from deploy.requests.account import Worker, who_works
from deploy.requests.person import unfit
from deploy.requests.refused import RequestRefusedError
from deploy.sandbox.tour.telling import told

ASKED_SECONDS: Final = 10
"""For what Slack is asked: what decides may be 15 s old when it is committed."""

Decide = Callable[[Request, Standing, float], Sequence[Event]]
"""From the request as it is, what is decided by, and the time, to what follows. Raises Refused."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where somebody sits. Every method raises RequestRefusedError."""

    settings: Settings
    worker: Worker
    ledger: Ledger
    policies: Policies
    codes: Codes

    def request(self, request_id: str) -> Request:
        """Read a request."""
        request = self.ledger.load(request_id)
        if request is None:
            raise _refused(Refused("no_such_request", request=request_id))
        return request

    def members(self, *, again: bool = False) -> Members:
        """Read who is in the groups that the policy names; while Slack is down nobody knows, which is said once."""
        named = slack_groups(self.policies.in_force().policy)
        members, unread = members_now(self.settings, os.environ, ASKED_SECONDS) if named else (Members(), "")
        if unread and not again:
            note(not_looked_at(named, unread))
        return members

    def standing(self, members: Members) -> Standing:
        """Give what is decided by now."""
        in_force = self.policies.in_force()
        return Standing(in_force.policy, in_force.number, members, self.policies.spent(time.time()))

    def does(self, request_id: str, decide: Decide) -> Request:
        """Do something to a request: first whether it would be refused, then the code, then the commit.

        Who is in a group is read again after the code was typed, since an older reading must not decide.
        """
        with refusals(request_id, changing=True):
            request = self.request(request_id)
            decide(request, self.standing(self.members()), time.time())
            step, members = self.confirmed(request.channel), self.members(again=True)
            return self.ledger.commit(
                request_id,
                lambda request: traced(decide(request, self.standing(members), time.time()), step, self.worker.via),
            )

    def confirmed(self, channel: str) -> int:
        """Ask for a one-time code, unseen; gives its time step. Raises Refused.

        Who may not use srbot in Slack, or for this channel, may not here, as far as Slack says so.
        """
        reason = unfit(self.settings, os.environ, self.worker.person, channel, ASKED_SECONDS)
        if reason is not None:
            raise Refused(reason, channel=channel)
        self.codes.refuse_without(self.worker.person, time.time())
        typed = Secret(click.prompt("One-time code", hide_input=True, err=True))
        return self.codes.confirm(self.worker.person, typed, time.time())


@contextmanager
def desk(settings: Settings) -> Iterator[Desk]:
    """Sit down. Raises SettingsError, NoAnswerError."""
    worker, folder = who_works(settings, os.environ), settings.codes_folder
    with opened(required(os.environ)) as redis:
        yield Desk(settings, worker, Ledger(redis), Policies(redis, fallback_of(settings)), _codes(folder, redis))


def _codes(folder: Path | None, redis: Redis) -> Codes:
    return Codes(None if folder is None else SecretsFolder(folder), Guesses(redis))


@contextmanager
def refusals(request_id: str = "", *, changing: bool = False) -> Iterator[None]:
    """Say in plain text what is refused; `changing`: also where a ledger that is silent leaves a change."""
    try:
        yield
    except Refused as refused:
        raise _refused(refused) from None
    except Impossible:
        raise _refused(Refused("not_now")) from None
    except UnknownRequest:
        raise _refused(Refused("no_such_request", request=request_id)) from None
    except LedgerUnavailable as error:
        if not changing:
            raise
        raise RequestRefusedError(_maybe(request_id) if error.sent else NOT_RECORDED) from None


def _refused(refused: Refused) -> RequestRefusedError:
    return RequestRefusedError("\n".join(told([], refusal(refused.reason_code, refused.facts), str)))


def _maybe(request_id: str) -> str:
    look = f"srbot request show {request_id}" if request_id else "srbot request list"
    return f"srbot could not see in time whether that was recorded. Look with `{look}` before you try again."


def plain(message: Message) -> Iterator[str]:
    """Give what a message of srbot's says, without what can be pressed in it."""
    blocks = [block for block in message.blocks if block["type"] != "actions"]
    yield from told(blocks, message.text, str)
