from __future__ import annotations

import pytest

from workers.troubles import HOST_RAW, CannotDoError, host_trouble, internal_trouble, trouble_of
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


def test_xenservers_own_words_stand_apart_from_the_facts() -> None:
    refused = RefusedError("host", ["SR_BACKEND_FAILURE_77", "", "canary text of the storage manager", ""])
    trouble = trouble_of(refused, FACTS, "r-1")
    assert "canary text of the storage manager" in trouble.raw
    assert "canary" not in repr(trouble.facts)
    assert trouble.fact("detail") == "LVMGroupCreate"


def test_a_password_in_xenservers_words_is_masked() -> None:
    said = "chappassword=canary-one failed, 'chappassword': 'canary-two'"
    trouble = trouble_of(RefusedError("host", ["SR_BACKEND_FAILURE_202", "", said, ""]), FACTS, "r-1")
    assert "canary" not in repr(trouble)


def test_one_host_of_many_is_told_in_few_of_xenservers_words() -> None:
    refused = RefusedError("host", ["SR_BACKEND_FAILURE_202", "", "x" * 5000, ""])
    trouble = host_trouble(refused, FACTS, "xen2", "iqn.xen2", "r-1")
    assert len(trouble.raw) == HOST_RAW
    assert (trouble.fact("host"), trouble.fact("iqn")) == ("xen2", "iqn.xen2")


@pytest.mark.parametrize("credential", ["", "tecmint"])
def test_a_host_that_the_array_does_not_let_in_is_not_said_to_have_the_wrong_chap(credential: str) -> None:
    refused = RefusedError("host", ["SR_BACKEND_FAILURE_68", "", "ISCSI login failed", ""])
    assert host_trouble(refused, {"credential": credential}, "xen2", "iqn", "r-1").reason == "login_refused"


def test_a_task_that_went_with_its_toolstack_is_xapis_failure() -> None:
    gone = RefusedError("host", ["HANDLE_INVALID", "task", "OpaqueRef:x"])
    assert trouble_of(gone, FACTS, "r-1").reason == "xapi_failed"
    assert trouble_of(RefusedError("host", ["HANDLE_INVALID", "SR", "x"]), FACTS, "r-1").reason != "xapi_failed"


def test_an_error_of_ours_has_its_reference_too() -> None:
    assert internal_trouble(FACTS, "r-1").reference == "r-1"
