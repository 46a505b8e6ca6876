"""`srbot policy`: check, test, apply, show, explain, simulate."""

from __future__ import annotations

import getpass
import os
import socket
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from redis import Redis

from bot.deciding import Standing
from bot.ledger.policies import Policies, fallback_of
from bot.ledger.store import Ledger
from bot.policy import (
    Case,
    Members,
    Outcome,
    Policy,
    PolicyError,
    evaluate,
    explain,
    parse_cases,
    simulate,
    try_cases,
)
from bot.settings import Settings
from deploy.ledger import opened, required
from deploy.policies.checking import check, read, text_of
from deploy.policies.looking_back import pasts
from deploy.policies.refused import PolicyRefusedError


def check_file(file: Path, settings: Settings) -> Iterator[str]:
    """Say that a policy is right, and what could not be looked at. Raises PolicyRefusedError."""
    checked = check(read(file), settings, os.environ)
    yield f"{file}: right; {len(checked.policy.rules)} rules, digest {checked.policy.digest[:12]}"
    yield from checked.notes


def apply_file(file: Path, settings: Settings, by: str | None) -> Iterator[str]:
    """Put a policy in force. Raises PolicyRefusedError where it can't be met; the one before then stays."""
    checked = check(read(file), settings, os.environ)
    if checked.notes:
        raise PolicyRefusedError("\n".join(checked.notes))
    with policies(settings) as found:
        before = found.applied()
        after = found.apply(checked.policy.text, by or _operator(), time.time())
    same = before is not None and before.number == after.number
    yield f"policy {after.number} {'was' if same else 'is now'} in force; digest {after.digest[:12]}"


def show_in_force(settings: Settings, *, history: bool) -> Iterator[str]:
    """Give the policy in force as it was written, or who put which one in force when."""
    with policies(settings) as found:
        applied, each = found.applied(), found.history()
        text = found.in_force().policy.text
    if history:
        yield from (f"{it.number}  {_moment(it.at)}  {it.digest[:12]}  {it.by}" for it in each)
        return
    if applied is None:
        yield "# No policy was applied yet: this is what the channels of the configuration say."
    else:
        yield f"# Policy {applied.number}, put in force by {applied.by} at {_moment(applied.at)}."
    yield text.rstrip("\n")


def try_file(cases: Path, settings: Settings, file: Path | None) -> Iterator[str]:
    """Try cases out on a policy; raises PolicyRefusedError where some answer is not the one that is expected."""
    policy = _policy(settings, file)
    tried = try_cases(policy, _cases(cases, policy))
    wrong = [f"{it.case.name}: {mistake}" for it in tried for mistake in it.mistakes]
    if wrong:
        raise PolicyRefusedError("\n".join(wrong))
    yield f"{len(tried)} cases, each answered as expected"


def explain_request(request_id: str, settings: Settings, file: Path | None) -> Iterator[str]:
    """Say what a policy answers about a request as it stands. Raises PolicyRefusedError where there is none."""
    policy = _policy(settings, file)
    with connected() as redis:
        request = Ledger(redis).load(request_id)
    if request is None:
        message = f"{request_id}: there is no such request"
        raise PolicyRefusedError(message)
    recorded = Members({it.group: frozenset(it.people) for it in request.readings})
    yield from explain(Standing(policy, members=recorded).decides(request, time.time()))


def explain_case(cases: Path, name: str, settings: Settings, file: Path | None) -> Iterator[str]:
    """Say what a policy answers about a hypothetical, which is written as a case. Raises PolicyRefusedError."""
    policy = _policy(settings, file)
    found = {it.name: it for it in _cases(cases, policy)}
    case = found.get(name)
    if case is None:
        message = f"{cases}: has no case {name!r}; it has: {', '.join(found)}"
        raise PolicyRefusedError(message)
    decision = evaluate(policy, case.subject, case.members, case.approvals, case.now, case.spent)
    yield from explain(decision)


def simulate_last(count: int, settings: Settings, file: Path | None) -> Iterator[str]:
    """Say what a policy would have answered to the last requests, with the people who decided about them."""
    policy = _policy(settings, file)
    with connected() as redis:
        past = pasts(redis, count)
    results = simulate(policy, Members(), past)
    for it in results:
        changed = "" if not it.differs else f"  (was: {_WORDS[it.past.outcome]})"
        asked = f"{it.past.subject.id}  {it.past.subject.action} in {it.past.subject.pool}"
        yield f"{asked}: {_WORDS[it.decision.outcome]}, {it.decision.reason_code}{changed}"
    yield f"{len(results)} requests, {sum(it.differs for it in results)} with another answer than they got"


_WORDS: Final = {Outcome.PERMIT: "yes", Outcome.PENDING: "not yet", Outcome.DENY: "no"}


def _cases(file: Path, policy: Policy) -> tuple[Case, ...]:
    try:
        return parse_cases(text_of(file), policy)
    except PolicyError as error:
        raise PolicyRefusedError("\n".join(f"{file}: {mistake}" for mistake in error.mistakes)) from None


def _policy(settings: Settings, file: Path | None) -> Policy:
    if file is not None:
        return read(file)
    with policies(settings) as found:
        return found.in_force().policy


def connected() -> AbstractContextManager[Redis]:
    """Connect to the ledger's server; raises SettingsError, NoAnswerError."""
    return opened(required(os.environ))


@contextmanager
def policies(settings: Settings) -> Iterator[Policies]:
    with connected() as redis:
        yield Policies(redis, fallback_of(settings))


def _operator() -> str:
    """Say who works at the command line: the account, and the machine."""
    return f"{getpass.getuser()}@{socket.gethostname()}"


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
