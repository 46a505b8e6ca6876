from __future__ import annotations

import pytest

from workers.troubles import CannotDoError, internal_trouble, trouble_of
from workers.xen.errors import (
    BadAnswerError,
    CutOffError,
    LoginRefusedError,
    RefusedError,
    SessionLostError,
    TimedOutError,
    TlsMismatchError,
    UnreachableError,
    XenError,
)

FACTS = {"address": "10.0.0.5:3260", "credential": ""}


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (LoginRefusedError("host", ["SESSION_AUTHENTICATION_FAILED", "root", "x"]), "xen_login_refused"),
        (SessionLostError("host", ["SESSION_INVALID"]), "session_lost"),
        (TlsMismatchError("host"), "tls_mismatch"),
        (UnreachableError("host"), "host_unreachable"),
        (TimedOutError("host"), "xen_timeout"),
        (CutOffError("host"), "connection_lost"),
        (BadAnswerError("host"), "unreadable_answer"),
        (RefusedError("host", []), "unknown"),
        (RefusedError("host", ["SR_BACKEND_FAILURE_67", "", "no device [opterr=during login]", ""]), "chap_missing"),
        (RefusedError("host", ["SR_BACKEND_FAILURE_67", "", "ISCSI device failed to appear", ""]), "device_missing"),
        (RefusedError("host", ["SR_BACKEND_FAILURE_201", "", "busy", ""]), "pool_busy"),
        (RefusedError("host", ["OTHER_OPERATION_IN_PROGRESS", "SR", "x"]), "pool_busy"),
        (RefusedError("host", ["CANNOT_CONTACT_HOST", "x"]), "host_unreachable"),
        (CannotDoError("no_luns", iqn="iqn.x"), "no_luns"),
    ],
)
def test_every_error_has_a_reason_and_the_reference(error: XenError | CannotDoError, reason: str) -> None:
    trouble = trouble_of(error, FACTS, "r-1")
    assert (trouble.reason, trouble.reference) == (reason, "r-1")
    assert trouble.fact("address") == "10.0.0.5:3260"
    assert "credential" not in dict(trouble.facts)


def test_a_wrong_chap_is_told_from_a_missing_one() -> None:
    refused = RefusedError("host", ["SR_BACKEND_FAILURE_68", "", "ISCSI login failed", ""])
    assert trouble_of(refused, {"credential": "tecmint"}, "r-1").reason == "chap_wrong"
    assert trouble_of(refused, FACTS, "r-1").reason == "chap_missing"


def test_xenservers_raw_text_is_in_the_log_only() -> None:
    refused = RefusedError("host", ["SR_BACKEND_FAILURE_77", "", "canary text of the storage manager", ""])
    trouble = trouble_of(refused, FACTS, "r-1")
    assert "canary" not in repr(trouble)
    assert trouble.fact("detail") == "LVMGroupCreate"


def test_an_error_of_ours_has_its_reference_too() -> None:
    assert internal_trouble(FACTS, "r-1").reference == "r-1"
