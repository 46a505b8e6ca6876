"""Why a policy can't be put in force; by itself, so that knowing the error loads nothing that talks to Slack."""

from __future__ import annotations


class PolicyRefusedError(Exception):
    """The policy can't be put in force; the message has a line for each mistake."""
