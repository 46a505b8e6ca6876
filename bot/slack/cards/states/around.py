"""What a card needs beside its request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.request.found import OfferedLun, Place, Target
from bot.request.model import Request
from bot.request.policy import Policy
from bot.slack.cards.blocks import Block

Offers = Sequence[Target] | Sequence[OfferedLun] | Sequence[Place]
"""The rows of the discovery that a picker shows, where they fit into its menu."""

NOBODY: Final = Policy(frozenset())


@dataclass(frozen=True, slots=True)
class Around:
    """`policy` is the one of the request's channel."""

    offers: Offers = ()
    policy: Policy = NOBODY


Body = Callable[[Request, Around], list[Block | None]]
"""Draws what a card says in one state, between its head and its foot."""
