"""XenServer's texts: probe documents, failures, and what people are told about them. Nothing here raises on a text."""

from __future__ import annotations

from bot.storage.documents.devices import Device, read_adapter_luns, read_devices
from bot.storage.documents.exports import Export, read_exports
from bot.storage.documents.luns import read_luns
from bot.storage.documents.readings import Reading
from bot.storage.documents.scanning import task_value
from bot.storage.documents.srs import FoundSr, read_nfs_versions, read_srs
from bot.storage.documents.targets import read_targets
from bot.storage.explaining.explained import Explained, as_json
from bot.storage.explaining.reading import explain_text
from bot.storage.explaining.tables import table
from bot.storage.failures.details import StorageFailure, read_failure
from bot.storage.failures.explanations import explain, explanation
from bot.storage.failures.sentences import Explanation
from bot.storage.masks import MASK, masked
from bot.storage.sizes import human_size
from bot.storage.srlist import xe_host, xe_sr_list

__all__ = [
    "MASK",
    "Device",
    "Explained",
    "Explanation",
    "Export",
    "FoundSr",
    "Reading",
    "StorageFailure",
    "as_json",
    "explain",
    "explain_text",
    "explanation",
    "human_size",
    "masked",
    "read_adapter_luns",
    "read_devices",
    "read_exports",
    "read_failure",
    "read_luns",
    "read_nfs_versions",
    "read_srs",
    "read_targets",
    "table",
    "task_value",
    "xe_host",
    "xe_sr_list",
]
