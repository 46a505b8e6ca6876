"""Writes down which calls the workers make of a pool, in their order and with their arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from workers.xen.session import PoolSession


@dataclass
class Recorded:
    calls: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)

    def of(self, *methods: str) -> list[tuple[str, tuple[Any, ...]]]:
        return [call for call in self.calls if call[0] in methods]

    def configs(self) -> list[dict[str, str]]:
        """The device_config of every probe."""
        return [args[1] for _, args in self.of("Async.SR.probe")]

    def changing(self) -> list[str]:
        """The calls that change something which outlives the step."""
        reading = ("get_", "task.", "secret.", "Async.SR.probe")
        return [method for method, _ in self.calls if not any(part in method for part in reading)]


@contextmanager
def recorded() -> Iterator[Recorded]:
    record, send = Recorded(), PoolSession.call

    def call(self: PoolSession, method: str, *args: object) -> object:
        record.calls.append((method, args))
        return send(self, method, *args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PoolSession, "call", call)
        yield record


class Killed(BaseException):
    """The worker's process is gone: nothing that tidies up runs any more."""


@contextmanager
def killed(method: str, *, nth: int = 1, before: bool = False) -> Iterator[None]:
    """Kill the worker at its nth call of a method, before the call or when its answer has come."""
    send, left = PoolSession.call, [nth]

    def call(self: PoolSession, name: str, *args: object) -> object:
        if left[0] == 0:
            raise Killed
        left[0] -= name == method
        if left[0] == 0 and before:
            raise Killed
        answer = send(self, name, *args)
        if left[0] == 0:
            raise Killed
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PoolSession, "call", call)
        with pytest.raises(Killed):
            yield


@contextmanager
def during(method: str, happens: Callable[[], object], nth: int = 1) -> Iterator[None]:
    """Let something happen right before a worker makes a call for the nth time."""
    send, left = PoolSession.call, [nth]

    def call(self: PoolSession, called: str, *args: object) -> object:
        if called == method:
            left[0] -= 1
            if left[0] == 0:
                happens()
        return send(self, called, *args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PoolSession, "call", call)
        yield
