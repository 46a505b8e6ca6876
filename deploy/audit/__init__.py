"""`srbot audit`: whether the trail is whole, and what stands in it."""

from __future__ import annotations
