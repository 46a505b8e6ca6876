"""Where requests stand when somebody presses: each waits for people, so that nothing happens to it by time alone."""

from __future__ import annotations

from dataclasses import replace

from bot.ledger.store import new_id
from bot.request import events as e
from bot.request.model import Kind
from bot.request.plan import digest
from bot.request.question import Question, SrRow
from tests import stories
from tests.integration.slack.stage import Stage
from tests.integration.slack.test_placing import DISKS, EXPORTS, HELD, HOSTS

DESTROYS = f'/sr destroy "{stories.SR.name}"'
PAGES = 25


def choosing_target(stage: Stage) -> str:
    name = stage.asked().id
    stage.targets_are_found(name, [stories.TARGET, replace(stories.TARGET, iqn="iqn.x:2")])
    return name


def paused(stage: Stage) -> str:
    name = stage.asked().id
    stage.step_fails(name, "chap_missing")
    return name


def share_paused(stage: Stage) -> str:
    name = stage.asked("/sr add smb //10.0.0.8/srs cred=tecmint").id
    stage.step_fails(name, "111", address="10.0.0.8", credential="tecmint")
    return name


def choosing_export(stage: Stage) -> str:
    name = stage.asked("/sr add nfs 10.0.0.9").id
    stage.places_are_found(name, EXPORTS)
    return name


def choosing_device(stage: Stage) -> str:
    requester = stage.slack.users["requester"]
    asked = stories.asked(
        at=stage.clock(),
        kind=Kind.LOCAL,
        address=None,
        credential=None,
        request=new_id(),
        team=stage.slack.workspace["team_id"],
        channel=stage.channel,
        requester=requester,
        actor=requester,
    )
    name = stage.ledger.open(asked).id
    stage.places_are_found(name, HOSTS)
    stage.happens(name, e.HostPicked(at=stage.clock(), actor=requester, place=HOSTS[0]))
    stage.places_are_found(name, DISKS, "places2")
    return name


def srs_on_export(stage: Stage) -> str:
    name = choosing_export(stage)
    picked = e.PlacePicked(at=stage.clock(), actor=stage.slack.users["requester"], place=EXPORTS[0])
    stage.happens(name, picked)
    stage.srs_are_found(name, HELD)
    return name


def sr_on_lun(stage: Stage) -> str:
    name = stage.inspecting()
    stage.sr_is_found(name)
    return name


def blind(stage: Stage) -> str:
    """One host doesn't see the LUN."""
    return stage.confirming(hosts=stories.ONE_SEES)


def approved_once(stage: Stage) -> str:
    """The second approver said yes, and one is missing who may override."""
    name = stage.awaiting(not_asked=("other",))
    plan = stage.now(name).plan
    assert plan is not None
    by = stage.slack.users["approver-2"]
    stage.happens(name, e.Approved(at=stage.clock(), actor=by, plan_number=1, plan_digest=digest(plan)))
    return name


def destroying(stage: Stage) -> str:
    """That an SR dies waits for its approval."""
    name = stage.asked(DESTROYS).id
    stage.managing_plan_is_made(name)
    asks = e.ApprovalRequested(at=stage.clock(), actor=stage.slack.users["requester"], plan_number=1)
    stage.happens(name, asks)
    return name


def answered(stage: Stage) -> str:
    """A question with pages of answers."""
    question = Question(
        id=new_id(),
        team=stage.slack.workspace["team_id"],
        channel=stage.channel,
        actor=stage.slack.users["requester"],
        pool="xenct",
        asked_at=stage.clock(),
        keep_seconds=600,
    )
    row = SrRow("uuid", "SR", "lvmoiscsi", "user", 2**40, 2**30, "<shared>", 1, 2)
    stage.questions.ask(question, 600)
    stage.questions.answer(question.id, stage.clock(), (row,) * PAGES)
    return question.id


def begun(stage: Stage) -> str:
    """The second page of the form: the id that the request gets, and the channel."""
    return f"{new_id()}:{stage.channel}"


def placing(stage: Stage) -> str:
    """The first page of the form: the channel."""
    return stage.channel


def listed(_stage: Stage) -> str:
    """A list of requests: whose it is depends on who presses."""
    return "mine"
