from __future__ import annotations

from dataclasses import replace

import pytest

from bot.request import events as e
from bot.request.found import OfferedLun, Usage
from bot.request.model import State
from bot.request.plan import Purpose
from tests import stories
from tests.integration.slack.stage import Stage
from tests.stories import FREE, HELD, LUN, TARGET


def found(stage: Stage, **changes: object) -> str:
    """A request whose LUN holds an SR."""
    name = stage.inspecting()
    stage.sr_is_found(name, **changes)
    return name


def test_attaching_is_asked_for_picked_approved_and_told(stage: Stage) -> None:
    requester, approver = stage.person("requester"), stage.person("approver-2")
    name = stage.asked('/sr attach iscsi 10.0.0.5 name="Old builds"').id
    stage.card(name, "asks to attach the SR on a LUN of `10.0.0.5:3260` to pool `xenct` as `Old builds`")
    assert stage.now(name).purpose is Purpose.ATTACH
    stage.targets_are_found(name, [TARGET])
    stage.happens(name, e.TargetPicked(at=stage.clock(), target=TARGET, only_one=True))
    detached = OfferedLun(replace(LUN, lun_id=7), Usage("xenct", HELD.uuid, HELD.name, attached=False))
    elsewhere = OfferedLun(replace(LUN, lun_id=8), Usage("other", "0b2f", "Theirs", attached=False))
    stage.luns_are_found(name, [elsewhere, FREE, detached])
    card = stage.card("which LUN holds the SR?", name)
    requester.picks(card, lambda group, _: group == "In use")
    stage.private("requester", "is in use by the SR `Theirs`")
    requester.picks(card, lambda group, _: group == "Detached here")
    stage.plan_is_made(name, name=HELD.name, purpose=Purpose.ATTACH, held=HELD, known=True)
    card = stage.card("The SR on the LUN is attached as it is", "knows this SR", "a pool that srbot doesn't know", name)
    requester.presses(card, "Request approval")
    approver.presses(stage.card("Waiting for approval", name), "Approve")
    stage.wait("the queue", lambda: stage.now(name).state is State.QUEUED)
    stage.is_taken_up(name)
    stage.card("Attaching the SR", name)
    stage.is_created(name)
    card = stage.card("The SR is ready", name, without=["Retry"])
    stage.thread(card, "was attached on 2 of 2 hosts")


def test_an_sr_that_was_found_is_attached(stage: Stage) -> None:
    name = found(stage)
    card = stage.card("The LUN holds an SR already", HELD.uuid, "Old builds", "100.0 GiB", name)
    stage.thread(card, "holds the SR `Old builds`")
    stage.person("outsider").presses(card, "Attach it")
    stage.private("outsider", "Only the person who asked can do that")
    stage.person("requester").presses(card, "Attach it")
    card = stage.card("is this what you want?", "is attached as it is", "Request approval", name)
    stage.thread(card, "wants that SR attached as it is")
    stage.clicks("requester", {"action_id": "attach_found", "value": f"{name}:1"})
    stage.private("requester", "That isn't possible at this point of the request")
    assert stage.now(name).state is State.CONFIRMING


def test_an_sr_that_was_found_can_be_left_where_it_is(stage: Stage) -> None:
    name = found(stage)
    stage.person("requester").presses(stage.card("The LUN holds an SR already", name), "Pick another LUN")
    stage.card("Choose a LUN", name)


@pytest.mark.parametrize(("changes", "offered"), [({}, True), ({"known": True}, False)])
def test_an_sr_that_the_pool_knows_is_not_to_be_formatted_over(
    stage: Stage, changes: dict[str, object], *, offered: bool
) -> None:
    name = found(stage, **changes)
    card = stage.card("The LUN holds an SR already", "Attach it", name)
    assert card.says("Format over it…") == offered


def test_hosts_that_do_not_see_the_lun_are_accepted_by_name(stage: Stage) -> None:
    name = stage.confirming(hosts=stories.ONE_SEES)
    card = stage.card("`xenct-xen2`: *doesn't see the LUN*", name, without=["Request approval"])
    stage.clicks("requester", {"action_id": "request_approval", "value": f"{name}:1"})
    stage.private("requester", "The LUN isn't seen by `xenct-xen2`. Nothing was changed")
    stage.person("outsider").presses(card, "Accept that xenct-xen2 doesn't see it")
    stage.private("outsider", "Only the person who asked can do that")
    stage.person("requester").presses(card, "Accept that xenct-xen2 doesn't see it")
    card = stage.card("*Accepted:* `xenct-xen2` does not see the LUN", "*Plan 2:*", "Request approval", name)
    stage.thread(card, "accepted that `xenct-xen2` does not see the LUN: plan 2 says so")
    stage.clicks("requester", {"action_id": "accept_hosts", "value": f"{name}:1"})
    stage.private("requester", "The plan has changed since that card was drawn")
    stage.person("requester").presses(card, "Request approval")
    stage.card("Waiting for approval", "*Accepted:*", name)


def test_a_pool_that_was_not_asked_needs_one_who_may_override(stage: Stage) -> None:
    name = stage.confirming(not_asked=("other",))
    card = stage.card("Pool `other` could not be asked", "somebody who may override", name)
    stage.person("requester").presses(card, "Request approval")
    card = stage.card("Waiting for approval", name)
    first, second = stage.person("approver-1"), stage.person("approver-2")
    stage.thread(card, f"One of those who may override has to be among them: <@{first.id}>.")
    second.presses(card, "Approve")
    card = stage.card("Still missing: 1 approval by somebody who may override", second.id, name)
    first.presses(card, "Approve")
    stage.card("Approved, waiting for a worker", name)


def test_who_wants_the_lun_of_another_request_is_told_at_once(stage: Stage) -> None:
    first = stage.awaiting()
    second = stage.choosing_lun()
    requester = stage.person("requester")
    requester.picks(stage.card("Choose a LUN", second), lambda *_: True)
    told = f"This LUN is wanted by another request too: request `{first}` of <@{requester.id}> (waiting for approval)."
    stage.private("requester", told)
    card = stage.card("*Wanted twice.*", told, second)
    stage.thread(card, "picked LUN 0", told)
    assert [rival.request for rival in stage.now(second).rivals] == [first]
    stage.happens(first, e.Cancelled(at=stage.clock()))
    rivals = stage.ledger.rivals(stage.now(second))
    stage.happens(second, e.PlanMade(at=stage.clock(), step=3, plan=stories.plan(), rivals=rivals))
    stage.card("is this what you want?", second, without=["Wanted twice"])


def test_a_ledger_that_does_not_say_who_else_wants_a_lun_lets_nobody_pick_it(stage: Stage) -> None:
    name = stage.choosing_lun()
    card = stage.card("Choose a LUN", name)
    stage.person("requester").types(stage.channel, "/sr help")
    stage.redis.client_pause(2500)
    stage.person("requester").picks(card, lambda *_: True)
    stage.private("requester", "could not record that in time. Nothing was changed")
    stage.redis.ping()  # answered when the pause is over
    assert stage.now(name).state is State.CHOOSING_LUN
