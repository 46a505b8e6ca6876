"""From an error to a Trouble: a stable reason, XenServer's code, and the facts that a sentence names.

The raw text of XenServer goes to the log, and into the Trouble for whoever asks for details; masked by `bot.storage`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import structlog

from bot.request.found import EVERY_TARGET, Trouble
from bot.request.model import Request
from bot.storage import StorageFailure, explain, read_failure
from workers.xen.errors import (
    CutOffError,
    LoginRefusedError,
    RefusedError,
    SessionLostError,
    TimedOutError,
    TlsMismatchError,
    UnreachableError,
    XenError,
)
from workers.xen.tasks import LOST_TASK

LOG = structlog.get_logger(__name__)

INTERNAL: Final = "internal"
CHAP_WRONG: Final = "chap_wrong"
CHAP_MISSING: Final = "chap_missing"
CHAP_REASONS: Final = frozenset({CHAP_WRONG, CHAP_MISSING})

HOST_RAW: Final = 600
"""Characters of XenServer's own words for each host: a pool has up to 64 of them (XenServer configuration limits)."""

XAPI_FAILED: Final = "xapi_failed"

_NO_SESSION: Final = 202
"""Of several targets none let the host in (SM: BaseISCSI.py takes the first of no sessions)."""

_LOGIN_NUMBERS: Final = frozenset({67, 68})
_RENAMED: Final[Mapping[str, str]] = {
    "initiator_iqn_missing": "host_iqn_missing",
    "operation_in_progress": "pool_busy",
    "storage_busy": "pool_busy",
}
_WAYS: Final[tuple[tuple[type[XenError], str], ...]] = (
    (LoginRefusedError, "xen_login_refused"),
    (SessionLostError, "session_lost"),
    (TlsMismatchError, "tls_mismatch"),
    (UnreachableError, "host_unreachable"),
    (TimedOutError, "xen_timeout"),
    (CutOffError, "connection_lost"),
)


class CannotDoError(Exception):
    """The step can't be done, for a reason of ours; `facts` are what its sentence names."""

    def __init__(self, reason: str, **facts: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts


def trouble_of(error: XenError | CannotDoError, facts: Mapping[str, str], reference: str) -> Trouble:
    """Say why a step could not be done; `facts` is what is known about the step."""
    if isinstance(error, CannotDoError):
        LOG.info("step_cannot_be_done", reason=error.reason, reference=reference, **error.facts)
        return Trouble(error.reason, "", _facts({**facts, **error.facts}), reference)
    if isinstance(error, RefusedError) and not isinstance(error, LoginRefusedError | SessionLostError):
        return _refusal(error, facts, reference)
    reason = next((reason for kind, reason in _WAYS if isinstance(error, kind)), "unreadable_answer")
    LOG.warning("xen_error", reason=reason, error=str(error), reference=reference)
    code = error.code if isinstance(error, RefusedError) else type(error).__name__
    return Trouble(reason, code, _facts({**facts, "host": facts.get("host") or error.about}), reference)


def host_trouble(error: XenError, facts: Mapping[str, str], host: str, iqn: str, reference: str) -> Trouble:
    """Say why one host does not see what the pool's master sees; `iqn` is the host's own."""
    trouble = trouble_of(error, {**facts, "host": host, "iqn": iqn}, reference)
    # The master could log in with the same CHAP: it is this host's IQN that the array doesn't let in.
    reason = "login_refused" if trouble.reason in CHAP_REASONS else trouble.reason
    return replace(trouble, reason=reason, raw=trouble.raw[:HOST_RAW])


def internal_trouble(facts: Mapping[str, str], reference: str) -> Trouble:
    """Say that we failed ourselves; the log has the rest under the reference."""
    return Trouble(INTERNAL, "", _facts(facts), reference)


def facts_of(request: Request) -> dict[str, str]:
    """What the sentence of a trouble may name."""
    return {
        "pool": request.pool,
        "address": str(request.address or request.share or ""),
        "iqn": request.target.iqn if request.target else "",
        "credential": request.credential or "",
    }


def _refusal(error: RefusedError, facts: Mapping[str, str], reference: str) -> Trouble:
    failure = read_failure(error.details)
    lost = error.details[:2] == LOST_TASK
    reason = XAPI_FAILED if lost else _reason(failure, with_credential=bool(facts.get("credential")))
    if failure.root == _NO_SESSION and facts.get("iqn") == EVERY_TARGET:
        reason = "all_targets_refused"
    LOG.warning("xen_refused", reason=reason, code=failure.code, text=failure.text, reference=reference)
    named = {"detail": failure.symbol or failure.code, "host": facts.get("host") or error.about}
    return Trouble(reason, failure.code, _facts({**facts, **named}), reference, failure.shown)


def _reason(failure: StorageFailure, *, with_credential: bool) -> str:
    if failure.root in _LOGIN_NUMBERS and _is_about_login(failure):
        return CHAP_WRONG if with_credential else CHAP_MISSING
    reason = explain(failure).reason
    return _RENAMED.get(reason, reason)


def _is_about_login(failure: StorageFailure) -> bool:
    # 67 says only that no device came up; where that was "during login" its text tells (SM: core/iscsi.py).
    return failure.root == 68 or "login" in failure.text.lower()  # noqa: PLR2004 - ISCSILogin


def _facts(facts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in facts.items() if value)
