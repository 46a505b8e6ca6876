from __future__ import annotations

from dataclasses import replace

import pytest

from bot import deciding
from bot.deciding import Standing
from bot.request import acting
from bot.request.found import OfferedLun, Usage
from bot.request.lifecycle import fold
from bot.request.model import Rival, State
from bot.request.plan import Plan, Purpose, to_type
from bot.request.refused import Refused
from tests import stories
from tests.stories import APPROVER, FREE, HELD, LUN, OUTSIDER, REQUESTER, SECOND_APPROVER, STANDING, Story

END = to_type(LUN)
NEW = "def567uvw"
NOT_ASKED = replace(stories.plan(), not_asked=("other",))


def formats(
    story: Story, actor: str = REQUESTER, number: int = 1, typed: str = END, standing: Standing = STANDING
) -> Story:
    asked, followed = deciding.format_over(story.request, standing, actor, number, typed, NEW, story.now)
    story.happens([followed])
    return Story(fold([asked]), [asked])


def awaiting(plan: Plan) -> Story:
    return stories.formatting().plan_is_made(plan).approval_is_requested()


def test_the_end_of_a_scsi_id_is_its_last_six_characters() -> None:
    assert END == "006046"
    assert to_type(replace(LUN, scsi_id=None)) == ""


def test_attaching_a_found_sr_leads_to_a_plan_that_is_approved_as_any_other() -> None:
    story = stories.found_sr()
    story.happens(acting.attach_found(story.request, REQUESTER, 1, story.now))
    assert story.approval_is_requested().is_approved(SECOND_APPROVER).request.state is State.QUEUED


@pytest.mark.parametrize(
    ("actor", "number", "code"), [(OUTSIDER, 1, "not_the_requester"), (REQUESTER, 2, "plan_changed")]
)
def test_who_must_not_attach_cannot(actor: str, number: int, code: str) -> None:
    story = stories.found_sr()
    with pytest.raises(Refused, match=code):
        acting.attach_found(story.request, actor, number, story.now)


def test_attaching_and_formatting_need_a_found_sr() -> None:
    story = stories.confirming()
    with pytest.raises(Refused, match="not_now"):
        acting.attach_found(story.request, REQUESTER, 1, story.now)
    with pytest.raises(Refused, match="not_now"):
        formats(story)


def test_formatting_over_ends_the_request_and_begins_another_that_names_what_dies() -> None:
    before = stories.found_sr()
    after = formats(before).request
    assert (before.request.state, before.request.followed_by) == (State.CANCELLED, NEW)
    assert (after.id, after.state, after.purpose) == (NEW, State.INSPECTING, Purpose.FORMAT)
    assert (after.dies, after.typed, after.follows, after.lun) == (HELD, END, before.request.id, LUN)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"actor": OUTSIDER}, "not_the_requester"),
        ({"number": 2}, "plan_changed"),
        ({"typed": "006047"}, "typed_differs"),
        ({"typed": ""}, "typed_differs"),
        ({"standing": stories.standing(APPROVER, SECOND_APPROVER)}, "nobody_may_override"),
        ({"standing": stories.standing(REQUESTER, overriders=[REQUESTER])}, "nobody_may_override"),
    ],
)
def test_formatting_over_is_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(Refused, match=code):
        formats(stories.found_sr(), **changes)  # type: ignore[arg-type]  # the row names the arguments


def test_an_sr_that_the_pool_knows_is_not_formatted_over() -> None:
    story = stories.choosing_lun().lun_is_picked().sr_is_found(replace(stories.attach_plan(), known=True))
    with pytest.raises(Refused, match="sr_known_here"):
        formats(story)


def test_a_request_to_format_over_stays_at_its_lun() -> None:
    story = stories.formatting().pauses()
    with pytest.raises(Refused, match="not_now"):
        acting.change_address(story.request, REQUESTER, stories.ADDRESS, None, story.now)
    assert acting.try_again(story.request, REQUESTER, story.now)


@pytest.mark.parametrize("typed", ["", "006047", "006046 "])
def test_an_approver_who_types_something_else_lets_no_sr_die(typed: str) -> None:
    story = awaiting(stories.format_plan())
    with pytest.raises(Refused, match="typed_differs"):
        deciding.approve(story.request, STANDING, APPROVER, 1, story.now, typed)


@pytest.mark.parametrize("plan", [stories.format_plan(), NOT_ASKED])
def test_where_it_takes_an_override_one_of_those_who_approve_has_to_be_allowed_that(plan: Plan) -> None:
    story = awaiting(plan).is_approved(SECOND_APPROVER)
    assert story.request.state is State.AWAITING_APPROVAL
    assert story.is_approved(APPROVER).request.state is State.QUEUED
    assert deciding.may_run(story.request, STANDING, story.now) == story.request.plan
    with pytest.raises(Refused, match="not_approved"):
        deciding.may_run(story.request, stories.standing(APPROVER, SECOND_APPROVER), story.now)


def test_the_worker_lets_no_sr_die_for_an_approval_without_the_typed_end() -> None:
    request = awaiting(stories.format_plan()).is_approved().request
    forged = replace(request, approvals=tuple(replace(yes, typed="") for yes in request.approvals))
    with pytest.raises(Refused, match="not_approved"):
        deciding.may_run(forged, STANDING, request.changed_at + 1)
    with pytest.raises(Refused, match="not_approved"):
        deciding.may_run(replace(request, typed=""), STANDING, request.changed_at + 1)


def test_an_approval_is_not_asked_for_where_nobody_could_give_the_override() -> None:
    story = stories.choosing_lun().lun_is_picked().plan_is_made(NOT_ASKED)
    with pytest.raises(Refused, match="nobody_may_override"):
        deciding.request_approval(story.request, stories.standing(APPROVER, SECOND_APPROVER), REQUESTER, 1, story.now)
    assert deciding.request_approval(story.request, STANDING, REQUESTER, 1, story.now)


def test_only_an_approver_can_override() -> None:
    story = stories.found_sr()
    nobody = stories.standing(APPROVER, SECOND_APPROVER, overriders={OUTSIDER})
    assert not deciding.may_be_overridden(story.request, nobody, story.now)
    assert deciding.may_be_overridden(story.request, STANDING, story.now)


def test_hosts_that_do_not_see_the_lun_are_accepted_by_name_before_an_approval_is_asked_for() -> None:
    story = stories.choosing_lun().lun_is_picked().plan_is_made(replace(stories.plan(), hosts=stories.ONE_SEES))
    with pytest.raises(Refused, match="hosts_not_accepted") as refused:
        deciding.request_approval(story.request, STANDING, REQUESTER, 1, story.now)
    assert refused.value.facts == {"hosts": "xenct-xen2"}
    with pytest.raises(Refused, match="not_the_requester"):
        acting.accept_hosts(story.request, OUTSIDER, 1, story.now)
    story.happens(acting.accept_hosts(story.request, REQUESTER, 1, story.now))
    assert story.request.plan is not None
    assert (story.request.plan_number, story.request.plan.accepted) == (2, ("xenct-xen2",))
    with pytest.raises(Refused, match="not_now"):
        acting.accept_hosts(story.request, REQUESTER, 2, story.now)
    assert story.approval_is_requested().request.state is State.AWAITING_APPROVAL


def test_once_the_array_shows_the_lun_to_every_host_it_is_looked_at_again() -> None:
    story = stories.choosing_lun().lun_is_picked().plan_is_made(replace(stories.plan(), hosts=stories.ONE_SEES))
    story.happens(acting.try_again(story.request, REQUESTER, story.now))
    assert story.request.state is State.INSPECTING
    story.plan_is_made()
    assert story.approval_is_requested().request.state is State.AWAITING_APPROVAL


@pytest.mark.parametrize(("actor", "allowed"), [(REQUESTER, True), (APPROVER, True), (OUTSIDER, False)])
def test_the_requester_and_approvers_have_the_hosts_tried_again(actor: str, *, allowed: bool) -> None:
    story = stories.partial()
    if allowed:
        assert story.is_retried(actor).request.state is State.REPAIRING
        return
    with pytest.raises(Refused, match="not_one_to_retry"):
        deciding.retry(story.request, STANDING, actor, story.now)


def test_only_what_is_partial_is_tried_again_and_only_once_at_a_time() -> None:
    for story in (stories.succeeded(), stories.partial().is_retried()):
        with pytest.raises(Refused, match="not_now"):
            deciding.retry(story.request, STANDING, REQUESTER, story.now)


def test_a_repair_that_could_not_be_done_leaves_what_there_was() -> None:
    story = stories.partial()
    before = story.request.outcome
    assert story.is_retried().pauses("host_unreachable").request.state is State.PARTIAL
    assert (story.request.outcome, story.request.expires_at) == (before, None)
    assert story.is_retried().is_created().request.trouble is None


def test_rivals_are_kept_from_the_pick_until_another_lun() -> None:
    story, rival = stories.choosing_lun(), Rival("other1", OUTSIDER, State.CONFIRMING)
    story.happens(acting.pick_lun(story.request, REQUESTER, "luns1", FREE, story.now, (rival,)))
    assert story.request.rivals == (rival,)
    story.plan_is_made()
    assert not story.request.rivals


@pytest.mark.parametrize(
    ("purpose", "usage", "allowed"),
    [
        (Purpose.ATTACH, Usage("xenct", "u", "n", attached=False), True),
        (Purpose.CREATE, Usage("xenct", "u", "n", attached=False), False),
        (Purpose.ATTACH, Usage("xenct", "u", "n"), False),
        (Purpose.ATTACH, Usage("other", "u", "n", attached=False), False),
    ],
)
def test_a_lun_of_an_sr_is_taken_only_to_attach_that_in_its_own_pool_where_no_host_has_it(
    purpose: Purpose, usage: Usage, *, allowed: bool
) -> None:
    request = replace(stories.choosing_lun().request, purpose=purpose)
    if allowed:
        acting.refuse_unusable(request, OfferedLun(LUN, usage))
        return
    with pytest.raises(Refused, match="lun_in_use"):
        acting.refuse_unusable(request, OfferedLun(LUN, usage))
