from __future__ import annotations


class PolicyRefusedError(Exception):
    """The policy can't be put in force; the message has a line for each mistake."""
