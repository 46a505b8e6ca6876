"""By hand: every press in every state by every role, with the answer.

A cell has a letter for each role: who asked, an approver, one who may override, an outsider.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from bot import deciding
from bot.request import acting, placing
from bot.request import events as e
from bot.request.acting import Events
from bot.request.found import Place
from bot.request.lifecycle import Impossible, apply
from bot.request.model import Request, State
from bot.request.plan import to_type
from bot.request.refused import Refused
from tests.everywhere import STATES, VARIANTS
from tests.stories import APPROVER, FREE, LUN, OUTSIDER, REQUESTER, SECOND_APPROVER, STANDING, TARGET

ROLES: Final = {"requester": REQUESTER, "approver": SECOND_APPROVER, "overrider": APPROVER, "outsider": OUTSIDER}
LETTERS: Final = {
    "y": "yes",
    "o": "not_the_requester",
    ".": "not_now",
    "p": "picker_is_old",
    "c": "plan_changed",
    "h": "hosts_not_accepted",
    "s": "sr_known_here",
    "g": "already_changing",
    "e": "already_ended",
    "m": "requester_never_counts",
    "n": "not_an_approver",
    "w": "not_awaiting_approval",
    "a": "already_approved",
    "b": "claimed_already",
    "d": "nothing_to_withdraw",
    "l": "too_late_to_withdraw",
    "r": "not_one_to_retry",
    "t": "expired",
}

Press = Callable[[Request, str, float], object]


def format_over(request: Request, actor: str, now: float) -> Events:
    asked, followed = deciding.format_over(
        request, STANDING, actor, request.plan_number, to_type(LUN), "def567uvw", now
    )
    assert asked.requester == request.requester
    return (followed,)


OWN: Final[dict[str, Press]] = {
    "target": lambda request, actor, now: acting.pick_target(request, actor, "targets1", TARGET, now),
    "lun": lambda request, actor, now: acting.pick_lun(request, actor, "luns1", FREE, now),
    "place": lambda request, actor, now: placing.pick_place(request, actor, "places1", Place("/a", "/a"), now),
    "again": acting.try_again,
    "back": acting.change_target,
    "attach": lambda request, actor, now: acting.attach_found(request, actor, request.plan_number, now),
    "format": format_over,
    "hosts": lambda request, actor, now: acting.accept_hosts(request, actor, request.plan_number, now),
    "ask": lambda request, actor, now: deciding.request_approval(request, STANDING, actor, request.plan_number, now),
    "cancel": acting.cancel,
}
OWN_TABLE: Final = """
                        target lun  place again back attach format hosts ask  cancel
discovering_targets     .ooo   .ooo .ooo  .ooo  .ooo .ooo   .ooo   .ooo  .ooo yooo
choosing_target         yooo   pooo pooo  .ooo  .ooo .ooo   .ooo   cooo  .ooo yooo
discovering_luns        .ooo   .ooo .ooo  .ooo  .ooo .ooo   .ooo   .ooo  .ooo yooo
choosing_lun            pooo   yooo pooo  .ooo  yooo .ooo   .ooo   cooo  .ooo yooo
discovering_places      .ooo   .ooo .ooo  .ooo  .ooo .ooo   .ooo   .ooo  .ooo yooo
choosing_place          pooo   pooo yooo  .ooo  .ooo .ooo   .ooo   cooo  .ooo yooo
inspecting              .ooo   .ooo .ooo  .ooo  .ooo .ooo   .ooo   .ooo  .ooo yooo
paused                  pooo   pooo pooo  yooo  yooo .ooo   .ooo   cooo  .ooo yooo
found_sr                pooo   pooo pooo  .ooo  yooo yooo   yooo   .ooo  .ooo yooo
found_sr known here     pooo   pooo pooo  .ooo  yooo yooo   sooo   .ooo  .ooo yooo
confirming              pooo   pooo pooo  yooo  yooo .ooo   .ooo   .ooo  yooo yooo
confirming blind        pooo   pooo pooo  yooo  yooo .ooo   .ooo   yooo  hooo yooo
awaiting_approval       .ooo   .ooo .ooo  .ooo  .ooo .ooo   .ooo   .ooo  .ooo yooo
awaiting claimed        .ooo   .ooo .ooo  .ooo  .ooo .ooo   .ooo   .ooo  .ooo yooo
awaiting approved once  .ooo   .ooo .ooo  .ooo  .ooo .ooo   .ooo   .ooo  .ooo yooo
queued                  .ooo   .ooo .ooo  .ooo  .ooo .ooo   .ooo   .ooo  .ooo yooo
queued held             .ooo   .ooo .ooo  .ooo  .ooo .ooo   .ooo   .ooo  .ooo yooo
running                 .ooo   .ooo .ooo  .ooo  .ooo .ooo   .ooo   .ooo  .ooo yooo
running changing        .ooo   .ooo .ooo  .ooo  .ooo .ooo   .ooo   .ooo  .ooo gooo
repairing               .ooo   .ooo .ooo  .ooo  .ooo .ooo   .ooo   .ooo  .ooo .ooo
"""
"""What only the requester does. In what has ended the answer is `already_ended`, whoever presses."""

BY_POLICY: Final[dict[str, Press]] = {
    "approve": lambda request, actor, now: deciding.approve(request, STANDING, actor, request.plan_number, now),
    "reject": lambda request, actor, now: deciding.reject(request, STANDING, actor, request.plan_number, now),
    "claim": lambda request, actor, now: deciding.claim(request, STANDING, actor, request.plan_number, now),
    "question": lambda request, actor, now: deciding.ask_question(
        request, STANDING, actor, request.plan_number, now, "Which builds?"
    ),
    "withdraw": lambda request, actor, now: deciding.withdraw(request, STANDING, actor, request.plan_number, now),
    "retry": lambda request, actor, now: deciding.retry(request, STANDING, actor, now),
}
POLICY_TABLE: Final = """
                        approve reject claim question withdraw retry
discovering_targets     wwww    wwww   wwww  wwww     ....     ....
choosing_target         wwww    wwww   wwww  wwww     ....     ....
discovering_luns        wwww    wwww   wwww  wwww     ....     ....
choosing_lun            wwww    wwww   wwww  wwww     ....     ....
discovering_places      wwww    wwww   wwww  wwww     ....     ....
choosing_place          wwww    wwww   wwww  wwww     ....     ....
inspecting              wwww    wwww   wwww  wwww     ....     ....
paused                  wwww    wwww   wwww  wwww     ....     ....
found_sr                wwww    wwww   wwww  wwww     ....     ....
found_sr known here     wwww    wwww   wwww  wwww     ....     ....
confirming              wwww    wwww   wwww  wwww     ....     ....
confirming blind        wwww    wwww   wwww  wwww     ....     ....
awaiting_approval       myyn    myyn   myyn  myyn     dddd     ....
awaiting claimed        myyn    myyn   mbyn  myyn     dddd     ....
awaiting approved once  mayn    myyn   myyn  myyn     dydd     ....
queued                  wwww    wwww   wwww  wwww     ddyd     ....
queued held             wwww    wwww   wwww  wwww     ddyd     ....
running                 wwww    wwww   wwww  wwww     ddyd     ....
running changing        wwww    wwww   wwww  wwww     llll     ....
repairing               wwww    wwww   wwww  wwww     ....     ....
succeeded               eeee    eeee   eeee  eeee     eeee     ....
partial                 eeee    eeee   eeee  eeee     eeee     yyyr
unknown                 eeee    eeee   eeee  eeee     eeee     ....
failed                  eeee    eeee   eeee  eeee     eeee     ....
rejected                eeee    eeee   eeee  eeee     eeee     ....
cancelled               eeee    eeee   eeee  eeee     eeee     ....
expired                 eeee    eeee   eeee  eeee     eeee     ....
stale                   eeee    eeee   eeee  eeee     eeee     ....
"""
"""What those decide whom the policy names: one approval is enough, where it needs an override one of who may."""

ENDED: Final = ("succeeded", "partial", "unknown", "failed", "rejected", "cancelled", "expired", "stale")
PAST_TIME: Final = ("running changing", "repairing")
"""What has begun to change the pool comes to its end, whatever time it is."""

WHERE: Final = {str(state): story for state, story in STATES.items()} | VARIANTS


def rows(table: str) -> dict[str, dict[str, str]]:
    """Read a table: the cells of each place by press."""
    head, *lines = table.strip("\n").splitlines()
    presses, width = head.split(), head.index(head.split()[0])
    return {line[:width].strip(): dict(zip(presses, line[width:].split(), strict=True)) for line in lines}


CELLS: Final = {
    (where, press): cell
    for table in (OWN_TABLE, POLICY_TABLE)
    for where, cells in rows(table).items()
    for press, cell in cells.items()
} | {(where, press): "eeee" for where in ENDED for press in OWN}


def answered(press: Press, request: Request, actor: str, now: float) -> str:
    """Press, and let what follows happen; gives the answer. What the lifecycle doesn't have is not possible now."""
    try:
        events = press(request, actor, now)
        assert isinstance(events, tuple)
        assert events
        for event in events:
            assert isinstance(event, e.Event)
            assert event.actor in {actor, None}
            request = apply(request, event)
    except Refused as refused:
        return refused.reason_code
    except Impossible:
        return "not_now"
    return "yes"


@pytest.mark.parametrize("where", WHERE)
def test_in_each_state_each_press_of_each_role_is_answered_as_written(where: str) -> None:
    story = WHERE[where]()
    for name, press in (OWN | BY_POLICY).items():
        said = [answered(press, story.request, person, story.now) for person in ROLES.values()]
        assert said == [LETTERS[letter] for letter in CELLS[where, name]], name


def test_the_table_has_every_state_and_every_press() -> None:
    assert set(CELLS) == {(where, press) for where in WHERE for press in OWN | BY_POLICY}
    assert {story().request.state for story in STATES.values()} == set(State)
    assert all(story().request.state is state for state, story in STATES.items())


@pytest.mark.parametrize("where", [where for where in WHERE if where not in ENDED])
def test_when_its_time_is_over_nobody_can_do_anything(where: str) -> None:
    request = WHERE[where]().request
    late = request.expires_at or request.changed_at + 10 * 86_400
    for name, press in (OWN | BY_POLICY).items():
        over = LETTERS["." if name == "retry" else "t"]
        as_ever = [LETTERS[letter] for letter in CELLS[where, name]]
        said = [answered(press, request, person, late) for person in ROLES.values()]
        assert said == (as_ever if where in PAST_TIME else [over] * len(ROLES)), name
