from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from deploy.sandbox.slack.answers import Json


@dataclass(slots=True)
class Fault:
    """Something to go wrong the next `times` times that `method` is called (a Web API method or response_url).

    `error` answers ok: false, `status` an HTTP status (with `retry_after` seconds on 429), `delay` waits that
    many seconds before the call takes effect, `cut` closes the connection after the effect, before the answer.
    """

    method: str
    error: str | None = None
    status: int | None = None
    retry_after: int = 1
    delay: float = 0.0
    cut: bool = False
    times: int = 1
    happened: int = 0


@dataclass(slots=True)
class Faults:
    planned: list[Fault] = field(default_factory=list)

    def plan(self, fields: Mapping[str, object]) -> None:
        """Raise TypeError for a field that a fault doesn't have."""
        self.planned.append(Fault(**fields))  # type: ignore[arg-type] # checked by the dataclass's own names

    def strike(self, method: str) -> Fault | None:
        for fault in self.planned:
            if fault.method == method and fault.happened < fault.times:
                fault.happened += 1
                return fault
        return None

    def told(self) -> list[Json]:
        return [asdict(fault) for fault in self.planned]
