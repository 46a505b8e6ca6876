"""A policy as an installation could have it, and what is needed to ask it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.policy import Action, Approval, Danger, Decision, Members, Policy, Spent, Subject, evaluate, parse

TEXT: Final = """
[groups.storage-admins]
slack = "S0STORAGE"

[groups.security]
people = ["U0SEC1", "U0SEC2", "U0BOTH"]

[schedules.on-call]
zone = "Europe/Berlin"
people = ["U0CALL1", "U0CALL2"]
first = 2026-01-05
hand_over = "09:00"
shifts = [{ person = "U0CALL3", from = 2026-12-24T09:00:00, to = 2026-12-27T09:00:00 }]

[quiet.nights]
zone = "Europe/Berlin"
from = "20:00"
to = "07:00"
stops = ["automatic", "mentions", "runs"]

[may]
freeze = ["storage-admins", "on-call"]
thaw = ["storage-admins"]

[rules.shares]
when = { actions = ["add nfs", "add iso"], harmless = true }
decide = ["1 of storage-admins"]
automatic = { people = ["storage-admins"], per_day = 3, per_person = 2, zone = "Europe/Berlin" }
quiet = "nights"

[rules.block]
when = { actions = ["add iscsi", "add hba", "attach"] }
decide = ["1 of on-call or storage-admins"]
reason_required = true
approval_waits = "4 h"
runs_within = "2 h"
pauses = ["15 min", "1 h"]
escalate = [{ after = "30 min", to = ["storage-admins"] }]

[rules.large]
when = { actions = ["add iscsi", "add hba"], over = "10 TiB" }
decide = ["2 of storage-admins"]
step_up = "above 50 TiB"

[rules.destroy]
when = { pools = ["xenct"], actions = ["destroy", "format"] }
ask = ["storage-admins"]
decide = ["2 of storage-admins", "1 of security"]
ticket = "CHG[0-9]{7}"
ticket_is = "a change, CHG and 7 digits"
step_up = "always"

[rules.overriding]
when = { dangers = ["overrides"] }
decide = ["1 of security"]

[rules.everything-in-the-lab]
when = { pools = ["lab"] }
decide = ["1 of on-call or storage-admins"]

[deny.forget-in-prod]
when = { pools = ["prod"], actions = ["forget"] }
because = "SRs of prod are forgotten by hand."
"""

POLICY: Final[Policy] = parse(TEXT)
ADMINS: Final = frozenset({"U0ADM1", "U0ADM2", "U0ADM3", "U0BOTH"})
MEMBERS: Final = Members({"S0STORAGE": ADMINS})
UNREADABLE: Final = Members()
TIB: Final = 2**40


def berlin(text: str) -> float:
    """Give the instant of a time with its offset."""
    return datetime.fromisoformat(text).timestamp()


NOON: Final = berlin("2026-11-23T12:00:00+01:00")
"""A Monday; U0CALL1 is on call, having come at nine."""

ASKED: Final = Subject(
    pool="xenct",
    channel="C0STORAGE",
    action=Action.ADD_ISCSI,
    requester="U0ASKS",
    asked_at=NOON,
    size=TIB,
    dangers=frozenset({Danger.ERASES}),
    reason="room for builds",
    id="abc234xyz",
)
SHARE: Final = replace(ASKED, action=Action.ADD_NFS, dangers=frozenset(), size=None)
DESTROY: Final = replace(
    ASKED,
    action=Action.DESTROY,
    requester="U0ADM1",
    dangers=frozenset({Danger.ERASES, Danger.REMOVES}),
    reason="CHG0001234: old builds",
)


def approvals(*people: str, at: float = NOON, code: bool = False) -> tuple[Approval, ...]:
    """Let these approve at a time, with a one-time code or without."""
    return tuple(Approval(person, at, stepped_up=code) for person in people)


def ask(
    subject: Subject,
    given: tuple[Approval, ...] = (),
    *,
    members: Members = MEMBERS,
    policy: Policy = POLICY,
    now: float = NOON,
    spent: tuple[Spent, ...] = (),
) -> Decision:
    """Ask the policy."""
    return evaluate(policy, subject, members, given, now, spent)


def dangers_of(action: Action) -> frozenset[Danger]:
    """Say by hand what an action puts at risk."""
    by_hand = {
        Action.ADD_ISCSI: "erases",
        Action.ADD_HBA: "erases",
        Action.ADD_LOCAL: "erases",
        Action.ADD_OTHER: "erases",
        Action.FORMAT: "erases overrides",
        Action.DETACH: "removes",
        Action.FORGET: "removes",
        Action.DESTROY: "erases removes",
    }
    return frozenset(Danger(word) for word in by_hand.get(action, "").split())
