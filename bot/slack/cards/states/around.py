"""What a card needs beside its request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.request.found import OfferedLun, Place, Target
from bot.request.model import Request
from bot.slack.cards.blocks import Block

Offers = Sequence[Target] | Sequence[OfferedLun] | Sequence[Place]
"""The rows of the discovery that a picker shows, where they fit into its menu."""


@dataclass(frozen=True, slots=True)
class Around:
    offers: Offers = ()


Body = Callable[[Request, Around], list[Block | None]]
"""Draws what a card says in one state, between its head and its foot."""
