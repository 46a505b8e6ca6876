"""A person at the page: reads what the page shows that person, types commands, presses and picks."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

Json = dict[str, Any]

LOOKS_EVERY: Final = 0.2
"""Seconds between two looks at the page."""

_DIRECT = build_opener(ProxyHandler({}))


class Baffled(Exception):  # noqa: N818 - what a person is who does not see what should be there
    """What should be on the page is not there."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as one person sees it."""

    channel: str
    body: Json

    @property
    def ts(self) -> str:
        return str(self.body["ts"])

    @property
    def private(self) -> bool:
        return bool(self.body.get("ephemeral"))

    @property
    def blocks(self) -> list[Json]:
        return list(self.body.get("blocks") or [])

    def elements(self) -> Iterator[tuple[Json, Json]]:
        """Give each block with each element in it that can be pressed or opened."""
        for block in self.blocks:
            for element in [*block.get("elements", []), block.get("accessory") or {}]:
                if "action_id" in element:
                    yield block, element

    def says(self, *texts: str) -> bool:
        """Say whether all these texts stand in the message."""
        everything = json.dumps(self.body, ensure_ascii=False)
        return all(text in everything for text in texts)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the page of the local Slack. `url` is the page's address."""

    url: str
    id: str
    name: str
    looks_every: float = LOOKS_EVERY

    def types(self, channel: str, text: str) -> None:
        """Send a slash command; raises Baffled where Slack says that it failed."""
        answer = self._post("command", {"channel": channel, "text": text})
        if not answer.get("ok"):
            message = f"{text} failed: {answer.get('error')}"
            raise Baffled(message)

    def reads(self, channel: str, thread: str | None = None) -> list[Seen]:
        """Give the messages that this person sees, oldest first."""
        query = {"user": self.id, "channel": channel} | ({"thread_ts": thread} if thread else {})
        history = _ask(Request(f"{self.url}/page/history?{urlencode(query)}", headers=_HEADERS))  # noqa: S310 - http, ours
        return [Seen(channel, body) for body in history["messages"]]

    def waits_for(self, what: str, look: Callable[[], Seen | None], seconds: float) -> Seen:
        """Look at the page until what should come is there; raises Baffled when it does not come."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            seen = look()
            if seen is not None:
                return seen
            time.sleep(self.looks_every)
        message = f"{self.name} waited {seconds:.0f} s for {what}"
        raise Baffled(message)

    def sees(self, channel: str, *texts: str, seconds: float = 120.0) -> Seen:
        """Wait for the newest message of the channel that says all this."""

        def look() -> Seen | None:
            return next((seen for seen in reversed(self.reads(channel)) if seen.says(*texts)), None)

        return self.waits_for(" and ".join(texts), look, seconds)

    def presses(self, seen: Seen, label: str) -> None:
        """Press the button with this label."""
        for block, element in seen.elements():
            if element["type"] == "button" and element["text"]["text"] == label:
                return self._act(seen, block, element, {"value": element.get("value", "")})
        message = f"{self.name} sees no button {label!r}"
        raise Baffled(message)

    def picks(self, seen: Seen, choose: Callable[[str, str], bool], typed: str = "") -> str:
        """Pick the first option that `choose(group, label)` likes, typing into the search where there is one."""
        for block, element in seen.elements():
            for group, option in self._offers(seen, block, element, typed):
                label = str(option["text"]["text"])
                if choose(group, label):
                    self._act(seen, block, element, {"selected_option": option})
                    return label
        message = f"{self.name} sees nothing to pick"
        raise Baffled(message)

    def dialog(self) -> Json | None:
        """Give the dialog that is open in front of this person, the topmost one."""
        views = page_state(self.url, self.id)["views"]
        return dict(views[-1]) if views else None

    def uses(self, shortcut: str) -> None:
        """Use a shortcut of the app, by its callback_id; raises Baffled where Slack says that it failed."""
        answer = self._post("shortcut", {"callback_id": shortcut})
        if not answer.get("ok"):
            message = f"the shortcut {shortcut} failed: {answer.get('error')}"
            raise Baffled(message)

    def opens_home(self) -> Json | None:
        """Open the app's Home tab; gives what was published there before."""
        view = self._post("home", {})["view"]
        return None if view is None else dict(view)

    def presses_at_home(self, view: Json, label: str) -> None:
        """Press the button with this label on the Home tab."""
        self.presses(Seen("", view), label)

    def submits(self, view: Json, typed: Mapping[str, str]) -> Json:
        """Submit a dialog, with these texts in its inputs or options of these labels, by block.

        Gives what Slack does then.
        """
        inputs = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
        values = {block: {inputs[block]["action_id"]: _filled(inputs[block], text)} for block, text in typed.items()}
        answer = self._post("submit", {"view_id": view["id"], "state": {"values": values}})
        if not answer.get("ok"):
            message = f"the dialog could not be submitted: {answer.get('error')}"
            raise Baffled(message)
        return answer

    def closes(self, view: Json) -> None:
        """Close a dialog, and those below it."""
        self._post("close", {"view_id": view["id"], "cleared": True})

    def _offers(self, seen: Seen, block: Json, element: Json, typed: str) -> Iterator[tuple[str, Json]]:
        offered = element
        if element["type"] == "external_select":
            offered = self._post("options", self._place(seen, block, element) | {"value": typed})
        for option in offered.get("options") or []:
            yield "", option
        for group in offered.get("option_groups") or []:
            for option in group["options"]:
                yield str(group["label"]["text"]), option

    def _act(self, seen: Seen, block: Json, element: Json, carried: Json) -> None:
        answer = self._post("action", self._place(seen, block, element) | carried)
        if not answer.get("ok"):
            message = f"{element['action_id']} failed: {answer.get('error')}"
            raise Baffled(message)

    @staticmethod
    def _place(seen: Seen, block: Json, element: Json) -> Json:
        if not seen.channel:
            container = {"type": "view", "view_id": seen.body["id"]}
            return {"container": container, "block_id": block["block_id"], "action_id": element["action_id"]}
        container = {
            "type": "message",
            "channel_id": seen.channel,
            "message_ts": seen.ts,
            "is_ephemeral": seen.private,
        }
        return {"container": container, "block_id": block["block_id"], "action_id": element["action_id"]}

    def _post(self, what: str, body: Json) -> Json:
        data = json.dumps({"user": self.id, **body}).encode()
        return _ask(Request(f"{self.url}/page/{what}", data=data, headers=_HEADERS))  # noqa: S310 - http, ours


def _filled(element: Json, text: str) -> Json:
    """Give what an input holds once somebody has typed that, or chosen the option of that label."""
    if element["type"] == "plain_text_input":
        return {"type": element["type"], "value": text}
    options = [
        *element.get("options", ()),
        *(one for group in element.get("option_groups", ()) for one in group["options"]),
    ]
    chosen = next((one for one in options if one["text"]["text"] == text), None)
    if chosen is None:
        message = f"there is no {text!r} to choose"
        raise Baffled(message)
    return {"type": element["type"], "selected_option": chosen}


_HEADERS: Final = {"X-Sandbox": "1", "Content-Type": "application/json"}


def page_state(url: str, user: str) -> Json:
    """Read who and what there is: people, channels, the app."""
    query = urlencode({"user": user})
    return _ask(Request(f"{url}/page/state?{query}", headers=_HEADERS))  # noqa: S310 - http, ours


def _ask(request: Request) -> Json:
    try:
        with _DIRECT.open(request, timeout=30) as answer:
            return dict(json.load(answer))
    except HTTPError as error:
        with error:
            message = f"{request.full_url} answered {error.code}: {error.read().decode(errors='replace')[:300]}"
        raise Baffled(message) from None
    except (OSError, HTTPException) as error:
        message = f"{request.full_url} did not answer: {error}"
        raise Baffled(message) from None
