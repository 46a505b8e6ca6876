"""Plays the main job through the local Slack: a requester asks and picks, an approver approves, the pool is checked."""

from __future__ import annotations

import re
import time
import xmlrpc.client
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, Final

from deploy.sandbox.tour.person import Baffled, Person, Seen, page_state
from deploy.sandbox.tour.telling import changed, tell

CHANNEL: Final = "storage"
COMES_WITHIN: Final = 120.0
"""Seconds: the slowest simulated step takes about ten."""

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Array:
    """One of the sandbox's arrays: how one asks for it, and what one looks for in the pickers.

    `attach`: the LUN holds an SR, which is attached.
    """

    command: str
    target: str = ""
    lun: str = ""
    attach: bool = False


ARRAYS: Final = {
    "equallogic": Array('/sr add iscsi 10.0.0.5 name="Builds" reason="more room for builds"'),
    "netapp": Array('/sr add iscsi 10.0.1.11 name="Databases" reason="the new databases"'),
    "attach": Array('/sr add iscsi 10.0.1.11 reason="bring back the old projects"', lun="LUN 7 ·", attach=True),
    "large": Array('/sr add iscsi 10.0.2.5 name="Archive" reason="one volume of ten thousand"', target="4711"),
}


@dataclass(slots=True)
class Conversation:
    """Prints what is new in the channel and its thread, once per change, as one person sees it."""

    person: Person
    channel: str
    names: Callable[[str], str]
    say: Callable[[str], None]
    _told: dict[str, str] = field(default_factory=dict)

    def go_on(self) -> None:
        """Print what is new or has changed."""
        for seen in self.person.reads(self.channel):
            self._tell(seen, "")
            if seen.body.get("reply_count"):
                for reply in self.person.reads(self.channel, seen.ts)[1:]:
                    self._tell(reply, "    ")

    def _tell(self, seen: Seen, indent: str) -> None:
        text = tell(seen.body, self.names)
        before = self._told.get(seen.ts)
        if before != text:
            self._told[seen.ts] = text
            lines = text.splitlines() if before is None else changed(before, text)
            self.say("\n" + "\n".join(indent + line for line in lines))


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the tour is played: the page, its people (ids by role), the pool and the password of its root."""

    page_url: str
    people: Mapping[str, str]
    pool_url: str
    root_password: str = field(repr=False)


def play(stage: Stage, array: Array, say: Callable[[str], None]) -> str:
    """Play the main job; gives the UUID of the SR. Raises Baffled and says why when it does not come about."""
    people, channel, names = _cast(stage)
    requester, approver = people
    talk = Conversation(requester, channel, names, say)
    say(f"{requester.name} types in #{CHANNEL}:  {array.command}")
    requester.types(channel, array.command)
    _pick_target(talk, array)
    _pick_lun(talk, array)
    if array.attach:
        _press(talk, requester, "Attach it")
    _press(talk, requester, "Request approval")
    _press(talk, approver, "Approve")
    card = _wait(talk, lambda seen: _ended(seen) is not None, "the end of the request")
    if _ended(card) != "succeeded":
        raise Baffled("the request did not succeed: " + tell(card.body, names))
    return _check(stage, card, talk)


def _cast(stage: Stage) -> tuple[tuple[Person, Person], str, Callable[[str], str]]:
    url, requester, approver = stage.page_url, stage.people["requester"], stage.people["approver-1"]
    state = page_state(url, requester)
    everyone: dict[str, str] = {user["id"]: user["real_name"] or user["name"] for user in state["users"]}
    channels: dict[str, str] = {channel["id"]: channel["name"] for channel in state["channels"]}
    channel = next(key for key, name in channels.items() if name == CHANNEL)
    names = everyone | channels
    people = Person(url, requester, names[requester]), Person(url, approver, names[approver])
    return people, channel, lambda key: names.get(key, key)


def _pick_target(talk: Conversation, array: Array) -> None:
    """One target only is picked by srbot itself; else the first one that is looked for."""
    card = _wait(talk, _has_picker, "a picker")
    if card.says("Choose a target"):
        label = talk.person.picks(card, lambda _group, label: array.target in label, array.target)
        talk.say(f"\n{talk.person.name} picks  {label}")


def _pick_lun(talk: Conversation, array: Array) -> None:
    card = _wait(talk, lambda seen: seen.says("Choose a LUN") and _has_picker(seen), "the LUN picker")
    label = talk.person.picks(card, lambda group, label: group == "Free" and array.lun in label)
    talk.say(f"\n{talk.person.name} picks  {label}")


def _press(talk: Conversation, person: Person, label: str) -> None:
    card = _wait(talk, lambda seen: _button(seen, label), f"the button {label}")
    talk.say(f"\n{person.name} presses  {label}")
    person.presses(card, label)


def _wait(talk: Conversation, good: Callable[[Seen], bool], what: str) -> Seen:
    def look() -> Seen | None:
        talk.go_on()
        card = _card(talk)
        if card is not None and (good(card) or _ended(card) is not None or _button(card, "Try again")):
            return card
        return None

    card = talk.person.waits_for(what, look, COMES_WITHIN)
    if not good(card):
        raise Baffled(f"instead of {what}: " + tell(card.body, talk.names))
    return card


def _card(talk: Conversation) -> Seen | None:
    cards = [seen for seen in talk.person.reads(talk.channel) if seen.body.get("bot_id") and not seen.private]
    return cards[-1] if cards else None


def _button(seen: Seen, label: str) -> bool:
    return any(part["type"] == "button" and part["text"]["text"] == label for _, part in seen.elements())


def _has_picker(seen: Seen) -> bool:
    return any(part["type"] in {"static_select", "external_select"} for _, part in seen.elements())


def _ended(seen: Seen) -> str | None:
    metadata: dict[str, Any] = seen.body.get("metadata") or {}
    state = str(metadata.get("event_payload", {}).get("state", ""))
    return state if state in _ENDS else None


_ENDS: Final = frozenset({"succeeded", "partial", "failed", "unknown", "rejected", "cancelled", "expired", "stale"})


def _check(stage: Stage, card: Seen, talk: Conversation) -> str:
    """The card names an SR that the pool has, with every PBD attached, and the thread has its sr-list."""
    found = _UUID.search(str(card.body))
    if found is None:
        message = "the card names no UUID"
        raise Baffled(message)
    uuid = found[0]
    _check_thread(talk, card, uuid)
    try:
        pbds, hosts = _pbds_and_hosts(stage, uuid)
    except (OSError, HTTPException, xmlrpc.client.Error) as error:
        message = f"the pool could not be asked for SR {uuid}: {error}"
        raise Baffled(message) from None
    if len(pbds) != len(hosts) or not all(pbd["currently_attached"] for pbd in pbds):
        message = f"SR {uuid} is not attached on every host"
        raise Baffled(message)
    talk.say(f"\nThe pool has SR {uuid}, attached on {len(pbds)} of {len(hosts)} hosts.")
    return uuid


def _pbds_and_hosts(stage: Stage, uuid: str) -> tuple[list[dict[str, Any]], list[str]]:
    """The records of the SR's PBDs, and the references of all hosts."""
    with xmlrpc.client.ServerProxy(stage.pool_url, allow_none=True) as server:
        api: Any = server
        session = _value(api.session.login_with_password("root", stage.root_password, "1.0", "srbot-tour"))
        try:
            sr = _value(api.SR.get_by_uuid(session, uuid))
            pbds = [_value(api.PBD.get_record(session, pbd)) for pbd in _value(api.SR.get_PBDs(session, sr))]
            return pbds, _value(api.host.get_all(session))
        finally:
            api.session.logout(session)


def _check_thread(talk: Conversation, card: Seen, uuid: str) -> None:
    until = time.monotonic() + COMES_WITHIN

    def look() -> Seen | None:
        talk.go_on()
        replies = talk.person.reads(talk.channel, card.ts)
        return next((reply for reply in replies[1:] if reply.says(uuid, "content-type ( RO)")), None)

    talk.person.waits_for("the sr-list in the thread", look, until - time.monotonic())


def _value(answer: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever the pool answers
    if answer["Status"] != "Success":
        raise Baffled("the pool answered " + " ".join(answer["ErrorDescription"]))
    return answer["Value"]
