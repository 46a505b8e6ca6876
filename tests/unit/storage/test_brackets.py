from __future__ import annotations

from bot.storage import explain_text


def test_a_bracket_that_closes_nothing_hides_no_failure() -> None:
    told = explain_text('] done ]\n["SR_BACKEND_FAILURE_107", "", "The SCSIid is missing", ""]')
    assert (told.kind, told.code) == ("error", "SR_BACKEND_FAILURE_107")
