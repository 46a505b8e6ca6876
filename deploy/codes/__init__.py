"""`srbot code`: who has one-time codes."""

from __future__ import annotations
