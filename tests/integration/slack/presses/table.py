"""Every button, menu, form and load of options that the bot has: one row each."""

from __future__ import annotations

from typing import Final

from bot.request.plan import to_type
from bot.slack.cards import buttons
from bot.slack.cards.dialogs import adding, mending, saying, typing_over, typing_place
from bot.slack.cards.sentences import ANSWER_IS_GONE, UNKNOWN_LIST, UNKNOWN_REQUEST
from tests.integration.slack.presses import standing
from tests.integration.slack.presses.surface import (
    DECIDED,
    ENDED,
    NO_SUCH,
    NOT_NOW,
    OF_DECIDERS,
    OF_REQUESTER,
    OLD_LIST,
    OLDER_PLANS,
    PLAN_CHANGED,
    Does,
    Kind,
    Part,
    Surface,
    button,
    form,
    load,
    of_nobody,
    opener,
    picker,
    submission,
)
from tests.integration.slack.stage import Stage
from tests.stories import LUN, SR

NO_APPROVAL: Final = "There is no approval of yours to withdraw"
NOT_TO_RETRY: Final = "Only who asked and those who decide can have the hosts tried again"
OTHERS_PAGES: Final = "Only the person who asked can turn these pages"
DECIDING: Final[Part] = {"by": "approver-1", "others": OF_DECIDERS, "older": OLDER_PLANS}
SHOWING: Final[Part] = {"does": Does.SHOWS, "again": None}
PAGING: Final[Part] = SHOWING | {"others": {"outsider": OTHERS_PAGES}, "elsewhere": None, "unknown": ANSWER_IS_GONE}
LISTING: Final[Part] = SHOWING | {"others": {}, "elsewhere": None, "unknown": UNKNOWN_LIST}


def _confirming(stage: Stage) -> str:
    return stage.confirming()


def _awaiting(stage: Stage) -> str:
    return stage.awaiting()


def _choosing_lun(stage: Stage) -> str:
    return stage.choosing_lun()


def _partial(stage: Stage) -> str:
    return stage.partial()


def _attach_one() -> Surface:
    """The block names the plan that the list belongs to, the option the place of an SR in that list."""

    def picked(block: str, option: str) -> Part:
        chosen = {"selected_option": {"value": option}}
        kind = {"type": "static_select", "action_ts": "1.1", "action_id": buttons.ATTACH_ONE}
        return {"actions": [kind | {"block_id": block} | chosen]}

    return Surface(
        kind=Kind.BUTTON,
        id=buttons.ATTACH_ONE,
        stands=standing.srs_on_export,
        carries=lambda subject, shown: picked(f"pick:{subject}:{shown}", f"{subject}:0"),
        shown=lambda _: "plan1",
        others=OF_REQUESTER,
        older={"plan0": PLAN_CHANGED, "plan7": PLAN_CHANGED},
        again=NOT_NOW,
        forged=lambda subject: [
            (picked(f"pick:{subject}:plan1", f"{subject}:9"), NOT_NOW),
            (picked(f"pick:{subject}:plan1", "forged"), OLD_LIST),
            (picked(f"pick:{subject}:else", f"{subject}:0"), UNKNOWN_REQUEST),
            (picked(f"pick:{NO_SUCH}:plan1", f"{subject}:0"), UNKNOWN_REQUEST),
            (picked("forged", f"{subject}:0"), UNKNOWN_REQUEST),
        ],
    )


def _numbered(subject: str, shown: str) -> str:
    return f"{subject}:{shown}"


def _wish(subject: str, shown: str) -> str:
    """A dialog to format over names the request that follows."""
    return f"{subject}:{shown}:{subject[::-1]}"


PICKS: Final = (
    picker(buttons.PICK_TARGET, standing.choosing_target, "targets1"),
    picker(buttons.PICK_LUN, _choosing_lun, "luns1"),
    picker(buttons.PICK_PLACE, standing.choosing_export, "places1"),
    _attach_one(),
)
OF_WHO_ASKED: Final = (
    button(buttons.REQUEST_APPROVAL, _confirming, older=OLDER_PLANS),
    button(buttons.CANCEL, _confirming, again=ENDED),
    button(buttons.TRY_AGAIN, standing.paused),
    button(buttons.ATTACH_FOUND, standing.sr_on_lun, older=OLDER_PLANS),
    button(buttons.ACCEPT_HOSTS, standing.blind, older=OLDER_PLANS, again=PLAN_CHANGED),
    button(buttons.CHANGE_TARGET, _choosing_lun),
    button(buttons.CHANGE_LUN, _confirming),
    button(buttons.LOOK_FOR_PLACES, standing.choosing_export),
    button(buttons.OTHER_HOST, standing.choosing_device),
    button(buttons.CHANGE_PLACE, standing.srs_on_export),
    button(buttons.MAKE_NEW, standing.srs_on_export, older={"0": PLAN_CHANGED, "7": PLAN_CHANGED}),
    opener(buttons.FORMAT_OVER, standing.sr_on_lun, older=OLDER_PLANS),
    opener(buttons.CHANGE_ADDRESS, standing.paused),
    opener(buttons.CHANGE_CREDENTIAL, standing.paused),
    opener(buttons.TYPE_PLACE, standing.choosing_export),
)
OF_WHO_DECIDES: Final = (
    button(buttons.APPROVE, _awaiting, **DECIDING, again=DECIDED),
    button(buttons.CLAIM, _awaiting, **DECIDING, again="You said already that you are looking at it"),
    button(
        buttons.WITHDRAW,
        standing.approved_once,
        by="approver-2",
        others=dict.fromkeys(("outsider", "requester", "approver-1"), NO_APPROVAL),
        older=OLDER_PLANS,
        again=NO_APPROVAL,
    ),
    button(buttons.RETRY, _partial, others={"outsider": NOT_TO_RETRY}),
    opener(buttons.REJECT, _awaiting, **DECIDING),
    opener(buttons.ASK_QUESTION, _awaiting, **DECIDING),
    opener(buttons.APPROVE_OVER, standing.destroying, **DECIDING),
)
LOOKS: Final = (
    button(buttons.DETAILS, standing.paused, others={}, **SHOWING),
    button(buttons.NEXT_PAGE, standing.answered, **PAGING),
    button(buttons.PREVIOUS_PAGE, standing.answered, **PAGING),
    button(buttons.NEXT_REQUESTS, standing.listed, **LISTING),
    button(buttons.PREVIOUS_REQUESTS, standing.listed, **LISTING),
)
FORMS: Final = (
    form(mending.MEND, standing.paused, {"address": "10.0.0.6", "credential": "by-address"}),
    form(mending.LOG_IN, standing.share_paused, {"credential": "named:other"}),
    form(typing_place.TYPE_PLACE, standing.choosing_export, {"path": "/export/hidden"}),
    # The same dialog once more makes no second request.
    form(
        typing_over.FORMAT_OVER,
        standing.sr_on_lun,
        {"typed": to_type(LUN)},
        metadata=_wish,
        older=OLDER_PLANS,
        again="",
    ),
    form(
        typing_over.APPROVE_OVER, standing.destroying, {"typed": SR.name}, metadata=_numbered, again=DECIDED, **DECIDING
    ),
    form(saying.REJECT, _awaiting, {"said": "not this week"}, metadata=_numbered, again=ENDED, **DECIDING),
    # A question may be asked twice: nothing is decided by it.
    form(saying.ASK_QUESTION, _awaiting, {"said": "Which builds?"}, metadata=_numbered, again=None, **DECIDING),
)
LOADS: Final = (
    load(buttons.PICK_TARGET, standing.choosing_target, "targets1"),
    load(buttons.PICK_LUN, _choosing_lun, "luns1"),
    load(buttons.PICK_PLACE, standing.choosing_export, "places1"),
)
_IN_HOME: Final[Part] = {
    "view": {"type": "home", "id": "V0HOME"},
    "container": {"type": "view", "view_id": "V0HOME"},
    "actions": [
        {"type": "button", "block_id": "b", "action_ts": "1.1", "action_id": buttons.ADD_STORAGE, "value": "new"}
    ],
}
OLD_FORM: Final = "srbot doesn't know this form any more"
NOT_SET_UP: Final = "This channel isn't set up for storage"


def _place() -> Surface:
    """The first page of the form: the second one follows."""

    def placed(channel: str, kind: str = "add iscsi") -> Part:
        return submission(adding.PLACE, {"channel": channel, "kind": kind}, "")

    def forged(channel: str) -> list[tuple[Part, str]]:
        return [
            *((placed(each), NOT_SET_UP) for each in ("", "forged", "C0GENERAL1")),
            *((placed(channel, kind), OLD_FORM) for kind in ("", "add", "list")),
        ]

    return Surface(
        kind=Kind.FORM,
        id=adding.PLACE,
        stands=standing.placing,
        carries=lambda channel, _: placed(channel),
        elsewhere=None,
        forged=forged,
        does=Does.SHOWS,
    )


def _storage() -> Surface:
    """The second page: its metadata names the request that follows, the channel and the kind."""

    def filled(metadata: object) -> Part:
        return submission(adding.STORAGE, {"pool": "xenct", "place": "10.0.0.5"}, metadata)

    def forged(subject: str) -> list[tuple[Part, str]]:
        request, _, channel = subject.partition(":")
        strange = f"{channel}:{channel}:add iscsi", f"{request}::add iscsi", f"a:b:{subject}:add iscsi"
        return [
            *((filled(each), OLD_FORM) for each in ("", "forged", f"{subject}:", f"{subject}:add", 7, None, *strange)),
            (filled(f"{request}:C0GENERAL1:add iscsi"), NOT_SET_UP),
        ]

    return Surface(
        kind=Kind.FORM,
        id=adding.STORAGE,
        stands=standing.begun,
        carries=lambda subject, _: filled(f"{subject}:add iscsi"),
        again="clear",
        elsewhere=None,
        forged=forged,
    )


BEGINS: Final = (
    of_nobody(Kind.HOME, buttons.ADD_STORAGE, _IN_HOME),
    of_nobody(Kind.SHORTCUT, buttons.ADD_STORAGE, {"callback_id": buttons.ADD_STORAGE}),
    _place(),
    _storage(),
)
TABLE: Final = (*BEGINS, *PICKS, *OF_WHO_ASKED, *OF_WHO_DECIDES, *LOOKS, *FORMS, *LOADS)
