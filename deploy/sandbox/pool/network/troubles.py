"""What goes wrong on the way to real storage; every message is fit to be shown."""

from __future__ import annotations


class NetworkError(Exception):
    """Its message says what went wrong; it never holds what a server sent, nor a password."""


class UnreachableError(NetworkError):
    """No TCP connection came up in time."""


class ProtocolError(NetworkError):
    """What came is not what the protocol says, or is more than anybody needs."""


class SilentError(NetworkError):
    """The answer didn't come in time."""


class DeniedError(NetworkError):
    """The server said no."""
