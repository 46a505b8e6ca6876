from __future__ import annotations

from dataclasses import replace

from bot.request.found import OfferedLun, Portal, Target, Usage
from bot.request.model import State
from tests import stories
from tests.integration.slack.stage import Stage
from tests.stories import FREE, LUN, TARGET

OTHER = Target("iqn.2001-05.com.example:other", (stories.PORTAL, Portal("fd00::5", 3261)))


def test_the_story_from_the_command_to_the_uuid_and_the_sr_list(own_stage: Stage) -> None:
    stage = own_stage
    requester, approver = stage.person("requester"), stage.person("approver-1")
    request = stage.asked()
    card = stage.card("looking for targets", "10.0.0.5:3260", "xenct", requester.id, "more: room")

    stage.targets_are_found(request.id, [TARGET, OTHER])
    card = stage.card("Choose a target", "2 targets found")
    requester.picks(card, lambda _, label: label == TARGET.iqn)
    card = stage.card("looking for its LUNs", TARGET.iqn)

    used = OfferedLun(replace(LUN, lun_id=7), Usage("xenct", "0b2f", "Old"))
    stage.luns_are_found(request.id, [used, FREE])
    card = stage.card("Choose a LUN", "In use")
    requester.picks(card, lambda group, _: group == "Free")
    card = stage.card("Looking at what is on the LUN")

    stage.plan_is_made(request.id, name="Builds")
    card = stage.card("creating the SR erases whatever else is on this LUN; XenServer can't see foreign data", "Builds")
    requester.presses(card, "Request approval")
    card = stage.card("Waiting for approval", "Approve", "Reject…")
    approver.presses(card, "Approve")
    card = stage.card("Approved, waiting for a worker", approver.id)

    stage.is_taken_up(request.id)
    stage.card("Creating the SR")
    stage.is_created(request.id)
    card = stage.card("The SR is ready", stories.outcome().sr.uuid, "attached on 2 of 2 hosts")
    assert not list(card.elements())
    assert stage.now(request.id).state is State.SUCCEEDED

    stage.thread(card, "uuid ( RO)                : 0f2c1b9e", "content-type ( RO): user")
    lines = [seen.body["text"] for seen in requester.reads(stage.channel, card.ts)[1:]]
    order = [
        "asked for",
        "2 targets",
        "picked the target",
        "2 LUNs",
        "picked LUN 0",
        "plan 1",
        "requested the approval",
    ]
    order += [f"<@{approver.id}> approved", "started", "was created"]
    assert [next(i for i, text in enumerate(lines) if word in text) for word in order] == list(range(len(order)))
    assert all(text.startswith("<!date^") for text in lines)
    stage.outbox_is_empty()
