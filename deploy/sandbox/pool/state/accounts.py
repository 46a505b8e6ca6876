"""Who called what how often, and which sessions, secrets and tasks each client made, ended and left behind."""

from __future__ import annotations

from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

COUNTED: Final = ("session", "secret", "task")


@dataclass(frozen=True, slots=True)
class Client:
    """Whose call is being carried out."""

    originator: str = ""
    session: str = ""
    """The session's reference."""


CLIENT: Final[ContextVar[Client]] = ContextVar("client", default=Client())  # noqa: B039 - it is frozen
"""Follows a call into the tasks that it starts."""


@dataclass(slots=True)
class Calls:
    by_method: Counter[str] = field(default_factory=Counter)
    by_originator: dict[str, Counter[str]] = field(default_factory=dict)
    by_session: dict[str, Counter[str]] = field(default_factory=dict)

    def count(self, method: str, client: Client) -> None:
        self.by_method[method] += 1
        self.by_originator.setdefault(client.originator, Counter())[method] += 1
        if client.session:
            self.by_session.setdefault(client.session, Counter())[method] += 1

    def reset(self) -> None:
        for counts in (self.by_method, self.by_originator, self.by_session):
            counts.clear()


@dataclass(slots=True)
class Lives:
    """Sessions, secrets and tasks by the client that made them; those of a run before this one belong to nobody."""

    made: Counter[tuple[str, Client]] = field(default_factory=Counter)
    ended: Counter[tuple[str, Client]] = field(default_factory=Counter)
    owners: dict[str, Client] = field(default_factory=dict)
    """By the reference, of those that weren't ended."""

    def begin(self, cls: str, ref: str) -> None:
        if cls in COUNTED:
            client = CLIENT.get()
            owner = Client(client.originator, ref) if cls == "session" else client
            self.owners[ref] = owner
            self.made[cls, owner] += 1

    def end(self, cls: str, ref: str) -> None:
        if cls in COUNTED:
            self.ended[cls, self.owners.pop(ref, Client())] += 1

    def reset(self) -> None:
        """Count anew; what lives keeps its owner."""
        self.made.clear()
        self.ended.clear()

    def told(self, tables: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, dict[str, dict[str, int]]]]:
        """`{"originators": {name: {class: {"created", "destroyed", "alive"}}}, "sessions": the same by reference}`."""
        by_originator = self._by(tables, lambda client: client.originator)
        by_session = self._by(tables, lambda client: client.session)
        return {"originators": by_originator, "sessions": by_session}

    def _by(
        self, tables: Mapping[str, Mapping[str, Any]], name: Callable[[Client], str]
    ) -> dict[str, dict[str, dict[str, int]]]:
        told: dict[str, dict[str, dict[str, int]]] = {}
        alive = Counter((cls, self.owners.get(ref, Client())) for cls in COUNTED for ref in tables[cls])
        for word, counts in (("created", self.made), ("destroyed", self.ended), ("alive", alive)):
            for (cls, client), count in counts.items():
                rows = told.setdefault(name(client), {each: _none() for each in COUNTED})
                rows[cls][word] += count
        return told


def _none() -> dict[str, int]:
    return {"created": 0, "destroyed": 0, "alive": 0}
