"""Where the sandbox keeps what it remembers: one folder, all of it forgotten by deleting that."""

from __future__ import annotations

import json
import shutil
import socket
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.embedded.place import lock


class NotASandboxError(Exception):
    """The folder holds something else; it is left as it is."""


@dataclass(frozen=True, slots=True)
class House:
    """The sandbox's folder and the places in it."""

    folder: Path

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger"

    @property
    def slack(self) -> Path:
        return self.folder / "slack"

    @property
    def pool(self) -> Path:
        return self.folder / "pool"

    @property
    def config(self) -> Path:
        return self.folder / "srbot.toml"

    @property
    def facts(self) -> Path:
        """Where the addresses of the running sandbox stand, for tests and for the next start."""
        return self.folder / "sandbox.json"

    def prepare(self, *, fresh: bool) -> None:
        """Make the folder, or forget what it holds.

        Raises NotASandboxError for a folder that isn't a sandbox's, FolderInUseError for one that is to be forgotten
        while a sandbox runs in it.
        """
        if self.folder.exists() and any(self.folder.iterdir()) and not self.facts.exists():
            message = f"{self.folder} is not empty and is not a sandbox's folder; choose another with --state."
            raise NotASandboxError(message)
        if fresh:
            self._forget()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.facts.exists():
            self.remember({})

    def _forget(self) -> None:
        with lock(self.ledger) if self.ledger.is_dir() else nullcontext():
            shutil.rmtree(self.folder, ignore_errors=True)

    def remember(self, facts: dict[str, Any]) -> None:
        """Write down where everything is, readable by the owner only."""
        self.facts.touch(mode=0o600)
        self.facts.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")

    def recall(self) -> dict[str, Any]:
        """Read what the last start wrote down; nothing where there was none."""
        try:
            return dict(json.loads(self.facts.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return {}

    def port(self, name: str) -> int:
        """Give the port that this server had the last time, if it is still free, else 0: any."""
        port = self.recall().get("ports", {}).get(name, 0)
        return port if _is_free(port) else 0


def _is_free(port: object) -> bool:
    if not isinstance(port, int) or not port:
        return False
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
