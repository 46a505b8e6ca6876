"""What is negotiated at login: as little as inquiring takes. Source: RFC 7143, section 13."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from deploy.sandbox.pool.network.iscsi.pdu import LONGEST_DATA
from deploy.sandbox.pool.network.troubles import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Mapping

_NO_DIGEST = {"HeaderDigest": "None", "DataDigest": "None"}
_ALWAYS = MappingProxyType(
    {
        **_NO_DIGEST,
        "MaxRecvDataSegmentLength": str(LONGEST_DATA),
        "DefaultTime2Wait": "2",
        "DefaultTime2Retain": "0",
        "ErrorRecoveryLevel": "0",
    }
)
_NORMAL = MappingProxyType(
    {
        **_ALWAYS,
        "MaxConnections": "1",
        "InitialR2T": "Yes",
        "ImmediateData": "No",
        "MaxBurstLength": str(LONGEST_DATA),
        "FirstBurstLength": str(LONGEST_DATA),
        "MaxOutstandingR2T": "1",
        "DataPDUInOrder": "Yes",
        "DataSequenceInOrder": "Yes",
    }
)
_DISCOVERY_ONLY = MappingProxyType({**_ALWAYS})
# Declared by a target, not negotiated. Source: RFC 7143, section 13, use: declarative.
_DECLARED = frozenset({"TargetAlias", "TargetAddress", "TargetPortalGroupTag", "MaxRecvDataSegmentLength"})
# Those that must come out as they were offered, or what follows can't be read.
_DECISIVE = ("HeaderDigest", "DataDigest", "ErrorRecoveryLevel", "DataPDUInOrder", "DataSequenceInOrder")
_NOT_UNDERSTOOD = "NotUnderstood"
_UNANSWERABLE = frozenset({"NotUnderstood", "Irrelevant", "Reject"})


def offer(*, discovery: bool) -> Mapping[str, str]:
    return _DISCOVERY_ONLY if discovery else _NORMAL


def replies(told: dict[str, str], offered: Mapping[str, str]) -> dict[str, str]:
    """Answers to what the target proposes by itself; ProtocolError where it insists on what can't be read."""
    for key in _DECISIVE:
        if key in offered and told.get(key, offered[key]) not in {offered[key], *_UNANSWERABLE}:
            message = f"the target insists on {key}, which is more than looking takes"
            raise ProtocolError(message)
    own = {key for key in told if key not in offered and key not in _DECLARED and told[key] not in _UNANSWERABLE}
    return {key: _NORMAL.get(key, _NOT_UNDERSTOOD) for key in sorted(own)}
