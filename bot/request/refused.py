"""A no that people are told."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - an answer, not an accident
    """The answer is no; `reason_code` says why, `facts` what the sentence names. Nothing was changed."""

    def __init__(self, reason_code: str, **facts: str) -> None:
        super().__init__(reason_code)
        self.reason_code = reason_code
        self.facts = facts
