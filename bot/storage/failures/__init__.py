"""What went wrong: the codes, what a failure's list says, and the sentence that people get."""

from __future__ import annotations
