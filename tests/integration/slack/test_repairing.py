from __future__ import annotations

from dataclasses import replace

import pytest

from bot.request import events as e
from bot.request.found import Trouble
from bot.request.model import HostPbd, State
from bot.slack.listeners import detailing
from tests import stories
from tests.integration.slack.stage import Stage

RAW = Trouble("login_refused", "SR_BACKEND_FAILURE_68", (("host", "xenct-xen2"),), "r-7", "<!channel> iscsiadm & `x`")


def partial(stage: Stage) -> str:
    hosts = (stories.outcome().hosts[0], HostPbd("xenct-xen2", attached=False, iqn="iqn.x:2", trouble=RAW))
    return stage.partial(replace(stories.outcome(), hosts=hosts))


@pytest.mark.parametrize("person", ["requester", "approver-2"])
def test_hosts_are_tried_again_until_all_of_them_see_the_sr(stage: Stage, person: str) -> None:
    name = partial(stage)
    card = stage.card("attached on 1 of 2 hosts", "Retry", "`xenct-xen2`: *PBD not attached*", "`iqn.x:2`", name)
    stage.person(person).presses(card, "Retry")
    card = stage.card("Trying the hosts again", "attached on 1 of 2 hosts", name, without=["Retry"])
    stage.thread(card, f"<@{stage.person(person).id}> had the hosts tried again")
    stage.is_taken_up(name)
    stage.is_created_partly(name)
    card = stage.card("The SR is there, but not on every host", "Retry", name)
    stage.thread(card, "is still only attached on 1 of 2 hosts")
    stage.person(person).presses(card, "Retry")
    stage.wait("another try", lambda: stage.now(name).state is State.REPAIRING)
    stage.is_taken_up(name)
    stage.is_created(name)
    card = stage.card("The SR is ready", "attached on 2 of 2 hosts", name, without=["Retry"])
    stage.thread(card, "is now attached on 2 of 2 hosts")


def test_a_late_retry_and_one_by_an_outsider_change_nothing(stage: Stage) -> None:
    name = partial(stage)
    card = stage.card("attached on 1 of 2 hosts", name)
    stage.person("outsider").presses(card, "Retry")
    stage.private("outsider", "Only who asked and those who decide can have the hosts tried again")
    stage.person("requester").presses(card, "Retry")
    stage.wait("another try", lambda: stage.now(name).state is State.REPAIRING)
    step = stage.now(name).work.step
    stage.clicks("requester", {"action_id": "retry", "value": f"{name}:1"})
    stage.private("requester", "That isn't possible at this point of the request")
    assert stage.now(name).work.step == step


def test_a_repair_that_takes_long_says_so_and_one_that_fails_says_why(stage: Stage) -> None:
    name = partial(stage)
    stage.person("requester").presses(stage.card("Retry", name), "Retry")
    stage.wait("another try", lambda: stage.now(name).state is State.REPAIRING)
    step = stage.now(name).work.step
    stage.happens(name, e.Noticed(at=stage.clock() + 9, step=step, why="no_worker"))
    stage.card("Trying the hosts again", "No worker is running for pool", name)
    stage.step_fails(name, "host_unreachable", host="xenct-xen1")
    stage.card("`xenct-xen1` doesn't answer", "attached on 1 of 2 hosts", "Retry", name)


@pytest.mark.parametrize("person", ["requester", "approver-1", "outsider"])
def test_what_xenserver_wrote_is_shown_to_whoever_asks_and_pings_nobody(stage: Stage, person: str) -> None:
    name = partial(stage)
    card = stage.card("attached on 1 of 2 hosts", "Details", name)
    stage.person(person).presses(card, "Details")
    told = stage.private(person, "Host `xenct-xen2`", "`SR_BACKEND_FAILURE_68`", "reference `r-7`")
    assert told.says("&lt;!channel&gt; iscsiadm &amp; \u02cbx\u02cb")
    assert "iscsiadm" not in str(stage.card("Retry", name).blocks)
    assert "<!channel>" not in {ping for message in stage.transcript() for ping in message["pings"]}
    assert stage.now(name).state is State.PARTIAL


def test_details_that_are_gone_or_belong_elsewhere_are_not_shown(stage: Stage) -> None:
    name = partial(stage)
    stage.card("Details", name)
    for value, told in (("forged", "no request that srbot knows"), ("nosuchone:1", "no request that srbot knows")):
        stage.clicks("requester", {"action_id": "details", "value": value})
        stage.private("requester", told)
    stage.happens(name, e.RetryWanted(at=stage.clock()))
    stage.is_created(name)
    stage.clicks("requester", {"action_id": "details", "value": f"{name}:1"})
    stage.private("requester", "There are no details to this card any more")


def test_details_are_shown_in_the_channel_of_their_request_only(stage: Stage) -> None:
    name = partial(stage)
    (bot,) = stage.bots
    elsewhere = stage.slack.channels["random"]
    assert "no request that srbot knows" in str(detailing._details(bot.context, elsewhere, f"{name}:1"))


def test_a_ledger_that_does_not_answer_is_told(stage: Stage) -> None:
    name = partial(stage)
    card = stage.card("Details", name)
    stage.person("requester").types(stage.channel, "/sr help")
    stage.redis.client_pause(2500)
    stage.person("requester").presses(card, "Details")
    stage.private("requester", "could not record that in time")
    stage.redis.ping()  # answered when the pause is over
