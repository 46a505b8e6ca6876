"""Presses as Slack delivers them, from anybody and from anywhere, and what whoever pressed is told."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final

from bot.ledger import codec, keys
from tests import stories
from tests.integration.slack.answers import answers
from tests.integration.slack.newcomers import joins
from tests.integration.slack.presses.surface import IN_NO_CHANNEL, OF_ANOTHER, Kind, Part, Surface
from tests.integration.slack.stage import Stage
from tests.integration.slack.test_placing import EXPORTS

LEAVER: Final = "leaver"
_LONG: Final = 3600


@dataclass(frozen=True, slots=True)
class Who:
    """Who presses, and where; what is empty is as it should be. `user_team` is the workspace that the person is of."""

    name: str
    team: str = ""
    app: str = ""
    user_team: str = ""
    user: str | None = None
    channel: str = ""


@dataclass(slots=True)
class Hand:
    """Presses things. `urls` are the response_urls that went out with presses so far."""

    stage: Stage
    urls: list[str] = field(default_factory=list)

    def delivers(self, surface: Surface, who: Who, part: Part) -> dict[str, Any]:
        """Deliver a press; gives what became of it."""
        payload = self._from(who) | {"type": surface.kind.payload} | part
        if surface.kind not in IN_NO_CHANNEL:
            payload |= self._at(who)
        if surface.kind is Kind.SHORTCUT and not who.app:
            del payload["api_app_id"]  # Slack doesn't say of which app it is
        done = self.stage.control("deliver", {"type": "interactive", "payload": payload})
        assert done["delivered"], surface.id
        assert done["ack"] is not None, surface.id
        return dict(done["ack"])

    def told(self, surface: Surface, who: Who, part: Part) -> str:
        """Deliver a press that is answered, and give the answer: that of a load is in its options."""
        ack = self.delivers(surface, who, part)
        if surface.kind is Kind.BUTTON:
            url = self.urls[-1]
            self.stage.wait(f"an answer to {who}", lambda: bool(answers(self.stage, url)), every=0.002)
            return answers(self.stage, url)[0]
        if surface.kind in {Kind.HOME, Kind.SHORTCUT}:
            return self.noticed(who)
        payload = ack.get("payload") or {}
        if surface.kind is Kind.FORM:
            return json.dumps(payload, ensure_ascii=False) if payload else ""
        groups = payload.get("option_groups") or [payload]
        return "\n".join(each["text"]["text"] for group in groups for each in group["options"])

    def noticed(self, who: Who) -> str:
        """Wait for a dialog that only says something, close it, and give what it says."""
        modals, user = self.stage.slack.slack.modals, self._user(who)
        self.stage.wait(f"a dialog for {who}", lambda: bool(modals.stack(user)), every=0.002)
        (view,) = modals.stack(user)
        modals.cleared(user)
        return json.dumps(view["blocks"], ensure_ascii=False)

    def has_dialog(self, who: Who) -> bool:
        return bool(self.stage.slack.slack.modals.stack(self._user(who)))

    def _from(self, who: Who) -> Part:
        team, app = self.stage.slack.workspace["team_id"], self.stage.slack.workspace["app_id"]
        user = self._user(who)
        return {
            "team": {"id": who.team or team},
            "api_app_id": who.app or app,
            "user": {"id": user, "team_id": who.user_team or who.team or team},
            "trigger_id": self.stage.slack.slack.triggers.issue(user),
        }

    def _at(self, who: Who) -> Part:
        channel = who.channel or self.stage.channel
        url = self.stage.slack.slack.hooks.issue(self._user(who), channel)
        self.urls.append(url)
        return {"channel": {"id": channel}, "response_url": self.stage.slack.url + url}

    def _user(self, who: Who) -> str:
        return self.stage.slack.users[who.name] if who.user is None else who.user


def prepare(stage: Stage) -> None:
    """Let somebody have left the company, and the bot be in another channel that is set up for storage.

    Somebody else publishes: whatever changes was changed by a press.
    """
    stage.redis.set(keys.PUBLISHER_LEASE, "another bot", ex=_LONG)
    joins(stage, LEAVER, deleted=True)
    random, bot = stage.slack.channels["random"], stage.slack.workspace["bot_user_id"]
    stage.control("member", {"channel": random, "user": bot, "member": True})
    for finding, row in (("targets1", stories.TARGET), ("luns1", stories.FREE), ("places1", EXPORTS[0])):
        stage.redis.set(keys.finding(f"{finding}{OF_ANOTHER}"), codec.encode([row]))
    # The bot keeps the text of what the configuration says when it looks for the first time.
    stage.wait("the first look at the policy", lambda: bool(stage.redis.exists(keys.POLICY_TEXTS)))


def record(stage: Stage) -> dict[bytes, bytes | None]:
    """Give all that the ledger holds, jobs too."""
    found = sorted(stage.redis.scan_iter(count=1000))
    with stage.redis.pipeline(transaction=False) as pipe:
        for key in found:
            pipe.dump(key)
        return dict(zip(found, pipe.execute(), strict=True))
