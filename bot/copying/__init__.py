"""The second copy of the audit trail: files outside of Redis, which only ever grow."""

from __future__ import annotations

from bot.copying.copier import Copier
from bot.copying.folder import CopyFolder

__all__ = ["Copier", "CopyFolder"]
