"""Every Redis key of the ledger, named once. All of them start with `srbot:`."""

from __future__ import annotations

from typing import Final

AUDIT: Final = "srbot:audit"
"""Stream: one record per event, in commit order."""

OUTBOX: Final = "srbot:outbox"
"""Stream: what the publisher has to show; kinds and ids only."""

DUE: Final = "srbot:due"
"""Sorted set: "<what>:<request>" by the time at which it is due."""

OPEN: Final = "srbot:open"
"""Set of the requests that have not ended."""

POLICY: Final = "srbot:policy"
"""The policy in force: its text, digest and number, by whom and when."""

POLICIES: Final = "srbot:policies"
"""List: every policy that was put in force, the first one first."""

POLICY_TEXTS: Final = "srbot:policy-texts"
"""Hash: the texts of policies that something was decided by, by digest."""

FREEZES: Final = "srbot:freezes"
"""Hash: what is frozen, by pool; the empty name stands for all of them."""

SPENT: Final = "srbot:spent"
"""Sorted set: what rules have let pass automatically, by when."""

HOMES: Final = "srbot:homes"
"""Sorted set: who has opened their Home tab, by when."""

PUBLISHER_LEASE: Final = "srbot:lease:publisher"
"""Who publishes now; one bot at a time."""


def request(request_id: str) -> str:
    """Hash: `version` and `doc`, the projection of the request; `head`, the hash of its last record."""
    return f"srbot:request:{request_id}"


def trail(request_id: str) -> str:
    """List: the request's events, oldest first. Its length is the request's version."""
    return f"srbot:trail:{request_id}"


def chain(name: str) -> str:
    """Hash: `number` and `head`, where a chain of records stands that are about no request."""
    return f"srbot:chain:{name}"


def finding(finding_id: str) -> str:
    """Stored discovery: a JSON array; expires when nobody can pick from it any more."""
    return f"srbot:finding:{finding_id}"


def lun(scsi_id: str) -> str:
    """Set: the open requests that want a LUN, whatever pool they are for."""
    return f"srbot:lun:{scsi_id}"


def lun_run(scsi_id: str) -> str:
    """The request whose plan runs on a LUN now."""
    return f"srbot:lun-run:{scsi_id}"


def shown(request_id: str) -> str:
    """Hash: what stands in Slack: the card's channel, ts and digest, and the number of thread lines posted."""
    return f"srbot:shown:{request_id}"


def open_of(user: str) -> str:
    """Sorted set: the open requests that a person has asked for, by when."""
    return f"srbot:open-of:{user}"


def ended_of(user: str) -> str:
    """Sorted set: the requests of a person that have ended, by when they did; expires."""
    return f"srbot:ended-of:{user}"


def open_in(channel: str) -> str:
    """Sorted set: the open requests of a channel, by when they were asked."""
    return f"srbot:open-in:{channel}"


def awaiting_in(channel: str) -> str:
    """Sorted set: those of them that wait for an approval."""
    return f"srbot:awaiting-in:{channel}"


def question(question_id: str) -> str:
    """A question and its answer; expires."""
    return f"srbot:question:{question_id}"


def master(pool: str) -> str:
    """Hash with one field: the address that answered as the pool's master, and that host's reference."""
    return f"srbot:master:{pool}"


def held(pool: str) -> str:
    """Hash: what attempts hold open on a pool, sealed notes by attempt."""
    return f"srbot:held:{pool}"


def used_code(user: str) -> str:
    """The time step of the one-time code that a person used last: it counts once."""
    return f"srbot:used-code:{user}"


def wrong_codes(user: str) -> str:
    """List: when a person typed wrong one-time codes of late, the newest first; expires."""
    return f"srbot:wrong-codes:{user}"


def silent(worker: str) -> str:
    """That a worker did not report at a look."""
    return f"srbot:silent:{worker}"
