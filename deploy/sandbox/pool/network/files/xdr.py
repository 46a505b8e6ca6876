"""External data representation: whole words of four bytes, big-endian. Source: RFC 4506."""

from __future__ import annotations

from dataclasses import dataclass

from deploy.sandbox.pool.network.troubles import ProtocolError

_WORD = 4


@dataclass(slots=True)
class Reader:
    """Reads from the front; ProtocolError for what is cut off or longer than it may be."""

    data: bytes
    at: int = 0

    def fixed(self, length: int) -> bytes:
        end = self.at + length
        if end > len(self.data):
            message = "the server's answer is cut off"
            raise ProtocolError(message)
        value = self.data[self.at : end]
        self.at = end + -length % _WORD
        return value

    def word(self) -> int:
        return int.from_bytes(self.fixed(_WORD), "big")

    def double_word(self) -> int:
        return int.from_bytes(self.fixed(2 * _WORD), "big")

    def flag(self) -> bool:
        value = self.word()
        if value > 1:
            message = "the server's answer has a truth value that is none"
            raise ProtocolError(message)
        return bool(value)

    def opaque(self, longest: int) -> bytes:
        length = self.word()
        if length > longest:
            message = "the server's answer has more in one place than fits there"
            raise ProtocolError(message)
        return self.fixed(length)

    def text(self, longest: int) -> str:
        """A name; ProtocolError where it has control characters. What is not UTF-8 is replaced."""
        text = self.opaque(longest).decode("utf-8", "replace")
        if not text.isprintable():
            message = "the server's answer has a name with control characters"
            raise ProtocolError(message)
        return text


def word(value: int) -> bytes:
    return value.to_bytes(_WORD, "big")


def double_word(value: int) -> bytes:
    return value.to_bytes(2 * _WORD, "big")


def opaque(value: bytes) -> bytes:
    return word(len(value)) + value + bytes(-len(value) % _WORD)
