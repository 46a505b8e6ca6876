from __future__ import annotations


class RequestRefusedError(Exception):
    """What was to be done with a request is not done; the message says why, and what to do next."""
