"""XenServer's texts: probe documents, failures, and what people are told about them. Nothing here raises on a text."""

from __future__ import annotations

from bot.storage.documents import task_value
from bot.storage.explanations import explain, explanation
from bot.storage.failures import StorageFailure, read_failure
from bot.storage.luns import read_luns
from bot.storage.readings import Reading
from bot.storage.sentences import Explanation
from bot.storage.sizes import human_size
from bot.storage.srlist import xe_host, xe_sr_list
from bot.storage.srs import FoundSr, read_srs
from bot.storage.targets import read_targets

__all__ = [
    "Explanation",
    "FoundSr",
    "Reading",
    "StorageFailure",
    "explain",
    "explanation",
    "human_size",
    "read_failure",
    "read_luns",
    "read_srs",
    "read_targets",
    "task_value",
    "xe_host",
    "xe_sr_list",
]
