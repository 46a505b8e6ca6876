from __future__ import annotations

import hmac
from typing import Never


class Secret:
    """A value that no message, log line, traceback, pickle or copy shows. Only `reveal` gives it."""

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        return self.__value

    def __repr__(self) -> str:
        return "Secret(hidden)"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self.__value.encode(), other.reveal().encode())

    __hash__ = None  # type: ignore[assignment] # a hash of a secret tells something about it

    def __reduce__(self) -> Never:
        message = "a secret is neither pickled nor copied"
        raise TypeError(message)
