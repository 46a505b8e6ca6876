from __future__ import annotations

from dataclasses import replace

import pytest

from bot.request.found import Trouble
from bot.request.model import HostPbd
from bot.request.question import Question, ShownSr, SrRow
from deploy.sandbox.tour.person import Seen
from tests.integration.slack.stage import Stage

UNPLUGGED = Trouble("pbd_unplugged", facts=(("host", "xenct-xen2"),))
SHOWN = ShownSr(
    row=SrRow("0f2c1b9e", "Builds", "nfs", "user", 2**40, 2**30, "<shared>", 1, 2),
    description="nightly <builds>",
    shared=True,
    is_default=False,
    virtual=2**31,
    disks=7,
    pbds=(HostPbd("xenct-xen1", attached=True), HostPbd("xenct-xen2", attached=False, trouble=UNPLUGGED)),
    device_config=(("server", "nas"),),
)


def asked(stage: Stage, person: str = "requester") -> Question:
    """Let somebody ask for an SR; gives the question."""
    stage.redis.delete(*stage.redis.scan_iter("srbot:question:*"), "nothing")
    stage.person(person).types(stage.channel, "/sr show Builds")
    stage.private(person, "Asking `xenct`")
    (key,) = stage.redis.scan_iter("srbot:question:*")
    found = stage.questions.load(key.decode().rpartition(":")[2])
    assert found is not None
    return found


def shown(stage: Stage, request: str = "", person: str = "requester") -> Seen:
    question = asked(stage, person)
    assert question.sr == "Builds"
    stage.questions.answer(question.id, stage.clock(), replace(SHOWN, request=request))
    return stage.private(person, "SR Builds", "0f2c1b9e")


def test_an_sr_is_shown_to_the_one_who_asked(stage: Stage) -> None:
    seen = shown(stage)
    assert seen.says("nightly &lt;builds&gt;", "1.0 GiB of 1.0 TiB", "7 disks", "server: nas", "&lt;shared&gt;")
    assert seen.says("`xenct-xen1`: PBD attached", "`xenct-xen2`: *PBD not attached*", "`/sr repair` plugs it")
    assert not seen.says("asked for it")
    assert not [each for each in stage.person("outsider").reads(stage.channel) if each.says("0f2c1b9e")]


def test_who_asked_for_it_is_named_with_a_link_to_the_thread(stage: Stage) -> None:
    name = stage.awaiting()
    card = stage.card("Waiting for approval", name)
    seen = shown(stage, name, "approver-1")
    requester = stage.person("requester").id
    assert seen.says(f"Made with request `{name}`", f"<@{requester}> asked for it", "|its thread>")
    assert seen.says(f"/archives/{stage.channel}/p{card.ts.replace('.', '')}")


@pytest.mark.parametrize("request_id", ["nosuchone", "<!channel>", "x" * 400])
def test_a_tag_that_names_no_request_is_passed_over(stage: Stage, request_id: str) -> None:
    seen = shown(stage, request_id)
    assert not seen.says("asked for it")
    assert request_id not in str(seen.body)


def test_where_slack_gives_no_link_the_answer_comes_without(stage: Stage) -> None:
    name = stage.awaiting()
    stage.card("Waiting for approval", name)
    stage.outbox_is_empty()
    stage.control("fault", {"method": "chat.getPermalink", "error": "internal_error", "times": 1})
    seen = shown(stage, name)
    assert seen.says(f"Made with request `{name}`", "asked for it")
    assert not seen.says("its thread")


def test_a_request_without_a_card_yet_is_named_without_a_link(stage: Stage) -> None:
    name = stage.awaiting()
    stage.card("Waiting for approval", name)
    stage.outbox_is_empty()
    stage.redis.delete(f"srbot:shown:{name}")
    seen = shown(stage, name)
    assert seen.says(f"Made with request `{name}`")
    assert not seen.says("its thread")


@pytest.mark.parametrize(
    ("trouble", "texts"),
    [
        (
            Trouble("sr_unknown", facts=(("sr", "Builds"),), reference="ref-1"),
            ("The pool has no SR with the UUID or the name `Builds`.", "Look at `/sr list`", "ref-1"),
        ),
        (
            Trouble("sr_ambiguous", facts=(("sr", "Builds"), ("sr_uuid", "u1, u2"))),
            ("Several SRs of the pool have the name `Builds`: `u1, u2`.", "Ask with the UUID"),
        ),
        (Trouble("xen_login_refused", "SESSION_AUTHENTICATION_FAILED"), ("XenServer refused the login", "An operator")),
    ],
)
def test_why_an_sr_can_not_be_shown_is_said(stage: Stage, trouble: Trouble, texts: tuple[str, ...]) -> None:
    question = asked(stage)
    stage.questions.answer(question.id, stage.clock(), trouble)
    stage.private("requester", "SR Builds", *texts)


def test_there_are_no_pages_to_turn(stage: Stage) -> None:
    question = asked(stage)
    stage.questions.answer(question.id, stage.clock(), SHOWN)
    stage.private("requester", "0f2c1b9e")
    stage.clicks("requester", {"action_id": "next_page", "value": f"{question.id}:1"})
    stage.private("requester", "This answer is no longer kept")
