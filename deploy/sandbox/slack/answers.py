from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]

# The shapes of Slack's tokens and of the secrets in its URLs; they stay out of the journal.
_TOKENS = re.compile(r"\b(xoxb|xapp|xoxp)-[A-Za-z0-9-]+")


class ApiError(Exception):
    """Slack's `{"ok": false, "error": …}`, with whatever else the answer carries."""

    def __init__(self, error: str, **more: object) -> None:
        super().__init__(error)
        self.error = error
        self.more = more

    def body(self) -> Json:
        return {"ok": False, "error": self.error, **self.more}


def invalid_arguments(*messages: str) -> ApiError:
    return ApiError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {m}" for m in messages]})


def masked(value: object) -> object:
    """Return the JSON value with every token in it cut to its kind."""
    if isinstance(value, str):
        return _TOKENS.sub(r"\1-…", value)
    if isinstance(value, dict):
        return {key: masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [masked(item) for item in value]
    return value
