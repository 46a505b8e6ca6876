"""A command that is answered privately, in its ack."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from slack_bolt import Ack, App, BoltRequest

from bot.request.grammar import parse
from bot.slack.cards.blocks import Message
from bot.slack.gate import received_at
from bot.slack.listeners.commands import COMMAND
from bot.slack.listeners.settling import Body
from bot.slack.payload import Caller, read_caller

Typed = TypeVar("Typed")
Answer = Callable[[Typed, Caller, float], Message]
"""From what was typed, who typed it, and when it came as a moment of time.monotonic()."""


def answer_to(app: App, kind: type[Typed], answer: Answer[Typed]) -> None:
    """Let a kind of command be answered."""

    def read(body: Body) -> Typed | None:
        command = parse(str(body.get("text") or ""))
        return command if isinstance(command, kind) else None

    def is_typed(body: Body) -> bool:
        return read(body) is not None

    @app.command(COMMAND, matchers=[is_typed])
    def typed(ack: Ack, body: Body, req: BoltRequest) -> None:
        command = read(body)
        if command is not None:
            said = answer(command, read_caller(body), received_at(req))
            ack(response_type="ephemeral", text=said.text, blocks=list(said.blocks))
