from __future__ import annotations

import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Tokens:
    """The bot token (xoxb-…, Web API) and the app-level token (xapp-1-…, apps.connections.open)."""

    bot: str = field(repr=False)
    app: str = field(repr=False)

    def kind(self, token: str) -> str | None:
        """Tell whose token this is: "bot", "app", or None for anybody else's."""
        if hmac.compare_digest(token.encode(), self.bot.encode()):
            return "bot"
        return "app" if hmac.compare_digest(token.encode(), self.app.encode()) else None


def in_folder(data: Path, app_id: str) -> Tokens:
    """Read the tokens in `data`, generating each once."""
    bot = _kept(data / "bot-token", f"xoxb-{secrets.randbelow(10**12):012}-{secrets.token_hex(12)}")
    app = _kept(data / "app-token", f"xapp-1-{app_id}-{secrets.token_hex(24)}")
    return Tokens(bot, app)


def _kept(path: Path, fresh: str) -> str:
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(fresh + "\n")
    return fresh
