"""One-time codes by which people confirm what a stolen Slack session must not be enough for."""

from __future__ import annotations

from bot.codes.confirming import Codes
from bot.codes.folder import AlreadyEnrolled, SecretsFolder

__all__ = ["AlreadyEnrolled", "Codes", "SecretsFolder"]
