"""Probes of lvmohba, lvm and ext, and their creates that fail."""

from __future__ import annotations

from typing import Any, Literal

from tests.contract.pool.rows.documents import NO_SR
from tests.contract.pool.rows.row import SCSI_ID_TEXT, Answer, Row, failure

BLANK, HELD, VMFS = (f"360060e8007c3a0000030c3a0000010{lun:02x}" for lun in range(3))
ROOT = "/dev/disk/by-id/scsi-36c81f660e8d0fd001d0c2d2f0a2f3b4c"
SCRATCH = "/dev/disk/by-id/scsi-35000c500a1b2c3d3"
HBA_SM, LOCAL_SM = "sm: LVHDoHBASR.py, devscan.py", "sm: LVHDSR.py, EXTSR.py, lvutil.py"
_DEVICE_TEXT = "The request is missing the device parameter"
_NO_DEVICE = failure(90, _DEVICE_TEXT)
_SIZES = {BLANK: 500, HELD: 1000, VMFS: 250}
_NAMES = {BLANK: "sdg", HELD: "sdh"}


def _block_device(scsi_id: str, lun: int) -> str:
    others = f" [{_NAMES[scsi_id]}]" if scsi_id in _NAMES else ""
    return (
        f"\t<BlockDevice>\n\t\t<path>/dev/disk/by-id/scsi-{scsi_id}{others}</path>\n"
        f"\t\t<numpaths>{2 if others else 1}</numpaths>\n\t\t<SCSIid>{scsi_id}</SCSIid>\n"
        f"\t\t<vendor>HITACHI</vendor>\n\t\t<serial>500C3A010{lun:02X}</serial>\n"
        f"\t\t<size>{_SIZES[scsi_id] * 1024**3}</size>\n\t\t<adapter>7</adapter>\n\t\t<channel>0</channel>\n"
        f"\t\t<id>0</id>\n\t\t<lun>{lun}</lun>\n\t\t<hba>qla2xxx</hba>\n\t</BlockDevice>\n"
    )


def _adapter(number: int, name: str) -> str:
    return (
        f"\t<Adapter>\n\t\t<host>host{number}</host>\n\t\t<name>qla2xxx</name>\n"
        "\t\t<manufacturer>QLogic Fibre Channel HBA Driver</manufacturer>\n"
        f"\t\t<id>{number}</id>\n\t\t<fc_host>\n\t\t\t<node_name>0x20{name}</node_name>\n"
        f"\t\t\t<port_name>0x21{name}</port_name>\n\t\t\t<port_state>Online</port_state>\n"
        "\t\t\t<speed>16 Gbit</speed>\n\t\t\t<supported_speeds>4 Gbit, 8 Gbit, 16 Gbit</supported_speeds>\n"
        "\t\t</fc_host>\n\t</Adapter>\n"
    )


def _devlist(*entries: str) -> str:
    return f'<?xml version="1.0" ?>\n<Devlist>\n{"".join(entries)}</Devlist>\n\n'


_LUNS = [_block_device(scsi_id, lun) for lun, scsi_id in enumerate((BLANK, HELD, VMFS))]
MASTER_DEVICES = _devlist(*_LUNS, _adapter(7, "000024ff8a1c70"), _adapter(8, "000024ff8a1c71"))
SLAVE_DEVICES = _devlist(*_LUNS[:2], _adapter(7, "000024ff8a2d80"))


def as_of_old(document: str) -> str:
    """Without what old releases don't tell."""
    lines = document.splitlines(keepends=True)
    nested = [line for line in lines if not line.startswith("\t\t\t") and "fc_host" not in line]
    return "".join(line for line in nested if "<numpaths>" not in line and "<SCSIid>" not in line)


def held(scsi_id: str, metadata: str = "") -> str:
    return (
        '<?xml version="1.0" ?>\n<SRlist>\n\t<SR>\n\t\t<UUID>8e3dc714-af85-4c32-b0b1-6c9f415a8d13</UUID>\n'
        f"\t\t<Devlist>/dev/disk/by-id/scsi-{scsi_id}</Devlist>\n\t\t<size>1073729241088</size>\n"
        f"{metadata}\t</SR>\n</SRlist>\n"
    )


_METADATA = (
    "\t\t<name_label>fc-archive</name_label>\n\t\t<name_description>Kept from the last pool</name_description>\n"
    "\t\t<pool_metadata_detected>false</pool_metadata_detected>\n"
)
SCRATCH_SR = (
    '<?xml version="1.0" ?>\n<SRlist>\n\t<SR>\n\t\t<UUID>9f4ed825-b096-4d43-81c2-7da0526b9e14</UUID>\n'
    f"\t\t<Devlist>{SCRATCH}</Devlist>\n\t\t<size>1030779568128</size>\n\t</SR>\n</SRlist>\n"
)


def _hba(
    name: str,
    config: dict[str, str],
    answer: Answer,
    certainty: Literal["sure", "guessed"] = "sure",
    sm_config: dict[str, str] | None = None,
) -> Row:
    return Row(f"hba: {name}", "SR.probe", ("$master", config, "lvmohba", sm_config or {}), answer, HBA_SM, certainty)


def _unnamed(name: str, method: str, arguments: tuple[Any, ...], document: str) -> Row:
    old = {"6.5": failure(90, _DEVICE_TEXT, as_of_old(document))}
    return Row(f"hba: {name}", method, arguments, failure(107, SCSI_ID_TEXT, document), HBA_SM, elsewhere=old)


def _local(name: str, kind: str, config: dict[str, str], answer: Answer) -> Row:
    return Row(f"{kind}: {name}", "SR.probe", ("$master", config, kind, {}), answer, LOCAL_SM)


def _create(name: str, kind: str, config: dict[str, str], answer: Answer) -> Row:
    arguments: tuple[Any, ...] = ("$master", config, "0", "new", "", kind, "user", False, {})
    return Row(f"{kind}, created: {name}", "SR.create", arguments, answer, LOCAL_SM)


def _both(name: str, config: dict[str, str], answer: Answer) -> tuple[Row, ...]:
    """A probe and a create of lvm and of ext."""
    rows = [(_local(name, kind, config, answer), _create(name, kind, config, answer)) for kind in ("lvm", "ext")]
    return tuple(row for pair in rows for row in pair)


def _gone(path: str) -> Answer:
    return failure(19, f"No such device [opterr=Device {path} does not exist]")


_CORE = failure(
    105,
    "Root system device, cannot be used for VM storage "
    f"[opterr=Device {ROOT} contains core system files, please use another device]",
)

DISKS = (
    _unnamed("disks and adapters", "SR.probe", ("$master", {}, "lvmohba"), MASTER_DEVICES),
    _unnamed("an empty SCSIid", "SR.probe", ("$master", {"SCSIid": ""}, "lvmohba"), MASTER_DEVICES),
    _unnamed("those of another host", "SR.probe", ("$slave", {}, "lvmohba"), SLAVE_DEVICES),
    _unnamed("by its older name", "SR.probe", ("$master", {}, "lvhdohba"), MASTER_DEVICES),
    _unnamed(
        "created without a SCSIid",
        "SR.create",
        ("$master", {}, "0", "new", "", "lvmohba", "user", True, {}),
        MASTER_DEVICES,
    ),
    _hba("a blank LUN", {"SCSIid": BLANK}, NO_SR),
    _hba("VMFS looks blank", {"SCSIid": VMFS}, NO_SR),
    _hba("an SR", {"SCSIid": HELD}, held(HELD)),
    _hba("an SR with metadata", {"SCSIid": HELD}, held(HELD, _METADATA), sm_config={"metadata": "true"}),
    _hba("a LUN that nobody sees looks blank", {"SCSIid": "36none"}, NO_SR, "guessed"),
    Row(
        "hba: created on a LUN that nobody sees",
        "SR.create",
        ("$master", {"SCSIid": "36none"}, "0", "new", "", "lvmohba", "user", True, {}),
        _gone("/dev/disk/by-id/scsi-36none"),
        HBA_SM,
    ),
    *_both("no device", {}, _NO_DEVICE),
    *_both("an empty device", {"device": ""}, _NO_DEVICE),
    *_both("no path", {"device": "sdb"}, failure(91, "The device is not a valid path [opterr=path is sdb]")),
    _local("a device that isn't there looks blank", "lvm", {"device": "/dev/x"}, NO_SR),
    _local("a device that isn't there looks blank", "ext", {"device": "/dev/x"}, NO_SR),
    _local("a blank disk", "lvm", {"device": "/dev/sdb"}, NO_SR),
    _local("an SR with a file system", "ext", {"device": SCRATCH}, SCRATCH_SR),
    _local("an SR with a file system looks blank", "lvm", {"device": SCRATCH}, NO_SR),
    _local("one of two devices has an SR", "ext", {"device": f"/dev/sdb,{SCRATCH}"}, SCRATCH_SR),
    _create("a device that isn't there", "lvm", {"device": "/dev/x"}, _gone("/dev/x")),
    _create("a device that isn't there", "ext", {"device": "/dev/x"}, _gone("/dev/x")),
    _create(
        "a disk of another host",
        "lvm",
        {"device": "/dev/disk/by-id/scsi-35000c500a1b2c3d2"},
        _gone("/dev/disk/by-id/scsi-35000c500a1b2c3d2"),
    ),
    _create("dom0's own disk", "lvm", {"device": ROOT}, _CORE),
    _create("dom0's own disk", "ext", {"device": ROOT}, _CORE),
)
