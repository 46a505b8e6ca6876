"""The types of SR that a pool has a driver for, and what a driver says of itself."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from workers.troubles import CannotDoError
from workers.xen.errors import BadAnswerError
from workers.xen.session import PoolSession

PROBES: Final = "SR_PROBE"
"""The capability of a driver that can look at storage before it is used (xapi: sm_exec.ml)."""

_REQUIRED: Final = "(required"
"""How a driver's own words for a key say that there has to be one (SM: CONFIGURATION of the drivers)."""


@dataclass(frozen=True, slots=True)
class Driver:
    """`keys` are those of device_config that it documents, each with its own words; `probes`: it can look before."""

    type: str
    name: str
    keys: Mapping[str, str]
    probes: bool

    def spelled(self, given: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        """Give typed keys as the driver writes them, sorted; raises CannotDoError for one that it doesn't document."""
        known = {key.lower(): key for key in self.keys}
        for key, _ in given:
            if key not in known:
                raise CannotDoError("key_unknown", **self._facts(key, known))
        missing = [key for key, words in self.keys.items() if _REQUIRED in words and key.lower() not in dict(given)]
        if missing:
            raise CannotDoError("key_missing", key=", ".join(missing), type=self.type)
        return tuple(sorted((known[key], value) for key, value in given))

    def _facts(self, key: str, known: Mapping[str, str]) -> dict[str, str]:
        near = [known[one] for one in difflib.get_close_matches(key, known, n=3)]
        return {"key": key, "type": self.type, "near": ", ".join(near), "known": ", ".join(self.keys)}


def supported_types(session: PoolSession) -> frozenset[str]:
    """Give the types of SR that the pool has a driver for. Raises XenError."""
    types: list[str] = session.call("SR.get_supported_types")
    return frozenset(types)


def refuse_unsupported(session: PoolSession, pool: str, sr_type: str) -> None:
    """Raise CannotDoError where the pool has no driver for SRs of a type. Raises XenError."""
    if sr_type not in supported_types(session):
        raise unsupported(pool, sr_type)


def refuse_undriven(session: PoolSession, pool: str, sr_type: str) -> frozenset[str]:
    """Do the same for a type that may be left open (empty), and give the types that there are. Raises XenError."""
    types = supported_types(session)
    if sr_type and sr_type not in types:
        raise unsupported(pool, sr_type)
    return types


def unsupported(pool: str, sr_type: str) -> CannotDoError:
    """Say that a pool has no driver for SRs of a type."""
    return CannotDoError("type_not_supported", type=sr_type, pool=pool)


def read_driver(session: PoolSession, pool: str, sr_type: str) -> Driver:
    """Read what the pool's driver for a type documents. Raises CannotDoError where there is none, XenError."""
    refuse_unsupported(session, pool, sr_type)
    records = session.call("SM.get_all_records")
    if not isinstance(records, dict):
        raise BadAnswerError(session.host, "SM.get_all_records")
    found: dict[str, Any] | None = next((one for one in records.values() if one["type"] == sr_type), None)
    if found is None:
        raise unsupported(pool, sr_type)
    return Driver(sr_type, found["name_label"], found["configuration"], PROBES in found["capabilities"])
