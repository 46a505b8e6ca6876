"""A simulated pool that looks at real storage, and what the XenAPI package gets from it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import XenAPI

from deploy.sandbox.pool.scenario.reading import read_scenario
from deploy.sandbox.pool.serving import running_pool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOST_IQN = "iqn.2026-01.com.example:bench-1"
SCENARIO = f"""
[pool]
name = "bench"
storage = "network"
[[hosts]]
name = "bench-1"
address = "127.0.0.1"
iqn = "{HOST_IQN}"
"""


class Asking:
    """A session of the XenAPI package with the pool's only host."""

    def __init__(self, session: Any) -> None:  # noqa: ANN401 - the package has no types
        self.api = session.xenapi
        self.host = self.api.host.get_all()[0]

    def probe(self, config: dict[str, str], sr_type: str = "lvmoiscsi") -> str:
        return str(self.api.SR.probe(self.host, config, sr_type, {}))

    def fails(self, config: dict[str, str], sr_type: str = "lvmoiscsi") -> list[str]:
        """The details of the failure that the probe ends in."""
        return self.failure("SR.probe", self.host, config, sr_type, {})

    def failure(self, method: str, *arguments: object) -> list[str]:
        try:
            found = getattr(self.api, method)(*arguments)
        except XenAPI.Failure as failure:
            return [str(one) for one in failure.details]
        message = f"{method} succeeded with {found}"
        raise AssertionError(message)


@contextmanager
def asking(folder: Path, extra: str = "", flavour: str = "8") -> Iterator[Asking]:
    path = folder / "bench.toml"
    path.write_text(SCENARIO + extra, encoding="utf-8")
    with (
        running_pool(folder / "pool", scenario=partial(read_scenario, path), flavour=flavour) as pool,
        logged_in(pool.url, pool.password) as one,
    ):
        yield one


@contextmanager
def logged_in(url: str, password: str) -> Iterator[Asking]:
    session = XenAPI.Session(url)
    try:
        session.login_with_password("root", password, "1.0", "test")
        yield Asking(session)
        session.logout()
    finally:
        session("close")()


def rows(document: str, name: str) -> list[dict[str, str]]:
    """The entries of a document, by the names of what they hold."""
    found = ET.fromstring(document.strip()).iter(name)  # noqa: S314 - what our own pool printed
    return [{leaf.tag: (leaf.text or "").strip() for leaf in one} for one in found]
