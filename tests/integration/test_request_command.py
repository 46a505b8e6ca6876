"""`srbot request`, as people type it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.ledger import keys
from bot.ledger.store import Ledger, LedgerUnavailable, NewFinding
from bot.request import events as e
from bot.request.found import Finding, OfferedLun, Place, Usage
from bot.request.model import State
from bot.request.plan import Purpose
from bot.slack.cards.lines import line
from deploy.sandbox.slack.serving import start
from tests import stories
from tests.integration.command_line import ACCOUNT, Desk, desk_of
from tests.stories import APPROVER, OUTSIDER, REQUESTER, SECOND_APPROVER, SR

PEOPLE = f'[rules.all]\ndecide = ["1 of {APPROVER}"]\n'
GROUPS = '[groups.storage-admins]\nslack = "S0STORADM1"\n[rules.all]\ndecide = ["1 of storage-admins"]\n'


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with desk_of(APPROVER, tmp_path, monkeypatch) as desk:
        yield desk


def opened(desk: Desk) -> str:
    (name,) = desk.ledger.open_requests()
    return name


def test_a_request_is_made_as_it_is_by_typing_in_slack_and_the_record_says_where(desk: Desk) -> None:
    desk.sits(REQUESTER)
    told = desk.confirms("add", "iscsi", "10.0.0.5", "name=Nightly builds", 'reason=more "room"')
    name = opened(desk)
    assert told.startswith(f"Request {name} is made, for pool xenct; its card comes in the channel C1.\n")
    (asked,) = desk.ledger.trail(name)
    assert isinstance(asked, e.Asked)
    assert (asked.requester, asked.actor, asked.channel, asked.team) == (REQUESTER, REQUESTER, "C1", "T0SANDBOX1")
    assert (asked.name, asked.reason, str(asked.address)) == ("Nightly builds", 'more "room"', "10.0.0.5:3260")
    assert asked.via.startswith(f"command line, {ACCOUNT}@")
    assert asked.code_step == int(desk.at) // 30
    assert f" (from the command line, {ACCOUNT}@" in str(line(asked, desk.now(name)))
    assert desk.redis.llen(f"rq:queue:srbot-{asked.pool}") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "iscsi", "192.168.0.1"), "is not among the allowed targets"),
        (("add", "iscsi", "10.0.0.5", "pool=other"), "In this channel the pool is one of: xenct."),
        (("add", "iscsi", "10.0.0.5", "--channel", "C2"), "This channel is not set up for storage requests"),
        (("add", "iscsi"), "Did you mean: srbot request add iscsi <host>"),
        (("add", "iscsi", "10.0.0.5", "nmae=x"), "Did you mean: srbot request add iscsi 10.0.0.5 name=x"),
        (("add", "iscsi", "10.0.0.5", "password=canary"), "That line seems to hold a password"),
        (("add", "local", "xen1"), "No local path is allowed"),
    ],
)
def test_what_slack_would_refuse_is_refused_before_a_code_is_asked_for(
    desk: Desk, words: tuple[str, ...], said: str
) -> None:
    told = desk.refused(*words)
    assert said in told
    assert "One-time code" not in told
    assert "canary" not in told
    assert desk.ledger.open_requests() == []


def test_what_the_policy_lets_nobody_ask_is_refused(desk: Desk) -> None:
    desk.applies(f'[rules.scans]\nwhen = {{ actions = ["scan"] }}\ndecide = ["1 of {APPROVER}"]\n')
    assert "No rule of the policy is about this" in desk.refused("add", "iscsi", "10.0.0.5")
    assert "is made" in desk.confirms("scan", "Nightly builds")


def test_where_there_are_several_channels_one_has_to_be_named(desk: Desk) -> None:
    text = desk.config.read_text(encoding="utf-8")
    more = '[channels.C2]\npools = ["xenct"]\napprovers = ["U1"]\n[targets]'
    desk.config.write_text(text.replace("[targets]", more), encoding="utf-8")
    assert "Say for which channel: --channel, one of C1, C2." in desk.refused("scan", "Builds")
    desk.confirms("scan", "Builds", "--channel", "C2")
    assert desk.now(opened(desk)).channel == "C2"


def test_an_approval_shows_the_plan_first_and_counts_as_one_with_a_code(desk: Desk) -> None:
    name = desk.recorded(stories.awaiting_approval())
    told = desk.confirms("approve", name)
    assert "Waiting for approval" in told
    assert "more room for builds" in told
    assert "36090a028b04a9a0def60353420006046" in told
    assert told.endswith(f"You approved request {name}. Now: Approved, waiting for a worker.\n")
    approved, queued = desk.ledger.trail(name)[-2:]
    assert isinstance(approved, e.Approved)
    assert (approved.actor, approved.stepped_up, approved.code_step) == (APPROVER, True, int(desk.at) // 30)
    assert approved.via.startswith("command line, ")
    assert (queued.actor, queued.via, queued.code_step) == (None, "", None)
    rows: Any = desk.redis.xrange(keys.AUDIT)
    assert any(approved.via.encode() in fields[b"record"] for _, fields in rows)
    assert "(from the command line, " in str(line(approved, desk.now(name)))


def test_an_sr_is_destroyed_only_where_its_name_is_typed(desk: Desk) -> None:
    name = desk.recorded(stories.managing_planned(Purpose.DESTROY))
    desk.sits(REQUESTER)
    desk.confirms("confirm", name)
    desk.sits(APPROVER)
    answers = ("Nightly", desk.code())
    assert "That is not the name of the SR" in desk.refused("approve", name, answers=answers)
    told = desk.confirms("approve", name, typed=(SR.name,))
    assert "is destroyed" in told
    assert desk.now(name).state is State.QUEUED
    assert desk.now(name).approvals[0].typed == SR.name


@pytest.mark.parametrize(
    ("person", "words", "said"),
    [
        (REQUESTER, ("approve",), "You asked for this yourself"),
        (OUTSIDER, ("approve",), "You are not among those who decide"),
        (REQUESTER, ("reject", "--because=no"), "You asked for this yourself"),
        (OUTSIDER, ("reject", "--because=no"), "You are not among those who decide"),
        (REQUESTER, ("ask", "Why?"), "You asked for this yourself"),
        (OUTSIDER, ("claim",), "You are not among those who decide"),
        (APPROVER, ("cancel",), "Only the person who asked can do that"),
        (APPROVER, ("confirm",), "Only the person who asked can do that"),
        (REQUESTER, ("confirm",), "That isn't possible at this point"),
    ],
)
def test_who_must_not_is_told_so_before_a_code_is_asked_for(
    desk: Desk, person: str, words: tuple[str, ...], said: str
) -> None:
    name = desk.recorded(stories.awaiting_approval())
    desk.sits(person)
    before = desk.now(name)
    told = desk.refused(words[0], name, *words[1:])
    assert said in told
    assert "One-time code" not in told
    assert desk.now(name) == before


def test_a_request_goes_from_its_plan_to_its_end_without_slack(desk: Desk) -> None:
    name = desk.recorded(stories.confirming())
    desk.sits(REQUESTER)
    assert "You requested the approval of" in desk.confirms("confirm", name)
    desk.sits(SECOND_APPROVER)
    assert "You rejected request" in desk.confirms("reject", name, "--because", "no room")
    after = desk.now(name)
    assert (after.state, after.ended_by, after.ended_because) == (State.REJECTED, SECOND_APPROVER, "no room")
    assert "This request has ended already" in desk.refused("approve", name)


def test_who_decides_looks_and_asks_without_slack_and_decides_later(desk: Desk) -> None:
    name = desk.recorded(stories.awaiting_approval())
    desk.sits(SECOND_APPROVER)
    assert "You are named in the thread as looking at request" in desk.confirms("claim", name)
    assert "You said already that you are looking" in desk.refused("claim", name)
    assert "You asked a question about request" in desk.confirms("ask", name, "Which  builds\nneed it?")
    now, trail = desk.now(name), desk.ledger.trail(name)
    assert (now.state, now.claimed_by) == (State.AWAITING_APPROVAL, SECOND_APPROVER)
    assert now.question == (SECOND_APPROVER, "Which builds need it?")
    assert [each.via.startswith("command line, ") for each in trail[-2:]] == [True, True]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ask", "x" * 601), "The question has 601 characters; it may have 600"),
        (("ask", " "), "The question is empty"),
        (("reject", "--because", "x" * 301), "The reason has 301 characters; it may have 300"),
        (("reject", "--because", ""), "The reason is empty"),
    ],
)
def test_words_that_no_dialog_would_take_are_refused_at_the_command_line_too(
    desk: Desk, words: tuple[str, ...], said: str
) -> None:
    name = desk.recorded(stories.awaiting_approval())
    before = desk.now(name)
    assert said in desk.refused(words[0], name, *words[1:])
    assert desk.now(name) == before


def finds(desk: Desk, name: str, event: type[Any], rows: list[Any], finding: str) -> None:
    """A worker has looked."""
    found = Finding(finding, len(rows))
    happened = event(at=desk.at, step=desk.now(name).work.step, finding=found)
    desk.ledger.commit(name, lambda _: [happened], NewFinding(found, rows))


def test_targets_luns_and_places_are_picked_of_what_was_shown(desk: Desk) -> None:
    desk.sits(REQUESTER)
    desk.confirms("add", "iscsi", "10.0.0.5")
    name = opened(desk)
    assert "That isn't possible at this point" in desk.refused("pick", name)
    finds(desk, name, e.TargetsFound, [stories.TARGET, replace(stories.TARGET, iqn="iqn.other")], "targets1")
    told = desk.confirms("pick", name, typed=("2",))
    assert "    1  iqn.2001-05.com.example:0-8a0906-vol1  10.0.0.5:3260\n" in told
    assert "You picked iqn.other  10.0.0.5:3260. Now: Looking for LUNs." in told
    used = OfferedLun(replace(stories.LUN, lun_id=1), Usage("xenct", "Old", "uuid-1", attached=True))
    finds(desk, name, e.LunsFound, [used, stories.FREE], "luns1")
    assert "That LUN is in use by the SR" in desk.refused("pick", name, answers=("1",))
    told = desk.confirms("pick", name, typed=("2",))
    assert "(In use)\n" in told
    assert "(Free)\n" in told
    assert desk.now(name).lun == stories.LUN
    (*_, picked) = desk.ledger.trail(name)
    assert picked.via.startswith("command line, ")


def test_places_are_picked_too_and_only_by_who_asked(desk: Desk) -> None:
    desk.sits(REQUESTER)
    desk.confirms("add", "nfs", "10.0.0.9")
    name = opened(desk)
    finds(desk, name, e.PlacesFound, [Place("/export/srs", "/export/srs")], "places1")
    desk.sits(APPROVER)
    assert "Only the person who asked can do that" in desk.refused("pick", name)
    desk.sits(REQUESTER)
    assert "You picked /export/srs" in desk.confirms("pick", name, typed=("1",))
    assert "That isn't possible at this point" in desk.refused("pick", name)


def test_a_list_that_is_gone_is_not_picked_from(desk: Desk) -> None:
    desk.sits(REQUESTER)
    desk.confirms("add", "iscsi", "10.0.0.5")
    name = opened(desk)
    finds(desk, name, e.TargetsFound, [stories.TARGET], "targets1")
    desk.redis.delete(keys.finding("targets1"))
    told = desk.types("pick", name).stdout
    assert "The list is gone: go back and look again." in told
    assert "Look again" in told or "Change address" in told


def test_an_approval_is_taken_back(desk: Desk) -> None:
    name = desk.recorded(stories.awaiting_approval())
    assert "There is no approval of yours to withdraw" in desk.refused("withdraw", name)
    desk.confirms("approve", name)
    assert "You withdrew your approval of request" in desk.confirms("withdraw", name)
    assert (desk.now(name).state, desk.now(name).approvals) == (State.AWAITING_APPROVAL, ())


def test_who_asked_cancels(desk: Desk) -> None:
    name = desk.recorded(stories.awaiting_approval())
    desk.sits(REQUESTER)
    assert "Now: Cancelled." in desk.confirms("cancel", name)
    (*_, cancelled) = desk.ledger.trail(name)
    assert cancelled.via.startswith("command line, ")


def test_a_code_that_is_wrong_or_used_confirms_nothing(desk: Desk) -> None:
    name = desk.recorded(stories.awaiting_approval())
    wrong = desk.apps[APPROVER].does_not_show(desk.at)
    assert "That is not your one-time code of now" in desk.refused("approve", name, answers=(wrong,))
    desk.confirms("scan", "Builds")
    used = desk.apps[APPROVER].shows(desk.at)
    assert "was used already" in desk.refused("approve", name, answers=(used,))
    assert desk.now(name).approvals == ()
    assert desk.confirms("approve", name)


def test_five_wrong_codes_lock_somebody_out_here_as_in_slack(desk: Desk) -> None:
    name = desk.recorded(stories.awaiting_approval())
    for _ in range(5):
        desk.refused("approve", name, answers=(desk.apps[APPROVER].does_not_show(desk.at),))
    told = desk.refused("approve", name)
    assert "Too many wrong one-time codes were typed for you" in told
    assert "One-time code:" not in told
    desk.at += 15 * 60
    assert desk.confirms("approve", name)


def test_who_has_no_codes_or_no_account_does_nothing(desk: Desk) -> None:
    name = desk.recorded(stories.awaiting_approval())
    desk.sits(SECOND_APPROVER, enrolled=False)
    assert f"by `srbot code enrol` and your id `{SECOND_APPROVER}`" in desk.refused("approve", name)
    text = desk.config.read_text(encoding="utf-8")
    desk.config.write_text(text.replace(f"{ACCOUNT} =", "somebody-else ="), encoding="utf-8")
    for words in (("approve", name), ("show", name), ("list",), ("scan", "Builds")):
        assert f"accounts.{ACCOUNT}: is missing" in desk.refused(*words)


def test_without_slack_those_decide_who_are_named_and_rules_of_groups_wait(desk: Desk) -> None:
    name = desk.recorded(stories.awaiting_approval())
    desk.applies(GROUPS)
    told = desk.refused("approve", name)
    assert "nobody looked at who is in storage-admins" in told
    assert "Slack didn't say in time who is in the groups" in told
    tokens = {"SRBOT_SLACK_BOT_TOKEN": "xoxb-1", "SRBOT_SLACK_APP_TOKEN": "xapp-1"}
    desk.environ |= tokens
    assert "Slack can't be reached" in desk.refused("approve", name)
    desk.applies(PEOPLE)
    desk.confirms("approve", name)
    assert desk.now(name).state is State.QUEUED


def test_with_slack_the_members_of_groups_decide_here_too(desk: Desk, tmp_path: Path) -> None:
    with start(tmp_path / "slack") as slack:
        desk.reaches(slack)
        name = desk.recorded(stories.awaiting_approval())
        desk.applies(GROUPS)
        desk.sits(slack.users["outsider"])
        assert "You are not among those who decide" in desk.refused("approve", name)
        desk.sits(slack.users["approver-1"])
        desk.confirms("approve", name)
    assert [reading.group for reading in desk.now(name).readings] == ["S0STORADM1"]


def test_who_may_not_use_srbot_in_slack_may_not_here_where_slack_can_be_asked(desk: Desk, tmp_path: Path) -> None:
    with start(tmp_path / "slack") as slack:
        desk.reaches(slack)
        desk.sits(slack.users["guest"])
        assert "Guests can't use srbot" in desk.refused("scan", "Builds")
        desk.sits("U0NOBODY99")
        assert "srbot only works for members of this workspace" in desk.refused("scan", "Builds")
        desk.environ["SRBOT_SLACK_BOT_TOKEN"] = "xoxb-wrong"
        desk.confirms("scan", "Builds")
    assert len(desk.ledger.open_requests()) == 1


@pytest.mark.parametrize(
    ("channel", "said"),
    [("random", "srbot is not in this channel"), ("partners", "This channel is shared with another company")],
)
def test_for_a_channel_that_srbot_does_nothing_in_nothing_is_done_here_either(
    desk: Desk, tmp_path: Path, channel: str, said: str
) -> None:
    with start(tmp_path / "slack") as slack:
        desk.reaches(slack, channel)
        desk.sits(slack.users["requester"])
        assert said in desk.refused("scan", "Builds")
    assert desk.ledger.open_requests() == []


def test_requests_are_listed_and_shown_without_a_code(desk: Desk) -> None:
    name = desk.recorded(stories.awaiting_approval())
    assert name in desk.told("list", "waiting")
    assert name in desk.told("list", "all", "--channel", "C1")
    assert "You have no open request" in desk.told("list")
    shown = desk.told("show", name)
    assert "Waiting for approval" in shown
    assert "[ Approve ]" not in shown
    assert "srbot knows no request `nosuchone`" in desk.refused("show", "nosuchone")
    assert "srbot knows no request `nosuchone`" in desk.refused("approve", "nosuchone")
    desk.sits(REQUESTER)
    assert name in desk.told("list", "mine")
    assert "No request of this channel waits for you" in desk.told("list", "waiting")


def test_a_list_goes_on_to_its_end(desk: Desk) -> None:
    names = [f"abc234x{letter}{number}" for letter in "ab" for number in "2345678"]
    for name in names:
        desk.recorded(stories.awaiting_approval(), name)
    told = desk.told("list", "all")
    assert all(name in told for name in names)


def test_a_ledger_that_does_not_answer_takes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "does not answer" in desk.refused("list", SRBOT_REDIS_URL="unix:///nowhere/s.sock")
    assert "SRBOT_REDIS_URL is not set" in desk.refused("list", SRBOT_REDIS_URL=None)
    name = desk.recorded(stories.awaiting_approval())
    for sent, said in ((False, "Nothing was changed: send it again"), (True, f"Look with `srbot request show {name}`")):

        def silent(*_: object, sent: bool = sent) -> None:
            raise LedgerUnavailable("TimeoutError", sent=sent)

        with monkeypatch.context() as patched:
            patched.setattr(Ledger, "commit", silent)
            assert said in desk.refused("approve", name, answers=(desk.code(),))
    assert desk.now(name).approvals == ()


def test_somebody_who_was_faster_is_told_of_and_the_code_is_not_used_up(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = desk.recorded(stories.awaiting_approval())
    commit = Ledger.commit

    def late(ledger: Ledger, request_id: str, decide: Any) -> Any:  # noqa: ANN401 - as the ledger has it
        commit(ledger, request_id, lambda _: [e.Expired(at=desk.at)])
        return commit(ledger, request_id, decide)

    monkeypatch.setattr(Ledger, "commit", late)
    assert "This request has ended already" in desk.refused("approve", name, answers=(desk.code(),))
    assert desk.redis.exists(keys.used_code(APPROVER)) == 0


def test_a_code_is_shown_and_kept_nowhere(desk: Desk) -> None:
    name = desk.recorded(stories.awaiting_approval())
    code = desk.code()
    done = desk.types("approve", name, answers=(code,))
    assert done.exit_code == 0
    assert code not in done.stdout + done.stderr
    assert desk.apps[APPROVER].secret.reveal() not in done.output + desk.everything()
    assert code not in " ".join(map(str, desk.ledger.trail(name)))
