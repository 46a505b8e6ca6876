"""Everything that can be pressed, picked, searched or submitted: a row each, made ready for those who may."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from bot.request import events as e
from bot.request.found import Place, Target
from bot.slack.cards import buttons
from bot.slack.cards.dialogs import mending, saying, typing_over, typing_place
from tests import stories
from tests.integration.slack.stage import Stage
from tests.stories import TARGET

Kind = Literal["action", "view", "options"]
Ready = Callable[[Stage], str]
EXPORTS: Final = (Place("/export/srs", "/export/srs"), Place("/export/isos", "/export/isos"))
OTHER_TARGET: Final = Target("iqn.2001-05.com.example:other", TARGET.portals)
REQUESTERS: Final = ("approver-1", "outsider")
"""Who must not do what only the requester may."""

DECIDERS: Final = ("requester", "outsider")
"""Who must not do what only those who decide may."""


@dataclass(frozen=True)
class Row:
    """`ready` makes a request on which it could be done, by somebody who is none of `strangers`.

    `numbered`: it carries the number of the plan that was shown. `finding` is the discovery of a picker, `choice` what
    is picked there, `filled` what is filled into a dialog, by block and input.
    """

    ready: Ready
    strangers: tuple[str, ...]
    numbered: bool = False
    finding: str = ""
    choice: str = ""
    filled: Mapping[tuple[str, str], str] = field(default_factory=dict)


def choosing_target(stage: Stage) -> str:
    name = stage.asked().id
    stage.targets_are_found(name, [TARGET, OTHER_TARGET])
    return name


def choosing_place(stage: Stage) -> str:
    name = stage.asked("/sr add nfs 10.0.0.9").id
    stage.places_are_found(name, EXPORTS)
    return name


def found_srs(stage: Stage) -> str:
    name = choosing_place(stage)
    stage.happens(name, e.PlacePicked(at=stage.clock(), actor=stage.slack.users["requester"], place=EXPORTS[0]))
    stage.srs_are_found(name, (stories.HELD,))
    return name


def paused(stage: Stage) -> str:
    name = stage.asked().id
    stage.step_fails(name, "target_unreachable")
    return name


def paused_place(stage: Stage) -> str:
    name = stage.asked("/sr add nfs 10.0.0.9").id
    stage.step_fails(name, "no_exports")
    return name


def found_sr(stage: Stage) -> str:
    name = stage.inspecting()
    stage.sr_is_found(name)
    return name


def blind(stage: Stage) -> str:
    return stage.confirming(hosts=stories.ONE_SEES)


def dying(stage: Stage) -> str:
    """A plan that lets an SR die waits for its approval."""
    name = stage.asked('/sr destroy "Nightly builds"').id
    stage.managing_plan_is_made(name)
    asked = e.ApprovalRequested(at=stage.clock(), actor=stage.slack.users["requester"], plan_number=1)
    stage.happens(name, asked)
    return name


def queued(stage: Stage) -> str:
    name = stage.awaiting()
    stage.happens(name, e.Queued(at=stage.clock()))
    return name


def smb(stage: Stage) -> str:
    name = stage.asked("/sr add smb //10.0.0.9/srs").id
    stage.step_fails(name, "storage_login_refused")
    return name


_REASON: Final = {(saying.SAID, saying.INPUT): "because"}
_ADDRESS: Final = {(mending.ADDRESS, mending.INPUT): "10.0.0.6"}
_PATH: Final = {(typing_place.PATH, typing_place.INPUT): "/export/other"}
_TYPED: Final = {(typing_over.TYPED, typing_over.INPUT): stories.SR.name}

ROWS: Final[Mapping[tuple[Kind, str], Row]] = {
    ("action", buttons.PICK_TARGET): Row(choosing_target, REQUESTERS, finding="targets1", choice="targets1{name}:0"),
    ("action", buttons.PICK_LUN): Row(Stage.choosing_lun, REQUESTERS, finding="luns1", choice="luns1{name}:0"),
    ("action", buttons.PICK_PLACE): Row(choosing_place, REQUESTERS, finding="places1", choice="places1{name}:0"),
    ("action", buttons.ATTACH_ONE): Row(found_srs, REQUESTERS, finding="plan1", choice="held:0"),
    ("options", buttons.PICK_TARGET): Row(choosing_target, REQUESTERS, finding="targets1"),
    ("options", buttons.PICK_LUN): Row(Stage.choosing_lun, REQUESTERS, finding="luns1"),
    ("options", buttons.PICK_PLACE): Row(choosing_place, REQUESTERS, finding="places1"),
    ("action", buttons.CHANGE_TARGET): Row(Stage.choosing_lun, REQUESTERS),
    ("action", buttons.CHANGE_LUN): Row(Stage.confirming, REQUESTERS),
    ("action", buttons.CHANGE_ADDRESS): Row(paused, REQUESTERS),
    ("action", buttons.CHANGE_CREDENTIAL): Row(smb, REQUESTERS),
    ("action", buttons.TRY_AGAIN): Row(paused, REQUESTERS),
    ("action", buttons.LOOK_FOR_PLACES): Row(paused_place, REQUESTERS),
    ("action", buttons.OTHER_HOST): Row(paused_place, REQUESTERS),
    ("action", buttons.CHANGE_PLACE): Row(found_srs, REQUESTERS),
    ("action", buttons.TYPE_PLACE): Row(choosing_place, REQUESTERS),
    ("action", buttons.MAKE_NEW): Row(found_srs, REQUESTERS, numbered=True),
    ("action", buttons.ATTACH_FOUND): Row(found_sr, REQUESTERS, numbered=True),
    ("action", buttons.FORMAT_OVER): Row(found_sr, REQUESTERS, numbered=True),
    ("action", buttons.ACCEPT_HOSTS): Row(blind, REQUESTERS, numbered=True),
    ("action", buttons.REQUEST_APPROVAL): Row(Stage.confirming, REQUESTERS, numbered=True),
    ("action", buttons.CANCEL): Row(Stage.confirming, REQUESTERS),
    ("action", buttons.APPROVE): Row(Stage.awaiting, DECIDERS, numbered=True),
    ("action", buttons.APPROVE_OVER): Row(dying, DECIDERS, numbered=True),
    ("action", buttons.REJECT): Row(Stage.awaiting, DECIDERS, numbered=True),
    ("action", buttons.CLAIM): Row(Stage.awaiting, DECIDERS, numbered=True),
    ("action", buttons.ASK_QUESTION): Row(Stage.awaiting, DECIDERS, numbered=True),
    ("action", buttons.WITHDRAW): Row(queued, (*DECIDERS, "approver-2"), numbered=True),
    ("action", buttons.RETRY): Row(Stage.partial, ("outsider",)),
    ("action", buttons.DETAILS): Row(paused, ()),
    ("action", buttons.NEXT_PAGE): Row(paused, ()),
    ("action", buttons.PREVIOUS_PAGE): Row(paused, ()),
    ("action", buttons.NEXT_REQUESTS): Row(paused, ()),
    ("action", buttons.PREVIOUS_REQUESTS): Row(paused, ()),
    ("view", saying.REJECT): Row(Stage.awaiting, DECIDERS, numbered=True, filled=_REASON),
    ("view", saying.ASK_QUESTION): Row(Stage.awaiting, DECIDERS, numbered=True, filled=_REASON),
    ("view", typing_over.APPROVE_OVER): Row(dying, DECIDERS, numbered=True, filled=_TYPED),
    ("view", typing_over.FORMAT_OVER): Row(found_sr, REQUESTERS, numbered=True, filled=_TYPED),
    ("view", mending.MEND): Row(paused, REQUESTERS, filled=_ADDRESS),
    ("view", mending.LOG_IN): Row(smb, REQUESTERS),
    ("view", typing_place.TYPE_PLACE): Row(choosing_place, REQUESTERS, filled=_PATH),
}


@dataclass(frozen=True)
class Sent:
    """What somebody sends: what a button or dialog carries, or the block of a picker and what is chosen there."""

    who: str
    carried: str = ""
    block: str = "b"
    choice: str = ""


def right(row: Row, name: str, who: str, number: int) -> Sent:
    """Give what is sent by a card or dialog of this request that shows a plan of this number."""
    finding = row.finding + ("" if row.finding == "plan1" else name)
    block = f"pick:{name}:{finding}" if row.finding else "b"
    return Sent(who, f"{name}:{number}", block, row.choice.replace("{name}", name))


def forged(row: Row, name: str, who: str, number: int) -> Iterator[Sent]:
    """Give what no card or dialog of ours carries."""
    sent = right(row, name, who, number)
    if row.finding:
        for block in ("", "b", "pick:", "pick:abc234xyz:x", f"pick:{name}"):
            yield replace(sent, block=block)
        for choice in ("", "x", "none:x", "held:99", f"{row.finding}{name}:99", f"{row.finding}{name}:-1", "a:b:99"):
            yield replace(sent, choice=choice)
        return
    for carried in ("", "nonsense", "abc234xyz:1", f"{name}:-1", f"{name}:1e9", f"{name}:x", ":1", name * 60):
        yield replace(sent, carried=carried)
    for other in (number + 7, max(number - 1, 0)) if row.numbered else ():
        yield replace(sent, carried=f"{name}:{other}")


def payload(stage: Stage, kind: Kind, id_: str, sent: Sent, filled: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    """Write what Slack would send."""
    workspace = stage.slack.workspace
    user = {"id": stage.slack.users[sent.who], "team_id": workspace["team_id"]}
    said: dict[str, Any] = {"team": {"id": workspace["team_id"]}, "api_app_id": workspace["app_id"], "user": user}
    if kind == "view":
        values = {block: {element: {"value": text}} for (block, element), text in filled.items()}
        view = {
            "id": "V1",
            "type": "modal",
            "callback_id": id_,
            "private_metadata": sent.carried,
            "state": {"values": values},
        }
        return said | {"type": "view_submission", "view": view}
    said["channel"] = {"id": stage.channel}
    if kind == "options":
        place = {"container": {"channel_id": stage.channel}}
        return said | place | {"type": "block_suggestion", "action_id": id_, "block_id": sent.block, "value": ""}
    chosen = {"selected_option": {"value": sent.choice}} if sent.block != "b" else {"value": sent.carried}
    action = {"type": "button", "block_id": sent.block, "action_id": id_, "action_ts": "1.1", **chosen}
    hook = stage.slack.url + stage.slack.slack.hooks.issue(stage.slack.users[sent.who], stage.channel)
    return said | {"trigger_id": "1.2.3", "response_url": hook, "type": "block_actions", "actions": [action]}
