"""The documents that the arrays of the pool xenct make, compact."""

from __future__ import annotations

from tests.contract.pool.wire_client import (
    ONLY_XEN1,
    ONLY_XEN1_IQN,
    netapp_scsi_id,
)

TARGETS = f"""<?xml version="1.0" ?>
<iscsi-target-iqns>
\t<TGT>
\t\t<Index>0</Index>
\t\t<IPAddress>{ONLY_XEN1}</IPAddress>
\t\t<TargetIQN>{ONLY_XEN1_IQN}</TargetIQN>
\t</TGT>
\t<TGT>
\t\t<Index>1</Index>
\t\t<IPAddress>{ONLY_XEN1}</IPAddress>
\t\t<TargetIQN>*</TargetIQN>
\t</TGT>
</iscsi-target-iqns>

"""
TARGETS_IPV6 = """<?xml version="1.0" ?>
<iscsi-target-iqns>
\t<TGT>
\t\t<Index>0</Index>
\t\t<IPAddress>[fd00:10::5]</IPAddress>
\t\t<Port>3261</Port>
\t\t<TargetIQN>iqn.2003-01.org.linux-iscsi.nas6.x8664:sn.5a1ad1000005</TargetIQN>
\t</TGT>
\t<TGT>
\t\t<Index>1</Index>
\t\t<IPAddress>fd00:10::5</IPAddress>
\t\t<TargetIQN>*</TargetIQN>
\t</TGT>
</iscsi-target-iqns>

"""
LUN_WITHOUT_SERIAL = """<?xml version="1.0" ?>
<iscsi-target>
\t<LUN>
\t\t<vendor>EQLOGIC</vendor>
\t\t<LUNid>0</LUNid>
\t\t<size>107379425280</size>
\t\t<SCSIid>36090a028b04a9a0def60353420006046</SCSIid>
\t</LUN>
</iscsi-target>

"""
LUNS_BESIDE_ROOT = """<?xml version="1.0" ?>
<iscsi-target>
\t<LUN>
\t\t<vendor>TrueNAS</vendor>
\t\t<serial>boot0001</serial>
\t\t<LUNid>1</LUNid>
\t\t<size>107374182400</size>
\t\t<SCSIid>36589cfc00000b00700000000000000f1</SCSIid>
\t</LUN>
\t<LUN>
\t\t<vendor>TrueNAS</vendor>
\t\t<serial>boot0002</serial>
\t\t<LUNid>2</LUNid>
\t\t<size>107374182400</size>
\t\t<SCSIid>36589cfc00000b00700000000000000f2</SCSIid>
\t</LUN>
</iscsi-target>

"""
NO_LUN = '<?xml version="1.0" ?>\n<iscsi-target/>\n\n'
NO_SR = '<?xml version="1.0" ?>\n<SRlist/>\n'
DETACHED_SR = f"""<?xml version="1.0" ?>
<SRlist>
\t<SR>
\t\t<UUID>7d3e0a64-1f9b-4b52-8c17-55aa02f6d404</UUID>
\t\t<Devlist>/dev/disk/by-id/scsi-{netapp_scsi_id(7)}</Devlist>
\t\t<size>483171237888</size>
\t</SR>
</SRlist>
"""
DETACHED_SR_WITH_METADATA = DETACHED_SR.replace(
    "\t</SR>",
    "\t\t<name_label>old-projects</name_label>\n"
    "\t\t<name_description>Projects until 2024</name_description>\n"
    "\t\t<pool_metadata_detected>false</pool_metadata_detected>\n"
    "\t</SR>",
)


def folders(*uuids: str, versions: tuple[str, ...] | None = None) -> str:
    """The SRs on a file server, with the NFS versions where they were asked for."""
    entries = "".join(f"\t<SR>\n\t\t<UUID>{uuid}</UUID>\n\t</SR>\n" for uuid in uuids)
    if versions is not None:
        told = "".join(f"\t\t<Version>{version}</Version>\n" for version in versions)
        entries += f"\t<SupportedVersions>\n{told}\t</SupportedVersions>\n"
    return f'<?xml version="1.0" ?>\n<SRlist>\n{entries}</SRlist>\n'
