"""Requests of another channel, and lines that are typed and answered one after the other."""

from __future__ import annotations

from dataclasses import replace

from bot.ledger.store import new_id
from deploy.sandbox.tour.person import Seen
from tests import stories
from tests.integration.slack.stage import Stage

ANOTHER = "general"


def asks(stage: Stage, person: str, line: str, *texts: str) -> Seen:
    """Type a line and wait for the private answer that says all this: what was answered before doesn't count."""
    who = stage.person(person)
    before = {seen.ts for seen in who.reads(stage.channel)}
    who.types(stage.channel, line)

    def look() -> Seen | None:
        fresh = [seen for seen in who.reads(stage.channel) if seen.private and seen.ts not in before]
        return next((seen for seen in fresh if seen.says(*texts)), None)

    return who.waits_for(" and ".join(texts), look, 10)


def asked_elsewhere(stage: Stage, requester: str = "requester") -> str:
    """Record a request of another channel; gives its id."""
    who, channel = stage.slack.users[requester], stage.slack.channels[ANOTHER]
    asked = replace(stories.asked(), at=stage.clock(), request=new_id(), channel=channel, actor=who, requester=who)
    return stage.ledger.open(asked).id
