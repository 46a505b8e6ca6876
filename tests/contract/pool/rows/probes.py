"""Probes of lvmoiscsi.

`$secret` stands for the uuid of a secret with the EqualLogic's CHAP password.
"""

from __future__ import annotations

from typing import Literal

from tests.contract.pool.rows.documents import (
    DETACHED_SR,
    DETACHED_SR_WITH_METADATA,
    LUN_WITHOUT_SERIAL,
    LUNS_BESIDE_ROOT,
    NO_LUN,
    NO_SR,
    TARGETS,
    TARGETS_IPV6,
)
from tests.contract.pool.rows.row import (
    DNS_TEXT,
    IQN_MISSING_TEXT,
    LOGIN_TEXT,
    PORT_TEXT,
    SCSI_ID_TEXT,
    SM,
    Answer,
    Row,
    failure,
)
from tests.contract.pool.wire_client import (
    EQUALLOGIC,
    EQUALLOGIC_IQN,
    NETAPP,
    ONLY_XEN1,
    netapp,
    netapp_scsi_id,
)

CHAP = {"target": EQUALLOGIC, "chapuser": "tecmint", "chappassword_secret": "$secret"}
INCOMING = {"incoming_chapuser": "array", "incoming_chappassword_secret": "$secret"}
BOOT = {"target": "10.0.3.7", "targetIQN": "iqn.2005-10.org.freenas.ctl:boot"}
_UNRESOLVED = failure(140, DNS_TEXT)
_UNREACHABLE = failure(141, "Unable to connect to ISCSI service on target")
_NOTHING_REACHABLE = failure(202, "General backend error [opterr=list index out of range]")


def _probe(
    name: str,
    config: dict[str, str],
    answer: Answer,
    sm_config: dict[str, str] | None = None,
    certainty: Literal["sure", "guessed"] = "sure",
) -> Row:
    return Row(name, "SR.probe", ("$master", config, "lvmoiscsi", sm_config or {}), answer, SM, certainty)


PROBES = (
    _probe("no target", {}, failure(95, "The request is missing the target parameter")),
    _probe("an empty target", {"target": ""}, failure(95, "The request is missing the target parameter")),
    _probe("an unknown name", {"target": "nowhere.example"}, _UNRESOLVED),
    _probe("IPv6 in brackets", {"target": "[fd00:10::5]", "port": "3261"}, _UNRESOLVED),
    _probe("a port of letters", {"target": EQUALLOGIC, "port": "abc"}, failure(142, PORT_TEXT)),
    _probe("port 0", {"target": EQUALLOGIC, "port": "0"}, failure(142, PORT_TEXT)),
    _probe("port 65536", {"target": EQUALLOGIC, "port": "65536"}, failure(142, PORT_TEXT)),
    _probe("no array there", {"target": "10.9.9.9"}, _UNREACHABLE),
    _probe("the wrong port", {"target": EQUALLOGIC, "port": "3261"}, _UNREACHABLE),
    _probe("the right port missing", {"target": "fd00:10::5"}, _UNREACHABLE),
    _probe("no CHAP", {"target": EQUALLOGIC}, failure(68, LOGIN_TEXT)),
    _probe("CHAP user without password", {"target": EQUALLOGIC, "chapuser": "tecmint"}, failure(68, LOGIN_TEXT)),
    _probe("another CHAP user", {**CHAP, "chapuser": "other"}, failure(68, LOGIN_TEXT)),
    _probe("keys with other case", {"target": EQUALLOGIC, "chapUser": "tecmint"}, failure(68, LOGIN_TEXT)),
    _probe("a secret that isn't there", {**CHAP, "chappassword_secret": "none"}, failure(20, "No such secret.")),
    _probe("targets", {"target": ONLY_XEN1}, failure(96, IQN_MISSING_TEXT, TARGETS)),
    _probe("targets, empty IQN", {"target": ONLY_XEN1, "targetIQN": ""}, failure(96, IQN_MISSING_TEXT, TARGETS)),
    _probe("IPv6", {"target": "fd00:10::5", "port": "3261"}, failure(96, IQN_MISSING_TEXT, TARGETS_IPV6)),
    _probe(
        "a target not offered",
        {"target": ONLY_XEN1, "targetIQN": "iqn.2000-01.x:y"},
        failure(83, "ISCSI discovery failed [opterr=check target settings]", TARGETS),
    ),
    _probe("a target of nowhere", {"target": "10.9.9.9", "targetIQN": "iqn.2000-01.x:y"}, failure(68, LOGIN_TEXT)),
    _probe("login without CHAP", {"target": EQUALLOGIC, "targetIQN": EQUALLOGIC_IQN}, failure(68, LOGIN_TEXT)),
    _probe("LUNs", {**CHAP, "targetIQN": EQUALLOGIC_IQN}, failure(107, SCSI_ID_TEXT, LUN_WITHOUT_SERIAL)),
    _probe(
        "an array that can't show itself",
        {**CHAP, "targetIQN": EQUALLOGIC_IQN, **INCOMING},
        failure(68, LOGIN_TEXT),
        certainty="guessed",
    ),
    _probe("incoming CHAP without the host's own", {**netapp(3), **INCOMING}, NO_SR, certainty="guessed"),
    _probe(
        "no LUN mapped",
        {"target": "10.0.3.5", "targetIQN": "iqn.2005-10.org.freenas.ctl:unmapped"},
        failure(107, SCSI_ID_TEXT, NO_LUN),
    ),
    _probe("a LUN that is gone", {**netapp(), "SCSIid": "36gone"}, failure(107, SCSI_ID_TEXT)),
    _probe(
        "a LUN whose device is late",
        {**BOOT, "SCSIid": "36589cfc00000b00700000000000000f2"},
        failure(67, "ISCSI device failed to appear"),
    ),
    _probe(
        "a LUN of a target that has none",
        {"target": "10.0.3.5", "targetIQN": "iqn.2005-10.org.freenas.ctl:unmapped", "SCSIid": "36gone"},
        failure(107, SCSI_ID_TEXT),
    ),
    _probe("dom0's own LUN is left out", BOOT, failure(107, SCSI_ID_TEXT, LUNS_BESIDE_ROOT)),
    _probe(
        "a LUN whose device is gone",
        {**BOOT, "SCSIid": "36589cfc00000b00700000000000000f1"},
        failure(19, "No such device"),
        certainty="guessed",
    ),
    _probe("a blank LUN", netapp(3), NO_SR),
    _probe("VMFS looks blank", netapp(9), NO_SR),
    _probe("ext4 looks blank", netapp(10), NO_SR),
    _probe("a partition table looks blank", netapp(12), NO_SR),
    _probe("an SR", netapp(7), DETACHED_SR),
    _probe("an SR with metadata", netapp(7), DETACHED_SR_WITH_METADATA, {"metadata": "true"}),
    _probe("a LUN over 255", netapp(300), NO_SR),
    _probe("every target", {"target": NETAPP, "targetIQN": "*", "SCSIid": netapp_scsi_id(3)}, NO_SR),
    _probe(
        "every target, none lets us in",
        {"target": EQUALLOGIC, "targetIQN": "*", **{key: value for key, value in CHAP.items() if key == "target"}},
        failure(68, LOGIN_TEXT),
    ),
    _probe(
        "every target, but nothing answers",
        {"target": "10.9.9.9", "targetIQN": "*", "SCSIid": "36x"},
        _NOTHING_REACHABLE,
    ),
    _probe(
        "a list of addresses, and none answers",
        {"target": "10.9.9.8,10.9.9.9", "targetIQN": "iqn.2000-01.x:y"},
        _NOTHING_REACHABLE,
    ),
    _probe("a list of addresses, and one answers", {**netapp(3), "target": f"10.9.9.9,{NETAPP}"}, NO_SR),
    _probe("keys that nobody knows", {**netapp(3), "chapUser": "x", "warp": "9"}, NO_SR),
)
