"""A one-time code beside an approval: a stolen session of Slack is not enough."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.codes.folder import SecretsFolder
from bot.ledger import keys
from bot.ledger.policies import Policies, fallback_of
from bot.ledger.store import LedgerUnavailable
from bot.request import events as e
from bot.request.model import State
from bot.request.plan import Purpose, to_type
from tests.authenticator import App
from tests.integration.slack.stage import Stage
from tests.stories import HELD, LUN, START

POLICY = """
[rules.all]
decide = ["1 of {first} or {second}"]
step_up = "always"

[rules.overriding]
when = {{ dangers = ["overrides"] }}
decide = ["1 of {first} or {second}"]
"""
END = to_type(LUN)


def applies(stage: Stage, text: str) -> None:
    (bot,) = stage.bots
    users = stage.slack.users
    written = text.format(first=users["approver-1"], second=users["approver-2"])
    Policies(stage.redis, fallback_of(stage.settings)).apply(written, "somebody", START)
    stage.wait("the policy", lambda: bot.context.rules.policies.remembered.text == written)


@pytest.fixture
def strict(stage: Stage) -> Iterator[Stage]:
    """A stage on which every approval wants a code, and nobody has used or guessed one yet."""
    stage.clock.offset += 7200
    for name in ("approver-1", "approver-2"):
        stage.redis.delete(keys.wrong_codes(stage.slack.users[name]))
    applies(stage, POLICY)
    yield stage
    stage.clock.offset += 7200


def waiting(stage: Stage) -> tuple[str, Any]:
    """Give a request that waits for its approval, and its card."""
    name = stage.confirming()
    stage.person("requester").presses(stage.card("Ready: is this what you want?", name), "Request approval")
    return name, stage.card("Waiting for approval", "Each approval wants a one-time code", "Approve…", name)


def opens(stage: Stage, card: Any, person: str = "approver-1") -> dict[str, Any]:  # noqa: ANN401 - a message seen
    stage.person(person).presses(card, "Approve…")
    return stage.dialog(person)


def submits(stage: Stage, view: dict[str, Any], person: str = "approver-1", **typed: str) -> Any:  # noqa: ANN401 - an ack
    return stage.person(person).submits(view, typed)


def is_closed(answer: dict[str, Any]) -> bool:
    return answer["response_action"] is None


def forged(stage: Stage, metadata: str, person: str = "approver-1", **typed: str) -> Any:  # noqa: ANN401 - an ack
    """Deliver a submission that no dialog stands for."""
    values = {block: {"input": {"type": "plain_text_input", "value": text}} for block, text in typed.items()}
    payload = {
        "type": "view_submission",
        "team": {"id": stage.slack.workspace["team_id"]},
        "api_app_id": stage.slack.workspace["app_id"],
        "user": {"id": stage.slack.users[person], "team_id": stage.slack.workspace["team_id"]},
        "view": {
            "id": "V1",
            "type": "modal",
            "callback_id": "approve_over",
            "private_metadata": metadata,
            "state": {"values": values},
        },
    }
    return stage.control("deliver", {"type": "interactive", "payload": payload})["ack"].get("payload") or None


def test_an_approval_with_the_code_of_ones_app_counts_and_the_thread_says_so(strict: Stage) -> None:
    app = strict.app_of("approver-1")
    name, card = waiting(strict)
    view = opens(strict, card)
    assert all(text in str(view) for text in ("Approve and create this SR?", "six digits", name, "LUN 0"))
    assert is_closed(submits(strict, view, code=app.shows(strict.clock())))
    strict.wait("queued", lambda: strict.now(name).state is State.QUEUED)
    strict.thread(strict.card(name), "approved plan 1, with a one-time code.")
    (yes,) = strict.now(name).approvals
    assert yes.stepped_up
    (approved,) = [event for event in strict.ledger.trail(name) if isinstance(event, e.Approved)]
    assert approved.code_step in {int(strict.clock()) // 30 - step for step in (0, 1)}


def test_a_wrong_code_is_said_beside_the_input_and_changes_nothing(strict: Stage) -> None:
    app = strict.app_of("approver-1")
    name, card = waiting(strict)
    view = opens(strict, card)
    told = submits(strict, view, code=app.does_not_show(strict.clock()))
    assert "That is not your one-time code of now" in told["errors"]["code"]
    assert strict.now(name).approvals == ()
    assert is_closed(submits(strict, view, code=app.shows(strict.clock())))


def test_a_code_counts_once_and_the_next_one_again(strict: Stage) -> None:
    app = strict.app_of("approver-1")
    _, card = waiting(strict)
    used = app.shows(strict.clock())
    assert is_closed(submits(strict, opens(strict, card), code=used))
    name, card = waiting(strict)
    view = opens(strict, card)
    assert "was used already" in submits(strict, view, code=used)["errors"]["code"]
    assert strict.now(name).approvals == ()
    strict.clock.offset += 30
    assert is_closed(submits(strict, view, code=app.shows(strict.clock())))


def test_where_an_sr_dies_its_end_is_typed_too_and_stays_typed_beside_a_wrong_code(strict: Stage) -> None:
    app = strict.app_of("approver-1")
    name = formatting(strict)
    view = opens(strict, strict.card("Waiting for approval", "is destroyed", name))
    wrong = submits(strict, view, typed="000000", code=app.shows(strict.clock()))
    assert "That is not the end" in wrong["errors"]["typed"]
    told = submits(strict, view, typed=END, code=app.does_not_show(strict.clock()))
    assert list(told["errors"]) == ["code"]
    held = strict.person("approver-1").dialog()
    assert held is not None
    assert held["state"]["values"]["typed"]["input"]["value"] == END
    assert is_closed(submits(strict, view, typed=END, code=app.shows(strict.clock())))
    strict.thread(strict.card(name), "and typed the end of the SCSIid, with a one-time code.")
    (yes,) = strict.now(name).approvals
    assert (yes.typed, yes.stepped_up) == (END, True)


def formatting(stage: Stage) -> str:
    """A request to format over an SR that waits for approval."""
    found = stage.inspecting()
    stage.sr_is_found(found)
    requester = stage.person("requester")
    requester.presses(stage.card("The LUN holds an SR already", found), "Format over it…")
    view = stage.dialog("requester")
    requester.submits(view, {"typed": END})
    name = str(view["private_metadata"]).rpartition(":")[2]
    stage.plan_is_made(name, purpose=Purpose.FORMAT, held=HELD)
    requester.presses(stage.card("is destroyed", name, "Request approval"), "Request approval")
    return name


def test_who_has_no_codes_is_told_how_to_get_them_and_sees_no_dialog(strict: Stage) -> None:
    _, card = waiting(strict)
    person = strict.person("approver-2")
    SecretsFolder(strict.settings.codes_folder or Path()).revoke(person.id)
    person.presses(card, "Approve…")
    strict.private("approver-2", "You have no one-time codes", "`srbot code enrol`", f"`{person.id}`")
    assert person.dialog() is None


@pytest.mark.parametrize(
    ("person", "told"),
    [("requester", "You asked for this yourself"), ("outsider", "You are not among those who decide")],
)
def test_who_must_not_approve_is_told_that_first_and_uses_up_no_code(strict: Stage, person: str, told: str) -> None:
    app = strict.app_of(person)
    name, card = waiting(strict)
    strict.person(person).presses(card, "Approve…")
    strict.private(person, told)
    assert strict.person(person).dialog() is None
    assert told in str(forged(strict, f"{name}:1", person, code=app.shows(strict.clock())))
    assert strict.redis.exists(keys.used_code(strict.slack.users[person])) == 0
    assert strict.now(name).approvals == ()


def test_five_wrong_codes_lock_a_person_out_for_a_while_and_nobody_else(strict: Stage) -> None:
    first, second = strict.app_of("approver-1"), strict.app_of("approver-2")
    name, card = waiting(strict)
    view = opens(strict, card)
    for _ in range(5):
        assert "errors" in submits(strict, view, code=first.does_not_show(strict.clock()))
    assert submits(strict, view, code=first.shows(strict.clock()))["response_action"] == "update"
    told = strict.person("approver-1").dialog()
    assert "Too many wrong one-time codes were typed for you" in str(told)
    strict.person("approver-1").closes(told or {})
    strict.person("approver-1").presses(card, "Approve…")
    strict.private("approver-1", "Too many wrong one-time codes", "in `15` minutes")
    assert strict.now(name).approvals == ()
    assert is_closed(
        submits(strict, opens(strict, card, "approver-2"), "approver-2", code=second.shows(strict.clock()))
    )
    _, card = waiting(strict)
    strict.clock.offset += 15 * 60
    assert is_closed(submits(strict, opens(strict, card), code=first.shows(strict.clock())))


def test_what_carries_no_code_approves_nothing_and_is_no_guess(strict: Stage) -> None:
    app = strict.app_of("approver-1")
    name, _ = waiting(strict)
    strict.clicks("approver-1", {"action_id": "approve", "value": f"{name}:1"})
    strict.private("approver-1", "Slack did not open the dialog", "press again")
    assert strict.now(name).approvals == ()
    assert "press Approve again, and type yours" in str(forged(strict, f"{name}:1"))
    assert "press Approve again, and type yours" in str(forged(strict, f"{name}:1", code=""))
    assert forged(strict, f"{name}:1", code=app.shows(strict.clock())) is None
    assert strict.redis.llen(keys.wrong_codes(strict.slack.users["approver-1"])) == 0


def test_a_card_that_was_drawn_before_codes_were_wanted_leads_to_the_dialog(strict: Stage) -> None:
    app = strict.app_of("approver-1")
    applies(strict, POLICY.replace('step_up = "always"\n', ""))
    name = strict.awaiting()
    card = strict.card("Waiting for approval", name, without=["one-time code"])
    applies(strict, POLICY)
    strict.person("approver-1").presses(card, "Approve")
    view = strict.dialog("approver-1")
    assert strict.now(name).approvals == ()
    assert is_closed(submits(strict, view, code=app.shows(strict.clock())))
    strict.wait("queued", lambda: strict.now(name).state is State.QUEUED)


def test_a_card_that_was_drawn_while_codes_were_wanted_can_be_approved_without_one(strict: Stage) -> None:
    name, card = waiting(strict)
    applies(strict, POLICY.replace('step_up = "always"\n', ""))
    view = opens(strict, card)
    assert all(block["type"] != "input" for block in view["blocks"])
    assert is_closed(submits(strict, view))
    strict.wait("queued", lambda: strict.now(name).state is State.QUEUED)
    assert not strict.now(name).approvals[0].stepped_up


def test_an_approval_without_a_code_counts_for_nothing_once_the_policy_wants_one(strict: Stage) -> None:
    app = strict.app_of("approver-1")
    applies(strict, POLICY.replace("1 of", "2 of").replace('step_up = "always"\n', ""))
    name = strict.awaiting()
    card = strict.card("Waiting for approval", name)
    strict.person("approver-1").presses(card, "Approve")
    card = strict.card("Approved by", name)
    applies(strict, POLICY)
    strict.person("approver-1").presses(card, "Approve")
    assert is_closed(submits(strict, strict.dialog("approver-1"), code=app.shows(strict.clock())))
    strict.wait("queued", lambda: strict.now(name).state is State.QUEUED)
    assert [yes.stepped_up for yes in strict.now(name).approvals] == [False, True]


def test_a_ledger_that_is_silent_uses_up_no_code_and_leaves_the_dialog_open(
    strict: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = strict.app_of("approver-1")
    name, card = waiting(strict)
    view = opens(strict, card)
    (bot,) = strict.bots

    def silent(*_: object) -> None:
        raise LedgerUnavailable("TimeoutError")

    with monkeypatch.context() as patched:
        patched.setattr(bot.context.ledger, "commit", silent)
        told = submits(strict, view, code=app.shows(strict.clock()))
    assert "could not record that in time" in told["errors"]["code"]
    assert is_closed(submits(strict, view, code=app.shows(strict.clock())))
    assert len(strict.now(name).approvals) == 1


def test_a_code_stands_nowhere_but_in_the_dialog(strict: Stage, capfd: pytest.CaptureFixture[str]) -> None:
    app = strict.app_of("approver-1")
    name, card = waiting(strict)
    right, wrong = app.shows(strict.clock()), app.does_not_show(strict.clock())
    view = opens(strict, card)
    submits(strict, view, code=wrong)
    assert is_closed(submits(strict, view, code=right))
    strict.outbox_is_empty()
    held = [str(strict.redis.dump(key)) for key in strict.redis.keys("*")]
    trail = str(strict.ledger.trail(name))
    said = capfd.readouterr()
    for text in (*held, str(strict.transcript()), said.out, said.err, trail):
        assert app.secret.reveal() not in text
    for text in (str(strict.transcript()), said.out, said.err, trail):
        assert f"'{right}'" not in text
        assert f"'{wrong}'" not in text


def test_an_app_that_was_revoked_meanwhile_confirms_nothing(strict: Stage) -> None:
    app = strict.app_of("approver-1")
    name, card = waiting(strict)
    view = opens(strict, card)
    assert strict.settings.codes_folder is not None
    (strict.settings.codes_folder / strict.slack.users["approver-1"]).unlink()
    assert submits(strict, view, code=app.shows(strict.clock()))["response_action"] == "update"
    assert "You have no one-time codes" in str(strict.person("approver-1").dialog())
    assert strict.now(name).approvals == ()


def test_the_same_dialog_submitted_twice_at_once_is_one_approval(strict: Stage) -> None:
    app: App = strict.app_of("approver-1")
    name, _ = waiting(strict)
    right = app.shows(strict.clock())
    assert forged(strict, f"{name}:1", code=right) is None
    assert "isn't waiting for a decision" in str(forged(strict, f"{name}:1", code=right))
    assert len(strict.now(name).approvals) == 1
