"""What can be pressed: what it carries, who may press it, and what all others are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from bot.slack.cards.sentences import NOTHING_TO_CHOOSE, ONLY_REQUESTER_LOOKS, UNKNOWN_REQUEST
from tests.integration.slack.stage import Stage

Part = dict[str, Any]
"""What of a payload depends on what was pressed."""

NO_SUCH: Final = "nosuchone"
"""A request that there is not."""

OF_ANOTHER: Final = "another22"
"""The request of somebody else, for which something was discovered."""

ONLY: Final = "Only the person who asked can do that"
OWN: Final = "You asked for this yourself"
NOT_AMONG: Final = "You are not among those who decide"
NOT_NOW: Final = "That isn't possible at this point of the request"
PLAN_CHANGED: Final = "The plan has changed since that card was drawn"
OLD_LIST: Final = "That list is out of date"
ENDED: Final = "This request has ended already"
DECIDED: Final = "This request isn't waiting for a decision (any more)"


class Kind(StrEnum):
    """What is pressed."""

    BUTTON = "button"
    HOME = "button of a Home"
    FORM = "form"
    LOAD = "load"
    SHORTCUT = "shortcut"

    @property
    def payload(self) -> str:
        """As Slack names it."""
        return _PAYLOADS[self]

    @property
    def listener(self) -> Kind:
        """As what the bot listens for it."""
        return Kind.BUTTON if self is Kind.HOME else self


_PAYLOADS: Final = {
    Kind.BUTTON: "block_actions",
    Kind.HOME: "block_actions",
    Kind.FORM: "view_submission",
    Kind.LOAD: "block_suggestion",
    Kind.SHORTCUT: "shortcut",
}
IN_NO_CHANNEL: Final = frozenset({Kind.HOME, Kind.FORM, Kind.SHORTCUT})


class Does(StrEnum):
    """What comes of it where the right person presses."""

    CHANGES = "changes"  # the ledger
    OPENS = "opens"  # a dialog
    SHOWS = "shows"  # something to that person alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """A button, menu, form or load of options, by its id on the wire.

    `stands` makes what it is about, and gives its id; `carries` gives what a press carries, from that id and from what
    the card showed: the number of a plan, or the name of a discovery. `others` are told this where `by` may. `older`
    are showings that are over, with what is told of them; `again` is told of the same press once more. Where there is
    no such row, the press is no harm: it asks for the same again, or shows what anybody may see.
    """

    kind: Kind
    id: str
    stands: Callable[[Stage], str]
    carries: Callable[[str, str], Part]
    by: str = "requester"
    others: Mapping[str, str] = field(default_factory=dict)
    shown: Callable[[str], str] = lambda _: "1"
    older: Mapping[str, str] = field(default_factory=dict)
    again: str | None = None
    elsewhere: str | None = UNKNOWN_REQUEST
    forged: Callable[[str], list[tuple[Part, str]]] = lambda _: []
    does: Does = Does.CHANGES


OF_REQUESTER: Final = {"outsider": ONLY, "approver-1": ONLY}
OF_DECIDERS: Final = {"outsider": NOT_AMONG, "requester": OWN}
OLDER_PLANS: Final = {"0": PLAN_CHANGED, "7": PLAN_CHANGED}


def button(action: str, stands: Callable[[Stage], str], unknown: str = UNKNOWN_REQUEST, **more: Any) -> Surface:  # noqa: ANN401 - fields of a surface
    """Make the row of a button, whose value names the request and the plan that its card showed."""

    def pressed(value: object) -> Part:
        return {
            "actions": [{"type": "button", "block_id": "b", "action_ts": "1.1", "action_id": action, "value": value}]
        }

    def forged(subject: str) -> list[tuple[Part, str]]:
        values: list[object] = ["", "forged", f"{subject}:", f"{subject}:-1", f"{subject}:1:1", f"{NO_SUCH}:1", 7, None]
        return [(pressed(value), unknown) for value in values]

    def carries(subject: str, shown: str) -> Part:
        return pressed(f"{subject}:{shown}")

    defaults: Part = {"others": OF_REQUESTER, "again": NOT_NOW, "forged": forged}
    return Surface(kind=Kind.BUTTON, id=action, stands=stands, carries=carries, **(defaults | more))


def opener(action: str, stands: Callable[[Stage], str], **more: Any) -> Surface:  # noqa: ANN401 - fields of a surface
    """Make the row of a button that opens a dialog: that decides nothing yet."""
    return button(action, stands, **({"does": Does.OPENS, "again": None} | more))


def picker(action: str, stands: Callable[[Stage], str], finding: str) -> Surface:
    """Make the row of a menu, whose block names the request and the discovery, and whose option the row of that."""

    def picked(block: object, option: object) -> Part:
        chosen = {"selected_option": option} if option is None else {"selected_option": {"value": option}}
        return {
            "actions": [
                {"type": "external_select", "action_ts": "1.1", "action_id": action, "block_id": block} | chosen
            ]
        }

    def forged(subject: str) -> list[tuple[Part, str]]:
        block = f"pick:{subject}:{finding}{subject}"
        options: list[object] = ["", "forged", f"{finding}{subject}:9", f"{finding}{subject}:-1", None]
        blocks: list[object] = ["", "forged", "pick::", f"pick:{subject}", 7]
        return [
            *((picked(block, option), OLD_LIST) for option in options),
            *((picked(block, f"{finding}{subject}:0"), UNKNOWN_REQUEST) for block in blocks),
            (picked(f"pick:{NO_SUCH}:{finding}{subject}", f"{finding}{subject}:0"), UNKNOWN_REQUEST),
        ]

    return Surface(
        kind=Kind.BUTTON,
        id=action,
        stands=stands,
        carries=lambda subject, shown: picked(f"pick:{subject}:{shown}", f"{shown}:0"),
        shown=lambda subject: f"{finding}{subject}",
        others=OF_REQUESTER,
        older={"older": OLD_LIST},
        again=NOT_NOW,
        forged=forged,
    )


def load(action: str, stands: Callable[[Stage], str], finding: str) -> Surface:
    """Make the row of a menu's search: what it finds, the requester alone sees."""

    def searched(block: object) -> Part:
        return {"action_id": action, "block_id": block, "value": ""}

    return Surface(
        kind=Kind.LOAD,
        id=action,
        stands=stands,
        carries=lambda subject, shown: searched(f"pick:{subject}:{shown}"),
        shown=lambda subject: f"{finding}{subject}",
        others=dict.fromkeys(OF_REQUESTER, ONLY_REQUESTER_LOOKS),
        older={"older": NOTHING_TO_CHOOSE},
        elsewhere=NOTHING_TO_CHOOSE,
        forged=lambda subject: [
            *((searched(block), NOTHING_TO_CHOOSE) for block in ("", "forged", "pick::", f"pick:{subject}", 7)),
            (searched(f"pick:{NO_SUCH}:{finding}{subject}"), ONLY_REQUESTER_LOOKS),
            (searched(f"pick:{subject}:{finding}{OF_ANOTHER}"), NOTHING_TO_CHOOSE),
        ],
        does=Does.SHOWS,
    )


def submission(callback: str, typed: Mapping[str, str], metadata: object) -> Part:
    """What is submitted; `typed` is what stands in the inputs, by block."""
    values = {block: {"input": {"type": "plain_text_input", "value": text}} for block, text in typed.items()}
    view = {"type": "modal", "callback_id": callback, "private_metadata": metadata, "state": {"values": values}}
    return {"view": view}


def form(callback: str, stands: Callable[[Stage], str], typed: Mapping[str, str], **more: Any) -> Surface:  # noqa: ANN401 - fields of a surface
    """Make the row of a dialog, whose metadata names the request; `typed` is what stands in its inputs, by block."""
    metadata: Callable[[str, str], str] = more.pop("metadata", lambda subject, _: subject)

    def submitted(carried: object) -> Part:
        return submission(callback, typed, carried)

    def forged(subject: str) -> list[tuple[Part, str]]:
        carried = ["", "forged", f"{subject}:", f"{subject}:-1:x", metadata(NO_SUCH, "1"), 7, None]
        return [(submitted(each), UNKNOWN_REQUEST) for each in carried]

    # A dialog is in no channel: that of its request is looked at instead.
    defaults: Part = {"others": OF_REQUESTER, "again": NOT_NOW, "elsewhere": None, "forged": forged}
    return Surface(
        kind=Kind.FORM,
        id=callback,
        stands=stands,
        carries=lambda subject, shown: submitted(metadata(subject, shown)),
        **(defaults | more),
    )


def of_nobody(kind: Kind, ident: str, part: Part) -> Surface:
    """Make the row of what is offered to everybody, and is about no request: a dialog follows."""
    return Surface(
        kind=kind, id=ident, stands=lambda _: "", carries=lambda _subject, _shown: part, elsewhere=None, does=Does.OPENS
    )
