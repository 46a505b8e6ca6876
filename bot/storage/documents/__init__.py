"""What probes print: the documents in a text, and the targets, LUNs, SRs, exports and devices in a document."""

from __future__ import annotations
