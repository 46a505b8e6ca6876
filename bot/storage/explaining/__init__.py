"""What a pasted text says: a probe's output, a line of a log, a failure's list, a task's result."""

from __future__ import annotations
