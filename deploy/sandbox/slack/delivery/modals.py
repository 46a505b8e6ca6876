"""Views (docs.slack.dev: modals, views.*): each person's stack of open modals, and Home tabs."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from deploy.sandbox.slack.answers import ApiError, Json
from deploy.sandbox.slack.blocks.filling import carried_over, filled, initial_values
from deploy.sandbox.slack.clock import Clock
from deploy.sandbox.slack.feed import Feed
from deploy.sandbox.slack.workspace.model import APP, BOT, TEAM

STACK = 3


@dataclass(slots=True)
class Modals:
    """`homes` are those of the workspace, by person: an external_id is unique among them too."""

    clock: Clock
    feed: Feed
    homes: dict[str, Json] = field(default_factory=dict)
    stacks: dict[str, list[Json]] = field(default_factory=dict)

    def stack(self, user: str) -> list[Json]:
        return self.stacks.get(user, [])

    def shown(self, user: str) -> list[Json]:
        """List the views that a person can act in: the open modals, and what was published as their Home."""
        home = self.homes.get(user)
        return [*self.stack(user), *([home] if home else [])]

    def opened(self, user: str, given: Json) -> Json:
        """Open a modal as the only one of this person."""
        view = self._made(given)
        view["root_view_id"] = view["id"]
        self._now(user, [view])
        return view

    def pushed(self, user: str, given: Json) -> Json:
        stack = self.stack(user)
        if len(stack) >= STACK:
            raise ApiError("push_limit_reached")
        view = self._made(given)
        view["root_view_id"] = stack[0]["id"]
        view["previous_view_id"] = stack[-1]["id"]
        self._now(user, [*stack, view])
        return view

    def updated(self, user: str, old: Json, given: Json) -> Json:
        """Replace an open view; what was typed stays where block_id and action_id stay."""
        view = self._made(given, of=old)
        view["state"] = {"values": carried_over(view["blocks"], old["state"]["values"])}
        self._now(user, [view if each["id"] == old["id"] else each for each in self.stack(user)])
        return view

    def closed(self, user: str, view_id: str) -> None:
        """Close a view; one with clear_on_close takes all others with it."""
        closing = next((each for each in self.stack(user) if each["id"] == view_id), None)
        keep_others = closing is not None and not closing["clear_on_close"]
        self._now(user, [each for each in self.stack(user) if keep_others and each["id"] != view_id])

    def cleared(self, user: str) -> None:
        self._now(user, [])

    def typed(self, view: Json, block_id: str, action_id: str, value: Json) -> None:
        view["state"]["values"].setdefault(block_id, {})[action_id] = value

    def find(self, view_id: str | None, external_id: str | None = None) -> tuple[str, Json]:
        """Return who has the view open, and the view."""
        for user, stack in self.stacks.items():
            for view in stack:
                if view["id"] == view_id or (external_id and view["external_id"] == external_id):
                    return user, view
        raise ApiError("not_found")

    def home(self, given: Json, before: Json | None) -> Json:
        """Make a Home; what was entered stays where block_id and action_id stay, after views.publish too (guessed)."""
        view = self._made(given, of=before)
        view["root_view_id"] = view["id"]
        if before:
            view["state"] = {"values": carried_over(view["blocks"], before["state"]["values"])}
        return view

    def _now(self, user: str, stack: list[Json]) -> None:
        self.stacks[user] = stack
        self.feed.tell([user], {"type": "views", "views": stack})

    def _made(self, given: Json, of: Json | None = None) -> Json:
        external_id = given.get("external_id", "")
        if external_id and any(
            view["external_id"] == external_id and (of is None or view["id"] != of["id"])
            for stack in (*self.stacks.values(), self.homes.values())
            for view in stack
        ):
            raise ApiError("duplicate_external_id")
        blocks = filled(given["blocks"])
        return {
            "id": of["id"] if of else f"V0{secrets.token_hex(5).upper()}",
            "team_id": TEAM,
            "type": given["type"],
            "title": _plain(given.get("title")),
            "submit": _plain(given.get("submit")),
            "close": _plain(given.get("close")),
            "blocks": blocks,
            "private_metadata": given.get("private_metadata", ""),
            "callback_id": given.get("callback_id", ""),
            "external_id": external_id,
            "state": {"values": initial_values(blocks)},
            "hash": f"{int(self.clock.wall())}.{secrets.token_hex(4)}",
            "clear_on_close": given.get("clear_on_close", False),
            "notify_on_close": given.get("notify_on_close", False),
            "submit_disabled": given.get("submit_disabled", False),
            "root_view_id": of["root_view_id"] if of else "",
            "previous_view_id": of["previous_view_id"] if of else None,
            "app_id": APP,
            "app_installed_team_id": TEAM,
            "bot_id": BOT,
        }


def _plain(text: Json | None) -> Json | None:
    return {"emoji": True, **text} if text else None
