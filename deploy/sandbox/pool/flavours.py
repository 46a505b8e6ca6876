"""Where releases differ: layout of XML, texts and codes of errors, what becomes of passwords, fields, drivers.

Signatures of calls are the same from 6.5 on. Source: the histories of xapi-project/xen-api, xapi-project/sm and
xcp-ng/sm.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

# Codenames in the order of their releases; a field brought by a numbered xapi is younger than all of them.
_CODENAMES: Final = (
    "-",
    "creedence",
    "cream",
    "dundee",
    "ely",
    "falcon",
    "inverness",
    "jura",
    "kolkata",
    "lima",
    "naples",
    "quebec",
    "stockholm",
    "stockholm_psr",
)
_OLD_LOGIN_TEXT: Final = "ISCSI login failed, verify CHAP credentials"
_OLD_TEXTS: Final = {68: _OLD_LOGIN_TEXT}
_LVM_WRITE: Final = 54
_WIPEFS: Final = 462
_ISO_MOUNT: Final = 222
_GENERIC: Final = 1200
_FIRST_EXTENDED_PROBE: Final = "kolkata"
_CITRIX_TYPES: Final = ("smb", "gfs2", "lvmofcoe")
_XCPNG_TYPES: Final = ("smb", "zfs", "xfs", "cephfs", "glusterfs", "moosefs")


@dataclass(frozen=True, slots=True, eq=False)
class Flavour:
    """One of the instances below; compared by identity."""

    name: str
    codename: str
    """The newest named release whose fields it has."""
    xapi: tuple[int, ...]
    """The version of xapi, for fields that came with a numbered one."""
    product: str
    version: str
    padded_xml: bool = False
    """Python 2.4's minidom put every text on a line of its own."""
    passwords_become_secrets: bool = True
    """xapi 1.209 and later turn `*password` into `*password_secret` themselves."""
    parallel_plugs: bool = True
    texts: dict[int, str] = field(default_factory=dict)
    """Error texts that differ from today's, by the storage manager's code."""
    extra_types: tuple[str, ...] = ()
    smb_needs_licence: bool = True
    wipe_failure: Literal[54, 462] = _LVM_WRITE
    """The code when what is on a LUN can't be wiped: dd upstream, wipefs on XCP-ng 8.3."""
    unnamed_hba: Literal[90, 107] = 107
    """The code of a probe of lvmohba that names no SCSIid."""
    names_hba_ids: bool = True
    """Whether that probe tells the SCSIid and the number of paths of a disk, and the ports of an adapter."""
    lists_nfs4_root: bool = False
    """Whether the root of NFS 4 is looked into where showmount fails."""
    smb_iso_failure: Literal[222, 1200] = _ISO_MOUNT
    """The code when an ISO library on a share can't be mounted."""

    def has(self, since: str) -> bool:
        """Whether a field that came with the release `since` exists here."""
        if "." in since:
            return tuple(int(part) for part in since.split(".")) <= self.xapi
        return _CODENAMES.index(since) <= _CODENAMES.index(self.codename)

    @property
    def extended_probe(self) -> bool:
        """Whether SR.probe_ext exists."""
        return self.has(_FIRST_EXTENDED_PROBE)


_EVERY: Final = (
    Flavour(
        name="6.5",
        codename="creedence",
        xapi=(1, 9),
        product="XenServer",
        version="6.5.0",
        padded_xml=True,
        passwords_become_secrets=False,
        parallel_plugs=False,
        texts=_OLD_TEXTS,
        unnamed_hba=90,
        names_hba_ids=False,
        smb_iso_failure=_GENERIC,
    ),
    # That 7.6 still has the old words of a refused login is a guess.
    Flavour(
        name="7.6",
        codename="lima",
        xapi=(1, 110),
        product="XenServer",
        version="7.6.0",
        passwords_become_secrets=False,
        texts=_OLD_TEXTS,
        extra_types=_CITRIX_TYPES,
    ),
    Flavour(
        name="8.2",
        codename="stockholm",
        xapi=(1, 249),
        product="Citrix Hypervisor",
        version="8.2.0",
        extra_types=_CITRIX_TYPES,
    ),
    Flavour(
        name="xcpng-8.2",
        codename="stockholm",
        xapi=(1, 249),
        product="XCP-ng",
        version="8.2.1",
        extra_types=_XCPNG_TYPES,
        smb_needs_licence=False,
    ),
    Flavour(
        name="xcpng-8.3",
        codename="stockholm_psr",
        xapi=(24, 19, 2),
        product="XCP-ng",
        version="8.3.0",
        extra_types=(*_XCPNG_TYPES, "largeblock", "linstor"),
        smb_needs_licence=False,
        wipe_failure=_WIPEFS,
        lists_nfs4_root=True,
    ),
    Flavour(
        name="8",
        codename="stockholm_psr",
        xapi=(26, 1),
        product="XenServer",
        version="8.4.0",
        extra_types=("smb", "gfs2"),
        lists_nfs4_root=True,
    ),
)
FLAVOURS: Final = {flavour.name: flavour for flavour in _EVERY}
