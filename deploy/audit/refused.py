from __future__ import annotations


class TrailBrokenError(Exception):
    """The audit trail is not as srbot wrote it; the message says where."""
