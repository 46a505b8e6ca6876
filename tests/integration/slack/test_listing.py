from __future__ import annotations

from bot.request.found import Trouble
from bot.request.question import SrRow
from deploy.sandbox.tour.person import Seen
from tests.integration.slack.stage import Stage


def rows(count: int) -> tuple[SrRow, ...]:
    return tuple(
        SrRow(f"uuid-{n:03}", f"SR {n:03}", "lvmoiscsi", "user", 2**40, 2**30, "<shared>", 1, 2) for n in range(count)
    )


def question(stage: Stage) -> str:
    keys = [key.decode() for key in stage.redis.scan_iter("srbot:question:*")]
    (name,) = keys
    return str(name.rpartition(":")[2])


def answered(stage: Stage, count: int) -> tuple[str, Seen]:
    stage.redis.delete(*stage.redis.scan_iter("srbot:question:*"), "nothing")
    stage.person("requester").types(stage.channel, "/sr list")
    stage.private("requester", "Asking `xenct`")
    name = question(stage)
    stage.questions.answer(name, stage.clock(), rows(count))
    return name, stage.private("requester", "SRs of pool xenct")


def test_the_srs_of_a_pool_are_shown_to_the_one_who_asked(stage: Stage) -> None:
    _, seen = answered(stage, 2)
    assert seen.says(
        "SR 001", "lvmoiscsi", "1.0 GiB used of 1.0 TiB", "PBDs attached: 1 of 2", "&lt;shared&gt;", "2 SRs"
    )
    assert not [each for each in stage.person("outsider").reads(stage.channel) if each.says("SR 001")]


def test_pages_are_turned_in_place(stage: Stage) -> None:
    _, seen = answered(stage, 25)
    assert seen.says("page 1 of 3", "SR 009")
    assert not seen.says("SR 010")
    stage.person("requester").presses(seen, "Next")
    seen = stage.private("requester", "page 2 of 3", "SR 010", "SR 019")
    stage.person("requester").presses(seen, "Next")
    seen = stage.private("requester", "page 3 of 3", "SR 024")
    stage.person("requester").presses(seen, "Previous")
    stage.private("requester", "page 2 of 3")


def test_pages_that_are_no_longer_kept_say_so(stage: Stage) -> None:
    name, seen = answered(stage, 25)
    stage.redis.delete(f"srbot:question:{name}")
    stage.person("requester").presses(seen, "Next")
    stage.private("requester", "This answer is no longer kept")


def test_nobody_turns_the_pages_of_somebody_else(stage: Stage) -> None:
    name, _ = answered(stage, 25)
    action = {"action_id": "next_page", "value": f"{name}:1"}
    since = stage.control("log")[-1]["n"]
    stage.clicks("outsider", action)
    stage.private("outsider", "Only the person who asked can turn these pages")
    assert not [each for each in stage.control(f"log?since={since}") if "SR 010" in str(each)]


def test_a_filter_that_finds_nothing_says_so(stage: Stage) -> None:
    stage.redis.delete(*stage.redis.scan_iter("srbot:question:*"), "nothing")
    stage.person("requester").types(stage.channel, '/sr list name-label="<!here>"')
    stage.private("requester", "Asking `xenct`")
    stage.questions.answer(question(stage), stage.clock(), ())
    stage.private("requester", "no SR with the name-label `&lt;!here&gt;`")


def test_a_pool_that_can_not_be_asked_is_said(stage: Stage) -> None:
    stage.redis.delete(*stage.redis.scan_iter("srbot:question:*"), "nothing")
    stage.person("requester").types(stage.channel, "/sr list")
    stage.private("requester", "Asking `xenct`")
    trouble = Trouble("xen_login_refused", "SESSION_AUTHENTICATION_FAILED", (), "ref-1")
    stage.questions.answer(question(stage), stage.clock(), trouble)
    stage.private("requester", "XenServer refused the login", "An operator must", "ref-1")


def test_an_answer_that_takes_longer_says_so_once(own_stage: Stage) -> None:
    own_stage.person("requester").types(own_stage.channel, "/sr list")
    own_stage.private("requester", "Asking `xenct`")
    own_stage.clock.offset = 15
    own_stage.private("requester", "hasn't answered yet")
    own_stage.questions.answer(question(own_stage), own_stage.clock(), rows(1))
    own_stage.private("requester", "SR 000")


def test_who_has_left_the_channel_gets_no_answer_and_nothing_else_stops(own_stage: Stage) -> None:
    own_stage.person("outsider").types(own_stage.channel, "/sr list")
    own_stage.private("outsider", "Asking `xenct`")
    own_stage.outbox_is_empty()
    own_stage.control(
        "member", {"channel": own_stage.channel, "user": own_stage.slack.users["outsider"], "member": False}
    )
    own_stage.questions.answer(question(own_stage), own_stage.clock(), rows(1))
    own_stage.outbox_is_empty()
    own_stage.asked()
    own_stage.card("looking for targets")
